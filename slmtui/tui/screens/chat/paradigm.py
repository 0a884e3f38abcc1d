"""The chat's paradigm: the next one, one by name, one from the menu."""

from textual import on

from slmtui.tui.plain import plain_line
from slmtui.tui.screens.chat.running import ChatRunning
from slmtui.tui.state.paradigms import after, choices, title_of
from slmtui.tui.widgets.prompt_box import PromptBox


class ChatParadigm(ChatRunning):
    """What the chat can do with its paradigm. A turn that runs keeps its own."""

    @on(PromptBox.ParadigmClicked)
    def _paradigm_clicked(self, message: PromptBox.ParadigmClicked) -> None:
        self.choose_paradigm(message.paradigm)

    def action_next_paradigm(self) -> None:
        """Switch to the next paradigm."""
        self.choose_paradigm(after(self.chat.paradigm))

    def choose_paradigm(self, name: str) -> None:
        """Switch to a paradigm; a turn that runs keeps its own."""
        self.chat.paradigm = self.box.paradigm = name
        if self.chat.running:
            self.note(f"{title_of(name)}: from the next prompt on.")

    async def choose_named(self, word: str) -> None:
        """Switch to the paradigm of that name."""
        wanted = word.lower()
        for choice in choices():
            if wanted in {choice.name, choice.title.lower()}:
                self.choose_paradigm(choice.name)
                return
        names = ", ".join(choice.name for choice in choices())
        self.note(f"There is no paradigm named {plain_line(word, 30)}; choose one of: {names}.")

    def action_paradigm_menu(self) -> None:
        """Choose the paradigm from a menu."""
        from slmtui.tui.screens.paradigm_menu import ParadigmMenu  # noqa: PLC0415 - after the first paint

        self.app.push_screen(ParadigmMenu(self.chat.paradigm), self._menu_closed)

    def _menu_closed(self, name: str | None) -> None:
        if name is not None:
            self.choose_paradigm(name)

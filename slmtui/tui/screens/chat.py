"""The chat as it is used: what is typed, and what keys, slash commands and the palette do."""

import asyncio
from typing import ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.message import Message
from textual.timer import Timer

from slmtui.backend import TokenCount
from slmtui.tui.bindings import bindings
from slmtui.tui.commands import Scope, find_slash, slash_words
from slmtui.tui.messages import LinkChosen
from slmtui.tui.plain import plain_line
from slmtui.tui.screens.chat_switches import ChatSwitches
from slmtui.tui.state.paradigms import after, choices, title_of
from slmtui.tui.widgets.more_line import MoreLine
from slmtui.tui.widgets.prompt_area import PromptArea
from slmtui.tui.widgets.prompt_box import PromptBox

TYPING_S = 0.15
IN_PROMPT = ("chat.send", "chat.newline", "chat.older", "chat.newer")


class ChatScreen(ChatSwitches):
    """The chat with its commands. Each `action_…` is one line of the registry."""

    SCOPE: ClassVar[Scope] = "chat"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("chat", leave_out=IN_PROMPT)]

    class Counted(Message):
        """The tokens of what is typed were counted."""

        def __init__(self, text: str, count: TokenCount) -> None:
            super().__init__()
            self.text, self.count = text, count

    _typing: Timer | None = None

    # What is typed

    @on(PromptArea.Submitted)
    async def _submit(self, message: PromptArea.Submitted) -> None:
        message.stop()
        if message.text.startswith("/"):
            await self._run_slash(message.text)
        elif self.busy:
            self.note("A turn is running: esc stops it. Your prompt is kept.")
        elif self.engine.phase == "loading":
            self.note("The model is still loading. Your prompt is kept.")
        elif self.engine.phase == "missing":
            self.note("There is no model to answer; /model loads one. Your prompt is kept.")
        else:
            await self.ask(message.text.strip())

    async def _run_slash(self, line: str) -> None:
        found = find_slash(line)
        if found is None:
            word = plain_line(line.partition(" ")[0], 30)
            self.note(f"There is no {word}. Commands: {' '.join(slash_words())}. A space before / sends it.")
            return
        self.prompt.sent(line)
        command, argument = found
        takers = {
            "chat.paradigm_menu": self._choose_named,
            "model.switch": self.switch_model,
            "session.resume": self._resume_named,
            "session.rename": self.rename,
            "session.replay": self._replay_named,
            "notes.add": self.add_note,
            "help.switch": self.switch_named,
        }
        if argument and command.id in takers:
            await takers[command.id](argument)
        else:
            prefix = "app." if command.scope == "app" else "screen."
            await self.run_action(prefix + command.action)

    @on(PromptBox.Typed)
    def _typed(self, message: PromptBox.Typed) -> None:
        message.stop()
        if self._typing is not None:
            self._typing.stop()
        self._typing = self.set_timer(TYPING_S, lambda: self._count_soon(message.text))

    def _count_soon(self, text: str) -> None:
        if not text.strip() or text.startswith("/"):
            self.box.show_tokens(None)
            return
        self.run_worker(self._count(text), group="count", exclusive=True, exit_on_error=False)

    async def _count(self, text: str) -> None:
        self.post_message(self.Counted(text, await asyncio.to_thread(self.backend.count_tokens, text)))

    @on(Counted)
    def _show_count(self, message: Counted) -> None:
        if message.text == self.prompt.text:
            self.box.show_tokens(message.count)

    @on(PromptArea.AtEnd)
    def action_scroll_end(self) -> None:
        """Go to the end of the chat and follow it."""
        self.pane.transcript.go_to_end()

    @on(LinkChosen)
    def _show_link(self, message: LinkChosen) -> None:
        self.note(f"link: {message.address}")

    @on(MoreLine.Pressed)
    async def action_load_more(self) -> None:
        """Draw twenty more turns above."""
        await self.load_more()

    def on_key(self, event: events.Key) -> None:
        """Send what is typed elsewhere to the prompt, unless it is a key of what has the focus."""
        elsewhere = self.focused is not self.prompt and event.key not in self.active_bindings
        if elsewhere and event.is_printable and event.character:
            event.stop()
            self.prompt.focus()
            self.prompt.insert(event.character)

    # Commands

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Offer to stop only while something runs."""
        return self.busy if action == "stop" else True

    def action_stop(self) -> None:
        """Stop the running turn."""
        self.stop_turn()

    def action_back(self) -> None:
        """Go back to the prompt."""
        self.prompt.focus()

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

    async def _choose_named(self, word: str) -> None:
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

    def action_toggle_panel(self) -> None:
        """Show or hide the cost panel."""
        if self.has_class("-narrow"):
            self.note("The cost panel needs 100 columns; its figures are in this line.")
            return
        self.toggle_class("-no-panel")
        self.call_after_refresh(self.show_cost)

    def action_scroll_chat(self, direction: int) -> None:
        """Scroll the chat by a page."""
        transcript = self.pane.transcript
        if direction < 0:
            transcript.scroll_page_up(animate=False)
        else:
            transcript.scroll_page_down(animate=False)

    async def action_new_session(self) -> None:
        """Begin a new session, unless a turn runs."""
        if self.refuse_while_busy():
            return
        await self.open_session(None)
        self.prompt.focus()
        self.note("A new session: it is saved with its first prompt.")

    def action_sessions(self) -> None:
        """Pick a session."""
        if self.refuse_while_busy():
            return
        from slmtui.tui.screens.sessions import SessionsScreen  # noqa: PLC0415 - after the first paint

        self.app.push_screen(SessionsScreen(self.store, self.options), self._picked)

    async def _picked(self, session: str | None) -> None:
        """Turn to the picked session; without one, make sure that this one was not deleted meanwhile."""
        if session is not None:
            await self._resume_named(session)
        elif self.chat.session is not None and not self.reread():
            await self.open_session(None)
            self.note("The session was deleted; this is a new one.")

    async def _resume_named(self, ref: str) -> None:
        if not self.refuse_while_busy() and await self.open_session(ref):
            self.note(f"Resumed {self.chat.title or 'a session without a title'}.")

    async def rename(self, title: str) -> None:
        """Give this session another title."""
        if self.chat.session is None:
            self.note("This session is not saved yet: send a prompt first.")
            return
        self.rename_to(title)

    def action_rename_session(self) -> None:
        """Ask for another title of this session."""
        if self.chat.session is None:
            self.note("This session is not saved yet: send a prompt first.")
            return
        from slmtui.tui.screens.ask_text import AskText  # noqa: PLC0415 - after the first paint

        self.app.push_screen(AskText("Rename the session", self.chat.title), self._renamed)

    def _renamed(self, title: str | None) -> None:
        if title is not None:
            self.rename_to(title)

    async def action_replay(self) -> None:
        """Play this session again."""
        if self.chat.session is None or not self.chat.records:
            self.note("There is nothing to replay yet: send a prompt, or pick a session with ctrl+r.")
            return
        await self._replay_named(self.chat.session)

    async def _replay_named(self, ref: str) -> None:
        from slmtui.tui.screens.replay import open_replay  # noqa: PLC0415 - after the first paint

        open_replay(self.app, self.store, self.options, ref, self.note)

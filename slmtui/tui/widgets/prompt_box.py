"""The box around the prompt: the paradigm switcher in its border, what waits and what goes with it inside."""

from textual import events, getters, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import OptionList, TextArea

from slmtui.tui.state.paradigms import Choice, on_switch
from slmtui.tui.widgets.attachment_line import AttachmentLine
from slmtui.tui.widgets.completing_area import CompletingArea
from slmtui.tui.widgets.completion_list import CompletionList
from slmtui.tui.widgets.prompt_area import PromptArea
from slmtui.tui.widgets.queue_lines import QueueLines


class PromptBox(Vertical):
    """Shows the paradigms in its top border, the chosen one in brackets, bold and reversed."""

    area = getters.query_one(PromptArea)
    queue = getters.query_one(QueueLines)
    files = getters.query_one(AttachmentLine)
    _choices = getters.query_one(CompletionList)

    paradigm: reactive[str] = reactive("base", init=False)

    class ParadigmClicked(Message):
        """A paradigm was chosen with the mouse."""

        def __init__(self, paradigm: str) -> None:
            super().__init__()
            self.paradigm = paradigm

    class Typed(Message):
        """The prompt changed."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def compose(self) -> ComposeResult:
        """Hold the text area, under what waits and what goes with it; the list lies over the screen."""
        yield CompletionList()
        yield QueueLines()
        yield AttachmentLine()
        yield PromptArea()

    def on_mount(self) -> None:
        """Draw the switcher."""
        self.watch_paradigm(self.paradigm)

    def watch_paradigm(self, paradigm: str) -> None:
        """Draw the switcher with another paradigm marked."""
        self.border_title = switcher(paradigm)

    def show_tokens(self, text: str) -> None:
        """Say in the lower border how many tokens the prompt holds; nothing hides it."""
        self.border_subtitle = Content(text)

    @on(CompletingArea.Offered)
    def _offered(self, event: CompletingArea.Offered) -> None:
        event.stop()
        self._choices.show(self.area.picking)

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.area.focus()
        self.area.take(event.option_index)

    @on(TextArea.Changed)
    def _typed(self, event: TextArea.Changed) -> None:
        event.stop()
        self.post_message(self.Typed(event.text_area.text))

    def on_click(self, event: events.Click) -> None:
        """Choose the paradigm whose word in the border was clicked."""
        position = event.screen_offset - self.region.offset
        if position.y == 0:
            name = paradigm_at(position.x - 3, self.paradigm)  # the corner, the line and a blank come before
            if name is not None:
                self.post_message(self.ParadigmClicked(name))


def _cell(choice: Choice, chosen: str) -> str:
    return f"[{choice.title}]" if choice.name == chosen else f" {choice.title} "


def switcher(chosen: str) -> Content:
    """Return the words on the switch, the chosen one in brackets, bold and reversed."""
    shown = on_switch(chosen)
    parts = [(_cell(choice, chosen), "bold reverse" if choice.name == chosen else "") for choice in shown]
    return Content.assemble(*parts, ("  ⇧tab · ^o all", "dim"))


def paradigm_at(x: int, chosen: str) -> str | None:
    """Return the paradigm whose word covers cell `x` of the switcher, or None."""
    left = 0
    for choice in on_switch(chosen):
        right = left + len(choice.title) + 2
        if left <= x < right:
            return choice.name
        left = right
    return None


if __name__ == "__main__":
    from slmtui.tui.alone import show_alone

    show_alone(PromptBox())

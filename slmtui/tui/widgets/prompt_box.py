"""The box around the prompt: the paradigm switcher in its border, the tokens it holds below."""

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import TextArea

from slmtui.backend import TokenCount
from slmtui.tui import format as fmt
from slmtui.tui.state.paradigms import Choice, on_switch
from slmtui.tui.widgets.prompt_area import PromptArea


class PromptBox(Vertical):
    """Shows the paradigms in its top border, the chosen one in brackets, bold and reversed."""

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
        """Hold the text area."""
        yield PromptArea()

    def on_mount(self) -> None:
        """Draw the switcher."""
        self.watch_paradigm(self.paradigm)

    def watch_paradigm(self, paradigm: str) -> None:
        """Draw the switcher with another paradigm marked."""
        self.border_title = switcher(paradigm)

    def show_tokens(self, count: TokenCount | None) -> None:
        """Say how many tokens the prompt holds; `~` marks an estimate, None hides it."""
        text = "" if count is None else f"{'' if count.exact else '~'}{fmt.count(count.tokens)} tokens"
        self.border_subtitle = Content(text)

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

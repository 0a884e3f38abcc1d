"""A prompt as it stands above its answer, hanging from its mark."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content

from slmtui.tui.glyphs import PROMPT
from slmtui.tui.widgets.plain_static import PlainStatic


class PromptLine(Horizontal):
    """A mark and the prompt beside it, over as many lines as it needs."""

    def __init__(self, prompt: str) -> None:
        super().__init__()
        self._prompt = prompt

    def compose(self) -> ComposeResult:
        """Set the mark beside the text."""
        yield PlainStatic(PROMPT, classes="prompt--mark")
        yield PlainStatic(Content(self._prompt), classes="prompt--text")

    def show(self, prompt: str) -> None:
        """Draw another prompt."""
        self.query_one(".prompt--text", PlainStatic).show(Content(prompt))

"""An answer as Markdown that grows while the model writes."""

from textual import on
from textual.widgets import Markdown

from slmtui.tui.markdown import parser
from slmtui.tui.messages import LinkChosen
from slmtui.tui.plain import plain_line


class AnswerBlock(Markdown):
    """Draws an answer. New text is appended; the whole is parsed once more when it is done.

    Whoever calls `show` does so ten times a second at most, which is why there is no `MarkdownStream`
    between: its own task would only gather again what is gathered already.
    """

    def __init__(self) -> None:
        super().__init__(parser_factory=parser, open_links=False)
        self._drawn = ""
        self._settled = False

    async def show(self, text: str, *, done: bool) -> None:
        """Draw `text`, of which the beginning may be drawn already."""
        if self._settled or (text == self._drawn and not done):
            return
        if done or not text.startswith(self._drawn):
            await self.update(text)  # what was appended piece by piece may have been read otherwise
        else:
            await self.append(text[len(self._drawn) :])
        self._drawn, self._settled = text, done

    @on(Markdown.LinkClicked)
    def _show_link(self, event: Markdown.LinkClicked) -> None:
        event.stop()
        self.post_message(LinkChosen(plain_line(event.href)))

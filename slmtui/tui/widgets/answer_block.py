"""An answer as Markdown that grows while the model writes."""

from markdown_it import MarkdownIt
from textual import on
from textual.widgets import Markdown

from slmtui.tui.markdown import MOST_CHARACTERS, MOST_PIECES, parser
from slmtui.tui.messages import LinkChosen
from slmtui.tui.plain import plain_line


class AnswerBlock(Markdown):
    """Draws an answer. New text is appended; the whole is parsed once more when it is done.

    Whoever calls `show` does so ten times a second at most, which is why there is no `MarkdownStream`
    between: its own task would only gather again what is gathered already.
    """

    def __init__(self) -> None:
        super().__init__(parser_factory=self._parser, open_links=False)
        self._drawn = ""
        self._settled = self._growing = self._as_written = False

    def _parser(self) -> MarkdownIt:
        return parser(growing=self._growing, as_written=self._as_written)

    async def show(self, text: str, *, done: bool) -> None:
        """Draw `text`, of which the beginning may be drawn already."""
        if self._settled or (text == self._drawn and not done):
            return
        self._growing = not done
        if done:
            self._as_written = False
            await self.update(text)  # what was appended piece by piece may have been read otherwise
        else:
            if self._begins_anew(text):
                await self.update("")
            await self.append(text[len(self.source) :])
        self._drawn, self._settled = text, done

    def _begins_anew(self, text: str) -> bool:
        """Whether all is to be drawn once more: it is another text, or too much by now to be formatted."""
        if not self._as_written and self._is_too_much(text):
            self._as_written = True
            return True
        return not text.startswith(self._drawn)

    def _is_too_much(self, text: str) -> bool:
        return len(text) > MOST_CHARACTERS or sum(1 for _ in self.walk_children()) > MOST_PIECES

    @on(Markdown.LinkClicked)
    def _show_link(self, event: Markdown.LinkClicked) -> None:
        event.stop()
        self.post_message(LinkChosen(plain_line(event.href)))


if __name__ == "__main__":
    from slmtui.tui.alone import show_alone

    block = AnswerBlock()
    block.call_later(block.show, "A **small** model\n\n- fits in memory,\n- answers fast.", done=True)
    show_alone(block)

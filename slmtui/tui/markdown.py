"""How the Markdown of an answer is read: the same rules while it streams and when it is frozen.

Entities, raw HTML, bare links and definitions of links stay as written: an entity could bring back a
character that `plain` removed, HTML and definitions would vanish from the screen, and a link's percent
signs would be decoded. What would take too long to draw, or be nested too deep to be drawn at all, is
shown as it was written.
"""

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token
from markdown_it.utils import EnvType
from rich.markdown import Markdown as RichMarkdown

from slmtui.tui.plain import beginning_of

CODE_THEME = "ansi_dark"
MOST_CHARACTERS = 40_000
"""A longer answer is drawn as it was written."""
MOST_PIECES = 400
"""Pieces are about the widgets that a text takes: a paragraph one, an item of a list two, a cell one."""
MOST_GROWING = 60
"""Pieces of a block that is written still: Textual makes all of it anew whenever it grows."""
DEEPEST = 15
"""Levels of nesting that are drawn: what is deeper than `maxNesting` is dropped by the parser."""
NOT_FORMATTED = "This answer is too long or too intricate to format: it is shown as it was written."

_MOST_CODE = 100
_BARE_MARKER = re.compile(r"\d{1,9}[.)]|[-+*]")
_INDENT = re.compile(r"^ +", re.MULTILINE)


class AnswerParser(MarkdownIt):
    """Reads an answer; with `growing`, one that is written still, of which it may be given the end only.

    With `as_written` it formats nothing.
    """

    def __init__(self, *, growing: bool, as_written: bool) -> None:
        super().__init__("gfm-like", {"linkify": False, "html": False})
        self.disable(["entity", "linkify", "html_block", "html_inline", "autolink", "image", "reference"])
        self.block.ruler.before("list", "bare_marker", _bare_marker)
        self._growing, self._as_written = growing, as_written

    def parse(self, src: str, env: EnvType | None = None) -> list[Token]:
        """Return the tokens of a text, in work that grows with its length up to a bound."""
        if self._as_written or len(src) > MOST_CHARACTERS:
            return self._unformatted(src)
        tokens = super().parse(src, env)
        if pieces(tokens) > MOST_PIECES or any(token.level > DEEPEST for token in tokens):
            return self._unformatted(src)
        return _without_growth(tokens, src) if self._growing else tokens

    def _unformatted(self, src: str) -> list[Token]:
        lines = src.count("\n") + 1
        said = [] if self._growing else _paragraph(NOT_FORMATTED, 0, 0, "em")
        return said + _paragraph(src, 0, lines)


def parser(*, growing: bool = False, as_written: bool = False) -> MarkdownIt:
    """Return a parser with tables and strikethrough, and nothing that decodes or hides text."""
    return AnswerParser(growing=growing, as_written=as_written)


def pieces(tokens: Sequence[Token]) -> float:
    """Return about how many widgets' work it is to draw these tokens."""
    return sum(_work(token) for token in tokens)


def _work(token: Token) -> float:
    match token.type:
        case "inline":
            return len(token.children or ()) / 100
        case "fence" | "code_block":
            return 1 + token.content.count("\n") / 20
        case _:
            return float(token.nesting >= 0)


def _without_growth(tokens: list[Token], src: str) -> list[Token]:
    """Return the tokens with the last block as it was written, if it is too much to make anew again."""
    start = next((at for at in reversed(range(len(tokens))) if _begins_block(tokens[at])), 0)
    last = tokens[start:]
    if len(last) == 1 and last[0].type == "fence":
        if last[0].content.count("\n") > _MOST_CODE:
            last[0].info = "text"  # to colour it takes longer than all else
        return tokens
    if not last or pieces(last) <= MOST_GROWING:
        return tokens
    line, end = last[0].map or [0, 0]
    return tokens[:start] + _paragraph("\n".join(src.split("\n")[line:]), line, end)


def _begins_block(token: Token) -> bool:
    return token.level == 0 and token.nesting >= 0 and token.map is not None


def _paragraph(text: str, line: int, end: int, style: str = "") -> list[Token]:
    """Return a paragraph of unformatted lines, as far as it is drawn; its indents are kept."""
    shown = _INDENT.sub(lambda spaces: "\u00a0" * len(spaces[0]), beginning_of(text.rstrip()))
    inline = Token("inline", "", 0, map=[line, end], content=shown, level=1)
    inline.children = list(_lines(shown.split("\n"), style))
    return [Token("paragraph_open", "p", 1, map=[line, end]), inline, Token("paragraph_close", "p", -1)]


def _lines(lines: Sequence[str], style: str) -> Iterator[Token]:
    if style:
        yield Token(f"{style}_open", style, 1)
    for number, line in enumerate(lines):
        if number:
            yield Token("hardbreak", "br", 0)
        yield Token("text", "", 0, content=line)
    if style:
        yield Token(f"{style}_close", style, -1)


def _bare_marker(state: StateBlock, start: int, _end: int, silent: bool) -> bool:
    """Read a line that is nothing but a list's marker as a paragraph.

    An answer may be `10063.`, which would be a list without anything in it, and not be seen at all.
    """
    text = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]].strip()
    if state.is_code_block(start) or not _BARE_MARKER.fullmatch(text):
        return False
    if not silent:
        state.line = start + 1
        state.push("paragraph_open", "p", 1).map = [start, state.line]
        inline = state.push("inline", "", 0)
        inline.content, inline.map, inline.children = text, [start, state.line], []
        state.push("paragraph_close", "p", -1)
    return True


def frozen(text: str) -> RichMarkdown:
    """Return a finished answer as one Rich renderable: cheap to keep on a long screen."""
    renderable = RichMarkdown("", code_theme=CODE_THEME, hyperlinks=False)
    renderable.markup = text
    renderable.parsed = parser().parse(text)
    return renderable

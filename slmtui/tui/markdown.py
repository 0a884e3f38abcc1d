"""How the Markdown of an answer is read: the same rules while it streams and when it is frozen.

Entities, raw HTML and bare links stay as written: an entity could bring back a character that
`plain` removed, HTML would vanish from the screen, and a link's percent signs would be decoded.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from rich.markdown import Markdown as RichMarkdown

CODE_THEME = "ansi_dark"
_BARE_MARKER = re.compile(r"\d{1,9}[.)]|[-+*]")


def parser() -> MarkdownIt:
    """Return a parser with tables and strikethrough, and nothing that decodes or hides text."""
    markdown = MarkdownIt("gfm-like", {"linkify": False, "html": False})
    markdown.disable(["entity", "linkify", "html_block", "html_inline", "autolink", "image"])
    markdown.block.ruler.before("list", "bare_marker", _bare_marker)
    return markdown


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

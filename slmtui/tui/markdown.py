"""How the Markdown of an answer is read: the same rules while it streams and when it is frozen.

Entities, raw HTML and bare links stay as written: an entity could bring back a character that
`plain` removed, HTML would vanish from the screen, and a link's percent signs would be decoded.
"""

from markdown_it import MarkdownIt
from rich.markdown import Markdown as RichMarkdown

CODE_THEME = "ansi_dark"


def parser() -> MarkdownIt:
    """Return a parser with tables and strikethrough, and nothing that decodes or hides text."""
    markdown = MarkdownIt("gfm-like", {"linkify": False, "html": False})
    markdown.disable(["entity", "linkify", "html_block", "html_inline", "autolink", "image"])
    return markdown


def frozen(text: str) -> RichMarkdown:
    """Return a finished answer as one Rich renderable: cheap to keep on a long screen."""
    renderable = RichMarkdown("", code_theme=CODE_THEME, hyperlinks=False)
    renderable.markup = text
    renderable.parsed = parser().parse(text)
    return renderable

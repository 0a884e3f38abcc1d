"""A chapter of a report as text in a given width."""

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from textual.content import Content

from slmtui.cli.comparison_tables import Table
from slmtui.cli.output import fields, table
from slmtui.tui.plain import plain, plain_line
from slmtui.tui.state.chapters import Chapter

EMPTY = "There is nothing to show here."


def chapter_text(chapter: Chapter, width: int) -> Content:
    """Return the chapter: sentences are left to be wrapped, and no table is wider than `width` cells."""
    parts = [_group(*group) for group in chapter.told]
    parts += [
        Content.assemble((plain_line(each.title), "bold"), "\n", _table(each, width))
        for each in chapter.tables
    ]
    parts += [_group(*group) for group in chapter.after]
    return Content("\n\n").join(parts) if parts else Content(EMPTY)


def _group(title: str, told: Sequence[str]) -> Content:
    sentences = "\n".join(f"• {plain_line(sentence, 2000)}" for sentence in told)
    return Content.assemble((title, "bold"), "\n", sentences)


def _table(each: Table, width: int) -> Content:
    """Return a table; where it is too wide, a list for each of its rows."""
    text = plain(table(each.head, each.rows, right=range(each.left, len(each.head))))
    if max(map(cell_len, text.splitlines())) > width:
        return Content("\n".join(_lists(each)))
    head, _, rows = text.partition("\n")
    return Content.assemble((head, "underline"), "\n", rows)


def _lists(each: Table) -> Iterator[str]:
    for name, *cells in each.rows:
        yield plain_line(name, 60)
        named = [
            (f"  {title.lower()}", cell) for title, cell in zip(each.head[1:], cells, strict=True) if cell
        ]
        yield plain(fields(named))

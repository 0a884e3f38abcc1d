"""What commands print as data on standard output: text that no terminal obeys, tables, and JSON."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

import typer
from rich.cells import cell_len

from sessions.text import SURROGATES, UNSAFE
from slmtui.cli.printed import one_line, printable
from slmtui.cli.signs import writable

GAP = "  "


def emit(text: str, *, newline: bool = True) -> None:
    """Print data. Models, files and users wrote parts of it, so escapes and control characters go.

    Signs that the output cannot write, such as a minus, become plain ones.
    """
    typer.echo(writable(printable(text)), nl=newline)


def emit_json(value: Any) -> None:
    """Print data as JSON. What a terminal might obey is escaped, so the texts themselves stay whole."""
    text = SURROGATES.sub("\ufffd", json.dumps(value, ensure_ascii=False, indent=2))
    # JSON escapes what is below U+0020 itself; its own layout has line feeds and no others.
    typer.echo(UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text))


def short(text: str, limit: int) -> str:
    """Return a text safe to print, on one line of at most `limit` characters."""
    line = one_line(text)
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], right: Iterable[int] = ()) -> str:
    """Return rows under a head, in columns as wide as their widest cell; those in `right` end together."""
    lines = [[one_line(cell) for cell in row] for row in (head, *rows)]
    widths = [max(map(cell_len, column)) for column in zip(*lines, strict=True)]
    to_the_right = set(right)

    def padded(index: int, cell: str) -> str:
        space = " " * (widths[index] - cell_len(cell))
        return space + cell if index in to_the_right else cell + space

    return "\n".join(GAP.join(padded(i, cell) for i, cell in enumerate(line)).rstrip() for line in lines)


def fields(pairs: Sequence[tuple[str, str]]) -> str:
    """Return names with their values, one pair a line, the values under each other."""
    width = max((len(name) for name, _ in pairs), default=0)
    return "\n".join(f"{name:<{width}}{GAP}{one_line(value)}".rstrip() for name, value in pairs)

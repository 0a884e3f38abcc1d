"""Tables and fields that a terminal has room for."""

import shutil
import sys
from collections.abc import Sequence

from rich.cells import cell_len

from slmtui.cli.output import GAP, fields, short, table
from slmtui.cli.printed import wrapped

NAME = 60


def fitted(head: Sequence[str], rows: Sequence[Sequence[str]], left: int) -> str:
    """Return rows under a head, or where the terminal is too narrow for that, each as a list of its cells.

    The first `left` columns begin together, the others end together. A file or a pipe has room for all.
    """
    text = table(head, rows, right=range(left, len(head)))
    if not sys.stdout.isatty() or max(map(cell_len, text.splitlines())) <= shutil.get_terminal_size().columns:
        return text
    return "\n".join(_as_list(head, row) for row in rows)


def fitted_fields(pairs: Sequence[tuple[str, str]]) -> str:
    """Return names with their values as `fields` does; on a terminal long values go on under themselves."""
    if not sys.stdout.isatty():
        return fields(pairs)
    indent = max(len(name) for name, _ in pairs) + len(GAP)
    width = max(shutil.get_terminal_size().columns - indent, 1)
    rows = [
        (name if number == 0 else "", line)
        for name, value in pairs
        for number, line in enumerate(wrapped(value, width).splitlines() or [""])
    ]
    return fields([(f"{name:<{indent - len(GAP)}}", line) for name, line in rows])


def _as_list(head: Sequence[str], row: Sequence[str]) -> str:
    name, *cells = row
    named = [(f"  {title.lower()}", cell) for title, cell in zip(head[1:], cells, strict=True) if cell]
    return f"{short(name, NAME)}\n{fields(named)}"

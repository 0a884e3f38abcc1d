"""The documents made from the code: docs/columns.md and docs/schema.md.

`python -m sessions.docs docs` writes them anew; a test fails when they are out of step.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from sessions.columns import BYS, COLUMNS, By
from sessions.database import Connection

TITLES: dict[By, tuple[str, str]] = {
    "turn": ("By turn", "`slmtui sessions export`: one row a turn."),
    "call": ("By call", "`slmtui sessions export --by call`: one row a call of the model."),
    "tool_call": ("By tool call", "`slmtui sessions export --by tool_call`: one row a call of a tool."),
    "comparison": (
        "Of a comparison",
        "`slmtui compare --csv FILE`: one row for each metric of an arm, and of a pair of arms.",
    ),
    "item": (
        "By item",
        "`slmtui report RUN -o FILE.csv`: one row for each item and repeat; a file has the columns of"
        " `ARM` once for each arm, as `base.state`.",
    ),
}

COLUMNS_HEAD = """\
# The columns of every export

Made from `sessions/columns.py` by `python -m sessions.docs docs`; do not edit.

Names, units and meanings are stable; a new column comes last. CSV is UTF-8 without a byte order mark,
lines end with a line feed, texts that hold commas, quotes or line feeds are in double quotes. An empty
cell means that there was nothing to measure, never zero. A text that a spreadsheet would run as a
formula (it begins with `=`, `+`, `-` or `@`, with a tab or a line end) gets a `'` in front; control
characters are left out. JSON has the same names, and keeps texts whole.
"""

SCHEMA_HEAD = """\
# The file that keeps the sessions

Made from the schema itself by `python -m sessions.docs docs`; do not edit.

One SQLite file in WAL mode, for sqlite3, Datasette and whatever else reads SQLite. `events` is the
truth; `turns`, `calls` and `tool_calls` are projected from it and can be rebuilt. Seconds end in `_s`,
token counts in `_tokens`; NULL means that there was nothing to measure. [columns.md](columns.md)
explains the columns of the projections.
"""


OBJECTS = """
SELECT name, sql FROM sqlite_schema WHERE type = ? AND sql IS NOT NULL AND tbl_name NOT GLOB '_sqlite*'
AND NOT (type = 'table' AND name GLOB 'turns_text_*') ORDER BY rowid
"""


def columns_markdown() -> str:
    """Return the columns of every export as Markdown."""
    return "\n".join([COLUMNS_HEAD, *(line for by in BYS for line in _columns_of(by))])


def schema_markdown() -> str:
    """Return the tables, views, indexes and triggers of the store as Markdown."""
    return "\n".join([SCHEMA_HEAD, *_schema_lines()])


def write(folder: Path) -> None:
    """Write both documents into a folder."""
    folder.mkdir(exist_ok=True)
    (folder / "columns.md").write_text(columns_markdown(), encoding="utf-8")
    (folder / "schema.md").write_text(schema_markdown(), encoding="utf-8")


def _columns_of(by: By) -> Iterator[str]:
    title, meaning = TITLES[by]
    yield from (f"## {title}", "", meaning, "", "| column | unit | meaning |", "| --- | --- | --- |")
    for column in COLUMNS[by]:
        yield f"| `{column.name}` | {column.unit} | {column.description} |"
    yield ""


def _schema_lines() -> Iterator[str]:
    for kind, title in (
        ("table", "Tables"),
        ("view", "Views"),
        ("index", "Indexes"),
        ("trigger", "Triggers"),
    ):
        yield from (f"## {title}", "")
        for name, sql in _objects(kind):
            if kind in {"table", "view"}:
                yield from (f"### {name}", "")
            yield from ("```sql", f"{sql};", "```", "")


def _objects(kind: str) -> list[tuple[str, str]]:
    """Return name and SQL of what the migrations made; not what SQLite and its extensions keep for it."""
    connection = Connection(Path(":memory:"))
    try:
        with connection.reading() as db:
            return db.execute(OBJECTS, (kind,)).fetchall()
    finally:
        connection.close()


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "docs"))

"""The folder that the generated requests are about: notes, files and tables, always the same ones."""

import csv
import io
from pathlib import Path

from slmtui.suites.bundled.world_files import FILES
from slmtui.suites.bundled.world_notes import NOTE_FILES
from slmtui.suites.bundled.world_tables import TABLES
from slmtui.suites.suite import World

FOLDER = "folder"


def write_world(home: Path) -> None:
    """Write the notes, the files and the tables into a home, under `FOLDER`."""
    folder = home / FOLDER
    for path, lines in (NOTE_FILES | FILES).items():
        _write(folder / path, "\n".join(lines) + "\n")
    for table in TABLES:
        written = io.StringIO()
        csv.writer(written, lineterminator="\n").writerows((table.columns, *table.rows))
        _write(folder / table.path, written.getvalue())


def _write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")


WORLD = World(
    write=write_world,
    notes=f"{FOLDER}/notes",
    folder=FOLDER,
    tables=tuple(f"{FOLDER}/{table.path}" for table in TABLES),
    today="2026-04-15",
)

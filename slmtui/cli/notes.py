"""`slmtui notes`: the user's own notes, which agents search and add to."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from slmtui.assemble import settings_of, surroundings
from slmtui.cli.exits import Exit, fail, say, user_errors
from slmtui.cli.options import Json, Notes, overrides
from slmtui.cli.output import emit, emit_json, table
from tools.note_files import NoteFile, Skipped, checked_folder, walk
from tools.note_writing import append_note
from tools.notes_index import BuildReport, NotesIndex, index_file

notes = typer.Typer(help="Your own notes, which agents search and add to.")

Count = Annotated[int, typer.Option("--limit", "-n", min=1, max=100, help="At most so many passages.")]


@notes.command("list")
def list_notes(folder: Notes = None, as_json: Json = False) -> None:
    """List the note files of the folder; what is left out, and why, goes to standard error."""
    with user_errors():
        found = list(walk(checked_folder(_folder(folder))))
    files = [entry for entry in found if isinstance(entry, NoteFile)]
    left_out = [entry for entry in found if isinstance(entry, Skipped)]
    if as_json:
        emit_json([{"name": file.name, "bytes": file.size, "changed": _changed(file)} for file in files])
    elif files:
        rows = [(file.name, str(file.size), _changed(file)) for file in files]
        emit(table(("name", "bytes", "changed"), rows, right=[1]))
    for entry in left_out:
        say(f"left out: {entry.name}: {entry.reason}")


@notes.command("add")
def add_note(text: Annotated[str, typer.Argument(help="What to write down.")], folder: Notes = None) -> None:
    """Add a note to the day's file in the folder. Nothing that stands there is written over."""
    with user_errors():
        emit(append_note(_folder(folder), text, datetime.now()))


@notes.command("search")
def search_notes(
    words: Annotated[list[str], typer.Argument(help="The words to look for.")],
    folder: Notes = None,
    limit: Count = 5,
    as_json: Json = False,
) -> None:
    """Search the notes for words, best first: file, line, heading and text. What changed is read first."""
    with user_errors():
        index, _ = _indexed(folder)
        hits = index.search(" ".join(words), limit)
    if as_json:
        emit_json([{"name": h.name, "line": h.line, "heading": h.heading, "text": h.text} for h in hits])
    elif hits:
        emit("\n".join(f"{h.name}:{h.line}: {f'{h.heading}: ' if h.heading else ''}{h.text}" for h in hits))
    if not hits:
        say("Nothing in the notes matches.")
        raise typer.Exit(Exit.FAILED)


@notes.command("index")
def index_notes(folder: Notes = None, as_json: Json = False) -> None:
    """Bring the index up to date with the folder: files that did not change are not read again."""
    with user_errors():
        _, report = _indexed(folder)
    if as_json:
        emit_json(
            {
                "folder": str(report.folder),
                "files": report.files,
                "read": report.indexed,
                "removed": report.removed,
                "left_out": [{"name": each.name, "reason": each.reason} for each in report.skipped],
            }
        )
    else:
        emit(report.summary())


def _folder(given: Path | None) -> Path:
    """Return the folder of notes, of the flag or the settings, or end the command."""
    folder = settings_of(surroundings(), overrides(notes=given)).notes
    if folder is None:
        fail(Exit.USAGE, "there is no folder of notes; name one with --notes, or as notes in the settings")
    return folder


def _indexed(given: Path | None) -> tuple[NotesIndex, BuildReport]:
    folder = _folder(given)
    index = NotesIndex(index_file(folder, surroundings().cache))
    return index, index.build(folder)


def _changed(file: NoteFile) -> str:
    return datetime.fromtimestamp(file.mtime_ns / 1e9).astimezone().isoformat(" ", "minutes")

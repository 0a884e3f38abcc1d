"""The note files of a folder: which are read, which are left out and why, and their text."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.file_places import READ_ONLY
from tools.file_text import NotTextError, decoded
from tools.plain_text import visible

SUFFIXES = frozenset({".txt", ".md", ".markdown"})
MAX_FILE_BYTES = 1_000_000
MAX_FILES = 10_000
MAX_TOTAL_BYTES = 200_000_000
MAX_ENTRIES = 200_000

_TOO_LARGE = f"larger than {MAX_FILE_BYTES // 1000} kB"


class NotesError(Exception):
    """The notes cannot be indexed or searched; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class NoteFile:
    """A file to read: its place, its printable name within the folder (with `/`), its change and size."""

    path: Path
    name: str
    mtime_ns: int
    size: int


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file or folder that is left out, and why."""

    name: str
    reason: str


def checked_folder(folder: Path) -> Path:
    """Return the folder's real path. Raises `NotesError` if it is not a folder that can be listed."""
    shown = visible(str(folder))
    try:
        real = folder.expanduser().resolve(strict=True)
        with os.scandir(real):
            return real
    except FileNotFoundError as error:
        raise NotesError(f"There is no notes folder {shown}: create it, or name another.") from error
    except NotADirectoryError as error:
        raise NotesError(f"{shown} is not a folder: name the folder that holds the notes.") from error
    except (OSError, RuntimeError, ValueError) as error:
        cause = getattr(error, "strerror", None) or "its name is not one of a folder"
        raise NotesError(f"The notes folder {shown} cannot be read ({cause}): name another.") from error


def walk(root: Path) -> Iterator[NoteFile | Skipped]:
    """Yield the note files under a real folder in order of name, and what is left out; follow no link."""
    unreadable: list[Skipped] = []

    def note(error: OSError) -> None:
        unreadable.append(Skipped(_name(root, Path(error.filename)), "cannot be read"))

    entries = files_found = total = 0
    for parent, folders, files in os.walk(root, onerror=note):
        here = Path(parent)
        entries += len(folders) + len(files)
        if entries > MAX_ENTRIES:
            yield Skipped(_name(root, here), f"beyond {MAX_ENTRIES} files and folders")
            break
        yield from _left_out(root, here, folders)
        for entry in (_examined(root, here / name) for name in sorted(files) if _is_note(name)):
            if isinstance(entry, NoteFile):
                files_found += 1
                total += entry.size
            if files_found > MAX_FILES or total > MAX_TOTAL_BYTES:
                yield Skipped(entry.name, f"beyond {MAX_FILES} files or {MAX_TOTAL_BYTES // 10**6} MB")
            else:
                yield entry
    yield from unreadable


def _left_out(root: Path, here: Path, folders: list[str]) -> Iterator[Skipped]:
    """Take hidden and linked folders out of the list, which the walk then goes down in order of name."""
    for name in sorted(folders):
        path = here / name
        reason = "hidden" if name.startswith(".") else _link_reason(root, path) if path.is_symlink() else ""
        if reason:
            folders.remove(name)
            yield Skipped(_name(root, path), reason)
    folders.sort()


def _is_note(name: str) -> bool:
    return Path(name).suffix.lower() in SUFFIXES


def _name(root: Path, path: Path) -> str:
    return visible(path.relative_to(root).as_posix())


def _link_reason(root: Path, path: Path) -> str:
    try:
        inside = path.resolve(strict=True).is_relative_to(root)
    except (OSError, RuntimeError):
        return "broken link"
    return "link to another place in the folder" if inside else "link out of the folder"


def _examined(root: Path, path: Path) -> NoteFile | Skipped:
    name = _name(root, path)
    if path.name.startswith("."):
        return Skipped(name, "hidden")
    try:
        facts = path.lstat()
    except OSError:
        return Skipped(name, "cannot be read")
    if stat.S_ISLNK(facts.st_mode):
        return Skipped(name, _link_reason(root, path))
    if not stat.S_ISREG(facts.st_mode):
        return Skipped(name, "not a regular file")
    if facts.st_size > MAX_FILE_BYTES:
        return Skipped(name, _TOO_LARGE)
    return NoteFile(path, name, facts.st_mtime_ns, facts.st_size)


def read_text(file: NoteFile) -> str | Skipped:
    """Return the plain text of a note, or why it has none. Reads at most the size cap, and no link."""
    try:
        with os.fdopen(os.open(file.path, READ_ONLY), "rb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                return Skipped(file.name, "not a regular file")
            data = stream.read(MAX_FILE_BYTES + 1)
    except OSError:
        return Skipped(file.name, "cannot be read")
    if len(data) > MAX_FILE_BYTES:
        return Skipped(file.name, _TOO_LARGE)
    try:
        return decoded(data)
    except NotTextError as error:
        return Skipped(file.name, str(error))

"""Add a note to a dated Markdown file of the notes folder; what stands there is never written over."""

import datetime
import errno
import os
import stat
from pathlib import Path

from tools.date_text import Now
from tools.note_files import MAX_FILE_BYTES, NotesError, checked_folder
from tools.notes_index import NotesIndex
from tools.plain_text import plain
from tools.registry import Example, Tool, ToolError

MAX_CHARACTERS = 2000

_APPEND = os.O_RDWR | os.O_APPEND
for _flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"):  # each missing on some system
    _APPEND |= getattr(os, _flag, 0)


def append_note(folder: Path, text: str, now: datetime.datetime) -> str:
    """Append a note, as a list item with its time, to the day's file, and return that file's name.

    Each note is one write at the file's end, so that notes of several programs at once stay whole. Raises
    `NotesError` for a note that is empty or too long, and for a folder or a file that cannot be used.
    """
    entry = _entry(text, now)
    name = f"{now:%Y-%m-%d}.md"
    try:
        _append(checked_folder(folder) / name, f"# {now:%Y-%m-%d}\n\n", entry)
    except OSError as error:
        raise NotesError(f"The note cannot be written to {name} ({error.strerror}).") from error
    return name


def add_note_tool(folder: Path, now: Now, index: NotesIndex | None = None) -> Tool:
    """Return the tool `add_note` over a folder; what it adds is in the index at once. Raises `NotesError`."""
    root = checked_folder(folder)

    def add_note(text: str) -> str:
        try:
            name = append_note(root, text, now())
            if index is not None:
                index.build(root)
        except NotesError as error:
            raise ToolError(str(error)) from error
        return f"saved in {name}"

    return Tool(
        name="add_note",
        description="Writes something down in the user's notes.",
        parameters={
            "type": "object",
            "properties": {
                "text": {
                    "type": "string",
                    "description": "What to write down, such as The plumber comes on Friday at 9",
                    "maxLength": MAX_CHARACTERS,
                }
            },
            "required": ["text"],
            "additionalProperties": False,
        },
        examples=_examples(now()),
        run=add_note,
        effect="writes",
    )


def _entry(text: str, now: datetime.datetime) -> str:
    """Return a note as a list item; its further lines are indented, so that none is a heading."""
    lines = [line.rstrip() for line in plain(text).strip().split("\n")]
    if not any(lines):
        raise NotesError("The note is empty: write what to remember.")
    if sum(map(len, lines)) > MAX_CHARACTERS:
        raise NotesError(f"The note is too long: at most {MAX_CHARACTERS} characters can be written.")
    return f"- {now:%H:%M} " + "\n".join([lines[0], *(f"  {line}".rstrip() for line in lines[1:])]) + "\n"


def _append(path: Path, head: str, entry: str) -> None:
    descriptor, is_new = _opened(path)
    try:
        facts = os.fstat(descriptor)
        if not stat.S_ISREG(facts.st_mode):
            raise NotesError(f"{path.name} is not a regular file: move it away.")
        before = head if is_new else "" if _ends_with_a_line(descriptor, facts.st_size) else "\n"
        data = (before + entry).encode()
        if facts.st_size + len(data) > MAX_FILE_BYTES:
            raise NotesError(f"{path.name} is full: a note file has at most {MAX_FILE_BYTES // 1000} kB.")
        if os.write(descriptor, data) < len(data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    finally:
        os.close(descriptor)


def _opened(path: Path) -> tuple[int, bool]:
    """Open a file to append to, through no link; return whether it was made now, for its owner alone."""
    try:
        return os.open(path, _APPEND | os.O_CREAT | os.O_EXCL, 0o600), True
    except FileExistsError:
        if path.is_symlink():
            raise NotesError(f"{path.name} is a link, and notes are not written through links.") from None
        return os.open(path, _APPEND), False


def _ends_with_a_line(descriptor: int, size: int) -> bool:
    if not size:
        return True
    os.lseek(descriptor, size - 1, os.SEEK_SET)
    return os.read(descriptor, 1) == b"\n"


def _examples(today: datetime.datetime) -> tuple[Example, ...]:
    name = f"{today:%Y-%m-%d}.md"
    return tuple(
        Example(request, {"text": text}, f"saved in {name}", f"{answer} saved in {name}.")
        for request, text, answer in _NOTED
    )


_NOTED = (
    (
        "Remember that the plumber comes on Friday at 9",
        "The plumber comes on Friday at 9",
        "That the plumber comes on Friday at 9 is",
    ),
    ("note: buy oat milk", "Buy oat milk", "Your note is"),
    (
        "Write down that Lena's birthday is on 3 June.",
        "Lena's birthday is on 3 June.",
        "Lena's birthday is",
    ),
    ("add to my notes: the spare key is with Mr. Sato", "The spare key is with Mr. Sato", "The note is"),
    (
        "Please make a note that the car needs new winter tyres",
        "The car needs new winter tyres",
        "The note about the winter tyres is",
    ),
    (
        "Save this for me: the locker code is 4471",
        "The locker code is 4471",
        "The locker code is",
    ),
    ("jot down: call the insurance about the claim", "Call the insurance about the claim", "That is"),
    (
        "I want to keep this idea: a bench under the apple tree",
        "Idea: a bench under the apple tree",
        "Your idea is",
    ),
    (
        "Put in my notes that the train to Porto leaves at 7:52",
        "The train to Porto leaves at 7:52",
        "The time of the train is",
    ),
)

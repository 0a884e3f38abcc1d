"""Files that go with a prompt: `@path` in what is typed adds the text of the file below it.

What the model sees is also what is stored and shown: the prompt as typed, then for each file a line
`@path` and its text between fences, longer than any run of backticks in it.
"""

import errno
import re
from dataclasses import dataclass
from pathlib import Path

from slmtui.tui import format as fmt
from slmtui.tui.plain import plain_line, typed

CAP = 256_000
"""Bytes that a file may have."""

_MENTION = re.compile(r'(?<!\S)@(?:"([^"\n]+)"|([^\s"]+))')
_AFTER = ".,;:!?)"
_TICKS = re.compile("`+")
_NOT_THERE = {errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP, errno.EINVAL}


class AttachmentError(Exception):
    """A file cannot go with the prompt; the text says which, and why."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file as it goes with a prompt: its path under the folder, and its text."""

    path: str
    text: str


def attachments_of(draft: str, folder: Path) -> tuple[Attachment, ...]:
    """Read the files under `folder` that a prompt names, each once. Raises `AttachmentError`.

    A name that is no file's is left as text. It reads the disk.
    """
    names = dict.fromkeys(_names(draft, folder))
    return tuple(Attachment(plain_line(name), _text(folder / name, name)) for name in names)


def with_attachments(prompt: str, attachments: tuple[Attachment, ...]) -> str:
    """Return a prompt followed by its files, as the model sees it."""
    return "\n\n".join((prompt, *(f"@{each.path}\n{fenced(each.text)}" for each in attachments)))


def fenced(text: str) -> str:
    """Return a text between fences that no line of it can close."""
    longest = max((len(run) for run in _TICKS.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text}{'' if text.endswith(chr(10)) else chr(10)}{fence}"


def mention(path: str) -> str:
    """Return a path as it is typed in a prompt: `@notes.txt`, `@"my notes.txt"`."""
    return f'@"{path}"' if re.search(r"\s", path) else f"@{path}"


def _names(draft: str, folder: Path) -> list[str]:
    names = []
    for match in _MENTION.finditer(draft):
        given = match[1] or match[2]
        short = given.rstrip(_AFTER)
        found = next((name for name in (given, short) if name and _is_file(folder, name)), None)
        if found is not None:
            names.append(found)
    return names


def _is_file(folder: Path, name: str) -> bool:
    """Whether it is a file under the folder. Raises `AttachmentError` for one that lies elsewhere."""
    path = folder / name
    try:
        if not path.is_file():
            return False
        inside = path.resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError) as error:
        if isinstance(error, ValueError) or error.errno in _NOT_THERE:
            return False
        raise AttachmentError(_refused(name, f"it cannot be read: {error.strerror}")) from error
    if not inside:
        raise AttachmentError(_refused(name, "it lies outside the folder that slmtui was started in"))
    return True


def _text(path: Path, name: str) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(CAP + 1)
    except OSError as error:
        raise AttachmentError(_refused(name, f"it cannot be read: {error.strerror}")) from error
    if len(data) > CAP:
        raise AttachmentError(_refused(name, f"it is larger than {fmt.size(CAP)}"))
    try:
        if b"\0" in data:
            raise AttachmentError(_refused(name, "it is not a text file"))
        return typed(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise AttachmentError(_refused(name, "it is not a text file in UTF-8")) from error


def _refused(name: str, why: str) -> str:
    return f"@{plain_line(name, 60)} is not attached: {why}."

"""The end of a log: read without the rest of it, made plain, cut into lines, and filtered."""

from dataclasses import dataclass
from pathlib import Path

from slmtui.tui.plain import plain

TAIL = 512 * 1024
"""Bytes from the end that are read."""
LONGEST = 1000
"""Characters of a line that are shown."""


@dataclass(frozen=True, slots=True)
class Tail:
    """The last lines of a file of `size` bytes, `read` of which were read; `problem` says why none are."""

    lines: tuple[str, ...] = ()
    size: int = 0
    read: int = 0
    problem: str = ""

    @property
    def whole(self) -> bool:
        """Whether the lines are all that the file has."""
        return self.read >= self.size


def read_tail(path: Path | None, limit: int = TAIL) -> Tail:
    """Return the end of a file: whole lines, clean, in the order of the file. Never raises `OSError`."""
    if path is None:
        return Tail(problem="This app has no engine with a log.")
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - limit))
            data = file.read(limit)
    except FileNotFoundError:
        return Tail(problem="There is no log yet: it begins when the engine starts.")
    except OSError as error:
        return Tail(problem=f"The log cannot be read: {error.strerror or error}.")
    return Tail(lines_of(data, whole=len(data) >= size), size, len(data))


def lines_of(data: bytes, *, whole: bool) -> tuple[str, ...]:
    """Return bytes as clean lines; those that are not `whole` begin within a line, which is left out."""
    if not whole:
        data = data.partition(b"\n")[2] or data
    text = data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    return tuple(_shown(line) for line in text.removesuffix("\n").split("\n")) if text else ()


def _shown(line: str) -> str:
    clean = plain(line[: LONGEST * 2]).replace("\n", " ")
    return clean if len(clean) <= LONGEST and len(line) <= LONGEST * 2 else f"{clean[:LONGEST]}…"


def holding(lines: tuple[str, ...], text: str) -> tuple[str, ...]:
    """Return the lines that hold a text, in capitals or not."""
    wanted = text.casefold()
    return tuple(line for line in lines if wanted in line.casefold()) if wanted else lines

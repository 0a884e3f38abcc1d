"""A folder that the user opened: what may be read under it, with no way out of it.

A path is walked name by name from the folder's own descriptor, and no link is followed at any step, so
that a link put there while we look leads nowhere. Where the system has no such walk (Windows), every
name is looked at before the file is opened.
"""

import contextlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.plain_text import visible

MAX_NAMES = 2000
_MAX_PARTS = 32
_NEVER = "\0:" if os.name == "nt" else "\0"  # Windows: C:name, and the streams behind a file

_CAN_WALK = os.open in os.supports_dir_fd and hasattr(os, "O_NOFOLLOW") and hasattr(os, "O_DIRECTORY")


def _flags(*names: str) -> int:
    flags = os.O_RDONLY
    for name in names:  # each missing on some system
        flags |= getattr(os, name, 0)
    return flags


READ_ONLY = _flags("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY")
"""How a file is opened: a link is not followed, and a pipe does not wait for its other end."""

_FOLDER = _flags("O_NOFOLLOW", "O_DIRECTORY", "O_CLOEXEC")


class FolderError(Exception):
    """The folder to read from cannot be used; the text says why and what to do."""


class PlaceError(Exception):
    """Nothing can be read there; the text says why, as the end of a sentence about the path."""


@dataclass(frozen=True, slots=True)
class OpenedFolder:
    """A folder by its real path. Make one with `open_folder`."""

    root: Path

    def read(self, parts: tuple[str, ...], limit: int) -> bytes:
        """Return the bytes of the regular file at a path of names, of at most `limit` bytes.

        Raises `FileNotFoundError`, `IsADirectoryError`, and `PlaceError` for all else.
        """
        try:
            descriptor = self._open(parts)
            with os.fdopen(descriptor, "rb") as stream:
                data = stream.read(limit + 1)
        except (FileNotFoundError, IsADirectoryError):
            raise
        except NotADirectoryError as error:  # a file stands where a folder should
            raise FileNotFoundError(parts[-1]) from error
        except (OSError, ValueError) as error:
            raise PlaceError("cannot be read") from error
        if len(data) > limit:
            raise PlaceError(f"is larger than {limit // 1000} kB, which is too large to read")
        return data

    def names(self) -> Iterator[str]:
        """Yield the paths of the files that may be read, with `/`, among the first `MAX_NAMES` entries."""
        seen = 0
        for parent, folders, files in os.walk(self.root):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            here = Path(parent).relative_to(self.root)
            seen += 1
            for name in sorted(files):
                seen += 1
                if seen > MAX_NAMES:
                    return
                if not name.startswith(".") and not (self.root / here / name).is_symlink():
                    yield visible((here / name).as_posix())

    def _open(self, parts: tuple[str, ...]) -> int:
        if not _CAN_WALK:
            return self._open_looked_at(parts)
        here = os.open(self.root, _FOLDER)
        try:
            for name in parts[:-1]:
                below = _step(name, _FOLDER, here)
                os.close(here)
                here = below
            return _regular(_step(parts[-1], READ_ONLY, here))
        finally:
            os.close(here)

    def _open_looked_at(self, parts: tuple[str, ...]) -> int:
        path = self.root
        for name in parts:
            path /= name
            if path.is_symlink():
                raise PlaceError("is a link, and links are not followed")
        if not path.resolve(strict=True).is_relative_to(self.root):
            raise PlaceError("is outside the folder")
        if path.is_dir():
            raise IsADirectoryError
        return _regular(os.open(path, READ_ONLY))


def open_folder(folder: Path) -> OpenedFolder:
    """Return a folder by its real path. Raises `FolderError` if it is not a folder that can be listed."""
    shown = visible(str(folder))
    try:
        real = folder.expanduser().resolve(strict=True)
        with os.scandir(real):
            return OpenedFolder(real)
    except FileNotFoundError as error:
        raise FolderError(f"There is no folder {shown}: create it, or name another.") from error
    except NotADirectoryError as error:
        raise FolderError(f"{shown} is not a folder: name the folder that holds the files.") from error
    except (OSError, RuntimeError, ValueError) as error:
        cause = getattr(error, "strerror", None) or "its name is not one of a folder"
        raise FolderError(f"The folder {shown} cannot be read ({cause}): name another.") from error


def parts_of(path: str, root: Path) -> tuple[str, ...]:
    """Return the names of a path within a folder, as a model wrote it. Raises `PlaceError`.

    `\\` is taken for `/`, and the folder's own full path in front is taken off. `..`, hidden names and
    names that no file of ours can have are refused before anything is opened.
    """
    written = path.strip().replace("\\", "/")
    own = root.as_posix().rstrip("/") + "/"
    names = tuple(name for name in written.removeprefix(own).split("/") if name not in {"", "."})
    if written.startswith(("/", "~")) and not written.startswith(own):
        raise PlaceError("is outside the folder: give the path from the opened folder on")
    if ".." in names:
        raise PlaceError("leads out of the folder: write it without ..")
    if not names:
        raise PlaceError("names no file")
    if any(name.startswith(".") for name in names):
        raise PlaceError("is hidden, and hidden files are not read")
    if len(names) > _MAX_PARTS or any(sign in name for sign in _NEVER for name in names):
        raise PlaceError("is no name of a file")
    return names


def _step(name: str, flags: int, folder: int) -> int:
    try:
        return os.open(name, flags, dir_fd=folder)
    except OSError as error:
        with contextlib.suppress(OSError):
            if stat.S_ISLNK(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
                raise PlaceError("is a link, and links are not followed") from error
        raise


def _regular(descriptor: int) -> int:
    """Return a descriptor of a regular file; close any other, and say what it is."""
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode):
        return descriptor
    os.close(descriptor)
    if stat.S_ISDIR(mode):
        raise IsADirectoryError
    raise PlaceError("is not a regular file")

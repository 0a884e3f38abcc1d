"""The files under a folder, for completing `@path`."""

import os
from collections import deque
from pathlib import Path

MOST_FILES = 20_000
MOST_ENTRIES = 200_000
"""What is listed, and what is looked at, before the walk ends."""

SKIPPED = {"__pycache__", "node_modules"}


def files_under(folder: Path, most: int = MOST_FILES) -> tuple[str, ...]:
    """Return paths of files, relative to `folder` with `/` between, the nearest first. It walks the disk.

    Hidden names, what cannot be read, links and names that cannot be typed are left out.
    """
    found: list[str] = []
    folders = deque([""])
    entries = 0
    while folders and len(found) < most and entries < MOST_ENTRIES:
        below = folders.popleft()
        for name, is_folder in _entries(folder / below):
            entries += 1
            path = f"{below}{name}"
            if is_folder:
                folders.append(f"{path}/")
            else:
                found.append(path)
    return tuple(found[:most])


def _entries(folder: Path) -> list[tuple[str, bool]]:
    """Return the names in a folder, sorted, each with whether it is a folder."""
    try:
        with os.scandir(folder) as entries:
            return sorted(
                (each.name, each.is_dir(follow_symlinks=False)) for each in entries if _listed(each)
            )
    except OSError:
        return []


def _listed(entry: "os.DirEntry[str]") -> bool:
    name = entry.name
    hidden = name.startswith(".") or name in SKIPPED
    return not hidden and name.isprintable() and '"' not in name and not entry.is_symlink()

"""A suite: items of one data set, where they come from, and what agents have while they answer them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from slmtui.suites.item import Item

Split = Literal["test", "train"]


class SuiteError(Exception):
    """A suite cannot be had; the text says why and what to do, on one line."""


@dataclass(frozen=True, slots=True)
class World:
    """What the items of a suite are about: `write` puts its files into an empty folder.

    Of these, `notes` is the folder of notes, `folder` the one that may be read, `tables` the tables; all
    are relative paths. `today` (ISO 8601) is the day that the tools tell, so that no answer depends on it.
    """

    write: Callable[[Path], None]
    notes: str
    folder: str
    tables: tuple[str, ...]
    today: str


@dataclass(frozen=True, slots=True)
class Suite:
    """Items with their source. `checksum` is sha256 of what was read, `licence` one line about its use.

    `world` is None where agents have the tools of the settings.
    """

    name: str
    title: str
    source: str
    checksum: str
    licence: str
    items: tuple[Item, ...]
    world: World | None = None

"""Suites by name: the bundled one, known data sets, and files with a mapping."""

import difflib
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from slmtui.suites.bundled.suite import COUNT, NAME, bundled_suite
from slmtui.suites.bundled.wordings import LEVELS, SKILLS
from slmtui.suites.item import Item
from slmtui.suites.loaders.data_file import checksum
from slmtui.suites.loaders.hub import PREFIX
from slmtui.suites.loaders.known import KNOWN_SETS, KnownSet
from slmtui.suites.loaders.mapped import mapped_items
from slmtui.suites.loaders.places import (
    Place,
    is_file,
    is_folder,
    licence_beside,
    place_of,
    places_of,
    read,
    read_places,
    shown,
)
from slmtui.suites.suite import Split, Suite, SuiteError
from tools.plain_text import one_line, visible


def known_suites() -> dict[str, str]:
    """Return the suites that can be asked for by name, each with what it is, for help texts."""
    bundled = {NAME: f"slmtui's own requests; {NAME}:SKILL or {NAME}:LEVEL for a part of them"}
    return bundled | {name: known.title for name, known in KNOWN_SETS.items()}


def find_suite(name: str, *, split: Split, data: Path | None, mapping: Mapping[str, str], seed: int) -> Suite:
    """Return the suite of a name, its items in the order of their source.

    `name` is one of `known_suites`, `NAME=PLACE` for a known one that lies elsewhere, or a place alone: a
    file of JSON lines or CSV, read with `mapping`, or `hf:OWNER/NAME/FILE`. `data` is the folder of known
    ones; without it they come from the hub. `seed` is for the bundled suite. Raises `SuiteError`.
    """
    known, equals, where = name.partition("=")
    bundled = name == NAME or name.startswith(f"{NAME}:")
    if mapping and (bundled or known in KNOWN_SETS):
        raise SuiteError(
            f"--map tells what the fields of a file of your own are, and {known} needs none: leave it out, or"
            " run the two one after another"
        )
    if bundled:
        return _bundled(name.removeprefix(NAME).removeprefix(":"), split, seed)
    if known in KNOWN_SETS:
        return _known(KNOWN_SETS[known], split, place_of(where) if equals else data)
    place = place_of(name)
    if isinstance(place, Path) and not is_file(place):
        raise _unknown(name, place)
    return _mapped(place, mapping)


def _bundled(part: str, split: Split, seed: int) -> Suite:
    if not part:
        return bundled_suite(split, seed)
    parts = (*SKILLS, *LEVELS)
    if part not in parts:
        near = difflib.get_close_matches(part, parts, 1, 0.5)
        meant = f"perhaps {NAME}:{near[0]} is meant" if near else f"known are {', '.join(parts)}"
        raise SuiteError(f"the bundled suite has no skill or level {one_line(part, 60)!r}: {meant}")
    # As many items as the whole suite has, or all that there are.
    whole = bundled_suite(split, seed, COUNT * len(parts))
    items = [item for item in whole.items if part in (item.skill, item.level)]
    return replace(whole, title=f"{whole.title}, {part}", items=tuple(items[:COUNT]))


def _known(known: KnownSet, split: Split, where: Place | None) -> Suite:
    places = places_of(known, split, where)
    files = read_places(known, split, places)
    beside = licence_beside(places[0])
    return Suite(
        name=known.name,
        title=known.title,
        source=shown(places),
        checksum=checksum(files),
        licence=f"{known.licence}; {beside}" if beside else known.licence,
        items=_checked(known.load(files, split), shown(places)),
    )


def _mapped(place: Place, mapping: Mapping[str, str]) -> Suite:
    file = read(place)
    items = _checked(mapped_items(file, mapping), shown((place,)))
    beside = licence_beside(place)
    return Suite(
        name=items[0].data_set,
        title=f"{file.stem}, of {shown((place,))}",
        source=shown((place,)),
        checksum=checksum([file]),
        licence=f"not stated; {beside}" if beside else "not stated",
        items=items,
    )


def _checked(items: tuple[Item, ...], source: str) -> tuple[Item, ...]:
    """Return the items, of which there must be some, each with an id of its own."""
    if not items:
        raise SuiteError(f"{source} has no items")
    name, count = Counter(item.id for item in items).most_common(1)[0]
    if count > 1:
        raise SuiteError(f"{source} has {count} items with the id {one_line(name, 60)!r}: each needs its own")
    return items


def _unknown(name: str, place: Path) -> SuiteError:
    if is_folder(place):
        folder = visible(str(place))
        return SuiteError(f"{folder} is a folder: name a file in it, or SUITE={folder}")
    near = difflib.get_close_matches(name.lower(), known_suites(), 3, 0.5)
    meant = f"perhaps {' or '.join(near)} is meant" if near else f"known are {', '.join(known_suites())}"
    return SuiteError(
        f"there is no suite and no file {one_line(visible(name), 120)!r}: {meant}; a file of your own is "
        f"named by its path, one of the hub as {PREFIX}OWNER/NAME/FILE"
    )

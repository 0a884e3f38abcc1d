"""The notes of the suite's world: facts about buildings, some of which are easily mixed up."""

import random

from slmtui.suites.bundled.drawing import seeded
from slmtui.suites.bundled.facts import COLOURS, PEOPLE, Fact, Lines, Pair

_SEED = 20260418
_THINGS = (
    "boathouse", "greenhouse", "caravan", "cellar", "workshop", "cottage", "studio", "chapel", "stable",
    "sauna", "attic", "pavilion",
)  # fmt: skip
_SPOTS = (
    "under the third flowerpot", "behind the clock", "in the blue tin", "on the nail by the window",
    "inside the old boot", "below the doormat", "in the bread bin", "on top of the wardrobe",
    "beside the fuse box", "in the piano stool", "under the beehive", "behind the mirror",
)  # fmt: skip
_FILES = ("north.md", "south.md", "places/east.md", "places/west.md")

_ALIKE = (
    ("old mill", "new mill"), ("upper barn", "lower barn"), ("east tower", "west tower"),
    ("big kiosk", "small kiosk"), ("inner lock", "outer lock"), ("first shed", "second shed"),
)  # fmt: skip
_TENANTS = (
    "Greta Holm", "Ravi Nair", "Tove Berg", "Anton Kraus", "Mina Farouk", "Jules Petit", "Owen Hart",
    "Ines Costa", "Bela Toth", "Zofia Wilk", "Hugo Lang", "Petra Vik",
)  # fmt: skip
_DOORS = (
    "teal", "maroon", "beige", "violet", "mustard", "silver", "coral", "khaki", "navy", "peach", "lilac",
    "bronze",
)  # fmt: skip
_ALIKE_FILE, _EARLIER_FILE = "notes/places/alike.md", "notes/earlier.md"


def _shuffled(rng: random.Random, values: tuple[str, ...]) -> list[str]:
    return rng.sample(values, len(values))


def _buildings() -> tuple[tuple[Fact, ...], Lines]:
    rng = seeded(_SEED)
    people, colours, spots = (_shuffled(rng, values) for values in (PEOPLE, COLOURS, _SPOTS))
    codes = rng.sample(range(2100, 9900), len(_THINGS))
    facts: list[Fact] = []
    files: Lines = {f"notes/{path}": [] for path in _FILES}
    for i, thing in enumerate(_THINGS):
        path = f"notes/{_FILES[i % len(_FILES)]}"
        lines = files[path]
        lines += [f"# {thing.capitalize()}", ""]
        for what, value, line in (
            ("alarm code", str(codes[i]), f"The alarm code of the {thing} is {codes[i]}."),
            ("caretaker", people[i], f"Caretaker of the {thing}: {people[i]}."),
            ("paint colour", colours[i], f"The paint colour of the {thing} is {colours[i]}."),
            ("spare key", spots[i], f"The spare key of the {thing} lies {spots[i]}."),
        ):
            lines += [line, ""]
            facts.append(Fact(thing, what, value, path, len(lines) - 1))
    return tuple(facts), files


def _pairs() -> tuple[tuple[Pair, ...], Lines]:
    """Return the facts of buildings whose names are alike, each with its other."""
    rng = seeded(_SEED + 3)
    values = {
        "gate code": [str(code) for code in rng.sample(range(2100, 9900), 2 * len(_ALIKE))],
        "tenant": _shuffled(rng, _TENANTS),
        "door colour": _shuffled(rng, _DOORS),
    }
    facts: dict[tuple[str, str], Fact] = {}
    lines: list[str] = []
    for i, place in enumerate(place for pair in _ALIKE for place in pair):
        lines += [f"# {place.capitalize()}", ""]
        for what, drawn in values.items():
            lines += [f"The {what} of the {place} is {drawn[i]}.", ""]
            facts[place, what] = Fact(place, what, drawn[i], _ALIKE_FILE, len(lines) - 1)
    pairs = [
        Pair(facts[place, what], facts[other, what])
        for one, two in _ALIKE
        for place, other in ((one, two), (two, one))
        for what in values
    ]
    return tuple(pairs), {_ALIKE_FILE: lines}


def _replaced(pairs: tuple[Pair, ...]) -> tuple[tuple[Pair, ...], Lines]:
    """Return facts that were others in earlier years, each with what it was."""
    rng = seeded(_SEED + 4)
    codes = iter(rng.sample(range(1100, 2000), len(pairs)))
    lines = ["# How it was until 2024", ""]
    replaced = []
    for pair in pairs:
        now = pair.fact
        if now.what == "gate code":
            was = str(next(codes))
            lines += [f"Until 2024 the gate code of the {now.place} was {was}.", ""]
            replaced.append(Pair(now, Fact(now.place, now.what, was, _EARLIER_FILE, len(lines) - 1)))
    return tuple(replaced), {_EARLIER_FILE: lines}


NOTES, _BUILDING_FILES = _buildings()
ALIKE, _ALIKE_LINES = _pairs()
REPLACED, _EARLIER_LINES = _replaced(ALIKE)
NOTE_FILES: Lines = _BUILDING_FILES | _ALIKE_LINES | _EARLIER_LINES

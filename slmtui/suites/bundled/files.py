"""Requests for what stands in the user's files."""

import random

from slmtui.suites.bundled.answers import first, text, word
from slmtui.suites.bundled.facts import Fact
from slmtui.suites.bundled.wordings import Blanks, Written, wordings
from slmtui.suites.bundled.world_files import LOG_ENTRIES, NUMERIC, SECTIONED, SETTINGS, SHIPS
from slmtui.suites.item import Expected

# What a tool shows of a file at once ends before these.
_FAR_DOWN = tuple(fact for fact in LOG_ENTRIES if fact.line > 70)


def _setting(rng: random.Random) -> tuple[Blanks, Expected]:
    fact = rng.choice(SETTINGS)
    return {"p": fact.place, "w": fact.what, "f": fact.path}, text(fact.value)


def _line(rng: random.Random) -> tuple[Blanks, Expected]:
    fact = rng.choice(SETTINGS)
    return {"f": fact.path, "n": fact.line}, text(fact.value)


def _section(rng: random.Random) -> tuple[Blanks, Expected]:
    """Draw a setting that the other section of its file has too."""
    pair = rng.choice(SECTIONED)
    fact = pair.fact
    return {"f": fact.path, "s": fact.place, "w": fact.what}, word(fact.value, pair.values)


def _entry(rng: random.Random) -> tuple[Blanks, Expected]:
    """Draw an entry of the logbook, and a line somewhat above it."""
    fact = rng.choice(_FAR_DOWN)
    return {"f": fact.path, "n": fact.line, "m": fact.line - rng.randint(2, 9)}, word(fact.value, SHIPS)


def _larger(rng: random.Random) -> tuple[Blanks, Expected]:
    """Draw a setting that two files have, as different numbers."""
    one = rng.choice([fact for fact in SETTINGS if _others(fact)])
    other = rng.choice(_others(one))
    largest = max(one, other, key=lambda fact: int(fact.value))
    return {"f": one.path, "g": other.path, "w": one.what}, first(largest.path, (one.path, other.path))


def _others(fact: Fact) -> list[Fact]:
    alike = [each for each in SETTINGS if each.what == fact.what and each.value != fact.value]
    return alike if fact.what in NUMERIC else []


_FIRST: tuple[Written, ...] = (
    ("easy", "Read {f} and tell me the {w}.", _setting),
    ("medium", "What is the value of {w} in {f}?", _setting),
    ("easy", "Please open the file {f}. Which {w} does it give?", _setting),
    ("medium", "According to {f}, what is the {w}?", _setting),
    ("medium", "I saved the {w} in {f}, what is it?", _setting),
    ("medium", "Check {f} for the {w}", _setting),
    ("easy", "what {w} is written in {f}", _setting),
    ("easy", "Have a look at the file {f}: what's the {w}?", _setting),
    ("medium", "Which {w} stands in {f}?", _setting),
    ("medium", "What stands on line {n} of {f}?", _line),
    ("medium", "Give me line {n} of the file {f}.", _line),
    ("easy", "Show {f}; I need to know its {w}.", _setting),
)

_ADDED: tuple[Written, ...] = (
    ("hard", "What is the {w} in the section {s} of {f}?", _section),
    ("hard", "In {f}, which {w} is set for {s}?", _section),
    ("hard", "{f} gives a {w} for {s}: which one?", _section),
    ("hard", "Open {f} and give me the {w} that stands below [{s}].", _section),
    ("hard", "Which ship stands on line {n} of {f}?", _entry),
    ("hard", "Go to line {n} of {f}. Which ship came in?", _entry),
    ("hard", "{f}, line {n}: name the ship.", _entry),
    ("hard", "Look at {f} from line {m} on. What ship is on line {n}?", _entry),
    ("hard", "Is the {w} larger in {f} or in {g}?", _larger),
    ("hard", "Of {f} and {g}, which file has the higher {w}?", _larger),
    ("hard", "Compare {f} with {g}: in which of them is the {w} higher?", _larger),
    ("hard", "{f} or {g}: where is {w} the bigger number?", _larger),
)

WORDINGS = wordings("files", "read_file", _FIRST, _ADDED)

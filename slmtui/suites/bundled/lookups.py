"""Requests for what stands in the user's notes and files."""

import random
from typing import Any

from tests.benchmarks.agent_items import Expected, text
from tests.benchmarks.agent_wordings import Draw, Wording
from tests.benchmarks.agent_world import NOTES, SETTINGS, Fact


def _of(facts: tuple[Fact, ...], *whats: str) -> Draw:
    """Draw a fact, of these kinds if any are named."""
    chosen = [fact for fact in facts if not whats or fact.what in whats]

    def draw(rng: random.Random) -> tuple[dict[str, Any], Expected]:
        fact = rng.choice(chosen)
        return {"p": fact.place, "w": fact.what, "f": fact.path}, text(fact.value)

    return draw


def _line(rng: random.Random) -> tuple[dict[str, Any], Expected]:
    fact = rng.choice(SETTINGS)
    return {"f": fact.path, "n": fact.line}, text(fact.value)


_NOTE, _SETTING = _of(NOTES, "alarm code", "caretaker", "paint colour"), _of(SETTINGS)

_SEARCHES: tuple[tuple[str, Draw], ...] = (
    ("What is the {w} of the {p}?", _of(NOTES, "alarm code", "paint colour")),
    ("look in my notes for the {w} of the {p}", _NOTE),
    ("Do you know the {w} of our {p}?", _NOTE),
    ("Find the {p} {w} in the notes.", _NOTE),
    ("Where does the spare key of the {p} lie?", _of(NOTES, "spare key")),
    ("I forgot the alarm code of the {p}, what did I write down?", _of(NOTES, "alarm code")),
    ("Who is the caretaker of the {p}?", _of(NOTES, "caretaker")),
    ("Which paint colour does the {p} have according to my notes?", _of(NOTES, "paint colour")),
    ("{p} {w}?", _NOTE),
    ("Please check what my notes say about the {w} of the {p}.", _NOTE),
    ("tell me where I put the spare key for the {p}", _of(NOTES, "spare key")),
    ("My notes mention the {w} of the {p}. What is it?", _NOTE),
    ("Which {w} did I note for the {p}?", _NOTE),
    ("I wrote down the {w} of the {p} somewhere. Can you look it up?", _NOTE),
)
_READS: tuple[tuple[str, Draw], ...] = (
    ("Read {f} and tell me the {w}.", _SETTING),
    ("What is the value of {w} in {f}?", _SETTING),
    ("Please open the file {f}. Which {w} does it give?", _SETTING),
    ("According to {f}, what is the {w}?", _SETTING),
    ("I saved the {w} in {f}, what is it?", _SETTING),
    ("Check {f} for the {w}", _SETTING),
    ("what {w} is written in {f}", _SETTING),
    ("Have a look at the file {f}: what's the {w}?", _SETTING),
    ("Which {w} stands in {f}?", _SETTING),
    ("What stands on line {n} of {f}?", _line),
    ("Give me line {n} of the file {f}.", _line),
    ("Show {f}; I need to know its {w}.", _SETTING),
)

WORDINGS = tuple(
    [Wording("search_notes", text, draw) for text, draw in _SEARCHES]
    + [Wording("read_file", text, draw) for text, draw in _READS]
)

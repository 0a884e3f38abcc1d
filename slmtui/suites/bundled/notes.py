"""Requests for what stands in the user's notes."""

import random

from slmtui.suites.bundled.answers import text, word
from slmtui.suites.bundled.facts import Fact, Pair
from slmtui.suites.bundled.wordings import Blanks, Draw, Written, wordings
from slmtui.suites.bundled.world_notes import ALIKE, NOTES, REPLACED
from slmtui.suites.item import Expected

_PLACES = tuple(dict.fromkeys(pair.fact.place for pair in ALIKE))


def _of(*whats: str) -> Draw:
    """Draw a fact of one of these kinds."""
    chosen = [fact for fact in NOTES if fact.what in whats]

    def draw(rng: random.Random) -> tuple[Blanks, Expected]:
        fact = rng.choice(chosen)
        return {"p": fact.place, "w": fact.what, "f": fact.path}, text(fact.value)

    return draw


def _pair(pairs: tuple[Pair, ...]) -> Draw:
    """Draw a fact that must not be mixed up with its other."""

    def draw(rng: random.Random) -> tuple[Blanks, Expected]:
        pair = rng.choice(pairs)
        blanks = {"p": pair.fact.place, "q": pair.other.place, "w": pair.fact.what}
        return blanks, word(pair.fact.value, pair.values)

    return draw


def _place(rng: random.Random) -> tuple[Blanks, Expected]:
    """Draw a fact whose place is asked for."""
    fact = rng.choice(ALIKE).fact
    return {"w": fact.what, "x": fact.value}, word(fact.place, _PLACES)


def _through(facts: tuple[Fact, ...], known: str, wanted: str) -> Draw:
    """Draw a place, told by one fact of it, of which another fact is asked for."""

    def draw(rng: random.Random) -> tuple[Blanks, Expected]:
        one = rng.choice([fact for fact in facts if fact.what == known])
        other = next(fact for fact in facts if (fact.place, fact.what) == (one.place, wanted))
        return {"x": one.value}, text(other.value)

    return draw


_TENANCY = tuple(pair.fact for pair in ALIKE)
_NOTE = _of("alarm code", "caretaker", "paint colour")

_FIRST: tuple[Written, ...] = (
    ("medium", "What is the {w} of the {p}?", _of("alarm code", "paint colour")),
    ("easy", "look in my notes for the {w} of the {p}", _NOTE),
    ("medium", "Do you know the {w} of our {p}?", _NOTE),
    ("easy", "Find the {p} {w} in the notes.", _NOTE),
    ("medium", "Where does the spare key of the {p} lie?", _of("spare key")),
    ("easy", "I forgot the alarm code of the {p}, what did I write down?", _of("alarm code")),
    ("medium", "Who is the caretaker of the {p}?", _of("caretaker")),
    ("easy", "Which paint colour does the {p} have according to my notes?", _of("paint colour")),
    ("medium", "{p} {w}?", _NOTE),
    ("easy", "Please check what my notes say about the {w} of the {p}.", _NOTE),
    ("medium", "tell me where I put the spare key for the {p}", _of("spare key")),
    ("easy", "My notes mention the {w} of the {p}. What is it?", _NOTE),
    ("easy", "Which {w} did I note for the {p}?", _NOTE),
    ("easy", "I wrote down the {w} of the {p} somewhere. Can you look it up?", _NOTE),
)

_ADDED: tuple[Written, ...] = (
    ("hard", "Which {w} belongs to the {p}, and not to the {q}?", _pair(ALIKE)),
    ("hard", "I mix up the {p} and the {q}. Tell me the {w} of the {p} only.", _pair(ALIKE)),
    ("hard", "{w} of the {p} - mind that there is a {q} too", _pair(ALIKE)),
    ("hard", "Which {w} does the {p} have now, after the change of 2024?", _pair(REPLACED)),
    ("hard", "Tell me the present {w} of the {p}, no earlier one.", _pair(REPLACED)),
    ("hard", "Which building of mine has {x} as its {w}?", _place),
    ("hard", "My notes name {x} as a {w}. Of which building?", _place),
    (
        "hard",
        "Who is the tenant of the building with the gate code {x}?",
        _through(_TENANCY, "gate code", "tenant"),
    ),
    (
        "hard",
        "What is the door colour of the building that {x} is the tenant of?",
        _through(_TENANCY, "tenant", "door colour"),
    ),
    (
        "hard",
        "Who takes care of the building whose alarm code is {x}?",
        _through(NOTES, "alarm code", "caretaker"),
    ),
    (
        "hard",
        "What is the alarm code of the building that is painted {x}?",
        _through(NOTES, "paint colour", "alarm code"),
    ),
    (
        "hard",
        "Where lies the spare key of the building with {x} as its caretaker?",
        _through(NOTES, "caretaker", "spare key"),
    ),
)

WORDINGS = wordings("notes", "search_notes", _FIRST, _ADDED)

"""Requests about letters, lengths and order: what tokens hide from a model."""

import random
from collections.abc import Sequence
from typing import Any

from tests.benchmarks.agent_items import Expected, number, text
from tests.benchmarks.agent_wordings import NAMES, Draw, Wording

_WORDS = (
    "strawberry", "parallel", "committee", "orchestra", "raspberry", "corridor", "assessment", "balloon",
    "cinnamon", "tomorrow", "necessary", "embarrass", "successful", "vanilla", "coconut", "tennis",
    "horizon", "mosquito", "lantern", "penguin", "tractor", "walnut", "harvest", "cabbage",
)  # fmt: skip
_SENTENCES = (
    "we went home after the long rain", "every river runs down to the sea",
    "my brother plays the drums at night",
    "two small boats left the harbour", "nobody saw the grey cat leave",
    "the train to the coast was late again",
    "bring bread and cheese for lunch", "the lamp by the door is still on today",
)  # fmt: skip
_MISSPELT = (
    ("separate", "seperate"), ("calendar", "calender"), ("definite", "definate"), ("library", "libary"),
    ("government", "goverment"), ("believe", "beleive"), ("weird", "wierd"), ("friend", "freind"),
)  # fmt: skip
_NUMBERS = range(2, 400)
_YES_NO = ("yes", "no")


def _occurring(rng: random.Random) -> tuple[dict[str, Any], Expected]:
    word = rng.choice(_WORDS)
    letter = rng.choice(word)
    return {"w": word, "c": letter}, number(word.count(letter))


def _letters(rng: random.Random) -> tuple[dict[str, Any], Expected]:
    word = rng.choice(_WORDS)
    return {"w": word}, number(len(word))


def _length(rng: random.Random) -> tuple[dict[str, Any], Expected]:
    sentence = rng.choice(_SENTENCES)
    return {"s": sentence}, number(len(sentence.split()))


def _list(known: Sequence[Any], *, backwards: bool = False) -> Draw:
    """Draw some of what is known, in an order that is not the right one."""

    def draw(rng: random.Random) -> tuple[dict[str, Any], Expected]:
        drawn = rng.sample(known, rng.randint(4, 6))
        right = sorted(drawn, reverse=backwards)
        while drawn == right:
            rng.shuffle(drawn)
        items = tuple(map(str, right))
        return {"l": ", ".join(map(str, drawn))}, Expected("sequence", ", ".join(items), among=items)

    return draw


def _two(rng: random.Random) -> tuple[str, str]:
    one, other = rng.sample(_WORDS, 2)
    return (one, other) if len(one) != len(other) else _two(rng)


def _longer(rng: random.Random) -> tuple[dict[str, Any], Expected]:
    pair = _two(rng)
    return {"a": pair[0], "b": pair[1]}, Expected("first", max(pair, key=len), among=pair)


def _earlier(rng: random.Random) -> tuple[dict[str, Any], Expected]:
    pair = tuple(rng.sample(_WORDS, 2))
    return {"a": pair[0], "b": pair[1]}, Expected("first", min(pair), among=pair)


def _same(rng: random.Random) -> tuple[dict[str, Any], Expected]:
    one, other = rng.choice(_MISSPELT)
    if rng.random() < 0.4:
        return {"a": one, "b": one}, Expected("word", "yes", among=_YES_NO)
    return {"a": one, "b": other}, Expected("word", "no", among=_YES_NO)


def _differing(rng: random.Random) -> tuple[dict[str, Any], Expected]:
    one, other = rng.choice(_MISSPELT)
    at = next(i for i, (a, b) in enumerate(zip(one, other, strict=False), 1) if a != b)
    return {"a": one, "b": other}, number(at)


def _backwards(rng: random.Random) -> tuple[dict[str, Any], Expected]:
    word = rng.choice(_WORDS)
    return {"w": word}, text(word[::-1])


def _spelt(rng: random.Random) -> tuple[dict[str, Any], Expected]:
    word = rng.choice(_WORDS)
    return {"w": word}, text("-".join(word))


_COUNT: tuple[tuple[str, Draw], ...] = (
    ("Count the letter {c} in {w}.", _occurring),
    ("How often do you find the letter {c} in the word {w}?", _occurring),
    ("number of {c}'s in {w}", _occurring),
    ("The word {w} has how many times the letter {c}?", _occurring),
    ("Tell me how many letters {w} has.", _letters),
    ("How many letters does it take to write {w}?", _letters),
    ("{w} has how many letters", _letters),
    ("How many words does this sentence have: {s}?", _length),
    ("Give me the number of words in '{s}'.", _length),
    ("word count of: {s}", _length),
)
_SORT: tuple[tuple[str, Draw], ...] = (
    ("Put these words into alphabetical order: {l}", _list(_WORDS)),
    ("Please alphabetize {l}.", _list(_WORDS)),
    ("{l} - sort them from A to Z", _list(_WORDS)),
    ("I need this guest list in alphabetical order: {l}", _list(NAMES)),
    ("Alphabetical order for these people, please: {l}", _list(NAMES)),
    ("Arrange the numbers {l} in increasing order.", _list(_NUMBERS)),
    ("{l}: order them from low to high", _list(_NUMBERS)),
    ("Which is the right order, smallest first, of {l}?", _list(_NUMBERS)),
    ("Sort the results {l} in descending order.", _list(_NUMBERS, backwards=True)),
    ("Rank {l} with the biggest first", _list(_NUMBERS, backwards=True)),
)
_COMPARE: tuple[tuple[str, Draw], ...] = (
    ("Is '{a}' written exactly like '{b}'?", _same),
    ("Are these two spellings equal, {a} and {b}?", _same),
    ("yes or no: {a} and {b} are the same text", _same),
    ("Which has more letters, {a} or {b}?", _longer),
    ("Tell me the longer one of {a} and {b}.", _longer),
    ("Does {a} or {b} stand first in a dictionary?", _earlier),
    ("{a} or {b}: which is earlier in the alphabet?", _earlier),
    ("At which character do {a} and {b} begin to differ?", _differing),
)
_SPELL: tuple[tuple[str, Draw], ...] = (
    ("Write {w} from back to front.", _backwards),
    ("What does {w} look like in reverse?", _backwards),
    ("{w} spelled backwards", _backwards),
    ("Turn the word {w} around, last letter first.", _backwards),
    ("Please spell {w} for me, with a dash after each letter.", _spelt),
    ("Give the spelling of {w}, letter for letter.", _spelt),
)

WORDINGS = tuple(
    Wording(tool, text, draw)
    for tool, wordings in (
        ("count_text", _COUNT),
        ("sort_list", _SORT),
        ("compare_texts", _COMPARE),
        ("spell_text", _SPELL),
    )
    for text, draw in wordings
)

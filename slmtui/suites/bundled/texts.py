"""Requests about letters, lengths and order: what tokens hide from a model."""

import random
from collections.abc import Sequence
from typing import Any

from slmtui.suites.bundled.answers import first, number, sequence, text, word
from slmtui.suites.bundled.wordings import NAMES, Blanks, Draw, Written, wordings
from slmtui.suites.item import Expected

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
_LARGE = range(1000, 9999)
_YES_NO = ("yes", "no")
_LETTERS = "abcdefghijklmnoprstuw"


def _occurring(rng: random.Random) -> tuple[Blanks, Expected]:
    drawn = rng.choice(_WORDS)
    letter = rng.choice(drawn)
    return {"w": drawn, "c": letter}, number(drawn.count(letter))


def _letters(rng: random.Random) -> tuple[Blanks, Expected]:
    drawn = rng.choice(_WORDS)
    return {"w": drawn}, number(len(drawn))


def _length(rng: random.Random) -> tuple[Blanks, Expected]:
    sentence = rng.choice(_SENTENCES)
    return {"s": sentence}, number(len(sentence.split()))


def _long(rng: random.Random) -> str:
    """Draw a sentence of twenty words or more."""
    return ", and ".join(rng.sample(_SENTENCES, 3))


def _long_length(rng: random.Random) -> tuple[Blanks, Expected]:
    sentence = _long(rng)
    return {"s": sentence}, number(len(sentence.split()))


def _long_occurring(rng: random.Random) -> tuple[Blanks, Expected]:
    sentence = _long(rng)
    letter = rng.choice([each for each in "aehinorst" if each in sentence])
    return {"s": sentence, "c": letter}, number(sentence.count(letter))


def _list(known: Sequence[Any], *, backwards: bool = False, least: int = 4, most: int = 6) -> Draw:
    """Draw some of what is known, in an order that is not the right one."""

    def draw(rng: random.Random) -> tuple[Blanks, Expected]:
        drawn = rng.sample(known, rng.randint(least, most))
        right = sorted(drawn, reverse=backwards)
        while drawn == right:
            rng.shuffle(drawn)
        return {"l": ", ".join(map(str, drawn))}, sequence(tuple(map(str, right)))

    return draw


def _ten(known: Sequence[Any], *, backwards: bool = False) -> Draw:
    return _list(known, backwards=backwards, least=10, most=10)


def _two(rng: random.Random) -> tuple[str, str]:
    one, other = rng.sample(_WORDS, 2)
    return (one, other) if len(one) != len(other) else _two(rng)


def _longer(rng: random.Random) -> tuple[Blanks, Expected]:
    pair = _two(rng)
    return {"a": pair[0], "b": pair[1]}, first(max(pair, key=len), pair)


def _earlier(rng: random.Random) -> tuple[Blanks, Expected]:
    one, other = rng.sample(_WORDS, 2)
    return {"a": one, "b": other}, first(min(one, other), (one, other))


def _same(rng: random.Random) -> tuple[Blanks, Expected]:
    one, other = rng.choice(_MISSPELT)
    if rng.random() < 0.4:
        return {"a": one, "b": one}, word("yes", _YES_NO)
    return {"a": one, "b": other}, word("no", _YES_NO)


def _differing(rng: random.Random) -> tuple[Blanks, Expected]:
    one, other = rng.choice(_MISSPELT)
    return {"a": one, "b": other}, number(_first_difference(one, other))


def _first_difference(one: str, other: str) -> int:
    """Return the place, from 1, of the first character in which two texts differ."""
    return next(i for i, (a, b) in enumerate(zip(one, other, strict=False), 1) if a != b)


def _changed(rng: random.Random) -> tuple[str, str]:
    """Draw a code of eighteen letters, and the same with one letter changed, not among the first."""
    code = "".join(rng.choices(_LETTERS, k=18))
    at = rng.randint(6, 16)
    return code, code[:at] + rng.choice(_LETTERS.replace(code[at], "")) + code[at + 1 :]


def _code_differing(rng: random.Random) -> tuple[Blanks, Expected]:
    one, other = _changed(rng)
    return {"a": one, "b": other}, number(_first_difference(one, other))


def _same_code(rng: random.Random) -> tuple[Blanks, Expected]:
    one, other = _changed(rng)
    if rng.random() < 0.5:
        return {"a": one, "b": one}, word("yes", _YES_NO)
    return {"a": one, "b": other}, word("no", _YES_NO)


def _backwards(rng: random.Random) -> tuple[Blanks, Expected]:
    drawn = rng.choice(_WORDS)
    return {"w": drawn}, text(drawn[::-1])


def _phrase_backwards(rng: random.Random) -> tuple[Blanks, Expected]:
    drawn = " ".join(rng.sample(_WORDS, 2))
    return {"w": drawn}, text(drawn[::-1])


def _spelt(rng: random.Random) -> tuple[Blanks, Expected]:
    drawn = rng.choice(_WORDS)
    return {"w": drawn}, text("-".join(drawn))


def _code_backwards(rng: random.Random) -> tuple[Blanks, Expected]:
    code = "".join(rng.choices(_LETTERS, k=14))
    return {"w": code}, text(code[::-1])


_COUNT: tuple[Written, ...] = (
    ("medium", "Count the letter {c} in {w}.", _occurring),
    ("medium", "How often do you find the letter {c} in the word {w}?", _occurring),
    ("medium", "number of {c}'s in {w}", _occurring),
    ("medium", "The word {w} has how many times the letter {c}?", _occurring),
    ("easy", "Tell me how many letters {w} has.", _letters),
    ("easy", "How many letters does it take to write {w}?", _letters),
    ("easy", "{w} has how many letters", _letters),
    ("easy", "How many words does this sentence have: {s}?", _length),
    ("easy", "Give me the number of words in '{s}'.", _length),
    ("easy", "word count of: {s}", _length),
)
_ADDED_COUNT: tuple[Written, ...] = (
    ("hard", "In the sentence '{s}', how often is there a letter {c}?", _long_occurring),
    ("hard", "Go through this and count each {c}: {s}", _long_occurring),
    ("hard", "Of how many words is this made up: {s}", _long_length),
    ("hard", "'{s}' - I need its number of words", _long_length),
)
_SORT: tuple[Written, ...] = (
    ("medium", "Put these words into alphabetical order: {l}", _list(_WORDS)),
    ("medium", "Please alphabetize {l}.", _list(_WORDS)),
    ("medium", "{l} - sort them from A to Z", _list(_WORDS)),
    ("medium", "I need this guest list in alphabetical order: {l}", _list(NAMES)),
    ("medium", "Alphabetical order for these people, please: {l}", _list(NAMES)),
    ("easy", "Arrange the numbers {l} in increasing order.", _list(_NUMBERS)),
    ("easy", "{l}: order them from low to high", _list(_NUMBERS)),
    ("easy", "Which is the right order, smallest first, of {l}?", _list(_NUMBERS)),
    ("easy", "Sort the results {l} in descending order.", _list(_NUMBERS, backwards=True)),
    ("easy", "Rank {l} with the biggest first", _list(_NUMBERS, backwards=True)),
)
_ADDED_SORT: tuple[Written, ...] = (
    ("hard", "These ten go into the index by their letters: {l}", _ten(_WORDS)),
    ("hard", "From Z to A, please: {l}", _ten(_WORDS, backwards=True)),
    ("hard", "Ten invoices came in, {l}. List them upwards by number.", _ten(_LARGE)),
    ("hard", "List {l} from the highest down to the lowest.", _ten(_LARGE, backwards=True)),
)
_COMPARE: tuple[Written, ...] = (
    ("easy", "Is '{a}' written exactly like '{b}'?", _same),
    ("easy", "Are these two spellings equal, {a} and {b}?", _same),
    ("easy", "yes or no: {a} and {b} are the same text", _same),
    ("easy", "Which has more letters, {a} or {b}?", _longer),
    ("easy", "Tell me the longer one of {a} and {b}.", _longer),
    ("medium", "Does {a} or {b} stand first in a dictionary?", _earlier),
    ("medium", "{a} or {b}: which is earlier in the alphabet?", _earlier),
    ("medium", "At which character do {a} and {b} begin to differ?", _differing),
)
_ADDED_COMPARE: tuple[Written, ...] = (
    ("hard", "Two keys, {a} and {b}: which is the first place where they part?", _code_differing),
    ("hard", "Give the number of the first character at which {a} and {b} are not alike.", _code_differing),
    ("hard", "Yes or no, is key {a} identical with key {b}?", _same_code),
    ("hard", "Check whether {a} equals {b}, letter for letter, and say yes or no.", _same_code),
)
_SPELL: tuple[Written, ...] = (
    ("medium", "Write {w} from back to front.", _backwards),
    ("medium", "What does {w} look like in reverse?", _backwards),
    ("medium", "{w} spelled backwards", _backwards),
    ("medium", "Turn the word {w} around, last letter first.", _backwards),
    ("easy", "Please spell {w} for me, with a dash after each letter.", _spelt),
    ("easy", "Give the spelling of {w}, letter for letter.", _spelt),
)
_ADDED_SPELL: tuple[Written, ...] = (
    ("hard", "Write the two words '{w}' as they read from their end, space included.", _phrase_backwards),
    ("hard", "What is '{w}', both words, from right to left?", _phrase_backwards),
    (
        "hard",
        "The code {w} has to be typed in from its last letter to its first. What do I type?",
        _code_backwards,
    ),
    ("hard", "Mirror the letters of {w}.", _code_backwards),
)

WORDINGS = (
    *wordings("text", "count_text", _COUNT, _ADDED_COUNT),
    *wordings("text", "sort_list", _SORT, _ADDED_SORT),
    *wordings("text", "compare_texts", _COMPARE, _ADDED_COMPARE),
    *wordings("text", "spell_text", _SPELL, _ADDED_SPELL),
)

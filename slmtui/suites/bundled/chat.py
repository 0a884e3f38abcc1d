"""Requests where no tool is right: things that a small model may know, each with a word of its answer."""

import random
from typing import Any

from tests.benchmarks.agent_items import NO_TOOL, Expected, text
from tests.benchmarks.agent_wordings import Draw, Wording

_KNOWN = (
    ("What is the capital of France?", "Paris"),
    ("Which planet is called the red planet?", "Mars"),
    ("What colour do you get when you mix blue and yellow?", "green"),
    ("Who is the author of the play Hamlet?", "Shakespeare"),
    ("Which gas do people need to breathe?", "oxygen"),
    ("What's the largest ocean on Earth?", "Pacific"),
    ("In which country do the pyramids of Giza stand?", "Egypt"),
    ("What do bees make?", "honey"),
    ("What is the opposite of hot?", "cold"),
    ("Which animal says meow?", "cat"),
    ("What is frozen water called?", "ice"),
    ("Write one sentence about a dog.", "dog"),
    ("Describe the rain in one line.", "rain"),
    ("Which language do people speak in Germany?", "German"),
    ("The city of Rome lies in which country?", "Italy"),
    ("What is the star at the centre of our solar system called?", "sun"),
    ("Which organ pumps blood through the body?", "heart"),
    ("What drink do cows give us?", "milk"),
    ("Finish the saying: an apple a day keeps the ...", "doctor"),
    ("Who was the first man to walk on the Moon?", "Armstrong"),
    ("Brazil lies on which continent?", "South America"),
    ("Tell me in one sentence what a library is.", "book"),
    ("What season comes after winter?", "spring"),
    ("Greet my friend Anna in a friendly way.", "Anna"),
)


def _always(expected: Expected) -> Draw:
    def draw(rng: random.Random) -> tuple[dict[str, Any], Expected]:
        return {}, expected

    return draw


WORDINGS = tuple(Wording(NO_TOOL, request, _always(text(word))) for request, word in _KNOWN)

"""Requests where no tool is right: what a small model may know or say, each with a word of its answer."""

import random

from slmtui.suites.bundled.answers import number, text
from slmtui.suites.bundled.dates import some_day
from slmtui.suites.bundled.wordings import NAMES, Blanks, Draw, Written, wordings
from slmtui.suites.item import NO_TOOL, Expected

_KNOWN: tuple[tuple[str, str], ...] = (
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

# Known as well, but in the words of some tool: a number, a unit, a day, a file, a word.
_IN_WORDS_OF_TOOLS: tuple[tuple[str, Expected], ...] = (
    ("How many legs does a spider have?", number(8)),
    ("How many wheels are there on a bicycle?", number(2)),
    ("How many strings has a violin?", number(4)),
    ("A hand has how many fingers, the thumb among them?", number(5)),
    ("Which of the planets has the number one place from the sun?", text("Mercury")),
    ("What is measured with a thermometer?", text("temperature", "heat")),
    ("Which unit is the short form kg for?", text("kilogram", "kilogramme")),
    ("Do people measure milk in litres or in metres?", text("litres", "litre", "liter")),
    ("Which day of the week comes right after Monday?", text("Tuesday")),
    ("In which month do people celebrate Christmas?", text("December")),
    ("The date of New Year's Day lies in which month?", text("January")),
    (
        "What do children call the days when there is no school?",
        text("holiday", "vacation", "weekend", "break"),
    ),
    ("Which colour do the keys of a piano have, beside white?", text("black")),
    ("What is a table made of when it comes from a tree?", text("wood")),
    ("Which letter comes last in the alphabet?", text("Z")),
    ("What is the plural of the word mouse?", text("mice")),
    ("Which word is the opposite of ascending?", text("descending")),
    ("Say the word for a baby cat.", text("kitten")),
    ("To which sort of animals does a shark belong?", text("fish")),
    ("Do people keep their files of paper in a folder or in a fridge?", text("folder")),
    ("Does water freeze or boil at zero degrees Celsius?", text("freeze", "freezing", "frozen")),
    ("Who counts the money in a shop, the cashier or the cook?", text("cashier")),
)


def _always(expected: Expected) -> Draw:
    def draw(rng: random.Random) -> tuple[Blanks, Expected]:  # noqa: ARG001 - there is nothing to draw
        return {}, expected

    return draw


def _named(rng: random.Random) -> tuple[Blanks, Expected]:
    """Draw somebody to speak to, with figures and a day that nobody asks about."""
    name = rng.choice(NAMES)
    blanks = {"name": name, "n": rng.randint(3, 60), "m": rng.randint(2, 12), "d": some_day(rng)}
    return blanks, text(name)


def _cats(rng: random.Random) -> tuple[Blanks, Expected]:
    return {"n": rng.randint(2, 9)}, text("cat", "kitty", "kitties", "hello", "hi")


_TOLD: tuple[Written, ...] = (
    ("hard", "I have {n} cats, say hello to them", _cats),
    ("hard", "My friend {name} turns {n} on {d}. Congratulate {name} in one sentence.", _named),
    ("hard", "{name} walked {n} km with {m} friends. Praise {name} for it.", _named),
    ("hard", "We paid ${n} for a meal with {name}. Write a line that thanks {name}.", _named),
    ("hard", "Write {name} a short note that says get well soon.", _named),
    ("hard", "{name} has read {n} books in {m} weeks! Tell {name} that I am impressed.", _named),
    ("hard", "On {d} our neighbour {name} moved in. Welcome {name} in one sentence.", _named),
    ("hard", "{name} lost {n} euros on the bus. Comfort {name}.", _named),
    ("hard", "My colleague {name} leaves after {m} years. Say goodbye to {name} for me.", _named),
    ("hard", "{name} sorted {n} files for me. Send {name} a line of thanks.", _named),
    ("hard", "There are {m} letters from {name} on my table. Answer {name} that they arrived.", _named),
    ("hard", "{name} grew a pumpkin of {n} kg. Cheer for {name} in a sentence.", _named),
    ("hard", "Our team won {m} to 1, and {name} scored. Give {name} a compliment.", _named),
    ("hard", "{name} baked {n} rolls before {m} o'clock. Wish {name} a good morning.", _named),
)

_FIRST: tuple[Written, ...] = tuple(("easy", request, _always(text(word))) for request, word in _KNOWN)
_ADDED: tuple[Written, ...] = tuple(
    ("medium", request, _always(expected)) for request, expected in _IN_WORDS_OF_TOOLS
)

WORDINGS = wordings("plain chat", NO_TOOL, _FIRST, (*_ADDED, *_TOLD))

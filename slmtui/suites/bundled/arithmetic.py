"""Requests for the calculator, with answers by this file's own arithmetic."""

import random
from collections.abc import Callable
from fractions import Fraction
from typing import TypeAlias

from slmtui.suites.bundled.answers import ROUNDED, number
from slmtui.suites.bundled.wordings import Blanks, Draw, Written, wordings
from slmtui.suites.item import Expected

Numbers: TypeAlias = Callable[[random.Random], Blanks]
"""Draws the numbers of a request, by the names of its blanks."""


def computed(values: Numbers, answer: Callable[..., Fraction]) -> Draw:
    """Draw numbers, and compute the answer from them; one that does not come out even may be rounded."""

    def draw(rng: random.Random) -> tuple[Blanks, Expected]:
        blanks = values(rng)
        value = answer(**{key: Fraction(str(blank)) for key, blank in blanks.items()})
        even = value * 100 == int(value * 100)
        return blanks, number(float(value), 0.0 if even else ROUNDED)

    return draw


def whole(**ranges: tuple[int, int]) -> Numbers:
    """Draw whole numbers, each between two bounds."""
    return lambda rng: {name: rng.randint(*bounds) for name, bounds in ranges.items()}


def price(rng: random.Random, low: int, high: int) -> str:
    """Draw an amount of money in steps of five cents."""
    return f"{rng.randint(low * 20, high * 20) / 20:.2f}"


def shared(rng: random.Random) -> Blanks:
    """Draw a number that can be shared out evenly."""
    people = rng.randint(4, 12)
    return {"a": people * rng.randint(13, 45), "b": people}


def _square(rng: random.Random) -> Blanks:
    return {"a": rng.randint(23, 98) ** 2}


def _root(a: Fraction) -> Fraction:
    return Fraction(next(n for n in range(1000) if n * n == a))


def _decimals(rng: random.Random) -> Blanks:
    return {"a": price(rng, 3, 40), "b": rng.randint(12, 60), "c": price(rng, 50, 400)}


def _shared_sum(rng: random.Random) -> Blanks:
    parts, a = rng.randint(6, 19), rng.randint(150, 900)
    return {"a": a, "b": parts * rng.randint(120, 260) - a, "c": parts}


def _halved(rng: random.Random) -> Blanks:
    a, b = 2 * rng.randint(11, 40), rng.randint(23, 90)
    return {"a": a, "b": b, "c": 2 * rng.randint(40, 125)}


PRODUCT = computed(whole(a=(12, 98), b=(13, 97)), lambda a, b: a * b)
DIFFERENCE = computed(whole(a=(2100, 9900), b=(300, 1900)), lambda a, b: a - b)
QUOTIENT = computed(shared, lambda a, b: a / b)
_SUM = computed(whole(a=(1200, 9800), b=(350, 7900)), lambda a, b: a + b)
_PERCENT = computed(whole(a=(3, 45), b=(120, 960)), lambda a, b: a * b / 100)
_SEVERAL = {"a": (210, 990), "b": (210, 990), "c": (1200, 5400), "d": (1200, 5400)}
_TWO_PRODUCTS = whole(a=(52, 98), b=(31, 77), c=(12, 45), d=(13, 34))

_FIRST: tuple[Written, ...] = (
    ("medium", "What do you get if you multiply {a} by {b}?", PRODUCT),
    ("medium", "{a} x {b}", PRODUCT),
    ("easy", "please work out {a} + {b} for me", _SUM),
    ("easy", "I need the total of {a} and {b}.", _SUM),
    ("easy", "Subtract {b} from {a}.", DIFFERENCE),
    ("easy", "whats {a} minus {b}", DIFFERENCE),
    ("medium", "Divide {a} by {b} and give me the result.", QUOTIENT),
    ("medium", "How much is {a} percent of {b}?", _PERCENT),
    ("medium", "Compute the square root of {a}.", computed(_square, _root)),
    (
        "medium",
        "Evaluate ({a} + {b}) * {c}",
        computed(whole(a=(4, 40), b=(5, 60), c=(3, 12)), lambda a, b, c: (a + b) * c),
    ),
)

_ADDED: tuple[Written, ...] = (
    ("easy", "Add {b} to {a}.", _SUM),
    ("easy", "What is left of {a} after taking away {b}?", DIFFERENCE),
    ("easy", "By how much does {a} exceed {b}?", DIFFERENCE),
    ("easy", "{a} and {b} together make what number?", _SUM),
    ("hard", "{a} * {b} - {c} * {d}", computed(_TWO_PRODUCTS, lambda a, b, c, d: a * b - c * d)),
    (
        "hard",
        "What is the difference between {a} times {b} and {c} times {d}?",
        computed(_TWO_PRODUCTS, lambda a, b, c, d: a * b - c * d),
    ),
    (
        "hard",
        "Evaluate (({a} + {b}) * {c} - {d}) * 4",
        computed(
            whole(a=(14, 80), b=(15, 90), c=(13, 29), d=(40, 95)), lambda a, b, c, d: ((a + b) * c - d) * 4
        ),
    ),
    (
        "hard",
        "Take {a} percent of {b}, then add {c}.",
        computed(whole(a=(12, 89), b=(1200, 9600), c=(120, 960)), lambda a, b, c: a * b / 100 + c),
    ),
    (
        "hard",
        "Multiply {a} by {b}, take away {c}, and halve what is left.",
        computed(_halved, lambda a, b, c: (a * b - c) / 2),
    ),
    (
        "hard",
        "What is the square of {a} plus the square of {b}?",
        computed(whole(a=(23, 78), b=(31, 96)), lambda a, b: a**2 + b**2),
    ),
    ("hard", "work out {a} * {b} + {c} please", computed(_decimals, lambda a, b, c: a * b + c)),
    (
        "hard",
        "How much is {c} less {b} times {a}?",
        computed(lambda rng: _decimals(rng) | {"c": price(rng, 2500, 4000)}, lambda a, b, c: c - a * b),
    ),
    (
        "hard",
        "Divide the sum of {a} and {b} by {c}.",
        computed(_shared_sum, lambda a, b, c: (a + b) / c),
    ),
    (
        "hard",
        "How much is {a}% of {b}% of {c}?",
        computed(whole(a=(11, 45), b=(11, 45), c=(1200, 9600)), lambda a, b, c: a * b * c / 10_000),
    ),
    (
        "hard",
        "Find the average of {a}, {b}, {c} and {d}.",
        computed(whole(**_SEVERAL), lambda a, b, c, d: (a + b + c + d) / 4),
    ),
    (
        "hard",
        "I have to add {a}, {b}, {c} and {d}. What comes out?",
        computed(whole(**_SEVERAL), lambda a, b, c, d: a + b + c + d),
    ),
)

WORDINGS = wordings("arithmetic", "calculator", _FIRST, _ADDED)

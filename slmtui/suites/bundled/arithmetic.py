"""Requests for the calculator and for the conversion of units, with answers by this file's own arithmetic."""

import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from tests.benchmarks.agent_items import Expected, number
from tests.benchmarks.agent_wordings import Draw, Wording

_ROUNDED = 2e-3


def _computed(values: Callable[[random.Random], dict[str, Any]], answer: Callable[..., Fraction]) -> Draw:
    """Draw numbers, and compute the answer from them; one that does not come out even may be rounded."""

    def draw(rng: random.Random) -> tuple[dict[str, Any], Expected]:
        blanks = values(rng)
        value = answer(**{key: Fraction(str(blank)) for key, blank in blanks.items()})
        even = value * 100 == int(value * 100)
        return blanks, number(float(value), 0.0 if even else _ROUNDED)

    return draw


def _whole(**ranges: tuple[int, int]) -> Callable[[random.Random], dict[str, Any]]:
    return lambda rng: {name: rng.randint(*bounds) for name, bounds in ranges.items()}


def _price(rng: random.Random, low: int, high: int) -> str:
    return f"{rng.randint(low * 20, high * 20) / 20:.2f}"


def _shopping(rng: random.Random) -> dict[str, Any]:
    return {"a": rng.randint(2, 9), "b": _price(rng, 2, 12), "c": _price(rng, 1, 6)}


def _change(rng: random.Random) -> dict[str, Any]:
    a, b = rng.randint(2, 6), rng.randint(3, 9)
    return {"a": a, "b": b, "c": rng.choice((60, 80, 100))}


def _shared(rng: random.Random) -> dict[str, Any]:
    people = rng.randint(4, 12)
    return {"a": people * rng.randint(13, 45), "b": people}


def _square(rng: random.Random) -> dict[str, Any]:
    return {"a": rng.randint(23, 98) ** 2}


def _root(a: Fraction) -> Fraction:
    return Fraction(next(n for n in range(1000) if n * n == a))


def _discount(rng: random.Random) -> dict[str, Any]:
    return {"a": rng.randint(6, 30) * 10, "b": rng.choice((10, 15, 20, 30, 35, 40))}


_PRODUCT = _computed(_whole(a=(12, 98), b=(13, 97)), lambda a, b: a * b)
_SUM = _computed(_whole(a=(1200, 9800), b=(350, 7900)), lambda a, b: a + b)
_DIFFERENCE = _computed(_whole(a=(2100, 9900), b=(300, 1900)), lambda a, b: a - b)
_QUOTIENT = _computed(_shared, lambda a, b: a / b)
_PERCENT = _computed(_whole(a=(3, 45), b=(120, 960)), lambda a, b: a * b / 100)
_LESS = _computed(_whole(a=(60, 98), b=(13, 55)), lambda a, b: a - b)
_PLUS_TIMES = _computed(_whole(a=(3, 9), b=(12, 40), c=(15, 90)), lambda a, b, c: a * b + c)
_IN_AND_OUT = _computed(_whole(a=(80, 140), b=(15, 40), c=(12, 60)), lambda a, b, c: a - b + c)

_CALCULATOR: tuple[tuple[str, Draw], ...] = (
    ("What do you get if you multiply {a} by {b}?", _PRODUCT),
    ("{a} x {b}", _PRODUCT),
    ("please work out {a} + {b} for me", _SUM),
    ("I need the total of {a} and {b}.", _SUM),
    ("Subtract {b} from {a}.", _DIFFERENCE),
    ("whats {a} minus {b}", _DIFFERENCE),
    ("Divide {a} by {b} and give me the result.", _QUOTIENT),
    ("How much is {a} percent of {b}?", _PERCENT),
    ("Compute the square root of {a}.", _computed(_square, _root)),
    (
        "Evaluate ({a} + {b}) * {c}",
        _computed(_whole(a=(4, 40), b=(5, 60), c=(3, 12)), lambda a, b, c: (a + b) * c),
    ),
    (
        "{name} picked {a} apples, but {b} of them were rotten and thrown away. How many good apples remain?",
        _LESS,
    ),
    (
        "There are {b} pages in each booklet. If {name} prints {a} booklets, how many pages are printed?",
        _PRODUCT,
    ),
    (
        "A school splits {a} pupils evenly over {b} buses. How many pupils ride in each bus?",
        _QUOTIENT,
    ),
    (
        "{name} buys {a} sandwiches for ${b} each and one juice for ${c}. What does it all cost?",
        _computed(_shopping, lambda a, b, c: a * b + c),
    ),
    (
        "A bike has a price of ${a}. In the sale it gets {b}% cheaper. How much does it cost in the sale?",
        _computed(_discount, lambda a, b: a - a * b / 100),
    ),
    (
        "A library owned {a} comics. It lent out {b} and then bought {c} more. How many does it have now?",
        _IN_AND_OUT,
    ),
    (
        "{name} saves ${b} every week. How much will be saved after {a} weeks?",
        _PRODUCT,
    ),
    (
        "In {a} rows there stand {b} trees each, and {c} more trees grow by the gate. "
        "How many trees are there?",
        _PLUS_TIMES,
    ),
    (
        "{name} paid for {a} tickets at ${b} apiece with a ${c} note. How much change is due?",
        _computed(_change, lambda a, b, c: c - a * b),
    ),
    (
        "{name} ran {a} km in spring and {b} km in autumn. By how many km was spring longer?",
        _DIFFERENCE,
    ),
)

# A unit, another, and how many of the second one of the first is.
_LENGTHS = (
    ("miles", "kilometers", "1.609344"), ("feet", "meters", "0.3048"), ("inches", "centimeters", "2.54"),
    ("yards", "meters", "0.9144"), ("meters", "feet", "3.280839895"), ("km", "miles", "0.6213711922"),
)  # fmt: skip
_WEIGHTS = (
    ("pounds", "kilograms", "0.45359237"), ("kg", "lbs", "2.2046226218"), ("ounces", "grams", "28.349523125"),
    ("grams", "ounces", "0.0352739619"), ("stone", "kilograms", "6.35029318"),
)  # fmt: skip
_VOLUMES = (
    ("liters", "gallons", "0.2641720524"), ("gallons", "liters", "3.785411784"),
    ("pints", "liters", "0.473176473"), ("cups", "ml", "236.5882365"),
)  # fmt: skip
_TIMES = (
    ("hours", "minutes", "60"), ("minutes", "seconds", "60"), ("days", "hours", "24"), ("weeks", "days", "7"),
)  # fmt: skip
_SPEEDS = (("mph", "km/h", "1.609344"), ("km/h", "mph", "0.6213711922"), ("knots", "km/h", "1.852"))
_AREAS = (("acres", "hectares", "0.40468564"), ("square feet", "square meters", "0.09290304"))
_SIZES = (("GB", "MB", "1000"), ("megabytes", "kilobytes", "1000"), ("TB", "GB", "1000"))
CONVERSIONS = (*_LENGTHS, *_WEIGHTS, *_VOLUMES, *_TIMES, *_SPEEDS, *_AREAS, *_SIZES)


def _units(*tables: tuple[tuple[str, str, str], ...], low: int = 3, high: int = 240) -> Draw:
    def draw(rng: random.Random) -> tuple[dict[str, Any], Expected]:
        first, second, factor = rng.choice(rng.choice(tables))
        value = rng.randint(low, high) if rng.random() < 0.7 else rng.randint(low * 10, high * 10) / 10
        answer = Fraction(str(value)) * Fraction(factor)
        return {"v": value, "u": first, "w": second}, number(float(answer), _ROUNDED)

    return draw


def _degrees(rng: random.Random) -> tuple[dict[str, Any], Expected]:
    value = rng.randint(-20, 210)
    if rng.random() < 0.5:
        answer, first, second = Fraction(value * 9, 5) + 32, "Celsius", "Fahrenheit"
    else:
        answer, first, second = Fraction((value - 32) * 5, 9), "Fahrenheit", "Celsius"
    return {"v": value, "u": first, "w": second}, number(float(answer), _ROUNDED)


_ANY = _units(_LENGTHS, _WEIGHTS, _VOLUMES)

_CONVERTED: tuple[tuple[str, Draw], ...] = (
    ("What is {v} {u} expressed in {w}?", _ANY),
    ("{v} {u} in {w} please", _ANY),
    ("Could you convert {v} {u} into {w} for me?", _ANY),
    ("I have {v} {u}. How much is that in {w}?", _units(_WEIGHTS, _VOLUMES)),
    ("turn {v} {u} into {w}", _ANY),
    ("The bag weighs {v} {u}. Tell me the weight in {w}.", _units(_WEIGHTS)),
    ("The trail is {v} {u} long. Give its length in {w}.", _units(_LENGTHS)),
    ("The oven shows {v} degrees {u}, which is how many degrees {w}?", _degrees),
    ("{v} degrees {u} to {w}", _degrees),
    ("A recipe asks for {v} {u}. How many {w} do I need?", _units(_VOLUMES, low=2, high=30)),
    ("The wind blows at {v} {u}. How fast is that in {w}?", _units(_SPEEDS)),
    ("How many {w} make up {v} {u}?", _units(_TIMES, low=2, high=60)),
    ("The field covers {v} {u}; what is its area in {w}?", _units(_AREAS)),
    ("My download is {v} {u}. What is that in {w}?", _units(_SIZES, low=2, high=90)),
    ("{v} {u} equals how many {w}?", _ANY),
    ("I'd like to know {v} {u} in {w}", _units(_LENGTHS, _SPEEDS)),
)

WORDINGS = tuple(
    [Wording("calculator", text, draw) for text, draw in _CALCULATOR]
    + [Wording("convert_units", text, draw) for text, draw in _CONVERTED]
)

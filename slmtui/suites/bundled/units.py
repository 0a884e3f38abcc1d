"""Requests for the conversion of units, with answers by the factors that stand here."""

import random
from fractions import Fraction
from typing import TypeAlias

from slmtui.suites.bundled.answers import ROUNDED, number
from slmtui.suites.bundled.wordings import Blanks, Draw, Written, wordings
from slmtui.suites.item import Expected

Conversion: TypeAlias = tuple[str, str, str]
"""A unit, another, and how many of the second one of the first is."""

_LENGTHS: tuple[Conversion, ...] = (
    ("miles", "kilometers", "1.609344"), ("feet", "meters", "0.3048"), ("inches", "centimeters", "2.54"),
    ("yards", "meters", "0.9144"), ("meters", "feet", "3.280839895"), ("km", "miles", "0.6213711922"),
)  # fmt: skip
_WEIGHTS: tuple[Conversion, ...] = (
    ("pounds", "kilograms", "0.45359237"), ("kg", "lbs", "2.2046226218"), ("ounces", "grams", "28.349523125"),
    ("grams", "ounces", "0.0352739619"), ("stone", "kilograms", "6.35029318"),
)  # fmt: skip
_VOLUMES: tuple[Conversion, ...] = (
    ("liters", "gallons", "0.2641720524"), ("gallons", "liters", "3.785411784"),
    ("pints", "liters", "0.473176473"), ("cups", "ml", "236.5882365"),
)  # fmt: skip
_TIMES: tuple[Conversion, ...] = (
    ("hours", "minutes", "60"), ("minutes", "seconds", "60"), ("days", "hours", "24"), ("weeks", "days", "7"),
)  # fmt: skip
_SPEEDS: tuple[Conversion, ...] = (
    ("mph", "km/h", "1.609344"), ("km/h", "mph", "0.6213711922"), ("knots", "km/h", "1.852"),
)  # fmt: skip
_AREAS: tuple[Conversion, ...] = (
    ("acres", "hectares", "0.40468564"), ("square feet", "square meters", "0.09290304"),
)  # fmt: skip
_SIZES: tuple[Conversion, ...] = (
    ("GB", "MB", "1000"), ("megabytes", "kilobytes", "1000"), ("TB", "GB", "1000"),
)  # fmt: skip
_METRIC_LENGTHS: tuple[Conversion, ...] = (
    ("kilometers", "meters", "1000"), ("meters", "centimeters", "100"), ("centimeters", "millimeters", "10"),
)  # fmt: skip
_METRIC_WEIGHTS: tuple[Conversion, ...] = (("kilograms", "grams", "1000"), ("grams", "milligrams", "1000"))
_METRIC_VOLUMES: tuple[Conversion, ...] = (("liters", "milliliters", "1000"),)
_FLOWS: tuple[Conversion, ...] = (
    ("liters/minute", "gallons/hour", "15.850323141"), ("meters/second", "kilometers/hour", "3.6"),
    ("gallons/minute", "liters/second", "0.0630901964"), ("feet/second", "miles/hour", "0.6818181818"),
)  # fmt: skip
CONVERSIONS = (
    *_LENGTHS, *_WEIGHTS, *_VOLUMES, *_TIMES, *_SPEEDS, *_AREAS, *_SIZES,
    *_METRIC_LENGTHS, *_METRIC_WEIGHTS, *_METRIC_VOLUMES, *_FLOWS,
)  # fmt: skip

# A larger unit, a smaller one, how many of the smaller make a larger, a third unit, and its factor for both.
_PARTS_OF_LENGTH = (
    ("feet", "inches", 12, "centimeters", "30.48", "2.54"),
    ("yards", "feet", 3, "meters", "0.9144", "0.3048"),
    ("miles", "yards", 1760, "kilometers", "1.609344", "0.0009144"),
)
_PARTS_OF_WEIGHT = (
    ("pounds", "ounces", 16, "grams", "453.59237", "28.349523125"),
    ("stone", "pounds", 14, "kilograms", "6.35029318", "0.45359237"),
)
_PARTS_OF_TIME = (
    ("hours", "minutes", 60, "seconds", "3600", "60"),
    ("weeks", "days", 7, "hours", "168", "24"),
    ("days", "hours", 24, "minutes", "1440", "60"),
)


def _units(*tables: tuple[Conversion, ...], low: int = 3, high: int = 240) -> Draw:
    def draw(rng: random.Random) -> tuple[Blanks, Expected]:
        one, other, factor = rng.choice(rng.choice(tables))
        value = rng.randint(low, high) if rng.random() < 0.7 else rng.randint(low * 10, high * 10) / 10
        answer = Fraction(str(value)) * Fraction(factor)
        return {"v": value, "u": one, "w": other}, number(float(answer), ROUNDED)

    return draw


def _degrees(rng: random.Random) -> tuple[Blanks, Expected]:
    value = rng.randint(-20, 210)
    if rng.random() < 0.5:
        answer, one, other = Fraction(value * 9, 5) + 32, "Celsius", "Fahrenheit"
    else:
        answer, one, other = Fraction((value - 32) * 5, 9), "Fahrenheit", "Celsius"
    return {"v": value, "u": one, "w": other}, number(float(answer), ROUNDED)


def _whole_or_rounded(answer: Fraction) -> Expected:
    return number(float(answer), 0.0 if answer.denominator == 1 else ROUNDED)


def _parts(*tables: tuple[tuple[str, str, int, str, str, str], ...]) -> Draw:
    """Draw so many of a unit and so many of a smaller one, to be told in a third."""

    def draw(rng: random.Random) -> tuple[Blanks, Expected]:
        large, small, of_large, other, factor, less = rng.choice(rng.choice(tables))
        v, x = rng.randint(3, 19), rng.randint(1, of_large - 1)
        answer = v * Fraction(factor) + x * Fraction(less)
        return {"v": v, "u": large, "x": x, "y": small, "w": other}, _whole_or_rounded(answer)

    return draw


def _times(*tables: tuple[Conversion, ...]) -> Draw:
    """Draw several things of the same measure."""

    def draw(rng: random.Random) -> tuple[Blanks, Expected]:
        one, other, factor = rng.choice(rng.choice(tables))
        count, value = rng.randint(3, 24), rng.randint(30, 900) / 10
        answer = count * Fraction(str(value)) * Fraction(factor)
        return {"n": count, "v": value, "u": one, "w": other}, _whole_or_rounded(answer)

    return draw


_ANY = _units(_LENGTHS, _WEIGHTS, _VOLUMES)

_FIRST: tuple[Written, ...] = (
    ("medium", "What is {v} {u} expressed in {w}?", _ANY),
    ("medium", "{v} {u} in {w} please", _ANY),
    ("medium", "Could you convert {v} {u} into {w} for me?", _ANY),
    ("medium", "I have {v} {u}. How much is that in {w}?", _units(_WEIGHTS, _VOLUMES)),
    ("medium", "turn {v} {u} into {w}", _ANY),
    ("medium", "The bag weighs {v} {u}. Tell me the weight in {w}.", _units(_WEIGHTS)),
    ("medium", "The trail is {v} {u} long. Give its length in {w}.", _units(_LENGTHS)),
    ("medium", "The oven shows {v} degrees {u}, which is how many degrees {w}?", _degrees),
    ("medium", "{v} degrees {u} to {w}", _degrees),
    ("medium", "A recipe asks for {v} {u}. How many {w} do I need?", _units(_VOLUMES, low=2, high=30)),
    ("medium", "The wind blows at {v} {u}. How fast is that in {w}?", _units(_SPEEDS)),
    ("easy", "How many {w} make up {v} {u}?", _units(_TIMES, low=2, high=60)),
    ("medium", "The field covers {v} {u}; what is its area in {w}?", _units(_AREAS)),
    ("easy", "My download is {v} {u}. What is that in {w}?", _units(_SIZES, low=2, high=90)),
    ("medium", "{v} {u} equals how many {w}?", _ANY),
    ("medium", "I'd like to know {v} {u} in {w}", _units(_LENGTHS, _SPEEDS)),
)

_ADDED: tuple[Written, ...] = (
    ("easy", "The wait took {v} {u}; tell me that in {w}.", _units(_TIMES, low=2, high=60)),
    ("easy", "The ribbon is {v} {u} long, which is what in {w}?", _units(_METRIC_LENGTHS[1:])),
    ("easy", "Write down {v} {u} as {w}.", _units(_METRIC_LENGTHS, _METRIC_WEIGHTS, _METRIC_VOLUMES)),
    ("easy", "The jug holds {v} {u}. So what is it in {w}?", _units(_METRIC_VOLUMES, low=1, high=40)),
    ("easy", "A sack of {v} {u} has what mass in {w}?", _units(_METRIC_WEIGHTS)),
    ("easy", "My disk is full with {v} {u}; say it in {w}.", _units(_SIZES, low=2, high=90)),
    ("hard", "{v} {u} and {x} {y}, all in {w}", _parts(_PARTS_OF_LENGTH, _PARTS_OF_WEIGHT)),
    ("hard", "{name} is on the road for {v} {u} and {x} {y}. Give me that in {w}.", _parts(_PARTS_OF_TIME)),
    ("hard", "Convert {v} {u} {x} {y} to {w}, as one number.", _parts(_PARTS_OF_LENGTH, _PARTS_OF_TIME)),
    ("hard", "A crate weighs {v} {u} {x} {y}. What is it in {w}?", _parts(_PARTS_OF_WEIGHT)),
    ("hard", "How far in {w} is a leap of {v} {u} and another {x} {y}?", _parts(_PARTS_OF_LENGTH)),
    ("hard", "The film runs {v} {u} plus {x} {y} of credits; how long is it in {w}?", _parts(_PARTS_OF_TIME)),
    ("hard", "{n} sacks of {v} {u} each weigh how much together in {w}?", _times(_WEIGHTS)),
    ("hard", "{name} fills {n} cans with {v} {u} each. Tell me the whole in {w}.", _times(_VOLUMES)),
    ("hard", "{n} laps of {v} {u}: what is the whole way in {w}?", _times(_LENGTHS)),
    ("hard", "A rate of {v} {u} is what in {w}?", _units(_FLOWS, low=4, high=90)),
    ("hard", "Our gauge shows {v} {u}, but I need {w}.", _units(_FLOWS, low=4, high=90)),
    ("hard", "{n} plots with {v} {u} each have what area in {w}?", _times(_AREAS)),
)

WORDINGS = wordings("units", "convert_units", _FIRST, _ADDED)

"""Unit conversion with pint, which gets names of units and exact numbers, never an expression."""

import difflib
import functools
import threading
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from tools.number_text import number_text
from tools.plain_text import quoted
from tools.registry import Example, Tool, ToolError
from tools.unit_names import MAX_CHARACTERS, read_temperatures, read_units

if TYPE_CHECKING:
    import pint

_LARGEST = 10**60
_SIGNIFICANT_DIGITS = 6
_CURRENCIES = frozenset(
    {
        "usd",
        "eur",
        "gbp",
        "jpy",
        "dollar",
        "dollars",
        "euro",
        "euros",
        "yen",
        "rupee",
        "rupees",
        "peso",
        "pesos",
    }
)
_COMMON = (
    "meter", "meters", "kilometer", "kilometers", "centimeter", "centimeters", "millimeter", "millimeters",
    "mile", "miles", "yard", "yards", "foot", "feet", "inch", "inches", "gram", "grams", "kilogram",
    "kilograms", "pound", "pounds", "ounce", "ounces", "liter", "liters", "milliliter", "milliliters",
    "gallon", "gallons", "celsius", "fahrenheit", "kelvin", "second", "seconds", "minute", "minutes",
    "hour", "hours", "week", "weeks", "month", "months", "year", "years", "acre", "acres", "hectare",
    "hectares", "joule", "joules", "calorie", "calories", "watt", "watts", "tablespoon", "teaspoon",
)  # fmt: skip
_lock = threading.Lock()


@functools.cache
def _registry() -> "pint.UnitRegistry[Fraction]":
    """Return pint's units over exact fractions. The import takes half a second: it waits for a first use."""
    import pint  # noqa: PLC0415 - see above

    registry: pint.UnitRegistry[Fraction] = pint.UnitRegistry(non_int_type=Fraction, on_redefinition="ignore")
    registry.define("acre = 43560 * foot ** 2")  # pint's is of the survey foot, given up in 2022
    return registry


def convert(value: float, from_unit: str, to_unit: str) -> str:
    """Return `value` in another unit, as an equation. Raises `ToolError`, which says what is wrong.

    A year has 365.25 days, a ton 2000 pounds, a gallon and a cup are those of the US.
    """
    if abs(value) > _LARGEST:
        raise ToolError("The value is too large to convert.")
    exact = Fraction(value) if isinstance(value, int) else Fraction(repr(value))
    with _lock:
        temperatures = read_temperatures(from_unit, to_unit)
        if temperatures:
            source, target = ({name: 1} for name in temperatures)
        else:
            source, target = _known_units(read_units(from_unit)), _known_units(read_units(to_unit))
        converted = _converted(exact, source, target)
    before = number_text(exact, digits=15, after_point=0)
    after = number_text(converted, digits=_SIGNIFICANT_DIGITS, after_point=0)
    return f"{before} {_unit_text(source)} = {after} {_unit_text(target)}"


def _converted(value: Fraction, source: Mapping[str, int], target: Mapping[str, int]) -> Fraction:
    registry = _registry()
    old, new = (registry.Unit(registry.UnitsContainer(dict(units))) for units in (source, target))
    names = f"{_unit_text(source)} and {_unit_text(target)}"
    try:
        # Equal dimensions are not enough: pint would turn degrees into bytes, and rpm into hertz by 2 pi.
        if registry.get_base_units(old)[1] == registry.get_base_units(new)[1]:
            return Fraction(registry.Quantity(value, old).to(new).magnitude)
    except (TypeError, ValueError, ArithmeticError) as error:
        raise ToolError(f"{names} cannot be converted into each other.") from error
    raise ToolError(f"{names} measure different things: one cannot be converted into the other.")


def _known_units(written: Mapping[str, int]) -> dict[str, int]:
    """Return pint's own names for the names that were written, with their powers."""
    powers: Counter[str] = Counter()
    for name, power in written.items():
        joined = _name(name.replace(" ", "_"))
        for known in [joined] if joined else [_name(word) or _unknown(word) for word in name.split()]:
            powers[known] += power
    known_units = {name: power for name, power in powers.items() if power}
    if not known_units:
        raise ToolError("The unit cancels out: write one such as kilometer, lb, km/h or m^2.")
    if known_units in ({"degree_Celsius": 1}, {"degree_Fahrenheit": 1}):
        return known_units
    # Within a product a degree is a step of the scale, not a point on it.
    return {name.replace("degree_", "delta_degree_"): power for name, power in known_units.items()}


def _name(written: str) -> str:
    """Return pint's name for one unit, or nothing. Case counts (Mb, MB), unless only lower case is known."""
    for name in (written, written.lower()):
        try:
            return _registry().get_name(name)
        except AttributeError:  # pint's UndefinedUnitError
            continue
    return ""


def _unknown(word: str) -> str:
    if word.lower() in _CURRENCIES:
        raise ToolError("Money cannot be converted: exchange rates change every day.")
    near = difflib.get_close_matches(word.lower(), _COMMON, 1, 0.8)
    hint = f"did you mean {near[0]}?" if near else "write one such as kilometer, lb, km/h or m^2."
    raise ToolError(f"The unit {quoted(word, 30)} is not known: {hint}")


def _unit_text(units: Mapping[str, int]) -> str:
    """Write units as they are read: `kilometer/hour`, `square foot`, `degree Celsius`."""
    above = [_with_power(name, power) for name, power in units.items() if power > 0]
    below = [_with_power(name, -power) for name, power in units.items() if power < 0]
    return "/".join(["*".join(above) or "1", *below])


def _with_power(name: str, power: int) -> str:
    name = name.removeprefix("delta_").replace("_", " ")
    return {1: name, 2: f"square {name}", 3: f"cubic {name}"}.get(power, f"{name}^{power}")


def _example(request: str, call: tuple[float, str, str], result: str, answer: str) -> Example:
    return Example(request, dict(zip(("value", "from_unit", "to_unit"), call, strict=True)), result, answer)


EXAMPLES = (
    _example(
        "How many kilometers are 26.2 miles?",
        (26.2, "miles", "kilometers"),
        "26.2 mile = 42.1648 kilometer",
        "26.2 miles are 42.1648 kilometers.",
    ),
    _example(
        "Convert 30 miles to kilometers",
        (30, "miles", "kilometers"),
        "30 mile = 48.2803 kilometer",
        "30 miles are 48.2803 kilometers.",
    ),
    _example(
        "convert 77 F to C",
        (77, "F", "C"),
        "77 degree Fahrenheit = 25 degree Celsius",
        "77 °F is 25 °C.",
    ),
    _example(
        "What is 180 degrees Celsius in Fahrenheit?",
        (180, "Celsius", "Fahrenheit"),
        "180 degree Celsius = 356 degree Fahrenheit",
        "180 degrees Celsius is 356 degrees Fahrenheit.",
    ),
    _example(
        "I am 175 cm tall. How tall is that in feet?",
        (175, "cm", "feet"),
        "175 centimeter = 5.74147 foot",
        "You are 5.74147 feet tall.",
    ),
    _example(
        "How many ounces are there in 250 grams?",
        (250, "grams", "ounces"),
        "250 gram = 8.81849 ounce",
        "There are 8.81849 ounces in 250 grams.",
    ),
    _example(
        "3 cups in milliliters",
        (3, "cups", "milliliters"),
        "3 cup = 709.765 milliliter",
        "3 cups are 709.765 milliliters.",
    ),
    _example(
        "The speed limit is 65 mph. What is it in km/h?",
        (65, "mph", "km/h"),
        "65 mile per hour = 104.607 kilometer/hour",
        "The speed limit is 104.607 km/h.",
    ),
    _example(
        "Change 2.5 hours into minutes",
        (2.5, "hours", "minutes"),
        "2.5 hour = 150 minute",
        "2.5 hours are 150 minutes.",
    ),
    _example(
        "how big is a 120 square meter flat in square feet",
        (120, "square meters", "square feet"),
        "120 square meter = 1291.67 square foot",
        "The flat has 1291.67 square feet.",
    ),
    _example(
        "How many litres does a 15 gallon tank hold?",
        (15, "gallons", "litres"),
        "15 gallon = 56.7812 liter",
        "The tank holds 56.7812 litres.",
    ),
    _example(
        "My parcel weighs 18 lbs, what is it in kg?",
        (18, "lbs", "kg"),
        "18 pound = 8.16466 kilogram",
        "Your parcel weighs 8.16466 kg.",
    ),
    _example(
        "Express 1.5 GB in megabytes.",
        (1.5, "GB", "megabytes"),
        "1.5 gigabyte = 1500 megabyte",
        "1.5 GB are 1500 megabytes.",
    ),
)

UNITS = Tool(
    name="convert_units",
    description="Converts a value from one unit of measure to another.",
    parameters={
        "type": "object",
        "properties": {
            "value": {"type": "number", "description": "How many of the first unit"},
            "from_unit": {
                "type": "string",
                "description": "The unit to convert from, such as miles",
                "maxLength": MAX_CHARACTERS,
                "pattern": "^[0-9A-Za-z °µ/^* -]+$",
            },
            "to_unit": {
                "type": "string",
                "description": "The unit to convert to, such as km",
                "maxLength": MAX_CHARACTERS,
                "pattern": "^[0-9A-Za-z °µ/^* -]+$",
            },
        },
        "required": ["value", "from_unit", "to_unit"],
        "additionalProperties": False,
    },
    examples=EXAMPLES,
    run=convert,
)

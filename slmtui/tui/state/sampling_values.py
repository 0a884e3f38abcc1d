"""The sampling settings as they are typed: names, ranges, and values checked by the settings' own model."""

from collections.abc import Mapping
from dataclasses import asdict

import annotated_types
from pydantic import ValidationError

from agents.message import Sampling
from slmtui.settings import SamplingTable
from slmtui.tui import format as fmt

MEANING = {
    "temperature": "how boldly tokens are drawn; 0 always takes the likeliest",
    "top_k": "only so many of the likeliest tokens; 0 is off",
    "top_p": "only the likeliest that make up this probability; 1 is off",
    "min_p": "only tokens this likely beside the likeliest; 0 is off",
    "repeat_penalty": "makes repeating less likely; 1 is none",
    "seed": "the same seed draws the same answer",
}


class SamplingError(ValueError):
    """A sampling setting is wrong; the text says which, what it is and what is allowed."""


def changed(sampling: Sampling, values: Mapping[str, str]) -> Sampling:
    """Return the settings with some of them set from what was typed. Raises `SamplingError`."""
    unknown = next((name for name in values if name not in MEANING), None)
    if unknown is not None:
        raise SamplingError(f"There is no sampling setting {unknown!a}; there are: {', '.join(MEANING)}.")
    try:
        table = SamplingTable.model_validate({**asdict(sampling), **values})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = str(first["loc"][0])
        kind = "a whole number" if SamplingTable.model_fields[name].annotation is int else "a number"
        said = str(first["input"]) or "empty"
        value = said if len(said) <= 20 and said.isprintable() else f"{said[:20]!a}…"
        raise SamplingError(f"{name} is {value}; it should be {kind} {span(name)}.") from error
    return Sampling(**table.model_dump())


def told(sampling: Sampling) -> dict[str, str]:
    """Return every setting as text, by name."""
    return {
        name: f"{value:g}" if isinstance(value, float) else str(value)
        for name, value in asdict(sampling).items()
    }


def span(name: str) -> str:
    """Return what a setting may be, in words: `from 0 to 5`, `above 0, up to 1`."""
    low, high = "", ""
    for bound in SamplingTable.model_fields[name].metadata:
        match bound:
            case annotated_types.Ge(ge=int() | float() as least):
                low = f"from {fmt.count(least)}"
            case annotated_types.Gt(gt=int() | float() as least):
                low = f"above {fmt.count(least)},"
            case annotated_types.Le(le=int() | float() as most):
                high = f" to {fmt.count(most)}"
    return f"{low}{' up' if low.endswith(',') else ''}{high}"

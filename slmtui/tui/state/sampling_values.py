"""The sampling settings as they are typed: names, ranges, and values checked by the settings' own model."""

from collections.abc import Mapping
from dataclasses import asdict

from pydantic import ValidationError

from agents.message import Sampling
from slmtui import settings_desk
from slmtui.settings import SamplingTable
from slmtui.tui import format as fmt

MEANING = {name: field.description or "" for name, field in SamplingTable.model_fields.items()}


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
    return {name: settings_desk.told(value) for name, value in asdict(sampling).items()}


def span(name: str) -> str:
    """Return what a setting may be, in words: `from 0 to 5`, `above 0, up to 1`."""
    return settings_desk.allowed(SamplingTable.model_fields[name], fmt.count)

"""What is wrong with a setting, in words: where it stands, what it is and what is allowed."""

from collections.abc import Mapping, Sequence
from inspect import isclass
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from slmtui.models.errors import shown

Place = tuple[str, Mapping[str, Any]]
"""How a place calls its settings, with `{key}`, `{flag}` or `{variable}`, and what is set there."""


def explained(error: ValidationError, places: Sequence[Place], root: type[BaseModel], nesting: str) -> str:
    """Return the first thing wrong, on one line: where, which key, and what is allowed.

    `root` is the model of all settings, and `nesting` stands between the names in a variable's.
    """
    first = error.errors(include_url=False)[0]
    path = [str(part) for part in first["loc"]]
    label = next((label for label, values in places if _has(values, path)), "{key}")
    place = label.format(
        flag=path[-1].replace("_", "-"), variable=nesting.join(path).upper(), key=shown(".".join(path))
    )
    if first["type"] == "extra_forbidden":
        return f"{place} is not a setting; known are: {', '.join(_known(root, path[:-1]))}"
    if first["type"] == "missing":
        return f"{place} is missing; the table should have it"
    message = first["msg"].removeprefix("Value error, ").replace("Input should", "it should")
    if first["type"] == "model_type":
        message = f"it should be a table of {', '.join(_known(root, path))}"
    return f"{place} is {_short(first['input'])}; {message}"


def _known(table: type[BaseModel], path: list[str]) -> list[str]:
    """Return the keys of the table at `path`, which may lie in a list."""
    for part in path:
        field = table.model_fields.get(part)
        kinds = [field.annotation, *get_args(field.annotation)] if field else []
        table = next((kind for kind in kinds if isclass(kind) and issubclass(kind, BaseModel)), table)
    return list(table.model_fields)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 and text.isprintable() else f"{text[:57]!a}…"


def _has(values: Any, path: list[str]) -> bool:
    for part in path:
        if isinstance(values, list):  # the checks above have made tables of its items
            return True
        if not isinstance(values, Mapping) or part not in values:
            return False
        values = values[part]
    return True

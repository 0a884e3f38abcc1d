"""From a function's type hints to the JSON Schema of a tool's arguments, and from arguments to its values.

pydantic reads the hints and converts the values, so whatever it knows can be an argument: texts, numbers,
`Literal`, enumerations, lists, optional ones, dates, and more.
"""

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError, validate_call
from pydantic.errors import PydanticUserError

from tools.plain_text import one_line

_MAX_SHOWN = 200


class SignatureError(Exception):
    """A function cannot be a tool; the text says what it lacks, without the function's name."""


def arguments_schema(function: Callable[..., Any], descriptions: Mapping[str, str]) -> dict[str, Any]:
    """Return the JSON Schema of a function's arguments, by name. Raises `SignatureError`."""
    _check_signature(function)
    try:
        schema = _adapter(function).json_schema()
    except NameError as error:
        raise SignatureError(f"the name {error.name!r} in its type hints is not known") from error
    except (PydanticUserError, TypeError, ValueError) as error:
        raise SignatureError(f"its type hints have no JSON Schema ({one_line(str(error), 120)})") from error
    schema = without_titles(schema)
    properties = schema.setdefault("properties", {})
    for name, text in descriptions.items():
        if name in properties:
            properties[name] = {**properties[name], "description": text}
    return {"type": "object", "required": [], **schema, "additionalProperties": False}


def _adapter(function: Any) -> TypeAdapter[Any]:
    return TypeAdapter(function)  # a function is as good as a type here, only not for type checkers


def checked_call(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function so that it takes JSON values: they become what its type hints ask for."""
    return validate_call(config=ConfigDict(arbitrary_types_allowed=False))(function)


def told(error: ValidationError) -> str:
    """Return what is wrong with the arguments, as one sentence for a model."""
    first = error.errors(include_url=False, include_context=False)[0]
    place = ".".join(map(str, first["loc"])) or "the arguments"
    return one_line(f"{place}: {first['msg']}.", _MAX_SHOWN)


def without_titles(schema: Any) -> Any:
    """Return a schema without the titles that pydantic makes from names: every word costs tokens."""
    if isinstance(schema, list):
        return [without_titles(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {}
    for key, value in schema.items():
        if key in {"properties", "$defs"} and isinstance(value, dict):  # here a title is somebody's name
            kept[key] = {name: without_titles(each) for name, each in value.items()}
        elif key != "title":
            kept[key] = without_titles(value) if key not in {"default", "enum", "const"} else value
    return kept


def _check_signature(function: Callable[..., Any]) -> None:
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind in {parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD}:
            raise SignatureError(f"{parameter} has no fixed names; write its arguments one by one")
        if parameter.kind is parameter.POSITIONAL_ONLY:
            raise SignatureError(f"{parameter.name} can only be given by position; remove the / after it")
        if parameter.annotation is parameter.empty:
            raise SignatureError(f"{parameter.name} has no type hint")

"""What values a JSON Schema allows: their types, and whether two schemas allow none in common."""

from collections.abc import Callable, Mapping
from typing import Any

Schema = Mapping[str, Any]
TYPES = ("string", "number", "integer", "boolean", "null", "array", "object")


def is_type(value: object, kind: str) -> bool:
    """Whether a JSON value is of a type of JSON Schema: 1 and 1.0 are integers, true is none."""
    if isinstance(value, bool) or value is None:
        return kind == ("null" if value is None else "boolean")
    if isinstance(value, int | float):
        return kind == "number" or (kind == "integer" and (isinstance(value, int) or value.is_integer()))
    if isinstance(value, str):
        return kind == "string"
    return kind == ("object" if isinstance(value, Mapping) else "array")


def types_of(schema: Schema) -> list[str]:
    """Return the types that a schema names, or that its keywords are about; empty for any type."""
    kind = schema.get("type")
    if kind is not None:
        return [kind] if isinstance(kind, str) else list(kind)
    if "properties" in schema:
        return ["object"]
    return ["array"] if "items" in schema else []


def fixed_values(schema: Schema) -> list[Any] | None:
    """Return the values of `const` or `enum`, those of the schema's type, or None where it has neither.

    Raises `ValueError` where none is left.
    """
    if "const" not in schema and "enum" not in schema:
        return None
    values = [schema["const"]] if "const" in schema else list(schema["enum"])
    types = types_of(schema)
    fitting = [value for value in values if not types or any(is_type(value, kind) for kind in types)]
    if not fitting:
        raise ValueError(f"no value of const or enum is of the type {' or '.join(types) or 'any'}")
    return fitting


def apart(one: Any, other: Any, resolve: Callable[[Any], Schema]) -> bool:
    """Whether it is plain that no value fits both schemas; `resolve` follows a reference."""
    one, other = resolve(one), resolve(other)
    if _families(one).isdisjoint(_families(other)):
        return True
    values, others = fixed_values(one), fixed_values(other)
    if values is not None and others is not None:
        return all(value != another for value in values for another in others)
    both = set(one.get("required", ())) & set(other.get("required", ()))
    shared = both & one.get("properties", {}).keys() & other.get("properties", {}).keys()
    return _families(one) == _families(other) == {"object"} and any(
        _fixed_apart(one["properties"][key], other["properties"][key], resolve) for key in shared
    )


def _fixed_apart(one: Any, other: Any, resolve: Callable[[Any], Schema]) -> bool:
    one, other = resolve(one), resolve(other)
    return fixed_values(one) is not None and fixed_values(other) is not None and apart(one, other, resolve)


def _families(schema: Schema) -> set[str]:
    """Return the types a value may have, an integer being a number; for what is not plain, all of them."""
    values = fixed_values(schema)
    if values is not None:
        kinds = {kind for kind in TYPES for value in values if is_type(value, kind)}
    else:
        kinds = set(types_of(schema)) or set(TYPES)
    return {"number" if kind == "integer" else kind for kind in kinds}

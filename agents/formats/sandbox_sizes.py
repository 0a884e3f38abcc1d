"""How large the result of an operation in a template would be: what is too large is not tried."""

import re
from collections.abc import Callable, Sequence, Sized
from typing import Any

from jinja2 import TemplateError

MAX_SIZE = 4_000_000
# A number beyond this many digits has no place in a prompt.
MAX_BITS = 256


def size_of(value: Any) -> int:
    """Return the items or characters of a value, 0 where it has none."""
    return len(value) if isinstance(value, Sized) else 0


def check_operation(operator: str, left: Any, right: Any) -> None:
    """Raise `TemplateError` where an operation's result would be too large."""
    if operator == "+":
        _check(size_of(left) + size_of(right))
    elif operator == "*":
        _check(size_of(left) * _whole(right), size_of(right) * _whole(left))
        _check_bits(_bits(left) + _bits(right))
    elif operator == "**":
        _check_bits(_bits(left) * abs(_whole(right)))
    elif operator == "%" and isinstance(left, str):
        _check(percent_size(left, right))


def _check(*sizes: int) -> None:
    if max(sizes) > MAX_SIZE:
        raise TemplateError(f"it makes a text or a list of more than {MAX_SIZE} parts")


def _check_bits(bits: int) -> None:
    if bits > MAX_BITS:
        raise TemplateError(f"it makes a number of more than {MAX_BITS} bits")


def _whole(value: Any) -> int:
    return int(value) if isinstance(value, int) else 0


def _bits(value: Any) -> int:
    return value.bit_length() if isinstance(value, int) else 0


def _replaced(text: str, old: Any = "", new: Any = "", *_: Any, **named: Any) -> int:
    new = named.get("new", new)
    return len(text) + text.count(str(old)) * len(str(new))


def _joined(text: str, parts: Any = (), *_: Any, **__: Any) -> int:
    return len(text) * size_of(parts) + sum(map(size_of, parts)) if isinstance(parts, list | tuple) else 0


def _padded(text: str, width: Any = 0, *_: Any, **named: Any) -> int:
    return len(text) + max(0, _whole(width), *map(_whole, named.values()))


def _expanded(text: str, size: Any = 8, *_: Any, **named: Any) -> int:
    return len(text) + text.count("\t") * max(0, _whole(named.get("tabsize", size)))


def _indented(text: str, width: Any = 4, *_: Any, **named: Any) -> int:
    width = named.get("width", width)
    each = len(width) if isinstance(width, str) else max(0, _whole(width))
    return len(text) + (text.count("\n") + 1) * each


def _translated(text: str, table: Any = (), *_: Any, **__: Any) -> int:
    values = table.values() if isinstance(table, dict) else table
    return len(text) * max((size_of(value) for value in values), default=1)


def formatted_size(text: str, *values: Any, **named: Any) -> int:
    """Return a bound of the size that `format` makes of a text: widths must be written out and short."""
    plain = text.replace("{{", "").replace("}}", "")
    if re.search(r"\{[^{}]*(\{|\d{4})", plain):
        return MAX_SIZE + 1
    return _filled(text, text.count("{"), [*values, *named.values()])


def percent_size(text: str, *values: Any, **named: Any) -> int:
    """Return a bound of the size that `%` makes of a text: widths must be written out and short."""
    if re.search(r"%(\(\w*\))?[-+ #0.\d]*(\*|\d{4})", text):
        return MAX_SIZE + 1
    return _filled(text, text.count("%"), [*values, *named.values()])


def _filled(text: str, fields: int, values: Sequence[Any]) -> int:
    flat = [one for value in values for one in (value if isinstance(value, list | tuple) else [value])]
    return len(text) + fields * (1000 + max((len(str(value)) for value in flat), default=0))


# A bound of the result's size, by the name of a method of a text or of a filter on one.
CALL_SIZES: dict[str, Callable[..., int]] = {
    "replace": _replaced,
    "join": _joined,
    "ljust": _padded,
    "rjust": _padded,
    "center": _padded,
    "zfill": _padded,
    "expandtabs": _expanded,
    "indent": _indented,
    "translate": _translated,
    "format": percent_size,
}

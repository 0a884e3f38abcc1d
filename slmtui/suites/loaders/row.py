"""One row of a data set, whose fields are read with messages that name the row and the field."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slmtui.suites.suite import SuiteError
from tools.plain_text import one_line

_THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d*)?")


@dataclass(frozen=True, slots=True)
class Row:
    """A row: `place` names its file and line. What reads a field raises `SuiteError` where that is not so."""

    place: str
    fields: Mapping[str, Any]

    def error(self, name: str, why: str) -> SuiteError:
        """Return an error about a field of this row."""
        return SuiteError(f"{self.place}, field {name}: {why}")

    def value(self, name: str) -> Any:
        """Return a field that must be there; dots lead into objects, and into lists by number from 0."""
        if name in self.fields:
            return self.fields[name]
        value: Any = self.fields
        for part in name.split("."):
            value = _below(value, part)
            if value is None:
                known = one_line(", ".join(map(str, self.fields)), 200)
                raise self.error(name, f"there is none; the row has {known}")
        return value

    def has(self, name: str) -> bool:
        """Whether a field is there and not null; dots lead as in `value`."""
        try:
            return self.value(name) is not None
        except SuiteError:
            return False

    def text(self, name: str) -> str:
        """Return a field that is a text, not empty, or a number as text."""
        value = self.value(name)
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise self.error(name, f"this should be a text, and is {_kind(value)}")
        text = str(value).strip()
        if not text:
            raise self.error(name, "this is empty")
        return text

    def number(self, name: str) -> float:
        """Return a field that is a number, or a text that is one; commas may part its thousands."""
        value = self.value(name)
        number = None if isinstance(value, bool) else _float(value)
        if number is None or not math.isfinite(number):
            raise self.error(name, f"this should be a number, and is {one_line(repr(value), 40)}")
        return number

    def list(self, name: str) -> list[Any]:
        """Return a field that is a list, perhaps an empty one."""
        value = self.value(name)
        if not isinstance(value, list):
            raise self.error(name, f"this should be a list, and is {_kind(value)}")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a field that is a list of texts; numbers become texts."""
        values = self.list(name)
        if not all(isinstance(value, str | int | float) for value in values):
            raise self.error(name, "this should be a list of texts")
        return tuple(str(value).strip() for value in values)

    def rows(self, name: str) -> "tuple[Row, ...]":
        """Return a field that is a list of objects, as rows of their own."""
        values = self.list(name)
        if not all(isinstance(value, Mapping) for value in values):
            raise self.error(name, "this should be a list of objects")
        return tuple(Row(f"{self.place}, {name} {at}", value) for at, value in enumerate(values, 1))

    def row(self, name: str) -> "Row":
        """Return a field that is an object, as a row of its own."""
        value = self.value(name)
        if not isinstance(value, Mapping):
            raise self.error(name, f"this should be an object, and is {_kind(value)}")
        return Row(f"{self.place}, {name}", value)


def _below(value: Any, part: str) -> Any:
    if isinstance(value, Mapping):
        return value.get(part)
    if isinstance(value, list) and part.isdecimal() and int(part) < len(value):
        return value[int(part)]
    return None


def _float(value: Any) -> float | None:
    if isinstance(value, str) and "," in value and not _THOUSANDS.fullmatch(value.strip()):
        return None  # "12,5" is not 125
    try:
        return float(value.replace(",", "") if isinstance(value, str) else value)
    except (TypeError, ValueError, OverflowError):
        return None


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", bool: "true or false", str: "a text", type(None): "null"}
    return names.get(type(value), "a number")

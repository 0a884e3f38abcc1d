"""A span as it is made from a turn, before any library is asked to write it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Value = str | bool | int | float | tuple[str, ...]
Attributes = dict[str, Value]


@dataclass(frozen=True, slots=True)
class SpanEvent:
    """Something that happened within a span, at `at_ns` nanoseconds since 1970 in UTC."""

    name: str
    at_ns: int
    attributes: Attributes = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Span:
    """One span of a turn. Ids are numbers of 128 and 64 bits, times nanoseconds since 1970 in UTC.

    `remote` says that the work was another process's. `failed` says that it ended badly, for `reason`.
    """

    name: str
    trace: int
    id: int
    parent: int | None
    start_ns: int
    end_ns: int
    attributes: Attributes
    events: tuple[SpanEvent, ...] = ()
    remote: bool = False
    failed: bool = False
    reason: str = ""


def present(attributes: Mapping[str, Value | None]) -> Attributes:
    """Return the attributes that have a value: there is none for what was not measured or not told."""
    return {name: value for name, value in attributes.items() if value is not None and value not in ("", ())}

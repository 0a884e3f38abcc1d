"""Events as text that SQLite can hold, and back, without loss even for text that is not Unicode."""

import json

import msgspec

from agents.events import EVENT_TYPES, Event, from_json, to_json
from sessions.errors import UnreadableEventError


def encode(event: Event) -> str:
    """Return the fields of an event as JSON.

    Half a surrogate pair, which UTF-8 cannot hold, is escaped. A number that is not finite, which
    JSON cannot hold, is written as Python does (`NaN`): one odd figure must not cost a whole turn.
    """
    try:
        data = to_json(event)
        if "null" not in data or from_json(type(event).__name__, data) == event:
            return data
    except (UnicodeEncodeError, msgspec.ValidationError):
        pass
    return json.dumps(msgspec.to_builtins(event))


def decode(name: str, data: str) -> Event:
    """Return the stored event. Raises `UnreadableEventError` if it is of no known type or damaged."""
    try:
        try:
            return from_json(name, data)
        except msgspec.DecodeError:
            return msgspec.convert(json.loads(data), EVENT_TYPES[name])
    except (KeyError, ValueError) as error:  # msgspec's errors are ValueErrors
        raise UnreadableEventError(name, str(error)) from error

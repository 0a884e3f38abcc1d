"""Right answers as JSON and back, for the store."""

import msgspec

from slmtui.suites.item import Expected
from slmtui.suites.suite import SuiteError


def encode_expected(expected: Expected) -> str:
    """Return a right answer as JSON; what is as it is by default is left out."""
    fields = msgspec.to_builtins(expected)
    default = msgspec.to_builtins(Expected(expected.kind))
    kept = {name: value for name, value in fields.items() if name == "kind" or value != default[name]}
    return msgspec.json.encode(kept).decode()


def decode_expected(text: str) -> Expected:
    """Return a right answer from its JSON. Raises `SuiteError` where it is none."""
    try:
        return msgspec.json.decode(text, type=Expected)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SuiteError(f"the right answer of a stored item cannot be read: {error}") from error

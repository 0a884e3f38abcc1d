"""The ids of traces and spans, made from those of the store: an export made twice has the same."""

import hashlib

from ulid import ULID

TRACE_BYTES, SPAN_BYTES = 16, 8


def trace_id(turn: str) -> int:
    """Return the id of a turn's trace, 128 bits and not 0: that of the ULID itself, or else a hash of it."""
    try:
        number = int(ULID.from_str(turn))
    except ValueError:
        number = 0
    return number or _hash(turn, TRACE_BYTES)


def span_id(turn: str, *parts: str) -> int:
    """Return the id of a span within a turn's trace, 64 bits and not 0."""
    return _hash("\n".join((turn, *parts)), SPAN_BYTES)


def _hash(text: str, size: int) -> int:
    data = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).digest()
    return int.from_bytes(data) or 1

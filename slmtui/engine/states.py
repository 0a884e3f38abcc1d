"""Saved KV caches as files: the state of one sequence, with what it takes to trust it again.

A file is refused unless its fingerprint is the asked one and its content is as it was written:
llama.cpp itself does not check what it is given.
"""

import contextlib
import os
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import msgspec
import numpy as np

_MAGIC = b"slmtui-kv-1\n"
_HEADER_LIMIT = 64 * 2**20


class StateError(Exception):
    """A state cannot be saved or restored; the text says why, on one line."""


class _Header(msgspec.Struct, frozen=True):
    """What stands before the tokens and the state in a file. `texts` are the tokens of written texts."""

    fingerprint: str
    tokens: int
    state: int
    digest: str
    texts: dict[str, list[int]]


@dataclass(frozen=True, slots=True)
class SavedState:
    """A sequence's tokens, llama.cpp's state of them, and the tokens that texts were written with."""

    tokens: list[int]
    state: bytes
    texts: dict[str, list[int]]


def write_state(path: Path, fingerprint: str, saved: SavedState) -> int:
    """Write a file that only its owner may read, all at once, and return its bytes. Raises `StateError`."""
    tokens = np.asarray(saved.tokens, np.int32).tobytes()
    digest = _digest(saved.texts, tokens, saved.state)
    header = msgspec.json.encode(
        _Header(fingerprint, len(saved.tokens), len(saved.state), digest, saved.texts)
    )
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            for piece in (_MAGIC, len(header).to_bytes(8, "little"), header, tokens, saved.state):
                file.write(piece)
            size = file.tell()
        part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        raise StateError(f"{path.name} cannot be written: {error.strerror or error}") from error
    return size


def read_state(path: Path, fingerprint: str) -> SavedState:
    """Read a file. Raises `StateError` for another model or context, and for what is not as written."""
    try:
        with path.open("rb") as file:
            if file.read(len(_MAGIC)) != _MAGIC:
                raise StateError(f"{path.name} is not a saved state")
            length = int.from_bytes(file.read(8), "little")
            if length > _HEADER_LIMIT:
                raise StateError(f"{path.name} is damaged")
            header = msgspec.json.decode(file.read(length), type=_Header)
            if header.fingerprint != fingerprint:
                raise StateError(f"{path.name} belongs to another model or context")
            tokens, state = file.read(header.tokens * 4), file.read(header.state)
    except OSError as error:
        raise StateError(f"{path.name} cannot be read: {error.strerror or error}") from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise StateError(f"{path.name} is damaged") from error
    if _digest(header.texts, tokens, state) != header.digest:
        raise StateError(f"{path.name} is damaged")
    return SavedState(np.frombuffer(tokens, np.int32).tolist(), state, header.texts)


def _digest(texts: dict[str, list[int]], *parts: bytes) -> str:
    digest = blake2b(msgspec.json.encode(texts), digest_size=32)
    for part in parts:
        digest.update(part)
    return digest.hexdigest()

"""The header of a GGUF file, read within bounds: a hostile or truncated file costs little and says why.

Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md. Tensor data is never read.
"""

import struct
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeAlias

from slmtui.models.errors import ModelFileError

MAGIC = b"GGUF"
VERSIONS = (2, 3)
MAX_KEYS = 65_536
MAX_TENSORS = 262_144
MAX_KEY_BYTES = 65_535
MAX_STRING_BYTES = 16 * 1024 * 1024
MAX_ARRAY = 16_777_216
MAX_KEPT_ARRAY = 4096
"""Longer arrays are kept only when asked for by name: a vocabulary has some 150 000 entries."""
MAX_DIMS = 4
DEFAULT_ALIGNMENT = 32

_STRING, _ARRAY = 8, 9
_FORMATS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_SCALARS = {kind: struct.Struct(f"<{code}") for kind, code in _FORMATS.items()}
_U32, _U64 = struct.Struct("<I"), struct.Struct("<Q")
_SKIP_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Omitted:
    """An array that was passed over, with its length."""

    count: int


Value: TypeAlias = int | float | bool | str | list[Any] | Omitted


@dataclass(frozen=True, slots=True)
class TensorInfo:
    """One tensor: its name, shape, ggml type, and where its data begin after the header, in bytes."""

    name: str
    shape: tuple[int, ...]
    type: int
    offset: int


@dataclass(frozen=True, slots=True)
class GgufHeader:
    """What stands before the tensor data. `data_start` and `size` are bytes from the file's beginning."""

    version: int
    metadata: dict[str, Value]
    tensors: tuple[TensorInfo, ...]
    data_start: int
    size: int


class _TruncatedError(Exception):
    """The file ends before something that it announces."""


class _MalformedError(Exception):
    """The header says something that cannot be; the text says what."""


def read_header(path: Path, keep: Collection[str] = ()) -> GgufHeader:
    """Return the header of a GGUF file, with the long arrays named in `keep` and without the others.

    Raises `ModelFileError` when the file is missing, a folder, empty, unreadable, truncated, of
    another format or version, or announces what cannot be.
    """
    size = check_file(path)
    try:
        with path.open("rb") as file:
            return _Reader(file, size, frozenset(keep)).header()
    except OSError as error:
        raise ModelFileError(path, f"cannot be read: {error.strerror or error}") from error
    except _TruncatedError as error:
        raise ModelFileError(path, "is truncated: its header ends too early; fetch the file again") from error
    except _MalformedError as error:
        raise ModelFileError(path, str(error)) from error


def check_file(path: Path) -> int:
    """Return the size of a model file in bytes. Raises `ModelFileError` when there is nothing to read."""
    if "\0" in str(path):
        raise ModelFileError(path, "does not exist")
    try:
        if path.is_dir():
            raise ModelFileError(path, "is a folder; name the GGUF file in it")
        if path.exists() and not path.is_file():
            raise ModelFileError(path, "is not a file")
        size = path.stat().st_size
    except FileNotFoundError as error:
        raise ModelFileError(path, "does not exist") from error
    except OSError as error:
        raise ModelFileError(path, f"cannot be read: {error.strerror or error}") from error
    if size == 0:
        raise ModelFileError(path, "is empty; fetch the file again")
    return size


class _Reader:
    """Reads a header from its beginning to its end, and never past what the file holds."""

    def __init__(self, file: IO[bytes], size: int, keep: frozenset[str]) -> None:
        self._file = file
        self._left = size
        self._size = size
        self._keep = keep

    def header(self) -> GgufHeader:
        version = self._version()
        tensor_count = self._count(MAX_TENSORS, "tensors")
        key_count = self._count(MAX_KEYS, "metadata keys")
        metadata: dict[str, Value] = {}
        for _ in range(key_count):
            key = self._string(MAX_KEY_BYTES)
            if key in metadata:
                raise _MalformedError(f"is damaged: the metadata key {key!a} stands there twice")
            metadata[key] = self._value(self._u32(), key)
        tensors = tuple(self._tensor() for _ in range(tensor_count))
        return GgufHeader(version, metadata, tensors, self._data_start(metadata), self._size)

    def _version(self) -> int:
        magic = self._take(4) if self._left >= 4 else b""
        if magic != MAGIC:
            raise _MalformedError("is not a GGUF file; slmtui runs models in the GGUF format")
        version = self._u32()
        if version in VERSIONS:
            return version
        if version >> 24 in VERSIONS and version & 0xFFFFFF == 0:
            raise _MalformedError("is a big-endian GGUF file; fetch the little-endian one")
        known = " or ".join(map(str, VERSIONS))
        raise _MalformedError(f"has GGUF version {version}; slmtui reads version {known}")

    def _data_start(self, metadata: dict[str, Value]) -> int:
        alignment = metadata.get("general.alignment", DEFAULT_ALIGNMENT)
        if not isinstance(alignment, int) or not 0 < alignment <= 1 << 20 or alignment & (alignment - 1):
            raise _MalformedError("is damaged: its alignment is not a power of two")
        end = self._size - self._left
        return -(-end // alignment) * alignment

    def _tensor(self) -> TensorInfo:
        name = self._string(MAX_KEY_BYTES)
        dims = self._u32()
        if dims > MAX_DIMS:
            raise _MalformedError(f"is damaged: a tensor has {dims} dimensions")
        shape = tuple(self._u64() for _ in range(dims))
        return TensorInfo(name, shape, self._u32(), self._u64())

    def _value(self, kind: int, key: str) -> Value:
        if kind == _STRING:
            return self._string(MAX_STRING_BYTES)
        if kind == _ARRAY:
            return self._array(key)
        scalar = self._scalar(kind)
        value: int | float | bool = scalar.unpack(self._take(scalar.size))[0]
        return value

    def _array(self, key: str) -> Value:
        kind = self._u32()
        count = self._count(MAX_ARRAY, "entries of an array")
        kept = key in self._keep or count <= MAX_KEPT_ARRAY
        if kind == _STRING:
            return self._strings(count, kept)
        scalar = self._scalar(kind)
        if not kept:
            self._skip(count * scalar.size)
            return Omitted(count)
        return [value for (value,) in scalar.iter_unpack(self._take(count * scalar.size))]

    def _strings(self, count: int, kept: bool) -> Value:
        if kept:
            return [self._string(MAX_STRING_BYTES) for _ in range(count)]
        self._skip_strings(count)
        return Omitted(count)

    def _skip_strings(self, count: int) -> None:
        """Pass over texts, without a call for each: a vocabulary has some 150 000, its merges more."""
        read, unpack, left = self._file.read, _U64.unpack, self._left
        for _ in range(count):
            prefix = read(8)
            if len(prefix) != 8:
                raise _TruncatedError
            length = unpack(prefix)[0]
            left -= 8 + length
            if left < 0 or length > MAX_STRING_BYTES or len(read(length)) != length:
                raise _TruncatedError
        self._left = left

    def _scalar(self, kind: int) -> struct.Struct:
        try:
            return _SCALARS[kind]
        except KeyError:
            raise _MalformedError(f"is damaged: it has a value of the unknown type {kind}") from None

    def _string(self, limit: int) -> str:
        return self._take(self._length(limit)).decode("utf-8", "replace")

    def _length(self, limit: int) -> int:
        length = self._u64()
        if length > self._left:
            raise _TruncatedError
        if length > limit:
            raise _MalformedError(f"is damaged: it has a text of {length} bytes where {limit} is the most")
        return length

    def _count(self, limit: int, what: str) -> int:
        count = self._u64()
        if count > limit:
            raise _MalformedError(f"is damaged: it announces {count} {what}")
        return count

    def _u32(self) -> int:
        value: int = _U32.unpack(self._take(4))[0]
        return value

    def _u64(self) -> int:
        value: int = _U64.unpack(self._take(8))[0]
        return value

    def _take(self, count: int) -> bytes:
        if count > self._left:
            raise _TruncatedError
        data = self._file.read(count)
        if len(data) != count:
            raise _TruncatedError
        self._left -= count
        return data

    def _skip(self, count: int) -> None:
        """Pass over bytes by reading them: a seek would throw away what is buffered."""
        while count:
            count -= len(self._take(min(count, _SKIP_BYTES)))


TensorBytes: TypeAlias = Callable[[TensorInfo], int | None]


def missing_bytes(header: GgufHeader, size_of: TensorBytes) -> int:
    """Return how many bytes of tensor data the file lacks at its end; tensors of unknown type count none."""
    ends = (header.data_start + tensor.offset + (size_of(tensor) or 0) for tensor in header.tensors)
    return max(0, max(ends, default=0) - header.size)

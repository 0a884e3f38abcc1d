"""What a GGUF file says about its model, checked: can it be chatted with at all?"""

from dataclasses import dataclass
from math import prod
from pathlib import Path

from slmtui.models.errors import ModelFileError
from slmtui.models.gguf_header import GgufHeader, Omitted, Value, missing_bytes, read_header
from slmtui.models.quantisation import quantisation, tensor_bytes

KV_ELEMENT_BYTES = 2
"""The KV cache holds 16-bit floats."""


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What a model file says of itself. `size` is bytes; None where the file does not say.

    `kv_heads` has one entry a layer. `kv_bytes_per_token` is what one token of context takes in the
    KV cache when every layer keeps it: an upper bound for models with sliding windows.
    """

    path: Path
    name: str
    architecture: str
    parameters: int
    quantisation: str
    size: int
    context_length: int | None
    embedding_length: int | None
    layers: int | None
    heads: int | None
    kv_heads: tuple[int, ...]
    key_length: int | None
    value_length: int | None
    vocabulary: int
    kv_bytes_per_token: int | None
    chat_template: str | None
    tokenizer: str
    pre_tokenizer: str | None
    licence: str | None


def describe(path: Path) -> ModelFacts:
    """Return what a model file says of itself.

    Raises `ModelFileError` when it is no GGUF file, is cut short, or holds nothing to chat with.
    """
    return facts_of(path, read_header(path))


def facts_of(path: Path, header: GgufHeader) -> ModelFacts:
    """Return the facts in a header that was read from `path`. Raises `ModelFileError`."""
    fields = _Fields(header.metadata)
    _check_kind(path, header, fields)
    kv_heads, key, value = _attention(fields)
    return ModelFacts(
        path=path,
        name=_name(path, fields),
        architecture=fields.architecture,
        parameters=sum(prod(tensor.shape) for tensor in header.tensors),
        quantisation=quantisation(header.metadata.get("general.file_type"), header.tensors),
        size=header.size,
        context_length=fields.of_architecture("context_length"),
        embedding_length=fields.of_architecture("embedding_length"),
        layers=fields.of_architecture("block_count"),
        heads=fields.of_architecture("attention.head_count"),
        kv_heads=kv_heads,
        key_length=key,
        value_length=value,
        vocabulary=fields.length("tokenizer.ggml.tokens"),
        kv_bytes_per_token=sum(kv_heads) * (key + value) * KV_ELEMENT_BYTES if key and value else None,
        chat_template=fields.text("tokenizer.chat_template"),
        tokenizer=fields.text("tokenizer.ggml.model") or "",
        pre_tokenizer=fields.text("tokenizer.ggml.pre"),
        licence=fields.text("general.license"),
    )


def parameter_count(number: int) -> str:
    """Return a number of parameters as people write it: 135M, 1.5B."""
    return f"{number / 1e9:.1f}B" if number >= 1e9 else f"{number / 1e6:.0f}M"


class _Fields:
    """Metadata by key, with the type that is expected of it or nothing."""

    def __init__(self, metadata: dict[str, Value]) -> None:
        self._metadata = metadata
        self.architecture = self.text("general.architecture") or ""

    def text(self, key: str) -> str | None:
        """Return a text that is not empty."""
        value = self._metadata.get(key)
        return value if isinstance(value, str) and value else None

    def flag(self, key: str) -> bool | None:
        """Return a boolean of the model's architecture."""
        value = self._metadata.get(f"{self.architecture}.{key}")
        return value if isinstance(value, bool) else None

    def length(self, key: str) -> int:
        """Return the length of an array, zero when there is none."""
        value = self._metadata.get(key)
        if isinstance(value, Omitted):
            return value.count
        return len(value) if isinstance(value, list) else 0

    def numbers(self, key: str) -> tuple[int, ...]:
        """Return a number of the model's architecture, or one for each layer where it is an array."""
        value = self._metadata.get(f"{self.architecture}.{key}")
        values = value if isinstance(value, list) else [value]
        sizes = tuple(v for v in values if isinstance(v, int) and not isinstance(v, bool) and v >= 0)
        return sizes if len(sizes) == len(values) else ()

    def of_architecture(self, key: str) -> int | None:
        """Return a number of the model's architecture; the largest where each layer has its own."""
        return max(self.numbers(key), default=None)


def _name(path: Path, fields: _Fields) -> str:
    """Return the file's name; a file without the usual ending, as in Ollama's blobs, has its own inside."""
    return path.stem if path.suffix.lower() == ".gguf" else fields.text("general.name") or path.name


def _attention(fields: _Fields) -> tuple[tuple[int, ...], int | None, int | None]:
    """Return the KV heads of each layer, and the lengths of a head's key and value in elements."""
    layers = fields.of_architecture("block_count") or 0
    heads = fields.of_architecture("attention.head_count")
    width = fields.of_architecture("embedding_length")
    counts = fields.numbers("attention.head_count_kv") or fields.numbers("attention.head_count")
    kv_heads = counts * layers if len(counts) == 1 and layers <= 4096 else counts
    default = width // heads if heads and width else None
    key = fields.of_architecture("attention.key_length") or default
    value = fields.of_architecture("attention.value_length") or default
    return kv_heads, key, value


def _check_kind(path: Path, header: GgufHeader, fields: _Fields) -> None:
    """Refuse files that are GGUF, and yet not a whole model to chat with."""
    if not fields.architecture:
        raise ModelFileError(path, "does not name an architecture, so it is not a model")
    if fields.architecture == "clip" or fields.text("general.type") == "mmproj":
        raise ModelFileError(path, "is the vision part of a model (mmproj); name the model itself")
    if fields.text("general.type") in {"adapter", "imatrix"}:
        raise ModelFileError(path, f"is an {fields.text('general.type')}, not a model; name the model itself")
    if not fields.text("tokenizer.ggml.model") or not fields.length("tokenizer.ggml.tokens"):
        raise ModelFileError(path, "has no tokenizer, so it cannot be chatted with; name another file")
    if not header.tensors:
        raise ModelFileError(path, "holds a vocabulary only, no model; name another file")
    if fields.flag("attention.causal") is False:
        raise ModelFileError(path, "is an embedding model, which cannot chat; name another file")
    missing = missing_bytes(header, tensor_bytes)
    if missing:
        raise ModelFileError(path, f"is truncated: {missing} bytes are missing at its end; fetch it again")

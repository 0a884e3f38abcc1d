"""The engine's memory explained from the model's shape, to be held against what was measured."""

from dataclasses import dataclass

from slmtui.engine.protocol import KvType
from slmtui.models.describe import ModelFacts

ELEMENT_BYTES: dict[KvType, float] = {"f16": 2.0, "q8_0": 34 / 32, "q4_0": 18 / 32}
"""Bytes of an element of the KV cache: quantised ones come in blocks of 32 with a 16-bit scale."""


@dataclass(frozen=True, slots=True)
class MemoryParts:
    """What the engine holds, in bytes: `weights` are pages of the file, `kv_cache` is for the whole context.

    `rest` is what is left of the resident memory: compute buffers, llama.cpp, the interpreter. None where
    nothing was measured, and negative where not all of the weights were read in.
    """

    weights: int
    kv_cache: int
    rest: int | None = None


def memory_parts(
    facts: ModelFacts, context: int, kv_type: KvType, rss_bytes: int | None = None
) -> MemoryParts:
    """Return the parts of the memory of a model with a context of `context` tokens.

    KV cache = context × sum over the layers of KV heads × (key length + value length) × bytes of an
    element: 2 for f16, 34/32 for q8_0, 18/32 for q4_0. It is there from the load on, however much of the
    context is in use; an upper bound for models with sliding windows, and 0 where the shape is not known.
    rest = `rss_bytes` - weights - KV cache.
    """
    elements = sum(facts.kv_heads) * ((facts.key_length or 0) + (facts.value_length or 0))
    kv_cache = round(context * elements * ELEMENT_BYTES[kv_type])
    rest = None if rss_bytes is None else rss_bytes - facts.size - kv_cache
    return MemoryParts(facts.size, kv_cache, rest)


def kv_formula(facts: ModelFacts, context: int, kv_type: KvType) -> str:
    """Return the KV cache's size as a product of its numbers; empty where the shape is not known."""
    if not facts.kv_heads or not facts.key_length or not facts.value_length:
        return ""
    layers, heads = len(facts.kv_heads), set(facts.kv_heads)
    many = f"{layers} layers × {heads.pop()} heads" if len(heads) == 1 else f"{sum(facts.kv_heads)} heads"
    lengths = f"({facts.key_length} + {facts.value_length})"
    return f"{context} tokens × {many} × {lengths} elements × {ELEMENT_BYTES[kv_type]:g} bytes"

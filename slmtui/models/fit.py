"""Whether a model fits in memory, before anything is loaded: an estimate, said as one."""

from dataclasses import dataclass

from slmtui.models.describe import ModelFacts

ENGINE_BYTES = 200 * 2**20
"""The engine's own process with Python and llama.cpp's library, without a model."""


@dataclass(frozen=True, slots=True)
class Fit:
    """What a model will take with a context of `context` tokens, and what is there; all in bytes."""

    context: int
    weights: int
    kv_cache: int
    compute: int
    available: int

    @property
    def needed(self) -> int:
        """The sum of what is needed."""
        return self.weights + self.kv_cache + self.compute

    @property
    def fits(self) -> bool:
        """Whether it is likely to fit."""
        return self.needed <= self.available


def estimate_fit(facts: ModelFacts, context: int, available: int, batch: int = 128) -> Fit:
    """Estimate the memory for a model at a context length in tokens, of `available` bytes.

    Weights count as the whole file, and the KV cache at 16 bits for every layer. The compute buffer
    is one batch of logits and of the widest activations at 32 bits, beside the engine's own process.
    """
    row = facts.vocabulary + 16 * (facts.embedding_length or 0)
    return Fit(
        context=context,
        weights=facts.size,
        kv_cache=context * (facts.kv_bytes_per_token or 0),
        compute=ENGINE_BYTES + batch * row * 4,
        available=available,
    )

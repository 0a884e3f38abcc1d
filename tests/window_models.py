"""A tiny random model half of whose layers look back a few tokens only: a Gemma 2 with a sliding window.

llama.cpp may write over the cells that lie behind such a window, and a saved state does not hold them.
"""

from dataclasses import dataclass
from pathlib import Path

import gguf
import numpy as np

from tests.models import CHATML, Weights, add_size, add_vocabulary, finish, normal, vocabulary


@dataclass(frozen=True)
class WindowShape:
    """The shape of a tiny Gemma 2, of whose layers every other one has the window, from the first on."""

    layers: int = 4
    width: int = 64
    heads: int = 4
    kv_heads: int = 2
    hidden: int = 96
    context: int = 2048

    @property
    def head(self) -> int:
        """The width of a head."""
        return self.width // self.heads


def write_windowed(
    path: Path,
    *,
    window: int = 64,
    template: str | None = CHATML,
    seed: int = 0,
    shape: WindowShape = WindowShape(),
) -> Path:
    """Write a tiny random Gemma 2 with a window of so many tokens, and return its path."""
    writer = gguf.GGUFWriter(path, "gemma2")
    writer.add_name("Tiny random Gemma 2")
    add_size(writer, context=shape.context, width=shape.width, layers=shape.layers)
    writer.add_feed_forward_length(shape.hidden)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.kv_heads)
    writer.add_key_length(shape.head)
    writer.add_value_length(shape.head)
    writer.add_sliding_window(window)
    add_vocabulary(writer, vocabulary(), template)
    random = np.random.default_rng(seed)
    # The output's weights are the embedding's.
    tensors = [
        ("token_embd.weight", normal(random, len(vocabulary()), shape.width)),
        ("output_norm.weight", np.ones(shape.width, np.float32)),
    ]
    for n in range(shape.layers):
        tensors += _layer(f"blk.{n}", shape, random)
    return finish(writer, path, tensors)


def _layer(block: str, shape: WindowShape, random: np.random.Generator) -> list[tuple[str, Weights]]:
    width, hidden, kv = shape.width, shape.hidden, shape.kv_heads * shape.head
    ones = np.ones(width, np.float32)
    return [
        (f"{block}.attn_norm.weight", ones),
        (f"{block}.attn_q.weight", normal(random, width, width)),
        (f"{block}.attn_k.weight", normal(random, kv, width)),
        (f"{block}.attn_v.weight", normal(random, kv, width)),
        (f"{block}.attn_output.weight", normal(random, width, width)),
        (f"{block}.post_attention_norm.weight", ones),
        (f"{block}.ffn_norm.weight", ones),
        (f"{block}.ffn_gate.weight", normal(random, hidden, width)),
        (f"{block}.ffn_up.weight", normal(random, hidden, width)),
        (f"{block}.ffn_down.weight", normal(random, width, hidden)),
        (f"{block}.post_ffw_norm.weight", ones),
    ]

"""LoRA adapters with random weights, that fit the tiny llama of `tests.models`."""

from collections.abc import Sequence
from pathlib import Path

import gguf
import numpy as np

from tests.models import Shape, Weights, finish, normal

TARGETS = ("attn_q", "attn_v")
_TINY = Shape()


def write_lora(
    path: Path,
    *,
    rank: int = 4,
    alpha: float = 8.0,
    seed: int = 0,
    shape: Shape = _TINY,
    targets: Sequence[str] = TARGETS,
    architecture: str = "llama",
) -> Path:
    """Write an adapter of every layer's `targets` for a llama of this shape, and return its path.

    A target is one of attn_q, attn_k, attn_v, attn_output, ffn_gate, ffn_up and ffn_down.
    """
    writer = gguf.GGUFWriter(path, architecture)
    writer.add_name("Tiny random adapter")
    writer.add_type(gguf.GGUFType.ADAPTER)
    writer.add_string(gguf.Keys.Adapter.TYPE, "lora")
    writer.add_float32(gguf.Keys.Adapter.LORA_ALPHA, alpha)
    random = np.random.default_rng(seed)
    tensors: list[tuple[str, Weights]] = []
    for n in range(shape.layers):
        for target in targets:
            rows, columns = _dimensions(shape)[target]
            name = f"blk.{n}.{target}.weight"
            tensors += [
                (f"{name}.lora_a", normal(random, rank, columns)),
                (f"{name}.lora_b", normal(random, rows, rank)),
            ]
    return finish(writer, path, tensors)


def _dimensions(shape: Shape) -> dict[str, tuple[int, int]]:
    """Return the (rows = out, columns = in) of each weight that an adapter can change."""
    width, hidden = shape.width, shape.hidden
    kv = width * shape.kv_heads // shape.heads
    return {
        "attn_q": (width, width),
        "attn_k": (kv, width),
        "attn_v": (kv, width),
        "attn_output": (width, width),
        "ffn_gate": (hidden, width),
        "ffn_up": (hidden, width),
        "ffn_down": (width, hidden),
    }

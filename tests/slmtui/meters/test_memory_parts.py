from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slmtui.engine.protocol import KvType, Shape
from slmtui.engine.sizing import kv_cache_bytes
from slmtui.meters.memory_parts import MemoryParts, kv_formula, memory_parts
from slmtui.models.describe import ModelFacts, describe

SMOLLM = ModelFacts(
    path=Path("m.gguf"), name="m", architecture="llama", parameters=134_515_008, quantisation="Q4_1",
    size=98_000_000, context_length=8192, embedding_length=576, layers=30, heads=9, kv_heads=(3,) * 30,
    key_length=64, value_length=64, vocabulary=49_152, kv_bytes_per_token=23_040, chat_template="x",
    tokenizer="gpt2", pre_tokenizer="smollm", licence=None,
)  # fmt: skip


def test_the_parts_of_the_embedded_model() -> None:
    assert memory_parts(SMOLLM, 2048, "f16") == MemoryParts(98_000_000, 47_185_920, None)
    assert memory_parts(SMOLLM, 2048, "f16", 200_000_000).rest == 200_000_000 - 98_000_000 - 47_185_920
    formula = kv_formula(SMOLLM, 2048, "f16")
    assert formula == "2048 tokens × 30 layers × 3 heads × (64 + 64) elements × 2 bytes"
    assert 2048 * 30 * 3 * (64 + 64) * 2 == 47_185_920


@pytest.mark.parametrize("kind", ["f16", "q8_0", "q4_0"])
@given(tokens=st.integers(0, 100_000))
def test_the_engine_reckons_the_same(kind: KvType, tokens: int) -> None:
    shape = Shape(kv_bytes=SMOLLM.kv_bytes_per_token or 0)
    assert memory_parts(SMOLLM, tokens, kind).kv_cache == kv_cache_bytes(tokens, shape, kind)


def test_layers_that_differ_and_shapes_that_are_not_told() -> None:
    mixed = replace(SMOLLM, kv_heads=(0, 8, 0, 8))
    assert kv_formula(mixed, 10, "q8_0") == "10 tokens × 16 heads × (64 + 64) elements × 1.0625 bytes"
    assert memory_parts(mixed, 10, "f16").kv_cache == 10 * 16 * 128 * 2
    untold = replace(SMOLLM, kv_heads=(), key_length=None, value_length=None)
    assert kv_formula(untold, 10, "f16") == ""
    assert memory_parts(untold, 10, "f16", 1).kv_cache == 0


def test_it_is_what_the_file_says(tiny_model: Path) -> None:
    facts = describe(tiny_model)
    assert memory_parts(facts, 1, "f16").kv_cache == facts.kv_bytes_per_token

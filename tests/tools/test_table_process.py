import sys
from pathlib import Path
from typing import Any

import pytest

from tests.tools.table_files import write_csv
from tools import table_process
from tools.table_process import TableProcessError, ask


def request(path: Path, *queries: str, steps: int = 60_000) -> dict[str, Any]:
    return {
        "sources": [{"path": str(path), "name": "t"}],
        "queries": [(sql, ()) for sql in queries],
        "rows": 5,
        "steps": steps,
    }


def running(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    monkeypatch.setattr(table_process, "_START", script)


def test_a_reply_has_tables_and_rows(tmp_path: Path) -> None:
    reply = ask(request(write_csv(tmp_path, "a,b\n1,x\n2,\n"), "SELECT a FROM t", "SELECT b FROM nowhere"))
    assert reply["queries"] == [
        {"columns": ["a"], "rows": [[1], [2]], "more": False},
        {"error": "no such table: nowhere"},
    ]
    (table,) = reply["tables"]
    assert table["columns"] == [
        {"name": "a", "numeric": True, "distinct": True, "samples": ["1", "2"]},
        {"name": "b", "numeric": False, "distinct": True, "samples": ["x"]},
    ]


def test_a_process_that_never_ends_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    running(monkeypatch, "import time; time.sleep(600)")
    with pytest.raises(TableProcessError, match=r"took longer than 0.2 s"):
        ask(request(tmp_path), timeout=0.2)


@pytest.mark.parametrize("script", ["import os; os.abort()", "raise SystemExit(1)", "print('no json')"])
def test_a_process_that_dies_or_babbles_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    running(monkeypatch, script)
    with pytest.raises(TableProcessError, match="took more time or memory than is allowed"):
        ask(request(tmp_path))


def test_a_process_that_cannot_be_started_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "none"))
    with pytest.raises(TableProcessError, match="could not be started"):
        ask(request(tmp_path))


def test_the_process_has_no_environment_and_its_own_imports_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "x")
    running(
        monkeypatch,
        "import sys, os, json; sys.path.insert(0, sys.argv[1]); import tools.table_worker;"
        "print(json.dumps([sorted(os.environ), sorted({'asyncio', 'subprocess', 'socket', 'pint', 'site'}"
        " & set(sys.modules))]))",
    )
    environment, modules = ask(request(tmp_path))
    assert "SECRET_TOKEN" not in environment
    assert "PATH" not in environment
    assert modules == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")
def test_the_process_can_have_neither_much_memory_nor_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = (
        "import sys; sys.path.insert(0, sys.argv[1]);"
        " from tools.table_guard import limit_process; limit_process();"
    )
    if sys.platform == "linux":
        running(monkeypatch, start + "x = b'x' * 4_000_000_000; print(1)")
        with pytest.raises(TableProcessError):
            ask(request(tmp_path))
    running(monkeypatch, start + f"open({str(tmp_path / 'big')!r}, 'wb').write(b'x' * 9_000_000); print(1)")
    with pytest.raises(TableProcessError):
        ask(request(tmp_path))
    assert (tmp_path / "big").stat().st_size <= 1_000_000


def test_steps_bound_all_queries_together(tmp_path: Path) -> None:
    path = write_csv(tmp_path, "a\n" + "1\n" * 50)
    reply = ask(
        request(
            path, "SELECT 1", "SELECT count(*) FROM t a, t b, t c, t d, t e, t f", "SELECT a FROM t", steps=5
        )
    )
    assert reply["queries"][0]["rows"] == [[1]]
    assert reply["queries"][1] == {"error": "interrupted"}

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sessions.run_records import ArmRecord, AttemptRecord, ItemRecord
from sessions.store import Store
from slmtui.cli.trace import trace
from slmtui.host import this_owner
from tests.sessions.otel.collector import collecting
from tests.sessions.scripted import turn_id, whole_turn
from tests.slmtui.cli.conftest import Ran
from tests.slmtui.cli.kept import keep_sessions
from tests.slmtui.cli.own_app import program

Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    return program(capsys, trace=trace, other=lambda: None)


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "s.db"


def opened(db: Path) -> Store:
    return Store.open(db, owner=this_owner(), alive=lambda _: True, now=lambda: datetime.now(UTC))


def lines_of(text: str) -> list[list[dict[str, Any]]]:
    return [json.loads(line)["resourceSpans"][0]["scopeSpans"][0]["spans"] for line in text.splitlines()]


def test_a_session_is_a_file_with_a_line_a_turn(run: Run, db: Path, tmp_path: Path) -> None:
    first, _ = keep_sessions(db)
    ran = run("trace", first, "--to", tmp_path / "t.json", "--db", db)
    assert (ran.code, ran.out) == (0, "")
    turns = lines_of((tmp_path / "t.json").read_text())
    spans = sum(map(len, turns))
    assert ran.err == f"Wrote {tmp_path / 't.json'}.\nWrote {spans} spans of 3 turns.\n"
    assert [turn[0]["name"] for turn in turns] == [
        "invoke_workflow base", "invoke_workflow single", "invoke_workflow multi",
    ]  # fmt: skip
    assert [span["name"] for span in turns[1]] == [
        "invoke_workflow single", "invoke_agent agent", "invoke_agent assistant", "chat tiny",
        "execute_tool calculator",
    ]  # fmt: skip


def test_a_turn_goes_to_standard_output_with_what_was_said_if_asked_for(run: Run, db: Path) -> None:
    keep_sessions(db)
    ran = run("trace", turn_id(2), "--to", "-", "--db", db)
    assert ran.err == "Wrote 5 spans of 1 turn.\n"
    assert "hello" not in ran.out
    assert "1+1" not in ran.out
    told = run("trace", turn_id(2), "--to", "-", "--content", "--db", db)
    assert "hello" in told.out
    assert "1+1" in told.out


def test_an_export_made_twice_is_the_same(run: Run, db: Path) -> None:
    first, _ = keep_sessions(db)
    one, other = (run("trace", first, "--to", "-", "--db", db).out for _ in range(2))
    assert one == other


def test_a_run_is_all_turns_of_its_arms(run: Run, db: Path) -> None:
    keep_sessions(db)
    with opened(db) as store:
        items = [ItemRecord("ours/1", "ours", "hello", "{}")]
        suite = store.suites.create(
            "r", "bench", {}, [ArmRecord("a", "base"), ArmRecord("b", "multi")], [], items
        )
        for number, arm in enumerate(suite.arms, 20):
            store.append(
                arm.session, turn_id(number), whole_turn(turn_id(number), arm.session, paradigm=arm.paradigm)
            )
            store.suites.begin(AttemptRecord(suite.id, arm.arm, "ours/1", 1, arm.session, turn_id(number)))
    ran = run("trace", "--run", "last", "--to", "-", "--db", db)
    assert [turn[0]["name"] for turn in lines_of(ran.out)] == [
        "invoke_workflow base",
        "invoke_workflow multi",
    ]


def test_an_endpoint_gets_a_request_a_turn(run: Run, db: Path) -> None:
    first, _ = keep_sessions(db)
    with collecting() as collector:
        ran = run("trace", first, "--to", collector.address, "--db", db)
    assert (ran.code, len(collector.taken)) == (0, 3)
    assert ran.err == f"Wrote {len(collector.spans)} spans of 3 turns.\n"


def test_a_turn_that_still_runs_is_left_out(run: Run, db: Path) -> None:
    with opened(db) as store:
        session = store.create_session()
        store.append(session, turn_id(1), whole_turn(turn_id(1), session))
        store.append(session, turn_id(2), whole_turn(turn_id(2), session)[:3])
        ran = run("trace", session, "--to", "-", "--db", db)
        assert ran.err.endswith(" spans of 1 turn; 1 still running left out.\n")
        ran = run("trace", turn_id(2), "--to", "-", "--db", db)
    assert (ran.code, ran.out) == (1, "")


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (("nobody", "--to", "-"), 2, "there is no turn or session 'nobody'"),
        (("--to", "-"), 2, "name a turn or a session, or a run with --run"),
        (("last", "--run", "last", "--to", "-"), 2, "name a turn or a session, or a run with --run"),
        (("last", "--to", ""), 2, "is a folder"),
        (("--run", "last", "--to", "-"), 2, "There is no run"),
        (("last", "--to", "no/such/folder/x"), 2, "cannot be written"),
        (("last",), 2, "--to"),
    ],
)
def test_what_a_user_can_get_wrong(run: Run, db: Path, args: tuple[str, ...], code: int, words: str) -> None:
    keep_sessions(db)
    ran = run("trace", *args, "--db", db)
    assert (ran.code, ran.out) == (code, "")
    assert words in ran.err.splitlines()[-1]


def test_an_endpoint_that_refuses_and_a_missing_extra_are_a_line_each(
    run: Run, db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_sessions(db)
    with collecting(status=404) as collector:
        ran = run("trace", "last", "--to", collector.address, "--db", db)
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert "did not take the spans" in ran.err
    monkeypatch.delitem(sys.modules, "sessions.otel.sdk")
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    ran = run("trace", "last", "--to", "-", "--db", db)
    assert (ran.code, ran.err) == (
        2, "slmtui: OpenTelemetry is not installed: `pip install 'slmtui[otel]'` adds it.\n",
    )  # fmt: skip

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from agents.events import ContextTrimmed, Event, MeterRead, RungTaken, TurnStarted
from sessions.ledger import ledger_of
from sessions.run_records import ArmRecord, AttemptRecord, DataSetRecord, ItemRecord
from sessions.store import Store
from slmtui.cli.ledger import ledger
from tests.sessions.ledger_turns import call, reading, told, tool
from tests.sessions.scripted import turn_id, whole_turn
from tests.slmtui.cli.conftest import Ran

app = typer.Typer()
app.command()(ledger)


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "s.db"


def opened(path: Path) -> Store:
    return Store.open(path, owner="test", alive=lambda _: True, now=lambda: datetime.now(UTC))


def run(*args: object) -> Ran:
    ended = CliRunner().invoke(app, [str(arg) for arg in args])
    return Ran(ended.exit_code, ended.stdout, ended.stderr)


def agents_turn(number: int) -> list[Event]:
    """A turn in which a router chose, a call was asked again, a tool ran, and the agent answered."""
    events = told(
        call("r", 0, 100, agent="router", purpose="route", prefill=80, prompt=(0, 40, 0), tokens=[90]),
        call("c1", 100, 300, purpose="call", prefill=100, prompt=(30, 10, 5), tokens=[210, 300]),
        RungTaken(0.3, "assistant", "c1", "reask", "no such tool"),
        call("c2", 300, 400, purpose="repair", prefill=10, prompt=(45, 1, 0), tokens=[320, 400]),
        tool("t", 400, 450),
        call("a", 450, 1000, prefill=50, prompt=(46, 12, 0), tokens=[510, 600, 700, 1000]),
        reading(1000, 30.0),
        end=1200,
    )
    started = events[0]
    assert isinstance(started, TurnStarted)
    return [replace(started, turn=turn_id(number), paradigm="multi"), *events[1:]]


def rows(out: str, title: str) -> list[list[str]]:
    """Return the cells of the table under a title, its head first."""
    lines = out.split(title, 1)[1].split("\n\n", maxsplit=1)[0].splitlines()[1:]
    return [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in lines]


@pytest.fixture
def turn(db: Path) -> str:
    with opened(db) as store:
        store.append(store.create_session(), turn_id(1), agents_turn(1))
    return turn_id(1)


def test_a_turn_shows_where_its_tokens_went(db: Path, turn: str) -> None:
    ran = run(turn, "--db", db)
    assert (ran.code, ran.err) == (0, "")
    assert f"turn {turn} (multi)" in ran.out
    assert rows(ran.out, "Prompt tokens") == [
        ["AGENT", "ORIGIN", "REUSED", "NEW", "AVOIDABLE", "PROMPT"],
        ["router", "unknown", "0", "40", "0", "40"],
        ["assistant", "unknown", "121", "23", "5", "149"],
        ["total", "121", "63", "5", "189"],
    ]
    assert rows(ran.out, "Output tokens") == [
        ["AGENT", "PURPOSE", "TOKENS"],
        ["router", "route", "1"],
        ["assistant", "call", "2"],
        ["assistant", "repair", "2"],
        ["assistant", "answer", "4"],
        ["total", "9"],
    ]


def test_a_turn_shows_where_its_time_and_energy_went(db: Path, turn: str) -> None:
    out = run(turn, "--db", db).out
    assert "energy     measured, package\n" in out
    assert rows(out, "Time and energy")[0] == ["AGENT", "STATE", "TIME", "ENERGY"]
    assert ["assistant", "tool", "50 ms", "1.50 J"] in rows(out, "Time and energy")
    assert rows(out, "Time and energy")[-2:] == [
        ["–", "idle", "0.20 s", "0.00 J"],
        ["total", "1.20 s", "30.0 J"],
    ]
    assert [row[0] for row in rows(out, "Overhead")] == [
        "AGENT", "router", "assistant", "–", "all overhead", "the answer's own", "total",
    ]  # fmt: skip
    assert rows(out, "Overhead")[-2:] == [
        ["the answer's own", "16 (21%)", "0.55 s (46%)", "16.5 J (55%)"],
        ["total", "77", "1.20 s", "30.0 J"],
    ]


def test_a_turn_shows_its_path_its_cache_and_its_failures(db: Path, turn: str) -> None:
    out = run(turn, "--db", db).out
    assert [row[:2] for row in rows(out, "Critical path")[1:-1]] == [
        ["router", "call route"],
        ["assistant", "call call"],
        ["assistant", "call repair"],
        ["assistant", "tool calculator"],
        ["assistant", "call answer"],
        ["–", "wait"],
    ]
    assert rows(out, "Critical path")[-1] == ["total", "6", "1.20 s"]
    assert rows(out, "KV cache")[1:] == [
        ["assistant", "121", "~0.24 s", "5", "~10 ms"],
        ["total", "121", "~0.24 s", "5", "~10 ms"],
    ]
    assert rows(out, "Failures")[1:] == [
        ["reask", "assistant", "1", "1", "15", "2", "0.20 s", "6.00 J"],
        ["total, each once", "1", "1", "15", "2", "0.20 s", "6.00 J"],
    ]


def test_failures_of_tools_and_trimmed_prompts_have_columns_where_there_are_any(db: Path) -> None:
    events = told(
        call("c", 0, 100, purpose="call", tokens=[90]),
        tool("t", 100, 200, status="error"),
        ContextTrimmed(0.2, "a", 1, 90, 60, 64, "oldest first"),
        call("a", 200, 300, tokens=[290]),
        end=300,
    )
    with opened(db) as store:
        store.append(store.create_session(), turn_id(3), [replace(events[0], turn=turn_id(3)), *events[1:]])
    assert rows(run("last", "--db", db).out, "Failures") == [
        ["FAILURE", "AGENT", "TIMES", "CALLS", "TOOLS", "READ", "WRITTEN", "TIME", "TRIMMED"],
        ["tool error", "assistant", "1", "1", "1", "0", "1", "0.20 s", "0"],
        ["trimmed", "assistant", "1", "0", "0", "0", "0", "0 ms", "30"],
        ["total, each once", "2", "1", "1", "0", "1", "0.20 s", "30"],
    ]


def test_the_energy_of_two_meters_has_two_columns_and_never_one_sum(db: Path, turn: str) -> None:
    with opened(db) as store:
        session = store.session("last").id
        other = [
            replace(event, scope="another") if isinstance(event, MeterRead) else event
            for event in agents_turn(2)
        ]
        store.append(session, turn_id(2), other)
    out = run(session, "--db", db).out
    assert "energy 1   measured, package\nenergy 2   measured, another\n" in out
    assert rows(out, "Time and energy")[0] == ["AGENT", "STATE", "TIME", "ENERGY 1", "ENERGY 2"]
    assert rows(out, "Time and energy")[-1] == ["total", "2.40 s", "30.0 J", "30.0 J"]
    assert [row[-1] for row in rows(out, "Failures")[1:]] == ["6.00 J"] * 4


def test_where_a_terminal_is_too_narrow_for_a_table_its_rows_are_lists(
    db: Path, turn: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "58")
    monkeypatch.setattr("slmtui.cli.fitted.sys.stdout.isatty", lambda: True, raising=False)
    ledger(turn, calls=True, db=db)
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 58
    assert lines[lines.index("reask") :][:3] == ["reask", "  agent    assistant", "  times    1"]


def test_by_call_every_row_names_its_call(db: Path, turn: str) -> None:
    out = run(turn, "--calls", "--db", db).out
    assert rows(out, "Output tokens")[:2] == [
        ["AGENT", "CALL", "PURPOSE", "TOKENS"],
        ["router", "r", "route", "1"],
    ]
    assert ["assistant", "t", "tool calculator", "1", "50 ms"] in rows(out, "Critical path")


def test_calls_are_named_by_the_ends_of_their_ids(db: Path) -> None:
    ident = "01M86X5K6DTGPEP8W3G8QHT9NQ"
    events = told(call(ident, 0, 100, tokens=[90], prefill=50, prompt=(3, 2, 0)), end=100)
    with opened(db) as store:
        store.append(store.create_session(), turn_id(4), [replace(events[0], turn=turn_id(4)), *events[1:]])
    out = run("last", "--calls", "--db", db).out
    for title in ("Prompt tokens", "Output tokens", "Time", "Critical path", "KV cache"):
        assert any("G8QHT9NQ" in row for row in rows(out, title)), title
    assert ident not in out
    assert json.loads(run("last", "--json", "--db", db).out)["output"][0]["call"] == ident


def test_without_meter_failures_or_tokens_there_is_no_row_of_them(db: Path) -> None:
    with opened(db) as store:
        session = store.create_session()
        store.append(session, turn_id(2), whole_turn(turn_id(2), session)[:1])
    out = run("last", "--db", db).out
    assert out.splitlines()[:2] == [f"ledger of  turn {turn_id(2)} (base)", "turns      1"]
    for title in ("Prompt", "Output", "ENERGY", "KV cache", "Failures"):
        assert title not in out


def test_a_session_is_the_sum_of_its_turns(db: Path, turn: str) -> None:
    with opened(db) as store:
        session = store.session("last").id
        store.append(session, turn_id(2), agents_turn(2))
    out = run(session, "--db", db).out
    assert f"session {session}" in out
    assert rows(out, "Output tokens")[-1] == ["total", "18"]
    assert ["assistant", "tool calculator", "2", "0.10 s"] in rows(out, "Critical path")
    assert rows(out, "Time and energy")[-1] == ["total", "2.40 s", "60.0 J"]


def test_json_has_every_cell(db: Path, turn: str) -> None:
    found: dict[str, Any] = json.loads(run(turn, "--json", "--db", db).out)
    expected = ledger_of(agents_turn(1))
    assert found["of"] == f"turn {turn} (multi)"
    assert (found["wall_ns"], found["prompt_tokens"], found["output_tokens"]) == (1_200_000_000, 189, 9)
    for name in ("input", "output", "time", "energy", "path", "cache", "failures"):
        assert len(found[name]) == len(getattr(expected, name))
    assert sum(cell["nanoseconds"] for cell in found["time"]) == 1_200_000_000
    assert sum(cell["nanojoules"] for cell in found["energy"]) == 30_000_000_000
    assert {"agent": "assistant", "call": "a", "purpose": "answer", "tokens": 4} in found["output"]
    assert found["overheads"][0]["share"] == 61 / 77


@pytest.fixture
def suite_run(db: Path) -> str:
    """A run of two arms, one of which has an attempt that is not scored."""
    arms = [ArmRecord("base", "base"), ArmRecord("multi", "multi")]
    items = [ItemRecord("toy/1", "toy", "hi", "{}"), ItemRecord("toy/2", "toy", "ho", "{}")]
    with opened(db) as store:
        kept = store.suites.create("", "", {}, arms, [DataSetRecord("toy", "", "", "", "", 2)], items)
        base, multi = (arm.session for arm in kept.arms)
        for number, (arm, session, item, state) in enumerate(
            [
                ("base", base, "toy/1", "right"),
                ("base", base, "toy/2", None),
                ("multi", multi, "toy/1", "wrong"),
            ]
        ):
            attempt = AttemptRecord(kept.id, arm, item, 1, session, turn_id(number))
            store.suites.begin(attempt)
            events = whole_turn(turn_id(number), session) if arm == "base" else agents_turn(number)
            store.append(session, turn_id(number), events)
            if state is not None:
                store.suites.finish(replace(attempt, state=state))  # type: ignore[arg-type]
    return kept.id


def test_a_run_has_a_ledger_for_each_arm(db: Path, suite_run: str) -> None:
    ran = run("--run", suite_run, "--db", db)
    base, multi = ran.out.split("\n\n\n")
    assert f"run {suite_run}, arm base" in base
    assert rows(base, "Output tokens")[-1] == ["total", "2"]
    assert f"run {suite_run}, arm multi" in multi
    assert rows(multi, "Output tokens")[-1] == ["total", "9"]
    found = json.loads(run("--run", "last", "--json", "--db", db).out)
    assert [(each["turns"], each["output_tokens"]) for each in found] == [(1, 2), (1, 9)]


def test_what_cannot_be_shown_says_so(db: Path, turn: str) -> None:
    with opened(db) as store:
        empty = store.create_session()
    for args, code, text in (
        ((), 2, "name a turn or a session"),
        (("last", "--run", "last"), 2, "name a turn or a session"),
        (("nobody",), 2, "there is no turn or session 'nobody'"),
        (("--run", "last"), 2, "There is no run yet"),
        ((empty,), 1, "has no turns"),
    ):
        ran = run(*args, "--db", db)
        assert (ran.code, ran.out) == (code, "")
        assert text in ran.err

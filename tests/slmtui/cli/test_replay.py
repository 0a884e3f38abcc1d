import io
import json
import math
from contextlib import redirect_stdout
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.events import Event, Mark
from sessions.event_json import decode
from sessions.store import Store
from slmtui.cli.replay import _speed, replay
from slmtui.cli.transcript import Transcript
from slmtui.host import this_owner
from tests.sessions.scripted import turn_id, whole_turn
from tests.slmtui.cli.conftest import Slmtui
from tests.slmtui.cli.kept import keep_sessions
from tests.strategies import HOSTILE_TEXTS, turns


def test_a_session_runs_down_the_terminal_as_it_went(slmtui: Slmtui, tmp_path: Path) -> None:
    first, _ = keep_sessions(tmp_path / "s.db")
    ran = slmtui("replay", first, "--db", tmp_path / "s.db")
    turns = ran.out.split("> hello\n")
    assert (ran.code, ran.err) == (0, "")
    assert len(turns) == 4
    assert "calculator(expression='1+1')" in turns[2]
    assert "calculator answers: 2" in turns[2]
    assert "\nHiHi\n" in turns[2]
    assert "multi · 1 call" in turns[3]


def test_one_turn_only(slmtui: Slmtui, tmp_path: Path) -> None:
    first, _ = keep_sessions(tmp_path / "s.db")
    out = slmtui("replay", first, "--turn", 3, "--db", tmp_path / "s.db").out
    assert out.count("> hello") == 1
    assert "HiHiHi" in out


def test_json_is_every_event_one_a_line(slmtui: Slmtui, tmp_path: Path) -> None:
    first, _ = keep_sessions(tmp_path / "s.db")
    ran = slmtui("replay", first, "--turn", 1, "--json", "--db", tmp_path / "s.db")
    events = [json.loads(line) for line in ran.out.splitlines()]
    assert [event["event"] for event in events] == [
        type(event).__name__ for event in whole_turn(turn_id(1), first, answer=["Hi"])
    ]
    assert {event["turn"] for event in events} == {turn_id(1)}


@given(st.lists(turns(texts=HOSTILE_TEXTS), min_size=1, max_size=2, unique_by=lambda events: events[0].turn))
@settings(max_examples=25)
def test_json_has_every_event_to_the_letter(told: list[list[Event]]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "s.db"
        with opened(path) as store:
            session = store.create_session()
            for events in told:
                store.append(session, events[0].turn, events)
        out = io.StringIO()
        with redirect_stdout(out):
            replay(session, db=path, as_json=True)
    assert [read_back(line) for line in out.getvalue().splitlines()] == [e for turn in told for e in turn]


def read_back(line: str) -> Event:
    fields = json.loads(line)
    name = fields.pop("event")
    if name != "TurnStarted":
        fields.pop("turn")
    return decode(name, json.dumps(fields))


def test_odd_figures_and_odd_text_are_replayed_as_they_were(slmtui: Slmtui, tmp_path: Path) -> None:
    with opened(tmp_path / "s.db") as store:
        session = store.create_session()
        events = whole_turn(turn_id(1), session, prompt="half \ud800", answer=["\udfff\x00"], joules=math.inf)
        store.append(session, turn_id(1), events)
    ran = slmtui("replay", session, "--json", "--db", tmp_path / "s.db")
    assert (ran.code, ran.err) == (0, "")
    assert [read_back(line) for line in ran.out.splitlines()] == events


def opened(path: Path) -> Store:
    return Store.open(path, owner=this_owner(), alive=lambda _: True, now=lambda: datetime.now(UTC))


def test_an_answer_that_failed_says_why() -> None:
    written: list[str] = []
    transcript = Transcript(written.append)
    for event in whole_turn("t", "s", answer=["a\n", "b"], status="failed"):
        transcript.show(event)
    assert "".join(written).startswith("> hello\n\na\nb\n  failed: why not\n")


def test_marks_are_not_shown_and_a_cold_turn_says_so() -> None:
    written: list[str] = []
    transcript = Transcript(written.append)
    first, begun, delta, *rest = whole_turn("t", "s", answer=["Hi"])
    marked = replace(delta, marks=(Mark(0, "<|im_start|>"), Mark(2, "<|im_end|>")))
    for event in (replace(first, cold=True), begun, marked, *rest):
        transcript.show(event)
    assert "".join(written).startswith("> hello\n\nHi\n\n  base · cold · 1 call · ")


def test_speeds() -> None:
    assert (_speed("2"), _speed("0.5"), _speed("max")) == (2, 0.5, math.inf)
    for wrong in ("0", "-1", "nan", "inf", "fast", ""):
        with pytest.raises(typer.BadParameter):
            _speed(wrong)

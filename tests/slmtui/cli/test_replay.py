import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
import typer

from agents.events import Mark
from slmtui.cli.replay import _speed
from slmtui.cli.transcript import Transcript
from tests.sessions.scripted import turn_id, whole_turn
from tests.slmtui.cli.conftest import Slmtui
from tests.slmtui.cli.kept import keep_sessions


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

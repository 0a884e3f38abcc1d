from dataclasses import replace

from agents.budget import Limits
from agents.message import Sampling
from sessions.records import TurnRecord
from slmtui.backend import TurnRequest
from slmtui.tui.state.budget_guard import Guard
from slmtui.tui.state.cost_line import narrow_line
from slmtui.tui.state.cost_now import turn_in_a_line
from slmtui.tui.state.cost_table import MedianCache, against_base, cost_table, start_note
from slmtui.tui.state.live_turn import LiveTurn
from tests.slmtui.tui.scripted import base_turn
from tests.slmtui.tui.state.test_cost import RECORD

BASE = replace(
    RECORD, turn="b", paradigm="base", wall_s=6.3, prompt_tokens=100, output_tokens=100, joules=20.5
)


def live() -> LiveTurn:
    turn = LiveTurn()
    for event in base_turn(TurnRequest("s", "base", "?", (), Sampling()), "t")[:-1]:
        turn.add(event)
    return turn


def test_a_narrow_screen_has_what_matters_most_in_80_columns() -> None:
    line = narrow_line(RECORD)
    assert line == "agent · ↑1 204 ↓386 · 31.8 tok/s · 12.6 s · 41.0 J · ctx 19% · 2.1 GB"
    warned = narrow_line(RECORD, "▲ tool calls 88%")
    assert warned.startswith("▲ tool calls 88% · ↑1 204 ↓386")
    assert len(warned) <= 78


def test_a_running_turn_tells_its_time_and_the_budget_s_warning() -> None:
    assert turn_in_a_line(None, 1.0, Guard(Limits())) == ""
    line = turn_in_a_line(live(), 5.0, Guard(Limits(max_tokens=20)))
    assert line.startswith("▲ tokens 95% · ↑120 ↓19")
    assert "5.00 s" in line


def test_a_turn_against_the_median_of_base() -> None:
    assert against_base(RECORD, [BASE, RECORD]) == "×2.0 time ×8.0 tok ×2.0 J"
    assert against_base(BASE, [BASE]) == "this is base"
    assert against_base(RECORD, [replace(BASE, status="failed")]) == "no base turn yet"
    modelled = replace(BASE, energy_source="modelled")
    assert against_base(RECORD, [modelled]) == "×2.0 time ×8.0 tok"
    both = against_base(replace(RECORD, energy_source="modelled"), [modelled])
    assert both.endswith("×~2.0 J")


def test_how_a_turn_began_and_the_load_beside_it() -> None:
    assert start_note(replace(RECORD, warm=True), None) == "warm"
    assert start_note(replace(RECORD, cold=True), 12.6) == "cold (asked) · load 12.6 s"
    assert start_note(RECORD, 1.84) == "cold · load 1.84 s"
    assert start_note(None, None) == "–"


def test_a_running_turn_adds_no_row_and_a_finished_one_does() -> None:
    running = replace(RECORD, status=None, repairs=1)
    assert len(cost_table(running, [])) == len(cost_table(None, []))
    assert len(cost_table(replace(running, status="ok"), [])) == len(cost_table(None, [])) + 1


def test_medians_are_worked_out_when_a_turn_has_ended_and_not_at_every_look() -> None:
    reads: list[str] = []

    class Watched(TurnRecord):
        def __getattribute__(self, name: str) -> object:
            reads.append(name)
            return super().__getattribute__(name)

    watched = Watched(
        turn="w", session="s", paradigm="base", prompt="", started_at="", status="ok", wall_s=1.0
    )
    cache = MedianCache()
    first = cost_table(RECORD, [watched], cache=cache)
    once = reads.count("wall_s")
    reads.clear()
    assert cost_table(RECORD, [watched], cache=cache) == first
    assert once > 0
    assert reads.count("wall_s") == 0
    assert cost_table(RECORD, [watched, replace(BASE, turn="x")], cache=cache) != first

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from agents import events as ev
from sessions.ledger import ledger_of
from sessions.tally import TurnTally
from slmtui.tui.plain import plain
from slmtui.tui.state.timeline import Timeline, TimelineFeed, timeline_of
from slmtui.tui.state.timeline_grid import GLYPHS
from slmtui.tui.state.timeline_rows import IDLE, ROOT, mark_under, rows_of
from tests.slmtui.tui.detail_turns import (
    HOSTILE,
    call,
    crowd_turn,
    renamed,
    samples_turn,
    started,
    team_turn,
    tool,
)
from tests.strategies import HOSTILE_TEXTS, turns

TURN = "T"
MS = 1_000_000
ANY_TURN = st.booleans().flatmap(lambda finished: turns(finished=finished, busy=True, texts=HOSTILE_TEXTS))
WIDTHS = st.integers(1, 220)


def drawn(timeline: Timeline, width: int, **how: object) -> list[str]:
    return [row.text for row in rows_of(timeline, width, **how)]  # type: ignore[arg-type]


def test_a_team_is_a_lane_an_agent_with_tools_and_arrows() -> None:
    lines = drawn(timeline_of(team_turn("S", TURN)), 80)
    assert lines[0].startswith(ROOT)
    assert lines[0].endswith("↑258 ↓14 4.45 s 100 %")
    supervisor, math = lines[1:3]
    assert supervisor.startswith("supervisor")
    assert "╭▶" in supervisor
    assert math.startswith("math")
    assert "╰▶" in math
    assert "✗" in math  # the tool that failed
    assert "⚙" in math
    assert lines[-1].lstrip().startswith("╵0 s")


def test_bars_tell_what_a_call_did_by_glyphs() -> None:
    events = [started("S", TURN, "base"), *call(0.0, "c", "a", "x y z", queue=1.0, prefill=2.0, rate=1.0)]
    bars = "".join(text for text, _ in rows_of(timeline_of(events), 120)[1].runs)
    order = [GLYPHS["wait"], GLYPHS["prefill"], GLYPHS["decode"]]
    assert list(dict.fromkeys(bars.strip())) == order
    assert 1.9 < bars.count("▒") / bars.count("░") < 2.1


def test_what_runs_at_once_has_rows_of_its_own() -> None:
    timeline = timeline_of(samples_turn("S", TURN))
    assert [len(row) for lane in timeline.lanes for row in lane.rows] == [1, 1, 1]
    assert len(drawn(timeline, 80, most=2, whole=False)) == 1  # there is room for one row a lane alone


def test_the_last_lanes_share_a_row_when_there_are_too_many() -> None:
    timeline = timeline_of(crowd_turn("S", TURN))
    lines = drawn(timeline, 100, most=6, whole=False)
    assert len(lines) == 6
    assert lines[-1].startswith("7 others")
    assert "↑182" in lines[-1]  # 26 tokens each
    assert len(drawn(timeline, 100)) == 12 + 3  # the turn, what nobody did, the axis


def test_figures_sum_to_the_turn_as_they_are_shown() -> None:
    for seconds in (0.1, 7.0, 300.0):
        rows = rows_of(timeline_of(crowd_turn("S", TURN, 7, seconds)), 120)
        percents = [int(row.figures.split()[-2]) for row in rows if row.figures.strip()]
        assert percents[0] == sum(percents[1:]) == 100
        times = [round(1000 * float(row.figures.split()[-4])) for row in rows if row.figures.strip()]
        assert times[0] == sum(times[1:])


def test_a_running_call_goes_on_until_now() -> None:
    events = [started("S", TURN, "base"), ev.CallStarted(1.0, "c", "a", "answer", (), False, 9)]
    bar = timeline_of(events, now=4.0).lanes[0].rows[0][0]
    assert (bar.end, bar.ended, bar.failed) == (4000 * MS, False, False)
    assert {stretch.kind for stretch in bar.stretches} == {"prefill"}
    done = timeline_of([*events, ev.TurnFinished(2.0, "failed", "")], now=4.0)
    assert done.wall == 2000 * MS
    assert done.lanes[0].rows[0][0].failed


def test_a_feed_may_share_the_tally_of_another() -> None:
    events, tally = team_turn("S", TURN), TurnTally()
    feed = TimelineFeed(tally)
    for event in events:
        tally.add(event)
        feed.add(event)
    assert feed.timeline() == timeline_of(events)


def test_the_mark_stands_under_its_call() -> None:
    timeline = timeline_of([started("S", TURN, "base"), *call(0.0, "c", "a", "x"), *tool(5.0, "t", "a", 5.0)])
    row = rows_of(timeline, 60)[1].text
    mark = mark_under(timeline, 60, "t")
    assert mark.index("▲") == row.index("⚙")
    assert mark.count("▲") == row.count("╌") + 1
    assert mark_under(timeline, 60, "nothing") == ""


def test_hostile_names_are_made_plain() -> None:
    lines = drawn(timeline_of(renamed(team_turn("S", TURN), "math", HOSTILE)), 80)
    assert any(line.startswith("[31mmath[/b]") for line in lines)
    assert not any(character in "".join(lines) for character in "\x1b\u202e\n")


def test_no_events_are_a_timeline_too() -> None:
    assert drawn(timeline_of([]), 40)[0].startswith(ROOT)


@given(ANY_TURN)
def test_sums_are_the_ledgers(events: list[ev.Event]) -> None:
    timeline, ledger = timeline_of(events), ledger_of(events)
    assert timeline.wall == ledger.wall_ns
    assert timeline.idle + sum(lane.nanoseconds for lane in timeline.lanes) == ledger.wall_ns
    assert timeline.prompt_tokens == ledger.prompt_tokens
    assert timeline.output_tokens == ledger.output_tokens
    for lane in timeline.lanes:
        spent = [cell.nanoseconds for cell in ledger.time if cell.agent == lane.agent and cell.call]
        assert lane.nanoseconds == sum(spent)


@given(ANY_TURN, WIDTHS, st.none() | st.integers(1, 8), st.booleans())
def test_rows_have_the_width(events: list[ev.Event], width: int, most: int | None, whole: bool) -> None:
    timeline = timeline_of(events)
    rows = rows_of(timeline, width, most=most, whole=whole)
    assert {cell_len(row.text) for row in rows} <= {width}
    assert all(plain(row.text) == row.text for row in rows)
    if most is not None and not whole:
        assert len(rows) <= most


@given(ANY_TURN, WIDTHS)
def test_every_bar_is_in_its_lane(events: list[ev.Event], width: int) -> None:
    timeline = timeline_of(events)
    rows = rows_of(timeline, width)[1:]
    for lane in timeline.lanes:
        for bars, row in zip(lane.rows or ((),), rows, strict=False):
            drawn_cells = sum(len(text) for text, kind in row.runs if kind not in {"", "arrow"})
            assert bool(bars) == bool(drawn_cells)
            assert all(0 <= bar.start <= bar.end <= timeline.wall for bar in bars)
            assert all(one.end <= other.start for one, other in pairwise(bars))
            for bar in bars:
                ends = [each.end for each in bar.stretches]
                assert [bar.start, *ends[:-1]] == [each.start for each in bar.stretches] or not ends
        rows = rows[max(1, len(lane.rows)) :]
    assert len(rows) == (IDLE in rows[0].text or bool(timeline.idle)) + 1


@given(ANY_TURN, st.floats(0, 1e6))
def test_a_timeline_so_far_can_always_be_drawn(events: list[ev.Event], now: float) -> None:
    for length in range(0, len(events), 3):
        timeline = timeline_of(events[:length], now)
        assert {cell_len(line) for line in drawn(timeline, 80)} == {80}

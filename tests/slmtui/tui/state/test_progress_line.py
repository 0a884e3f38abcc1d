from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from agents import events as ev
from slmtui.tui.state.live_turn import LiveTurn
from slmtui.tui.state.progress_line import Figure, ProgressLine
from tests.slmtui.tui.scripted import Script
from tests.slmtui.tui.state.test_turn_view import REQUEST


def reading(*done: int) -> LiveTurn:
    """A turn that has read so much of 2 210 tokens, half a second apart."""
    turn = LiveTurn()
    for event in Script(REQUEST, "t").call("agent", [("answer", "…")], prompt=2210, read=done).events:
        if isinstance(event, ev.TextDelta):
            break
        turn.add(event)
    return turn


def line(turn: LiveTurn, now: float, width: int) -> str:
    progress = turn.progress(now)
    assert progress is not None
    return progress.fit(width).plain


def test_a_long_prefill_is_a_bar_with_its_figures() -> None:
    assert line(reading(128, 640), 1.23, 75) == (
        "● agent: prefill ███░░░░░░░░░  29% ·   640 / 2 210 · 1 024 tok/s · 1.23 s"
    )


def test_the_speed_is_open_until_it_is_known() -> None:
    assert " ·   128 / 2 210 · – · 0.50 s" in line(reading(128), 0.5, 90)


def test_the_bar_stands_still_while_the_figures_grow() -> None:
    lines = [line(reading(*done), now, 75) for done, now in
             (((128,), 0.4), ((128, 512), 9.99), ((128, 1536), 75.0), ((128, 512, 2210), 185.0))]  # fmt: skip
    assert len({each.index("%") for each in lines}) == 1


def test_there_is_a_bar_only_while_a_long_prompt_is_read() -> None:
    turn = reading(128, 640)
    turn.add(ev.TextDelta(1.4, "t-c1", "agent", "answer", "So", (1.4,)))
    assert turn.progress(1.5) is None
    stopped = reading(128)
    stopped.add(ev.TurnFinished(2.0, "cancelled", ""))
    assert stopped.progress(2.0) is None


ROOMS = st.lists(st.integers(0, 12), max_size=4)


@given(st.text(min_size=1, max_size=30), st.floats(0, 1), ROOMS, st.integers(1, 120))
def test_it_never_takes_more_than_its_width(words: str, share: float, rooms: list[int], width: int) -> None:
    figures = tuple(Figure("x" * room, 12) for room in rooms)
    assert cell_len(ProgressLine(words, share, figures).fit(width).plain) <= width

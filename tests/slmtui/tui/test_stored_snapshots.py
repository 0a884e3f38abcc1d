"""What the screens of what is stored look like at three sizes: sessions, replay, runs, reports, items."""

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from sessions.store import Store
from slmtui.tui.screens.replay import ReplayScreen
from slmtui.tui.screens.run_report import ReportScreen
from tests.sessions.comparisons import keep_run
from tests.slmtui.tui.driving import drawn, keep_turns, make_app, ready, send, until
from tests.slmtui.tui.scripted import ScriptedBackend
from tests.slmtui.tui.snapshots import SIZES, Compare, Steps, fixed_surroundings

__all__ = ["fixed_surroundings"]


def keys(*pressed: str, seen: str) -> Steps:
    """Press keys, and wait for something to be seen."""

    async def run(pilot: Pilot[int]) -> None:
        await pilot.press(*pressed)
        await until(pilot, lambda: seen in drawn(pilot.app.screen))

    return run


def steps(*each: Steps) -> Steps:
    async def run(pilot: Pilot[int]) -> None:
        await ready(pilot)
        for step in each:
            await step(pilot)
        for line in pilot.app.screen.query(Input):
            line.cursor_blink = False
        await pilot.pause()

    return run


async def compared(pilot: Pilot[int]) -> None:
    screen = pilot.app.screen
    assert isinstance(screen, ReportScreen)
    await until(pilot, lambda: screen.findings is not None)
    await until(pilot, lambda: "arms ·" in drawn(screen))


@SIZES
def test_sessions(snap_compare: Compare, store: Store, size: tuple[int, int]) -> None:
    keep_turns(store, "base", prompt="weather")
    session = keep_turns(store, "base", "single", "multi", prompt="invoices of march")
    store.tag(session, "sums")
    app = make_app(store)

    async def previewed(pilot: Pilot[int]) -> None:
        if size[0] >= 120:
            await until(pilot, lambda: "It is **10063**." in drawn(pilot.app.screen))

    assert snap_compare(
        app, terminal_size=size, run_before=steps(keys("ctrl+r", seen="2 sessions"), previewed)
    )


@SIZES
def test_replay_of_the_sample(snap_compare: Compare, store: Store, size: tuple[int, int]) -> None:
    app = make_app(store, ScriptedBackend(problem="No model."))

    async def paused(pilot: Pilot[int]) -> None:
        screen = pilot.app.screen
        assert isinstance(screen, ReplayScreen)
        await until(pilot, lambda: screen.player is not None)
        await pilot.press("space", "full_stop", *["right"] * 12)
        await until(pilot, lambda: "turn 2 of 6 · event 13" in drawn(screen))

    assert snap_compare(app, terminal_size=size, run_before=steps(keys("f5", seen="REPLAY"), paused))


@SIZES
def test_runs(snap_compare: Compare, store: Store, size: tuple[int, int]) -> None:
    keep_run(store, 4, title="four conversions")
    keep_run(store, 6, arms=("base", "single"))
    assert snap_compare(make_app(store), terminal_size=size, run_before=steps(keys("f6", seen="2 runs")))


@SIZES
def test_no_runs(snap_compare: Compare, store: Store, size: tuple[int, int]) -> None:
    assert snap_compare(
        make_app(store), terminal_size=size, run_before=steps(keys("f6", seen="There is no run yet"))
    )


@SIZES
@pytest.mark.parametrize(
    ("key", "seen"),
    [
        ("1", "Verdicts"),
        ("2", "How attempts ended"),
        ("3", "Where an arm fell behind"),
        ("4", "What a right answer"),
        ("6", "Accuracy in %"),
        ("7", "12 of 12 items"),
    ],
    ids=["verdict", "arms", "pairs", "costs", "charts", "items"],
)
def test_report(snap_compare: Compare, store: Store, size: tuple[int, int], key: str, seen: str) -> None:
    keep_run(store, 12, title="twelve conversions")
    opened = steps(keys("f6", seen="1 run"), keys("enter", seen="Report"), compared, keys(key, seen=seen))
    assert snap_compare(make_app(store), terminal_size=size, run_before=opened)


@SIZES
def test_item(snap_compare: Compare, store: Store, size: tuple[int, int]) -> None:
    keep_run(store, 12, title="twelve conversions")
    opened = steps(
        keys("f6", seen="1 run"),
        keys("enter", seen="Report"),
        compared,
        keys("7", seen="12 of 12 items"),
        keys("enter", seen="expected: 3.2187"),
    )
    assert snap_compare(make_app(store), terminal_size=size, run_before=opened)


@SIZES
def test_report_of_this_session(snap_compare: Compare, store: Store, size: tuple[int, int]) -> None:
    async def asked(pilot: Pilot[int]) -> None:
        await send(pilot, "/report")
        await until(pilot, lambda: isinstance(pilot.app.screen, ReportScreen))

    app = make_app(store, session=keep_turns(store, "base", "single", "multi"))
    assert snap_compare(app, terminal_size=size, run_before=steps(asked, compared))

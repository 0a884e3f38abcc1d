"""What the compare screen looks like at three sizes, from scripted events and a clock that stands still."""

from textual.pilot import Pilot

from sessions.store import Store
from slmtui.models.fit import Fit
from slmtui.tui.screens.compare.screen import CompareScreen
from tests.slmtui.tui.comparing import answered, asked, compared, failing, opened
from tests.slmtui.tui.driving import app_of, drawn, make_app, until
from tests.slmtui.tui.scripted import CHOICES, ScriptedBackend
from tests.slmtui.tui.snapshots import SIZES, Compare, stop_blinking
from tests.slmtui.tui.snapshots import fixed_surroundings as fixed_surroundings  # noqa: PLC0414

Size = tuple[int, int]
ROOM = Fit(2048, 700_000_000, 50_000_000, 250_000_000, 4_000_000_000)


async def still(pilot: Pilot[int]) -> None:
    """Make the screen stand still."""
    screen = app_of(pilot).screen
    if isinstance(screen, CompareScreen):
        screen.status.forget()
        if screen.state.rounds and not screen.state.running:  # Markdown is laid out a moment later
            await until(pilot, lambda: "Try 347" in drawn(screen))
    await pilot.pause()
    stop_blinking(pilot)
    await pilot.pause()


@SIZES
def test_opened(snap_compare: Compare, store: Store, size: Size) -> None:
    app = make_app(store)

    async def steps(pilot: Pilot[int]) -> None:
        await opened(pilot, app)
        await still(pilot)

    assert snap_compare(app, terminal_size=size, run_before=steps)


@SIZES
def test_streaming(snap_compare: Compare, store: Store, size: Size) -> None:
    app = make_app(store, ScriptedBackend(hold=12))

    async def steps(pilot: Pilot[int]) -> None:
        screen = await opened(pilot, app)
        await pilot.press("enter")
        await until(pilot, lambda: all(a.live.events >= 12 for a in screen.state.answers.values()))
        await screen.draw()
        await still(pilot)

    assert snap_compare(app, terminal_size=size, run_before=steps)


@SIZES
def test_marked_after_two_rounds(snap_compare: Compare, store: Store, size: Size) -> None:
    app = make_app(store)

    async def steps(pilot: Pilot[int]) -> None:
        screen = await asked(pilot, app)
        await pilot.press("r")
        await answered(pilot, screen, 2)
        await pilot.press("2", "s", "right", "a")
        await compared(pilot, screen)
        await still(pilot)

    assert snap_compare(app, terminal_size=size, run_before=steps)


@SIZES
def test_blind(snap_compare: Compare, store: Store, size: Size) -> None:
    app = make_app(store)

    async def steps(pilot: Pilot[int]) -> None:
        screen = await asked(pilot, app)
        await pilot.press("b")
        await screen.draw()
        await still(pilot)

    assert snap_compare(app, terminal_size=size, run_before=steps)


@SIZES
def test_a_failed_arm(snap_compare: Compare, store: Store, size: Size) -> None:
    app = make_app(store, ScriptedBackend(failing("single")))

    async def steps(pilot: Pilot[int]) -> None:
        await asked(pilot, app)
        await still(pilot)

    assert snap_compare(app, terminal_size=size, run_before=steps)


@SIZES
def test_choosing_arms(snap_compare: Compare, store: Store, size: Size) -> None:
    app = make_app(store, models=lambda: CHOICES, fit_of=lambda _path: ROOM)

    async def steps(pilot: Pilot[int]) -> None:
        screen = await opened(pilot, app)
        screen.columns.focus()
        await pilot.press("m")
        await until(pilot, lambda: "Models" not in drawn(app.screen) or "Looking" not in drawn(app.screen))
        await until(pilot, lambda: all(worker.is_finished for worker in app.screen.workers))
        await pilot.press("end")
        await still(pilot)

    assert snap_compare(app, terminal_size=size, run_before=steps)

"""What a marked turn, its siblings and its menus look like at three sizes."""

from textual.pilot import Pilot

from sessions.store import Store
from slmtui.tui.glyphs import BEFORE
from tests.slmtui.tui.driving import app_of, drawn, keep_turns, make_app, until
from tests.slmtui.tui.scripted import CHOICES, ScriptedBackend
from tests.slmtui.tui.snapshots import SIZES, Compare, Steps, asked, fixed_surroundings, pressed, seen, steps

__all__ = ["fixed_surroundings"]


async def answered_twice(pilot: Pilot[int]) -> None:
    """Answer the marked prompt once more."""
    chat = app_of(pilot).chat
    before = len(chat.chat.records)
    await pilot.press("r")
    await until(pilot, lambda: len(chat.chat.records) > before and not chat.busy)
    await until(pilot, lambda: BEFORE in drawn(chat))


def on_a_turn(*more: Steps) -> Steps:
    return steps(asked("What is 347 * 29?"), asked("And 348 * 29?"), pressed("alt+up"), *more)


@SIZES
def test_marked_with_siblings(snap_compare: Compare, store: Store, size: tuple[int, int]) -> None:
    app = make_app(store, paradigm="single")
    assert snap_compare(app, terminal_size=size, run_before=on_a_turn(answered_twice))


@SIZES
def test_folded_live_and_frozen(snap_compare: Compare, store: Store, size: tuple[int, int]) -> None:
    app = make_app(store, session=keep_turns(store, "single", "multi"), paradigm="multi")
    fold = pressed("space", "alt+up", "alt+up", "space")
    assert snap_compare(app, terminal_size=size, run_before=on_a_turn(fold))


@SIZES
def test_menu(snap_compare: Compare, store: Store, size: tuple[int, int]) -> None:
    opened = (pressed("enter"), seen("Copy the answer"))
    assert snap_compare(make_app(store), terminal_size=size, run_before=on_a_turn(*opened))


@SIZES
def test_again_as(snap_compare: Compare, store: Store, size: tuple[int, int]) -> None:
    app = make_app(store, ScriptedBackend(), models=lambda: CHOICES)
    opened = (pressed("R"), seen("smollm2 · loaded"))
    assert snap_compare(app, terminal_size=size, run_before=on_a_turn(*opened))


@SIZES
def test_editing(snap_compare: Compare, store: Store, size: tuple[int, int]) -> None:
    app = make_app(store)

    async def edit(pilot: Pilot[int]) -> None:
        await pilot.press("e")
        await until(pilot, lambda: "Editing an earlier prompt" in drawn(app.screen))

    assert snap_compare(app, terminal_size=size, run_before=on_a_turn(edit))


@SIZES
def test_windowed(snap_compare: Compare, store: Store, size: tuple[int, int]) -> None:
    session = store.create_session()
    for number in range(70):
        keep_turns(store, "single", prompt=f"question {number}", session=session)
    app = make_app(store, session=session)

    async def far_up(pilot: Pilot[int]) -> None:
        await pilot.press("alt+up", "home")
        await until(pilot, lambda: "question 0" in drawn(app.screen))
        app.chat.pane.transcript.scroll_end(animate=False)
        await until(pilot, lambda: "later turns" in drawn(app.screen))

    assert snap_compare(app, terminal_size=size, run_before=steps(far_up))

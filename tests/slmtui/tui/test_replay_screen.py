import pytest
from textual.pilot import Pilot

from agents.events import Event
from sessions.errors import UnreadableEventError
from sessions.store import Store
from slmtui.tui.glyphs import PROMPT
from slmtui.tui.screens.ask_text import AskText
from slmtui.tui.screens.replay import ReplayScreen
from slmtui.tui.widgets.transport_bar import TransportBar
from tests.slmtui.tui.driving import (
    NARROW,
    WIDE,
    Clock,
    app_of,
    drawn,
    keep_turns,
    make_app,
    ready,
    send,
    until,
)
from tests.slmtui.tui.scripted import ScriptedBackend


async def replaying(pilot: Pilot[int]) -> ReplayScreen:
    await ready(pilot)
    await pilot.press("f5")
    await until(pilot, lambda: isinstance(pilot.app.screen, ReplayScreen) and pilot.app.screen.is_mounted)
    screen = pilot.app.screen
    assert isinstance(screen, ReplayScreen)
    await until(pilot, lambda: "REPLAY" in drawn(screen))
    return screen


def pass_time(pilot: Pilot[int], seconds: float) -> None:
    clock = app_of(pilot).options.clock
    assert isinstance(clock, Clock)
    clock.now += seconds


async def test_it_plays_with_the_time_and_needs_no_model(store: Store) -> None:
    session = keep_turns(store, "single", "base")
    app = make_app(store, ScriptedBackend(problem="No model."), session=session)
    async with app.run_test(size=WIDE) as pilot:
        screen = await replaying(pilot)
        await until(pilot, lambda: "▶ playing · ×1 · turn 1 of 2 · event 3 of" in drawn(screen))
        assert "347 × 29 is" not in drawn(screen)
        pass_time(pilot, 0.6)
        await until(pilot, lambda: "▸ calculator · 12 ms · ok" in drawn(screen))
        pass_time(pilot, 60)
        await until(pilot, lambda: "■ at the end" in drawn(screen))
        assert "it answers fast." in drawn(screen)
        assert "▸Base" in drawn(screen)
        assert app.chat.backend.facts is None


async def test_it_pauses_steps_and_goes_back(store: Store) -> None:
    session = keep_turns(store, "base")
    app = make_app(store, session=session)
    async with app.run_test(size=NARROW) as pilot:
        screen = await replaying(pilot)
        await pilot.press("space")
        await until(pilot, lambda: "‖ paused" in drawn(screen))
        pass_time(pilot, 60)
        assert screen.player.turn.events == 2  # what happened in the first moment
        await pilot.press("right", "right", "right")
        await until(pilot, lambda: "event 5 of" in drawn(screen))
        assert "A small" in drawn(screen)
        await pilot.press("left", "left")
        await until(pilot, lambda: "event 3 of" in drawn(screen))
        assert "A small" not in drawn(screen)


async def test_turns_are_reached_by_number_and_one_by_one(store: Store) -> None:
    session = store.create_session()
    for number in range(1, 9):
        keep_turns(store, "base", prompt=f"question {number}", session=session)
    app = make_app(store, session=session)
    async with app.run_test(size=NARROW) as pilot:
        screen = await replaying(pilot)
        await pilot.press("space", "g")
        await until(pilot, lambda: isinstance(app.screen, AskText))
        await pilot.press("7", "enter")
        await until(pilot, lambda: "turn 7 of 8" in drawn(screen))
        assert f"{PROMPT} question 7" in drawn(screen)
        assert len(screen.query("FrozenTurn")) == 5
        await pilot.press("full_stop")
        await until(pilot, lambda: "turn 8 of 8 · event 1" in drawn(screen))
        await pilot.press("comma", "comma")
        await until(pilot, lambda: "turn 6 of 8" in drawn(screen))
        await pilot.press("end")
        await until(pilot, lambda: "■ at the end" in drawn(screen))
        await pilot.press("home")
        await until(pilot, lambda: "turn 1 of 8 · event 1" in drawn(screen))


async def test_a_number_that_is_no_turn_is_not_taken(store: Store) -> None:
    app = make_app(store, session=keep_turns(store, "base"))
    async with app.run_test(size=NARROW) as pilot:
        await replaying(pilot)
        await pilot.press("g")
        await until(pilot, lambda: isinstance(app.screen, AskText))
        await pilot.press("9", "enter")
        assert isinstance(app.screen, AskText)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, ReplayScreen))


async def test_the_speed_changes_how_much_time_passes(store: Store) -> None:
    app = make_app(store, session=keep_turns(store, "multi"))
    async with app.run_test(size=NARROW) as pilot:
        screen = await replaying(pilot)
        await pilot.press("right_square_bracket")
        await until(pilot, lambda: "×2" in drawn(screen))
        pass_time(pilot, 0.5)
        await until(pilot, lambda: screen.player.timeline.position == 1.0)
        await pilot.press("left_square_bracket")
        await until(pilot, lambda: "×1" in drawn(screen))


async def test_esc_goes_back_and_the_chat_is_as_it_was(store: Store) -> None:
    app = make_app(store, session=keep_turns(store, "base"))
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        before = drawn(app.screen)
        await replaying(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.chat)
        assert drawn(app.screen) == before


async def test_what_is_not_there_is_told(store: Store) -> None:
    app = make_app(store)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await send(pilot, "/replay nowhere")
        await until(pilot, lambda: "There is no session" in drawn(app.screen))


async def test_a_click_on_the_bar_goes_there_and_one_above_it_pauses(store: Store) -> None:
    app = make_app(store, session=keep_turns(store, "base", "single"))
    async with app.run_test(size=NARROW) as pilot:
        screen = await replaying(pilot)
        await pilot.click(TransportBar, offset=(5, 1))
        await until(pilot, lambda: "‖ paused" in drawn(screen))
        await pilot.click(TransportBar, offset=(60, 2))
        await until(pilot, lambda: "turn 2 of 2" in drawn(screen))
        await pilot.click(TransportBar, offset=(9, 2))
        await until(pilot, lambda: "turn 1 of 2" in drawn(screen))


@pytest.mark.parametrize("how", ["f5", "/sample"])
async def test_the_sample_is_played_without_a_model_and_kept_nowhere(store: Store, how: str) -> None:
    app = make_app(store, ScriptedBackend(problem="No model."))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        assert "Press f5 (or /sample) to replay a sample session" in drawn(app.screen)
        await (pilot.press("f5") if how == "f5" else send(pilot, how))
        await until(pilot, lambda: "turn 1 of 6" in drawn(app.screen) and "Sample:" in drawn(app.screen))
        await pilot.press("n", "end")
        await until(pilot, lambda: "■ at the end" in drawn(app.screen) and "10063" in drawn(app.screen))
        assert app.chat.backend.facts is None
    assert store.sessions(include_empty=True, every_kind=True) == []


async def test_events_that_cannot_be_read_are_told_and_nothing_plays(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(store, session=keep_turns(store, "base"))
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)

        def unreadable(_turn: str) -> list[Event]:
            raise UnreadableEventError("Odd", "it is new")

        monkeypatch.setattr(store, "events", unreadable)
        await pilot.press("f5")
        await until(pilot, lambda: "Upgrade slmtui" in drawn(app.screen))
        await pilot.press("space", "g", "end", "right", "escape")
        await until(pilot, lambda: app.screen is app.chat)

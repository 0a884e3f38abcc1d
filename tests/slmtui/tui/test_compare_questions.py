"""Tools of a comparison's arms ask before they write: one question after another, over the comparison."""

from dataclasses import replace

from agents import events as ev
from sessions.store import Store
from slmtui.backend import TurnRequest
from slmtui.tui.screens.approval import ApprovalScreen
from slmtui.tui.screens.help import HelpScreen
from tests.slmtui.tui.comparing import answered, opened
from tests.slmtui.tui.driving import WIDE, Clock, drawn, make_app, until
from tests.slmtui.tui.scripted import Script, ScriptedBackend, turn_events


def asking(request: TurnRequest, turn: str) -> list[ev.Event]:
    """The arm «single» asks whether it may write; the others answer as usual."""
    if request.paradigm != "single":
        return turn_events(request, turn)
    script = Script(request, turn).agent("agent", request.prompt)
    script.add(ev.ApprovalAsked(0, f"{turn}-1", "agent", "add_note", {"text": "x"}))
    return script.call("agent", [("answer", "Done.")]).end()


def asking_twice(request: TurnRequest, turn: str) -> list[ev.Event]:
    """Two arms ask at the same time."""
    return asking(replace(request, paradigm="single") if request.paradigm == "multi" else request, turn)


async def test_a_tool_that_writes_asks_over_the_comparison(store: Store) -> None:
    app = make_app(store, ScriptedBackend(asking))
    async with app.run_test(size=WIDE) as pilot:
        screen = await opened(pilot, app)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ApprovalScreen))
        clock = app.options.clock
        assert isinstance(clock, Clock)
        clock.now += 10
        await pilot.press("escape")
        await answered(pilot, screen)
        assert "not allowed: add_note" in drawn(screen)


async def test_a_question_behind_another_screen_says_where_it_waits(store: Store) -> None:
    app = make_app(store, backend := ScriptedBackend(asking_twice, hold=2))
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        screen = await opened(pilot, app)
        await pilot.press("enter")
        await until(pilot, lambda: len(backend.requests) == 3)
        await pilot.press("f1")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        backend.go.set()
        await until(pilot, lambda: "add_note waits for" in drawn(app.screen))
        app.clear_notifications()
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, ApprovalScreen) and app.screen.is_mounted)
        clock = app.options.clock
        assert isinstance(clock, Clock)
        for _ in range(2):
            front = app.screen
            clock.now += 10
            await pilot.press("escape")
            await until(pilot, lambda: app.screen is not front)  # noqa: B023
        await answered(pilot, screen)


async def test_two_questions_at_once_send_nobody_back(store: Store) -> None:
    app = make_app(store, ScriptedBackend(asking_twice))
    told: list[str] = []
    async with app.run_test(size=WIDE, message_hook=lambda m: told.append(type(m).__name__)) as pilot:
        screen = await opened(pilot, app)
        await pilot.press("enter")
        await until(pilot, lambda: told.count("ApprovalWanted") >= 2)
        await until(pilot, lambda: isinstance(app.screen, ApprovalScreen))
        assert "Notify" not in told
        clock = app.options.clock
        assert isinstance(clock, Clock)
        for _ in range(2):
            front = app.screen
            await until(pilot, lambda: app.screen.is_mounted)
            clock.now += 10
            await pilot.press("escape")
            await until(pilot, lambda: app.screen is not front)  # noqa: B023
        await answered(pilot, screen)

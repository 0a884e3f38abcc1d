"""What a user who looks elsewhere is told, as the chat tells it."""

from dataclasses import replace

from textual.pilot import Pilot

from agents import events as ev
from sessions.store import Store
from slmtui.backend import TurnRequest
from slmtui.tui.app import SlmApp
from slmtui.tui.notify import Notifier
from slmtui.tui.widgets.status_line import StatusLine
from tests.slmtui.tui.driving import NARROW, ask, make_app, ready, send, until
from tests.slmtui.tui.scripted import ScriptedBackend, base_turn


def long_turn(request: TurnRequest, turn: str) -> list[ev.Event]:
    *events, end = base_turn(request, turn)
    return [*events, replace(end, t=42.0)]


async def unseen(pilot: Pilot[int], app: SlmApp, backend: ScriptedBackend) -> None:
    backend.go.clear()
    await send(pilot, "unseen")
    await until(pilot, lambda: app.chat.busy)
    app.app_focus = False
    backend.go.set()
    await until(pilot, lambda: not app.chat.busy)


def listening(app: SlmApp) -> list[str]:
    written: list[str] = []
    app.chat.notifier = Notifier(written.append, app.options.clock)
    return written


async def test_a_long_turn_rings_only_while_the_window_has_no_focus(store: Store) -> None:
    backend = ScriptedBackend(long_turn, hold=5)
    backend.go.set()
    app = make_app(store, backend)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        written = listening(app)
        await ask(pilot, "seen")
        assert written == []
        await unseen(pilot, app, backend)
        assert "slmtui: answered after 42 s" in written[0]
        assert written[1] == "\a"
        app.app_focus = True
        await until(pilot, lambda: len(written) == 3)


async def test_the_bell_can_be_switched_off_and_on(store: Store) -> None:
    backend = ScriptedBackend(long_turn, hold=5)
    backend.go.set()
    app = make_app(store, backend)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        written = listening(app)
        status = app.screen.query_one(StatusLine)
        await send(pilot, "/bell off")
        await until(pilot, lambda: "The bell is off" in str(status.content))
        await unseen(pilot, app, backend)
        assert written == []
        app.app_focus = True
        await pilot.pause()
        app.chat.prompt.focus()
        await send(pilot, "/bell maybe")
        await until(pilot, lambda: "/bell on, /bell off" in str(status.content))
        await send(pilot, "/bell")
        await until(pilot, lambda: "The bell is on" in str(status.content))

"""What is sent while a turn runs waits, and goes after it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.pilot import Pilot

from agents import events as ev
from sessions.store import Store
from slmtui.backend import TurnRequest
from slmtui.tui.app import SlmApp
from slmtui.tui.widgets.queue_lines import QueueLines
from slmtui.tui.widgets.status_line import StatusLine
from tests.slmtui.tui.driving import NARROW, ask, drawn, make_app, ready, send, until
from tests.slmtui.tui.scripted import Script, ScriptedBackend


def asked(backend: ScriptedBackend) -> list[str]:
    return [request.prompt for request in backend.requests]


def waiting(app: SlmApp) -> list[str]:
    return [prompt.text for prompt in app.chat.queue.waiting]


def note(app: SlmApp) -> str:
    return str(app.screen.query_one(StatusLine).content)


@asynccontextmanager
async def running(app: SlmApp, *waiting: str) -> AsyncIterator[Pilot[int]]:
    """Run the app, which answers "first" while the others wait."""
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await send(pilot, "first")
        await until(pilot, lambda: app.chat.busy)
        for prompt in waiting:
            await send(pilot, prompt)
        yield pilot


async def test_prompts_wait_and_go_one_after_another(store: Store) -> None:
    backend = ScriptedBackend(hold=10)
    app = make_app(store, backend)
    async with running(app, "[b]second[/b]", "third") as pilot:
        assert app.chat.prompt.text == ""
        assert "1 waits: [b]second[/b]" in drawn(app.screen)
        assert "2 waits: third" in drawn(app.screen)
        app.chat.prompt.put("still typing")
        backend.go.set()
        await until(pilot, lambda: len(app.chat.chat.records) == 3 and not app.chat.busy)
        assert asked(backend) == ["first", "[b]second[/b]", "third"]
        assert app.chat.prompt.text == "still typing"
        assert not app.screen.query_one(QueueLines).display


async def test_enter_pressed_twice_sends_once(store: Store) -> None:
    backend = ScriptedBackend(hold=10)
    app = make_app(store, backend)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        app.chat.prompt.put("once")
        app.chat.prompt.action_send()
        app.chat.prompt.action_send()
        await until(pilot, lambda: app.chat.busy)
        await pilot.pause()
        assert (asked(backend), waiting(app)) == (["once"], [])


async def test_esc_pauses_the_queue_and_enter_on_nothing_goes_on(store: Store) -> None:
    backend = ScriptedBackend(hold=10)
    app = make_app(store, backend)
    async with running(app, "second") as pilot:
        await pilot.press("escape")
        await until(pilot, lambda: not app.chat.busy and bool(app.chat.queue.paused))
        assert app.chat.prompt.text == "first"
        assert "paused: the turn was stopped" in drawn(app.screen)
        assert waiting(app) == ["second"]
        app.chat.prompt.put("")
        backend.go.set()
        await pilot.press("enter")
        await until(pilot, lambda: len(app.chat.chat.records) == 2 and not app.chat.busy)
        assert asked(backend) == ["first", "second"]


async def test_enter_on_nothing_ends_the_pause_while_another_turn_runs(store: Store) -> None:
    backend = ScriptedBackend(hold=10)
    app = make_app(store, backend)
    async with running(app, "second") as pilot:
        await pilot.press("escape")
        await until(pilot, lambda: not app.chat.busy and bool(app.chat.queue.paused))
        app.chat.prompt.put("")
        await app.chat.action_regenerate()
        assert "paused: the turn was stopped" in drawn(app.screen)
        await pilot.press("enter")
        await until(pilot, lambda: "paused" not in drawn(app.screen))
        backend.go.set()
        await until(pilot, lambda: asked(backend) == ["first", "first", "second"] and not app.chat.busy)


async def test_a_failure_pauses_and_a_turn_that_ends_well_goes_on(store: Store) -> None:
    def script(request: TurnRequest, turn: str) -> list[ev.Event]:
        written = Script(request, turn).call("base", [("answer", "So it is")])
        return written.end("failed", "died") if len(backend.requests) == 1 else written.end()

    backend = ScriptedBackend(script, hold=3)
    app = make_app(store, backend)
    async with running(app, "second") as pilot:
        backend.go.set()
        await until(pilot, lambda: bool(app.chat.queue.paused))
        assert "paused: the turn failed" in drawn(app.screen)
        assert app.chat.prompt.text == "first"
        await pilot.press("enter")
        await until(pilot, lambda: len(app.chat.chat.records) == 3 and not app.chat.busy)
        assert asked(backend) == ["first", "first", "second"]


async def test_the_last_is_taken_back_with_a_key_and_any_with_a_click(store: Store) -> None:
    app = make_app(store, ScriptedBackend(hold=10))
    async with running(app, "second", "third", "fourth") as pilot:
        await pilot.press("up")
        await until(pilot, lambda: app.chat.prompt.text == "fourth")
        await pilot.click(QueueLines, offset=(3, 0))
        assert "clear what is typed first" in note(app)
        app.chat.prompt.put("")
        await pilot.click(QueueLines, offset=(3, 0))
        await until(pilot, lambda: app.chat.prompt.text == "second")
        assert waiting(app) == ["third"]


async def test_now_stops_what_runs_and_sends_what_is_typed(store: Store) -> None:
    backend = ScriptedBackend(hold=10)
    app = make_app(store, backend)
    async with running(app, "later") as pilot:
        app.chat.prompt.put("at once")
        await pilot.press("alt+enter")
        await until(pilot, lambda: len(backend.requests) == 2)
        assert asked(backend) == ["first", "at once"]
        assert (app.chat.prompt.text, waiting(app)) == ("", ["later"])
        backend.go.set()
        await until(pilot, lambda: len(app.chat.chat.records) == 3 and not app.chat.busy)
        statuses = [record.status for record in app.chat.chat.records]
        assert (asked(backend)[2], statuses) == ("later", ["cancelled", "ok", "ok"])


async def test_now_follows_the_stopped_turn_though_its_prompt_was_edited(store: Store) -> None:
    backend = ScriptedBackend(hold=10)
    backend.go.set()
    app = make_app(store, backend)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await ask(pilot, "first")
        backend.go.clear()
        await pilot.press("alt+up", "e", "ctrl+u", *"edited", "enter")
        await until(pilot, lambda: app.chat.busy)
        app.chat.prompt.put("at once")
        await pilot.press("alt+enter")
        await until(pilot, lambda: len(backend.requests) == 3)
        backend.go.set()
        await until(pilot, lambda: len(app.chat.chat.records) == 3 and not app.chat.busy)
    session = store.sessions()[0].id
    assert [turn.prompt for turn in store.conversation(session)] == ["edited", "at once"]


async def test_now_without_anything_to_send_says_so_and_stops_nothing(store: Store) -> None:
    app = make_app(store, ScriptedBackend(hold=10))
    async with running(app) as pilot:
        await pilot.press("alt+enter")
        await until(pilot, lambda: "Nothing waits" in note(app))
        assert not app.chat.chat.stopping


async def test_a_model_that_is_gone_keeps_what_waits(store: Store) -> None:
    backend = ScriptedBackend(hold=10)
    app = make_app(store, backend)
    async with running(app, "second") as pilot:
        backend.problem = "gone"
        backend.go.set()
        await until(pilot, lambda: not app.chat.busy)
        assert asked(backend)[0] == "first"
        assert [*asked(backend)[1:], *waiting(app)] == ["second"]


async def test_what_waits_stays_with_its_session(store: Store) -> None:
    backend = ScriptedBackend(hold=10)
    app = make_app(store, backend)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await send(pilot, "first")
        await until(pilot, lambda: app.chat.busy)
        await send(pilot, "second")
        await pilot.press("escape")
        await until(pilot, lambda: not app.chat.busy and bool(app.chat.queue.paused))
        session = app.chat.chat.session
        backend.go.set()
        await app.chat.open_session(None)
        assert not app.screen.query_one(QueueLines).display
        await ask(pilot, "elsewhere")
        assert asked(backend) == ["first", "elsewhere"]
        await app.chat.open_session(session)
        assert waiting(app) == ["second"]
        await until(pilot, lambda: "paused: the turn was stopped" in drawn(app.screen))

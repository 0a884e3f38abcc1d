"""What the KV cache holds of a session is saved when it is left, and brought back when it is opened."""

import asyncio

import pytest

from sessions.store import Store
from slmtui.tui.app import SlmApp
from slmtui.tui.widgets.status_line import StatusLine
from tests.slmtui.tui.driving import NARROW, ask, drawn, keep_turns, make_app, ready, send, until
from tests.slmtui.tui.scripted import FACTS, ScriptedBackend


def note(app: SlmApp) -> str:
    return str(app.chat.query_one(StatusLine).content)


def kept(backend: ScriptedBackend) -> list[tuple[str, ...]]:
    """The calls that are about sessions, without the conversations."""
    return [call[:2] for call in backend.calls if call[0] in {"suspend", "resume", "close"}]


async def test_a_session_is_saved_before_another_is_brought_back(store: Store) -> None:
    other = keep_turns(store, "base")
    backend = ScriptedBackend()
    backend.kept[other] = 1024
    app = make_app(store, backend)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await ask(pilot, "mine")
        mine = str(app.chat.chat.session)
        answer = app.chat.chat.records[-1].answer
        await send(pilot, f"/resume {other}")
        await until(pilot, lambda: "KV cache restored: 1 024 tokens." in note(app))
        await send(pilot, f"/resume {mine}")
        await until(pilot, lambda: kept(backend)[-1] == ("resume", mine))
        assert "Resumed mine" in note(app)  # nothing was kept of it: nothing is said
    assert ("suspend", mine, "mine", answer) in backend.calls
    assert kept(backend) == [("suspend", mine), ("resume", other), ("resume", mine), ("close",)]


async def test_a_new_session_and_the_end_of_the_app_save_the_one_before(store: Store) -> None:
    backend = ScriptedBackend()
    app = make_app(store, backend)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await pilot.press("ctrl+n")  # nothing ran yet: nothing to save
        await ask(pilot, "first")
        first = str(app.chat.chat.session)
        await pilot.press("ctrl+n")
        await until(pilot, lambda: kept(backend) == [("suspend", first)])
        await ask(pilot, "second")
        second = str(app.chat.chat.session)
        await pilot.press("ctrl+q")
        await until(pilot, lambda: backend.closed)
    assert kept(backend) == [("suspend", first), ("suspend", second), ("close",)]


async def test_a_session_to_resume_is_brought_back_once_the_model_is_there(store: Store) -> None:
    session = keep_turns(store, "single")
    load = asyncio.Event()
    backend = ScriptedBackend(load=load)
    backend.kept[session] = 300
    app = make_app(store, backend, session=session)
    async with app.run_test(size=NARROW) as pilot:
        await until(pilot, lambda: "347 × 29 is 10063." in drawn(app.screen))
        await until(pilot, lambda: "◌ loading" in drawn(app.screen))
        assert kept(backend) == []
        load.set()
        await until(pilot, lambda: "KV cache restored: 300 tokens." in note(app))
        assert "● warm" in drawn(app.screen)
    assert backend.calls == [("start", FACTS.model), ("resume", session), ("close",)]


async def test_the_session_that_is_open_when_the_model_is_there_is_the_one_brought_back(store: Store) -> None:
    first, second = keep_turns(store, "base"), keep_turns(store, "single")
    load = asyncio.Event()
    backend = ScriptedBackend(load=load)
    app = make_app(store, backend, session=first)
    async with app.run_test(size=NARROW) as pilot:
        await until(pilot, lambda: "◌ loading" in drawn(app.screen))
        await send(pilot, f"/resume {second}")
        await until(pilot, lambda: app.chat.chat.session == second)
        load.set()
        await until(pilot, lambda: kept(backend) == [("resume", second)])
    assert kept(backend) == [("resume", second), ("close",)]


async def test_a_deleted_session_is_not_saved(store: Store) -> None:
    backend = ScriptedBackend()
    app = make_app(store, backend)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await ask(pilot, "short-lived")
        await pilot.press("ctrl+r")
        await until(pilot, lambda: "1 session" in drawn(app.screen))
        await pilot.press("d", "escape")
        await until(pilot, lambda: app.screen is app.chat and app.chat.chat.session is None)
    assert kept(backend) == [("close",)]


class Stuck(ScriptedBackend):
    """Never gets done with saving."""

    async def suspend(self, session: str, history: object) -> None:
        await super().suspend(session, ())
        await asyncio.Event().wait()


async def test_leaving_does_not_wait_for_an_engine_that_hangs(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("slmtui.tui.app.SAVE_S", 0.05)
    backend = Stuck()
    app = make_app(store, backend)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await ask(pilot, "hello")
        session = str(app.chat.chat.session)
        await pilot.press("ctrl+q")
        await until(pilot, lambda: backend.closed)
    assert kept(backend) == [("suspend", session), ("close",)]
    assert app.return_value == 0


async def test_leaving_while_the_model_loads_stops_the_loading(store: Store) -> None:
    backend = ScriptedBackend(load=asyncio.Event())
    app = make_app(store, backend)
    async with app.run_test(size=NARROW) as pilot:
        await until(pilot, lambda: "◌ loading" in drawn(app.screen))
        await pilot.press("ctrl+q")
        await until(pilot, lambda: backend.closed)
    assert backend.calls == [("start", FACTS.model), ("close",)]
    assert backend.facts is None

"""The model comes, goes and changes while the chat goes on."""

import asyncio

from textual.message import Message

from agents import events as ev
from sessions.store import Store
from slmtui.backend import Backend, BackendError, TurnRequest
from slmtui.missing_backend import MissingBackend
from slmtui.tui.app import SlmApp
from slmtui.tui.engine_keeper import EngineChanged, Switched
from slmtui.tui.state.engine_state import SETTING_UP, EngineState
from slmtui.tui.widgets.status_line import StatusLine
from tests.slmtui.tui.driving import NARROW, WIDE, ask, drawn, make_app, ready, send, until
from tests.slmtui.tui.scripted import FACTS, Script, ScriptedBackend


def note(app: SlmApp) -> str:
    return str(app.chat.query_one(StatusLine).content)


async def test_another_model_is_loaded_and_the_session_goes_on(store: Store) -> None:
    messages: list[Message] = []
    backend = ScriptedBackend()
    app = make_app(store, backend)
    async with app.run_test(size=WIDE, message_hook=messages.append) as pilot:
        await ready(pilot)
        await ask(pilot, "before")
        messages.clear()
        await send(pilot, "/model qwen3")
        await until(pilot, lambda: "qwen3 is loaded; the conversation goes on" in note(app))
        assert "qwen3 Q4_1 · ctx 2 048" in drawn(app.screen)
        assert "○ ready" in drawn(app.screen)
        await ask(pilot, "after")
    sent = {id(m): m for m in messages}.values()
    told = [m.state.phase if isinstance(m, EngineChanged) else m.problem
            for m in sent if isinstance(m, EngineChanged | Switched)]  # fmt: skip
    assert told == ["loading", "loading", ""]
    (summary,) = store.sessions()
    assert [record.status for record in store.turns(summary.id)] == ["ok", "ok"]
    assert [message.content for message in backend.requests[1].history if message.role == "user"] == [
        "before"
    ]


async def test_a_model_that_cannot_be_loaded_leaves_the_one_before(store: Store) -> None:
    backend = ScriptedBackend()
    backend.wrong["none"] = "There is no model none. `slmtui models list` shows them."
    app = make_app(store, backend)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await send(pilot, "/model none")
        await until(pilot, lambda: "Not switched: There is no model none." in note(app))
        assert "SmolLM2-135M-Instruct stays the model in use." in " ".join(drawn(app.screen).split())
        assert "○ unloaded" in drawn(app.screen)
        await ask(pilot, "still there?")
        assert "● warm" in drawn(app.screen)
    assert [call for call in backend.calls if call[0] in {"start", "switch", "run"}] == [
        ("start", FACTS.model), ("switch", "none"), ("start", FACTS.model), ("run", "still there?")
    ]  # fmt: skip


async def test_the_model_stays_while_a_turn_runs(store: Store) -> None:
    backend = ScriptedBackend(hold=10)
    app = make_app(store, backend)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await send(pilot, "go")
        await until(pilot, lambda: app.chat.busy)
        for line in ("/model qwen3", "/model", "/unload", "/role supervisor qwen3", "/pull tiny"):
            app.chat.status.forget()
            await send(pilot, line)
            await until(pilot, lambda: "A turn is running" in note(app))
            assert app.screen is app.chat
        backend.go.set()
        await until(pilot, lambda: not app.chat.busy)
    assert {call[0] for call in backend.calls} <= {"start", "run", "suspend", "close"}


async def test_the_model_stays_while_it_loads(store: Store) -> None:
    load = asyncio.Event()
    backend = ScriptedBackend(load=load)
    app = make_app(store, backend)
    async with app.run_test(size=NARROW) as pilot:
        await until(pilot, lambda: "◌ loading 45% ████░░░░" in drawn(app.screen))
        await send(pilot, "/model qwen3")
        await until(pilot, lambda: "still loading" in note(app))
        load.set()
        await ready(pilot)
    assert backend.calls == [("start", FACTS.model), ("close",)]


async def test_loading_says_how_large_the_file_is_and_what_happens_after_it(store: Store) -> None:
    load = asyncio.Event()
    app = make_app(store, ScriptedBackend(load=load))
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: "◌ loading 45% ████░░░░ of 98 MB" in drawn(app.screen))
        app.chat.post_message(EngineChanged(EngineState("loading", 1.0)))
        await until(pilot, lambda: SETTING_UP in drawn(app.screen))
        load.set()
        await ready(pilot)


async def test_what_is_typed_stays_while_another_model_loads(store: Store) -> None:
    load = asyncio.Event()
    load.set()
    backend = ScriptedBackend(load=load)
    app = make_app(store, backend)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        load.clear()
        await send(pilot, "/model qwen3")
        await until(pilot, lambda: "◌ loading" in drawn(app.screen))
        await pilot.press(*"half a")
        load.set()
        await until(pilot, lambda: "qwen3 is loaded" in note(app))
        assert app.chat.prompt.text == "half a"


async def test_a_role_gets_a_model_of_its_own_and_gives_it_back(store: Store) -> None:
    backend = ScriptedBackend()
    backend.wrong["none"] = "There is no model none."
    app = make_app(store, backend)
    async with app.run_test(size=(160, 36)) as pilot:
        await ready(pilot)
        await send(pilot, "/role supervisor /models/qwen3.gguf")
        await until(pilot, lambda: "The supervisor has /models/qwen3.gguf from" in note(app))
        assert "supervisor: qwen3" in drawn(app.screen)
        await send(pilot, "/role Specialist none")
        await until(pilot, lambda: "There is no model none." in note(app))
        await send(pilot, "/role supervisor -")
        await until(pilot, lambda: "The supervisor has the main model again" in note(app))
        assert "supervisor: qwen3" not in drawn(app.screen)
        for line in ("/role", "/role judge x", "/role supervisor"):
            await send(pilot, line)
            if line == "/role":
                await until(pilot, lambda: app.screen is not app.chat)
                await pilot.press("escape")
                await until(pilot, lambda: app.screen is app.chat)
            else:
                await until(pilot, lambda: "Say whose and which" in note(app))
                app.chat.status.forget()
    assert [call for call in backend.calls if call[0] == "give_role"] == [
        ("give_role", "supervisor", "/models/qwen3.gguf"),
        ("give_role", "specialist", "none"),
        ("give_role", "supervisor", "-"),
    ]


async def test_an_unloaded_model_comes_back_with_the_next_prompt(store: Store) -> None:
    load = asyncio.Event()
    load.set()
    backend = ScriptedBackend(load=load)
    app = make_app(store, backend)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await ask(pilot, "first")
        await send(pilot, "/unload")
        await until(pilot, lambda: "○ unloaded" in drawn(app.screen))
        assert "its memory is free" in note(app)
        await send(pilot, "/unload")
        await until(pilot, lambda: "No model is loaded" in note(app))
        load.clear()
        await send(pilot, "second")
        await until(pilot, lambda: "◌ loading 45% ████░░░░" in drawn(app.screen))
        await until(pilot, lambda: "● loading the model 45%" in drawn(app.screen))
        load.set()
        await until(pilot, lambda: len(app.chat.chat.records) == 2 and not app.chat.busy)
        assert "● warm" in drawn(app.screen)
    session = store.sessions()[0].id
    assert [call[:2] for call in backend.calls] == [
        ("start", FACTS.model), ("run", "first"),
        ("suspend", session), ("unload",),
        ("start", FACTS.model), ("resume", session), ("run", "second"),
        ("close",),
    ]  # fmt: skip


async def test_esc_takes_back_a_prompt_that_waits_for_the_model(store: Store) -> None:
    load = asyncio.Event()
    load.set()
    backend = ScriptedBackend(load=load)
    app = make_app(store, backend)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await send(pilot, "/unload")
        await until(pilot, lambda: app.chat.engine.phase == "unloaded")
        load.clear()
        await send(pilot, "too slow")
        await until(pilot, lambda: "loading the model" in drawn(app.screen))
        await pilot.press("escape")
        await until(pilot, lambda: not app.chat.busy)
        assert "■ cancelled · stopped by the user" in drawn(app.screen)
        assert app.chat.prompt.text == "too slow"
        assert "◌ loading" in drawn(app.screen)
        load.set()
        await ready(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: len(app.chat.chat.records) == 2 and not app.chat.busy)
    assert [request.prompt for request in backend.requests] == ["too slow"]
    assert [call for call in backend.calls if call[0] == "start"] == [("start", FACTS.model)] * 2


async def test_an_engine_that_stopped_is_loaded_again_by_the_next_prompt(store: Store) -> None:
    load = asyncio.Event()
    load.set()

    def script(request: TurnRequest, turn: str) -> list[ev.Event]:
        begun = Script(request, turn).call("base", [("answer", "Half")], finish="failed")
        if request.prompt != "crash":
            return begun.end()
        backend.die()
        return begun.end("failed", "The engine stopped (signal SIGSEGV).")

    backend = ScriptedBackend(script, load=load)
    app = make_app(store, backend)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await ask(pilot, "crash")
        assert "✗ engine stopped" in drawn(app.screen)
        load.clear()
        await send(pilot, "again")
        await until(pilot, lambda: "◌ loading" in drawn(app.screen))
        load.set()
        await until(pilot, lambda: len(app.chat.chat.records) == 2 and not app.chat.busy)
        assert "● warm" in drawn(app.screen)


async def test_an_engine_that_stops_while_nobody_asks_is_seen(store: Store) -> None:
    backend = ScriptedBackend()
    app = make_app(store, backend)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await ask(pilot, "hello")
        backend.die()
        await until(pilot, lambda: "✗ engine stopped" in drawn(app.screen))
        await ask(pilot, "again")
        assert "● warm" in drawn(app.screen)


async def test_an_engine_that_does_not_come_back_fails_the_turn_and_can_be_tried_again(store: Store) -> None:
    backend = ScriptedBackend()
    app = make_app(store, backend)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        backend.die()
        backend.problem = "There is no memory for the model."
        await ask(pilot, "hello")
        assert "✗ failed · There is no memory for the model." in drawn(app.screen)
        assert "✗ engine stopped" in drawn(app.screen)
        assert app.chat.prompt.text == "hello"
        backend.problem = ""
        await pilot.press("enter")
        await until(pilot, lambda: len(app.chat.chat.records) == 2 and not app.chat.busy)
        assert app.chat.chat.records[-1].status == "ok"


async def test_where_there_was_no_model_one_can_be_loaded(store: Store) -> None:
    def make(model: str) -> Backend:
        if model == "good.gguf":
            return ScriptedBackend()
        raise BackendError(f"{model} is not a GGUF file.")

    app = make_app(store, MissingBackend("No model was found.", make))
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        assert "✗ no model" in drawn(app.screen)
        await send(pilot, "/unload")
        await until(pilot, lambda: "No model is loaded" in note(app))
        await send(pilot, "/model bad.txt")
        await until(pilot, lambda: note(app) == "Not switched: bad.txt is not a GGUF file.")
        assert "✗ no model" in drawn(app.screen)
        assert "No model was found." in drawn(app.screen)
        await send(pilot, "/model good.gguf")
        await until(pilot, lambda: "SmolLM2-135M-Instruct is loaded" in note(app))
        assert "SmolLM2-135M-Instruct Q4_1" in drawn(app.screen)
        await ask(pilot, "hello")
        assert app.chat.chat.records[-1].status == "ok"

"""The flows of the chat, told as messages: turns, prompts that wait, other answers, a backend that fails."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from agents import events as ev
from sessions.store import Store
from slmtui.backend import BackendError, TurnRequest
from tests.slmtui.tui.driving import NARROW, WIDE, ask, drawn, make_app, ready, send, until
from tests.slmtui.tui.flow import BASE, CALL, SENT, Flow
from tests.slmtui.tui.scripted import Script, ScriptedBackend, turn_events


class Failing(ScriptedBackend):
    """Raises `error` after so many events of every turn whose prompt is "fail"."""

    def __init__(self, error: Exception, after: int) -> None:
        super().__init__()
        self.error, self.after = error, after

    async def run(self, request: TurnRequest, stop: asyncio.Event) -> AsyncGenerator[ev.Event, None]:
        count = 0
        async for event in super().run(request, stop):
            if request.prompt == "fail" and count == self.after:
                raise self.error
            count += 1
            yield event


@pytest.fixture
def flow() -> Flow:
    return Flow()


# A turn


@pytest.mark.parametrize("paradigm", ["base", "single", "multi"])
async def test_every_event_that_is_stored_reaches_the_screen_once_and_in_order(
    store: Store, flow: Flow, paradigm: str
) -> None:
    app = make_app(store, paradigm=paradigm)
    async with app.run_test(size=WIDE, message_hook=flow) as pilot:
        await ready(pilot)
        flow.forget()
        await ask(pilot, "What is 347 * 29?")
    assert flow.names[:3] == [*SENT, "TurnStarted"]
    assert flow.names[-2:] == ["TurnFinished", "TurnEnded"]
    (record,) = store.turns(store.sessions()[0].id)
    assert flow.turn_events == store.events(record.turn)
    assert flow.problems == [""]


async def test_esc_in_mid_answer_ends_the_turn_and_nothing_comes_after(store: Store, flow: Flow) -> None:
    app = make_app(store, ScriptedBackend(hold=10))
    async with app.run_test(size=NARROW, message_hook=flow) as pilot:
        await ready(pilot)
        flow.forget()
        await send(pilot, "tell me")
        await until(pilot, lambda: "A small model" in drawn(app.screen))
        await pilot.press("escape")
        await until(pilot, lambda: not app.chat.busy)
        await pilot.pause()
    written = ["TurnStarted", "CallStarted", "PrefillProgress", "TextDelta"]
    assert flow.names == [*SENT, *written, "key escape", "TurnFinished", "TurnEnded"]
    (last,) = (event for event in flow.turn_events if isinstance(event, ev.TurnFinished))
    assert (last.status, last.reason) == ("cancelled", "stopped by the user")


# Prompts that wait


async def test_a_prompt_that_waits_begins_only_when_the_turn_before_it_is_over(
    store: Store, flow: Flow
) -> None:
    backend = ScriptedBackend(hold=10)
    app = make_app(store, backend)
    async with app.run_test(size=NARROW, message_hook=flow) as pilot:
        await ready(pilot)
        flow.forget()
        await send(pilot, "first")
        await until(pilot, lambda: "A small model" in drawn(app.screen))
        await send(pilot, "second")
        await until(pilot, lambda: len(app.chat.queue.waiting) == 1)
        backend.go.set()
        await until(pilot, lambda: len(app.chat.chat.records) == 2 and not app.chat.busy)
    begun = ["TurnStarted", "CallStarted", "PrefillProgress", "TextDelta"]
    assert flow.names == [
        *SENT, *begun, *SENT, "TextDelta", "CallFinished", "MeterRead", "TurnFinished", "TurnEnded", *BASE
    ]  # fmt: skip
    started = [event.prompt for event in flow.turn_events if isinstance(event, ev.TurnStarted)]
    assert started == ["first", "second"]


async def test_a_stopped_turn_holds_the_queue_until_enter(store: Store, flow: Flow) -> None:
    backend = ScriptedBackend(hold=10)
    app = make_app(store, backend)
    async with app.run_test(size=NARROW, message_hook=flow) as pilot:
        await ready(pilot)
        await send(pilot, "first")
        await until(pilot, lambda: "A small model" in drawn(app.screen))
        await send(pilot, "second")
        flow.forget()
        await pilot.press("escape")
        await until(pilot, lambda: bool(app.chat.queue.paused))
        assert flow.names == ["key escape", "TurnFinished", "TurnEnded"]
        backend.go.set()
        app.chat.prompt.put("")
        await pilot.press("enter")
        await until(pilot, lambda: len(app.chat.chat.records) == 2 and not app.chat.busy)
    assert flow.names[3:] == [*SENT, *BASE]


async def test_now_ends_what_runs_before_the_other_begins(store: Store, flow: Flow) -> None:
    backend = ScriptedBackend(hold=10)
    app = make_app(store, backend)
    async with app.run_test(size=NARROW, message_hook=flow) as pilot:
        await ready(pilot)
        await send(pilot, "first")
        await until(pilot, lambda: "A small model" in drawn(app.screen))
        flow.forget()
        app.chat.prompt.put("at once")
        await pilot.press("alt+enter")
        await until(pilot, lambda: len(backend.requests) == 2)
        backend.go.set()
        await until(pilot, lambda: len(app.chat.chat.records) == 2 and not app.chat.busy)
    assert flow.names == ["key alt+enter", "TurnFinished", "TurnEnded", *BASE]


# Another answer


async def test_another_answer_is_a_turn_beside_the_first_and_no_prompt_is_sent(
    store: Store, flow: Flow
) -> None:
    backend = ScriptedBackend()
    app = make_app(store, backend)
    async with app.run_test(size=WIDE, message_hook=flow) as pilot:
        await ready(pilot)
        await ask(pilot, "once")
        await ask(pilot, "twice")
        await pilot.press("alt+up")
        flow.forget()
        await pilot.press("r")
        await until(pilot, lambda: len(app.chat.chat.records) == 3 and not app.chat.busy)
        assert flow.names == ["key r", *BASE]
        flow.forget()
        await pilot.press("left_square_bracket")
        newest = f"turn-{backend.requests[-1].session}-3"
        await until(pilot, lambda: app.chat.chat.path.records[-1].turn != newest)
        assert flow.names == ["key left_square_bracket"]
    turns = store.turns(store.sessions()[0].id)
    assert [turn.prompt for turn in turns] == ["once", "twice", "twice"]
    assert turns[1].parent == turns[2].parent == turns[0].turn
    assert [request.sampling.seed for request in backend.requests[1:]] == [0, 1]


# A backend that fails


async def test_without_a_model_a_prompt_begins_nothing(store: Store, flow: Flow) -> None:
    app = make_app(store, ScriptedBackend(problem="No model was found."))
    async with app.run_test(size=NARROW, message_hook=flow) as pilot:
        await ready(pilot)
        assert flow.names == ["engine loading", "engine missing"]
        flow.forget()
        await send(pilot, "hello")
        await until(pilot, lambda: "Your prompt is kept" in drawn(app.screen))
    assert flow.names == SENT


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (BackendError("The engine stopped (signal SIGSEGV)."), "The engine stopped (signal SIGSEGV)."),
        (ValueError("[b]no[/b]"), "internal error: ValueError('[b]no[/b]')"),
    ],
)
@pytest.mark.parametrize(
    ("after", "told"), [(0, []), (4, ["TurnStarted", "CallStarted", "PrefillProgress", "TextDelta"])]
)
async def test_a_backend_that_raises_ends_the_turn_and_the_next_one_goes_well(
    store: Store, flow: Flow, error: Exception, said: str, after: int, told: list[str]
) -> None:
    app = make_app(store, Failing(error, after))
    async with app.run_test(size=WIDE, message_hook=flow) as pilot:
        await ready(pilot)
        flow.forget()
        await ask(pilot, "fail")
        assert flow.names == [*SENT, *told, "TurnEnded"]
        assert flow.problems == [said]
        assert f"✗ failed · {said}" in drawn(app.screen)
        flow.forget()
        await ask(pilot, "hello")
    assert flow.names == [*SENT, *BASE]
    assert flow.problems == [""]
    stored = [turn.status for turn in store.turns(store.sessions()[0].id)]
    assert stored == (["interrupted", "ok"] if told else ["ok"])


async def test_an_engine_that_died_is_loaded_before_the_next_turn_begins(store: Store, flow: Flow) -> None:
    def script(request: TurnRequest, turn: str) -> list[ev.Event]:
        if request.prompt != "crash":
            return turn_events(request, turn)
        backend.die()
        half = Script(request, turn).call("base", [("answer", "Half")], finish="failed")
        return half.end("failed", "The engine stopped (signal SIGSEGV).")

    backend = ScriptedBackend(script)
    app = make_app(store, backend)
    async with app.run_test(size=WIDE, message_hook=flow) as pilot:
        await ready(pilot)
        flow.forget()
        await ask(pilot, "crash")
        assert flow.names == [*SENT, "TurnStarted", *CALL, "TurnFinished", "TurnEnded"]
        assert flow.problems == [""]
        flow.forget()
        await ask(pilot, "hello")
    assert flow.names == [*SENT, "engine loading", "engine ready", *BASE]


async def test_what_waits_is_held_when_a_turn_fails(store: Store, flow: Flow) -> None:
    def script(request: TurnRequest, turn: str) -> list[ev.Event]:
        return Script(request, turn).call("base", [("answer", "So it is")]).end("failed", "died")

    backend = ScriptedBackend(script, hold=4)
    app = make_app(store, backend)
    async with app.run_test(size=NARROW, message_hook=flow) as pilot:
        await ready(pilot)
        flow.forget()
        await send(pilot, "first")
        await until(pilot, lambda: "TextDelta" in flow.names)
        await send(pilot, "second")
        await until(pilot, lambda: len(app.chat.queue.waiting) == 1)
        backend.go.set()
        await until(pilot, lambda: app.chat.queue.paused == "the turn failed")
    assert flow.names[-2:] == ["TurnFinished", "TurnEnded"]
    assert flow.names.count("TurnStarted") == 1
    assert [request.prompt for request in backend.requests] == ["first"]

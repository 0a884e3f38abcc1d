import asyncio
import datetime
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from agents.events import CallStarted, Event, TextDelta, TurnFinished, TurnStarted
from agents.helps import Helps
from agents.message import Message, Sampling
from sessions.store import Store
from slmtui.backend import TurnRequest
from slmtui.local_backend import LocalBackend
from slmtui.saved_states import SavedStates
from slmtui.session import LiveSession
from tests.slmtui.tiny_backend import asked, tiny
from tests.slmtui.tui.scripted import ScriptedBackend

GREEDY = Sampling(temperature=0.0, repeat_penalty=1.0)
LONG = (Message("user", "hello " * 80, "history", 1), Message("assistant", "hello " * 80, "history", 1))


@pytest.fixture
async def backend(tiny_model: Path, tmp_path: Path) -> AsyncIterator[LocalBackend]:
    backend = tiny(tiny_model, tmp_path / "log", states=SavedStates(tmp_path / "states", 100))
    yield backend
    await backend.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(
        tmp_path / "s.db",
        owner="me",
        alive=lambda _owner: True,
        now=lambda: datetime.datetime.now(datetime.UTC),
    ) as opened:
        yield opened


async def run(backend: LocalBackend, request: TurnRequest) -> list[Event]:
    return [event async for event in backend.run(request, asyncio.Event())]


def start_of(events: list[Event]) -> TurnStarted:
    assert isinstance(events[0], TurnStarted)
    return events[0]


async def test_a_turn_goes_on_under_base_without_thinking(backend: LocalBackend) -> None:
    begun = replace(asked("hello", "single"), beginning="So it", helps=Helps(think=True))
    events = await run(backend, begun)
    started, end = start_of(events), events[-1]
    assert (started.paradigm, started.beginning, started.factors["think"]) == ("base", "So it", "off")
    (call,) = [event for event in events if isinstance(event, CallStarted)]
    assert (call.agent, call.beginning) == ("assistant", "So it")
    assert isinstance(end, TurnFinished)
    deltas = "".join(event.text for event in events if isinstance(event, TextDelta))
    assert end.answer == f"So it{deltas}"


async def test_a_turn_that_is_stopped_at_once_keeps_what_was_begun(backend: LocalBackend) -> None:
    stop = asyncio.Event()
    stop.set()
    events = [event async for event in backend.run(replace(asked("hello"), beginning="So it"), stop)]
    end = events[-1]
    assert isinstance(end, TurnFinished)
    assert (end.status, end.answer) == ("cancelled", "So it")


async def test_an_own_system_prompt_is_a_factor_and_is_told(backend: LocalBackend) -> None:
    plain = start_of(await run(backend, asked("hello")))
    one = start_of(await run(backend, replace(asked("hello"), system="Be brief.")))
    same = start_of(await run(backend, replace(asked("hello"), system="Be brief.\n")))
    other = start_of(await run(backend, replace(asked("hello"), system="Be long.")))
    assert ("system" in plain.factors, plain.system) == (False, "")
    assert one.system == "Be brief."
    assert one.factors["system"].startswith("own ")
    assert one.factors["system"] == same.factors["system"] != other.factors["system"]


@pytest.mark.parametrize("system", ["", "You are a pirate. " * 30])
async def test_what_is_kept_of_a_session_begins_with_its_own_system_prompt(
    backend: LocalBackend, system: str
) -> None:
    await backend.start(lambda _fraction: None)
    await backend.suspend("session", LONG)  # no turn of it ran here
    assert await backend.resume("session") == 0
    await run(backend, replace(asked("hello", history=LONG), system=system))
    await backend.suspend("session", LONG)
    kept = await backend.resume("session")
    assert kept > sum(len(message.content) for message in LONG) // 8 + len(system)


async def send(live: LiveSession, prompt: str, **how: str) -> list[Event]:
    return [event async for event in live.send(prompt, "base", Sampling(), asyncio.Event(), **how)]


async def test_a_turn_follows_what_it_is_told_to_and_else_the_open_path(store: Store) -> None:
    backend = ScriptedBackend()
    live = LiveSession(store, backend, store.create_session())
    one = start_of(await send(live, "one")).turn
    two = start_of(await send(live, "two")).turn
    again = start_of(await send(live, "again", parent=one))
    first = start_of(await send(live, "first", parent="")).turn
    assert again.parent == one
    assert [request.parent for request in backend.requests] == ["", one, one, ""]
    assert [[m.content for m in r.history][::2] for r in backend.requests] == [[], ["one"], ["one"], []]
    assert [turn.turn for turn in store.conversation(live.session)] == [first]
    store.open_path(live.session, two)
    await send(live, "three")
    assert [turn.prompt for turn in store.conversation(live.session)] == ["one", "two", "three"]


async def test_a_session_has_its_own_system_prompt_unless_another_is_given(store: Store) -> None:
    backend = ScriptedBackend()
    live = LiveSession(store, backend, store.create_session())
    await send(live, "one")
    store.keep_chat_settings(live.session, system="Be brief.", sampling=None)
    await send(live, "two")
    await send(live, "three", system="")
    await send(live, "four", system="Be long.")
    assert [request.system for request in backend.requests] == ["", "Be brief.", "", "Be long."]


async def test_half_a_character_is_no_beginning(store: Store) -> None:
    backend = ScriptedBackend()
    live = LiveSession(store, backend, store.create_session())
    await send(live, "one", beginning="Paris\ufffd\ufffd")
    assert backend.requests[0].beginning == "Paris"


@pytest.mark.model
async def test_a_stopped_answer_of_the_embedded_model_is_gone_on_with(
    smollm: Path, store: Store, tmp_path: Path
) -> None:
    backend = tiny(smollm, tmp_path / "log")
    live = LiveSession(store, backend, store.create_session())
    prompt, stop, count = "Tell me a long story about a lighthouse.", asyncio.Event(), 0
    for _ in range(2):  # the second time, the prompt is in the cache, as it is in all that follows
        async for event in live.send(prompt, "base", GREEDY, asyncio.Event(), parent=""):
            assert not isinstance(event, TurnFinished) or event.status == "ok"
    (whole,) = store.conversation(live.session)
    async for event in live.send(prompt, "base", GREEDY, stop, parent=""):
        count += len(event.times) if isinstance(event, TextDelta) else 0
        if count >= 20:
            stop.set()
    (stopped,) = store.conversation(live.session)
    async for event in live.send(
        prompt, "single", GREEDY, asyncio.Event(), parent="", beginning=stopped.answer
    ):
        assert not isinstance(event, TurnFinished) or event.status == "ok"
    (gone_on,) = store.conversation(live.session)
    await backend.close()
    assert whole.answer.startswith(stopped.answer)
    assert stopped.answer
    assert gone_on.answer != stopped.answer
    assert gone_on.answer.startswith(whole.answer)  # both are cut at so many tokens of their own
    assert (gone_on.paradigm, gone_on.beginning) == ("base", stopped.answer)
    assert gone_on.reused_tokens == gone_on.prompt_tokens - 1
    assert len(store.siblings(live.session)[gone_on.turn]) == 4

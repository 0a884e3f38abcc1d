import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agents.events import Event, TextDelta
from agents.message import Sampling
from sessions.store import Store
from slmtui.session import LiveSession
from tests.slmtui.tui.scripted import ScriptedBackend


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    path = tmp_path / "s.db"
    with Store.open(path, owner="me", alive=lambda _: True, now=lambda: datetime.now(UTC)) as opened:
        yield opened


async def send(live: LiveSession, prompt: str, **how: bool) -> list[Event]:
    return [event async for event in live.send(prompt, "base", Sampling(), asyncio.Event(), **how)]


async def test_what_is_yielded_is_what_is_stored_and_the_next_prompt_follows_it(store: Store) -> None:
    backend = ScriptedBackend()
    live = LiveSession(store, backend, store.create_session())
    first = await send(live, "one")
    await send(live, "two")
    turns = store.turns(live.session)
    assert store.events(turns[0].turn) == first
    assert [turn.status for turn in turns] == ["ok", "ok"]
    history = backend.requests[1].history
    assert [message.content for message in history] == ["one", turns[0].answer]


async def test_a_turn_is_cold_only_when_asked_to_be(store: Store) -> None:
    backend = ScriptedBackend()
    live = LiveSession(store, backend, store.create_session())
    await send(live, "one")
    await send(live, "two", cold=True)
    assert [request.cold for request in backend.requests] == [False, True]


async def test_a_turn_that_is_left_is_stored_as_interrupted_with_its_text_so_far(store: Store) -> None:
    live = LiveSession(store, ScriptedBackend(), store.create_session())
    turn = live.send("one", "base", Sampling(), asyncio.Event())
    async for event in turn:
        if isinstance(event, TextDelta):
            break
    await turn.aclose()
    (record,) = store.turns(live.session)
    assert (record.status, record.answer) == ("interrupted", "A ")

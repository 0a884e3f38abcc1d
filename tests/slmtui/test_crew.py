"""Agents with models of their own, on tiny models."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from agents.events import CallStarted, Event, TurnStarted
from agents.helps import Helps
from sessions.tally import records_of
from slmtui.backend import BackendError
from slmtui.local_backend import LocalBackend
from tests.models import write_tiny
from tests.slmtui.engine.conftest import has_ended
from tests.slmtui.tiny_backend import asked, readings, tiny

ALWAYS_JUDGED = Helps(sure=0.0)


@pytest.fixture
def other_model(tmp_path: Path) -> Path:
    return write_tiny(tmp_path / "other.gguf", seed=1)


@pytest.fixture
async def backend(tiny_model: Path, other_model: Path, tmp_path: Path) -> AsyncIterator[LocalBackend]:
    backend = tiny(tiny_model, tmp_path / "log", roles={"supervisor": other_model})
    yield backend
    await backend.close()


async def run(backend: LocalBackend, paradigm: str) -> list[Event]:
    request = replace(asked("hello", paradigm), helps=ALWAYS_JUDGED)
    return [event async for event in backend.run(request, asyncio.Event())]


async def test_the_supervisor_has_its_own_model_and_the_specialists_the_main_one(
    backend: LocalBackend, tiny_model: Path
) -> None:
    events = await run(backend, "multi")
    models = {(e.agent == "supervisor", e.model) for e in events if isinstance(e, CallStarted)}
    assert models == {(True, "other"), (False, "")}
    first = events[0]
    assert isinstance(first, TurnStarted)
    assert (first.engine.model, first.factors["supervisor_model"]) == (tiny_model.stem, "other")
    records = records_of(events)
    assert {call.agent_model for call in records.calls} == {"other", ""}


async def test_what_both_engines_spent_is_on_the_bill(backend: LocalBackend) -> None:
    alone = readings(await run(backend, "base"))[-1]
    both = readings(await run(backend, "multi"))[-1]
    assert alone.cpu_s > 0
    main, supervisor = (engine.pid for engine in backend.crew.engines)
    assert main is not None
    assert supervisor is not None
    assert both.cpu_s > 0


async def test_a_model_of_a_role_is_loaded_with_the_first_turn_that_needs_it(backend: LocalBackend) -> None:
    await run(backend, "single")
    assert [engine.ready for engine in backend.crew.engines] == [True, False]
    await run(backend, "multi")
    assert [engine.ready for engine in backend.crew.engines] == [True, True]


async def test_a_role_whose_model_cannot_be_loaded_is_said(tiny_model: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF but not really")
    backend = tiny(tiny_model, tmp_path / "log", roles={"specialist": broken})
    with pytest.raises(BackendError):
        await run(backend, "multi")
    assert await run(backend, "base")
    await backend.close()


async def test_a_role_gets_a_model_at_run_time_and_gives_it_back(
    tiny_model: Path, other_model: Path, tmp_path: Path
) -> None:
    backend = tiny(tiny_model, tmp_path / "log")
    assert [(each.whose, each.name) for each in backend.models] == [("main", "tiny")]
    await backend.give_role("supervisor", str(other_model))
    assert [(each.whose, each.path) for each in backend.models] == [
        ("main", str(tiny_model)),
        ("supervisor", str(other_model)),
    ]
    events = await run(backend, "multi")
    assert {(e.agent == "supervisor", e.model) for e in events if isinstance(e, CallStarted)} == {
        (True, "other"),
        (False, ""),
    }
    pid = backend.crew.roles["supervisor"].pid
    assert pid is not None
    await backend.give_role("supervisor", None)
    assert has_ended(pid)
    assert len(backend.models) == 1
    events = await run(backend, "multi")
    assert {e.model for e in events if isinstance(e, CallStarted)} == {""}
    await backend.close()


async def test_a_role_keeps_what_it_has_when_the_other_model_is_none(backend: LocalBackend) -> None:
    before = backend.models
    with pytest.raises(BackendError, match="nobody"):
        await backend.give_role("supervisor", "nobody")
    assert backend.models == before


async def test_a_role_keeps_its_model_when_the_main_one_changes(
    backend: LocalBackend, tiny_model: Path, other_model: Path
) -> None:
    await backend.switch(str(other_model), lambda _fraction: None)
    assert [(each.whose, each.name) for each in backend.models] == [
        ("main", "other"),
        ("supervisor", "other"),
    ]
    await backend.give_role("supervisor", str(tiny_model))
    assert [each.name for each in backend.models] == ["other", "tiny"]

"""The ledgers of turns that a real engine told, under every arm."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from agents.events import CallFinished, CallStarted, Event, MeterRead, TextDelta
from agents.message import Message
from agents.paradigms import PARADIGMS
from sessions.attributing.cells import NANO
from sessions.ledger import ledger_of, merged
from sessions.tally import records_of
from slmtui.backend import TurnRequest
from slmtui.local_backend import LocalBackend
from tests.sessions.test_ledger import check
from tests.slmtui.tiny_backend import asked, tiny

pytestmark = pytest.mark.asyncio(loop_scope="module")

WATTS = 3.0
TALK = (Message("user", "hello", "history", 1), Message("assistant", "world", "history", 1))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def backend(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LocalBackend]:
    backend = tiny(tiny_model, tmp_path_factory.mktemp("recorded") / "log")
    yield backend
    await backend.close()


async def recorded(backend: LocalBackend, request: TurnRequest) -> list[Event]:
    """Return the events of a turn, as if its meter had shown a steady power."""
    return [metered(event) async for event in backend.run(request, asyncio.Event())]


def metered(event: Event) -> Event:
    if not isinstance(event, MeterRead):
        return event
    return replace(event, joules=WATTS * event.t, source="measured", scope="package")


def timed(events: list[Event]) -> list[Event]:
    """Return events a second apart, in the order in which they were told: no load of the machine shows."""
    return [at(float(place), event) for place, event in enumerate(events)]


def at(moment: float, event: Event) -> Event:
    if isinstance(event, TextDelta):
        return replace(event, t=moment, times=(moment,) * len(event.times))
    return replace(event, t=moment)


@pytest.mark.parametrize("paradigm", PARADIGMS)
@pytest.mark.parametrize("cold", [False, True])
async def test_a_recorded_turn_is_told_of_to_the_last_token(
    backend: LocalBackend, paradigm: str, cold: bool
) -> None:
    events = await recorded(backend, asked("ring bell a", paradigm, TALK, cold=cold))
    ledger, records = ledger_of(events), records_of(events)
    assert records.turn.status == "ok"
    check(ledger, records)
    for length in range(1, len(events), 7):
        check(ledger_of(events[:length]), records_of(events[:length]))
    assert {cell.origin for cell in ledger.input} >= {"user", "template"}
    assert "unknown" not in {cell.origin for cell in ledger.input}


async def test_what_the_engine_reads_again_has_its_origins(backend: LocalBackend) -> None:
    await recorded(backend, asked("ring bell b", "single", TALK))
    events = await recorded(backend, asked("ring bell b", "single", TALK, cold=True))
    cells = ledger_of(events).input
    again = {cell.origin for cell in cells if cell.avoidable}
    assert again >= {"system", "history", "user"}
    assert sum(cell.avoidable for cell in cells) == records_of(events).turn.avoidable_tokens


async def test_votes_share_the_time_that_they_run_in(backend: LocalBackend) -> None:
    events = timed(await recorded(backend, asked("hello", "vote")))
    ledger, records = ledger_of(events), records_of(events)
    began = [place for place, event in enumerate(events) if isinstance(event, CallStarted)]
    ended = [place for place, event in enumerate(events) if isinstance(event, CallFinished)]
    assert len(began) == len(ended) == len(records.calls) > 1
    assert max(began) < min(ended)  # they do run at once
    assert sum(cell.nanoseconds for cell in ledger.time if cell.call) == (max(ended) - min(began)) * NANO
    assert sum(round(call.wall_s) for call in records.calls) == sum(ended) - sum(began)
    assert sum(step.kind == "call" for step in ledger.path) == 1


async def test_turns_at_once_add_up(backend: LocalBackend) -> None:
    turns = await asyncio.gather(*(recorded(backend, asked("hello", each)) for each in PARADIGMS))
    total = merged(map(ledger_of, turns))
    records = [records_of(events).turn for events in turns]
    assert total.turns == len(PARADIGMS)
    assert total.prompt_tokens == sum(turn.prompt_tokens for turn in records)
    assert total.output_tokens == sum(turn.output_tokens for turn in records)
    assert sum(cell.nanoseconds for cell in total.time) == total.wall_ns

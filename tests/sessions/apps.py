"""Apps that write to one store, each in a process of its own that a test may kill."""

import itertools
import multiprocessing as mp
from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import pytest

from agents.events import Event, TurnFinished
from sessions.store import Store
from tests.sessions.scripted import call_finished, started, words

if "forkserver" not in mp.get_all_start_methods():
    pytest.skip("no fork server on this platform", allow_module_level=True)

CONTEXT = mp.get_context("forkserver")
CONTEXT.set_forkserver_preload(["sessions.store", "tests.sessions.apps"])

WORDS = [f" word{number}" for number in range(12)]


def now() -> datetime:
    return datetime.now(UTC)


def batches(turn: str, session: str) -> list[list[Event]]:
    """Return a turn of twelve words in the batches in which an app would append it."""
    begun, *deltas = words(WORDS)
    text = "".join(WORDS)
    end: list[Event] = [call_finished(len(WORDS)), TurnFinished(4.0, "ok", text)]
    return [[started(turn, session, f"prompt of {turn}"), begun], *([delta] for delta in deltas), end]


def write_for_ever(path: Path, owner: str, acknowledge: Connection) -> None:
    """Append turn after turn, and tell of every append once it has returned."""
    with Store.open(path, owner=owner, alive=lambda name: name == owner, now=now) as store:
        session = store.create_session()
        for number in itertools.count():
            turn = f"{owner}T{number:04d}"
            for step, batch in enumerate(batches(turn, session)):
                store.append(session, turn, batch)
                acknowledge.send((session, turn, step))


def write_turns(path: Path, owner: str, count: int, start: Barrier, session: str | None) -> None:
    """Open the store at the same moment as the others, and append `count` whole turns in small batches."""
    start.wait(60)
    with Store.open(path, owner=owner, alive=lambda name: True, now=now) as store:
        target = session or store.create_session()
        for number in range(count):
            turn = f"{owner}T{number:04d}"
            for batch in batches(turn, target):
                store.append(target, turn, batch)


def start_app(target: Callable[..., None], *args: Any) -> ForkServerProcess:
    app = CONTEXT.Process(target=target, args=args, daemon=True)
    app.start()
    return app

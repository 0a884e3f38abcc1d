"""How soon the lists of sessions, runs and models are drawn, with many rows and with few.

The screen of runs lists the latest 200 of them, and so many it draws of more.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sessions.run_records import ArmRecord
from sessions.store import Store
from slmtui.backend import Backend
from slmtui.crew import Role
from slmtui.tui.app import SlmApp
from slmtui.tui.screens.models import ModelsScreen
from slmtui.tui.screens.runs import LISTED, RunsScreen
from slmtui.tui.screens.sessions import SessionsScreen
from tests.benchmarks.long_session import keep_long
from tests.benchmarks.screen_sides import Visit, quiet, visit
from tests.slmtui.tui.driving import drawn
from tests.slmtui.tui.scripted_models import ScriptedDesk, entry

MANY, FEW = 500, 5


@dataclass(frozen=True)
class Listed:
    """A screen with a list: how it is pushed on the app, and what its header says once all is drawn."""

    name: str
    push: Callable[[SlmApp, Store, int], Awaitable[object]]
    told: Callable[[int], str]


def _sessions(app: SlmApp, store: Store, _rows: int) -> Awaitable[object]:
    return app.push_screen(SessionsScreen(store, app.options, []))


def _runs(app: SlmApp, store: Store, _rows: int) -> Awaitable[object]:
    return app.push_screen(RunsScreen(store, app.options))


def _models(app: SlmApp, _store: Store, rows: int) -> Awaitable[object]:
    desk = ScriptedDesk(tuple(entry(f"m{number}", 10**9, "Q8_0", 10**9) for number in range(rows)))
    backend: Backend = app.chat.backend
    return app.push_screen(ModelsScreen(desk, backend, _no_role))


async def _no_role(_role: Role, _model: str | None) -> str:
    return ""


SCREENS = (
    Listed("sessions", _sessions, lambda rows: f"{rows} sessions"),
    Listed("runs", _runs, lambda rows: f"{min(rows, LISTED)} runs"),
    Listed("models", _models, lambda rows: f"{rows} here"),
)


@asynccontextmanager
async def filled(folder: Path, rows: int) -> AsyncGenerator[tuple[Visit, Store], None]:
    """Open the app on a store with so many sessions of a turn, and so many runs."""
    path = folder / f"{rows}-rows.db"
    is_new = not path.exists()
    with Store.open(path, owner="b", alive=lambda _: False, now=lambda: datetime.now(UTC)) as store:
        for number in range(rows if is_new else 0):
            keep_long(store, 1)
            store.suites.create(f"run {number}", "slmtui bench", {}, [ArmRecord("base", "base")], [], [])
        async with visit(store) as here:
            yield here, store


async def mounting(here: Visit, store: Store, listed: Listed, rows: int) -> float:
    """Return the seconds from the wish to see a list until all of it that has room is painted; leave it."""

    def act() -> None:
        here.app.run_worker(_awaited(listed.push(here.app, store, rows)))

    seconds = await here.painted.after(act, lambda: listed.told(rows) in drawn(here.app.screen))
    here.app.pop_screen()
    await quiet(here.pilot)
    return seconds


async def _awaited(work: Awaitable[object]) -> None:
    await work


async def mounted(folder: Path, rounds: int) -> dict[str, list[tuple[float, float]]]:
    """Return for each list the seconds with many rows and with few, one after the other."""
    took: dict[str, list[tuple[float, float]]] = {listed.name: [] for listed in SCREENS}
    for _ in range(rounds + 1):
        many, few = await _each(folder, MANY), await _each(folder, FEW)
        for name, pairs in took.items():
            pairs.append((many[name], few[name]))
    return {name: pairs[1:] for name, pairs in took.items()}  # the first of each imports and warms up


async def _each(folder: Path, rows: int) -> dict[str, float]:
    async with filled(folder, rows) as (here, store):
        return {listed.name: await mounting(here, store, listed, rows) for listed in SCREENS}

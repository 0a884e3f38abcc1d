"""Runs items under a paradigm, several turns at once, and keeps each that is finished."""

import asyncio
import sys
import time
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from agents.message import Sampling
from slmtui import assemble
from slmtui.backend import TurnRequest
from slmtui.local_backend import LocalBackend
from slmtui.meters.meter import Meter
from slmtui.settings import Settings
from slmtui.toolboxes import ToolSupply
from tests.benchmarks.agent_items import Item
from tests.benchmarks.agent_outcomes import outcome_of
from tests.benchmarks.agent_results import Block, Conditions, Result, Results
from tests.benchmarks.agent_world import FOLDER, NOTES_FOLDER, TABLES

_GREEDY = {"temperature": 0.0, "repeat_penalty": 1.0}


def settings_for(home: Path, conditions: Conditions, model: str | None, threads: int) -> Settings:
    """Return the settings of a run in a home of its own. Raises `SettingsError`."""
    folder = home / FOLDER
    given: dict[str, Any] = {
        "model": model,
        "notes": home / NOTES_FOLDER,
        "limits": {"max_tokens": conditions.max_tokens},
        "engine": {"share": False, "saved_states_mb": 0, "threads": threads},
        "tools": {"folder": folder, "tables": [folder / table.path for table in TABLES]},
    }
    for switch in conditions.switches:
        _set(given, switch)
    return assemble.settings_of(surroundings_in(home), given)


def surroundings_in(home: Path) -> assemble.Surroundings:
    """Return surroundings without any of the user's own files: all is under `home`."""
    folders = [home / name for name in ("config", "data", "cache", "logs", "runtime")]
    return assemble.Surroundings({"HOME": str(home)}, home, *folders)


def make_backend(home: Path, settings: Settings, tools: ToolSupply) -> LocalBackend:
    """Return the backend for the model of the settings, not started yet. Raises as `prepare` does."""
    around = surroundings_in(home)
    energy = assemble.choose_meter(settings).meter
    return LocalBackend(
        assemble.prepare(settings, around),
        home / "engine.log",
        load_for=lambda _name: assemble.prepare(settings, around),
        gather=lambda: tools,
        limits=settings.limits_of_turn(),
        helps=settings.agents.help.helps(),
        make_meter=lambda: Meter(energy),
    )


async def run_block(backend: LocalBackend, paradigm: str, items: Iterable[Item], results: Results) -> None:
    """Run the items that `results` lacks, greedily; each is kept as soon as it is finished.

    Blocks begin with an empty KV cache: what one paradigm has read would save another from reading it.
    """
    left = [item for item in items if not results.has(paradigm, item)]
    if not left:
        return
    sampling = Sampling(**_GREEDY, seed=results.conditions.seed)
    await backend.start(lambda _fraction: None)
    started = time.monotonic()
    done = 0
    waiting = iter(left)

    async def work() -> None:
        nonlocal done
        for item in waiting:
            turn = backend.run(_request(item, paradigm, sampling), asyncio.Event())
            events = [event async for event in turn]
            results.add(Result(paradigm, item, outcome_of(events), results.conditions))
            done += 1
            _say(f"\r{paradigm}, {item.set}: {done} of {len(left)}, {time.monotonic() - started:.0f} s ")

    try:
        await asyncio.gather(*(work() for _ in range(results.conditions.at_once)))
    finally:
        wall_s = time.monotonic() - started
        await backend.unload()
        if done:
            results.add(Block(paradigm, left[0].set, done, wall_s, results.conditions))
        _say("\n")


def _request(item: Item, paradigm: str, sampling: Sampling) -> TurnRequest:
    name = f"{paradigm} {item.id}"
    return TurnRequest(name, paradigm, item.request, (), sampling, oracle=item.tool)


def _set(given: dict[str, Any], switch: str) -> None:
    """Put `key=value` into settings; a key without a table is a switch of help, a value TOML or a word."""
    key, _, value = switch.partition("=")
    *tables, name = key.split(".") if "." in key else ("agents", "help", key)
    for table in tables:
        given = given.setdefault(table, {})
    given[name] = _value(value)


def _value(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _say(text: str) -> None:
    print(text, end="", file=sys.stderr, flush=True)

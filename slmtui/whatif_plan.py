"""What a stored turn is run again with: all that it recorded of itself, changed by what is asked for."""

import contextlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from string import Formatter
from typing import Any

from agents.factors import NOT_USED
from agents.helps import MEANING, Helps, switched
from agents.message import Sampling
from agents.paradigms import PARADIGMS
from sessions.records import TurnRecord
from slmtui.settings import Settings
from slmtui.whatif_suite import NOTHING_KNOWN, WasRun

Loader = Callable[[Mapping[str, Any]], Settings]
"""Returns the settings with these values in place of theirs. Raises `SettingsError`."""

Change = tuple[Any, Any]
"""What something was, and what it is instead."""

SAMPLING = ("temperature", "top_k", "top_p", "min_p", "repeat_penalty", "seed")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be different. `settings` has the keys of `Settings`, tables as mappings; empty is nothing.

    `model` and `prompt` stand in for the stored ones, and `cold` makes a turn reuse no KV cache.
    """

    settings: Mapping[str, Any] = field(default_factory=dict)
    model: str | None = None
    prompt: str | None = None
    cold: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """How the stored turn `of` is run again. `changes` are those that were asked for, by name."""

    of: TurnRecord
    settings: Settings
    prompt: str
    cold: bool
    changes: Mapping[str, Change]
    was: WasRun = NOTHING_KNOWN

    @property
    def sampling(self) -> Sampling:
        """How tokens are drawn."""
        return self.settings.sampling_of_turn()

    @property
    def helps(self) -> Helps:
        """The switches."""
        return self.settings.agents.help.helps()

    @property
    def untold(self) -> dict[str, Change]:
        """The changes of which a turn keeps no record of its own, such as its limits and tools."""
        return {name: change for name, change in self.changes.items() if not name.startswith(_TOLD)}


_TOLD = (
    "model", "paradigm", "prompt", "cold", "sampling.", "agents.help.", "agents.supervisor_model",
    "agents.specialist_model", "engine.context", "engine.threads", "engine.gpu_layers",
    "engine.flash_attention", "engine.kv_cache", "engine.lora",
)  # fmt: skip
"""The changes that the two turns tell of themselves, by what they ran with in the end."""


def plan_of(
    turn: TurnRecord,
    asked: Asked,
    load: Loader,
    model_of: Callable[[TurnRecord], str],
    was: WasRun = NOTHING_KNOWN,
) -> Plan:
    """Return how a turn is run again.

    `model_of` returns the stored turn's model; with another model, the context is the engine's to choose.
    Raises `SettingsError`, and what `model_of` raises.
    """
    if asked.model is None:
        model, engine = model_of(turn), engine_of(turn) | {"context": turn.n_ctx}
    else:
        model, engine = asked.model, engine_of(turn)
    stored = {
        "model": model,
        "paradigm": turn.paradigm,
        "sampling": {name: getattr(turn, name) for name in SAMPLING},
        "agents": {"help": switches_of(turn)},
        "engine": engine,
    }
    stored = merged(stored, was.limits)
    before, after = load(stored), load(merged(stored, asked.settings))
    prompt = turn.prompt if asked.prompt is None else asked.prompt
    changes = dict(_differing(before.model_dump(mode="json"), after.model_dump(mode="json")))
    if asked.model is not None:
        changes = {"model": (turn.model, asked.model)} | changes
    if prompt != turn.prompt:
        changes["prompt"] = (turn.prompt, prompt)
    if asked.cold and not turn.cold:
        changes["cold"] = (False, True)
    return Plan(turn, after, prompt, turn.cold or asked.cold, changes, was)


def engine_of(turn: TurnRecord) -> dict[str, Any]:
    """Return the settings of the engine that bear on what a turn writes and costs, as it ran with them.

    The engine measures how many threads are best, and may find another number at another time. A setting
    says one number for reading and writing, so it is given where the turn had one.
    """
    threads = {"threads": turn.n_threads} if turn.n_threads == turn.n_threads_batch else {}
    return {"kv_cache": turn.kv_type, "flash_attention": turn.flash_attention, **threads}


def switches_of(turn: TurnRecord) -> dict[str, Any]:
    """Return the switches that a turn is known to have run under, as the settings take them.

    It recorded those that its paradigm uses. What this version cannot read is as the settings have it.
    """
    switches: dict[str, Any] = {}
    for name, text in _told(turn):
        with contextlib.suppress(ValueError):
            switches[name] = getattr(switched(Helps(), name, text), name)
    return switches


def factors_of(turn: TurnRecord) -> dict[str, str]:
    """Return the factors that a turn recorded, by name; none for one of an earlier version."""
    factors: dict[str, str] = json.loads(turn.factors)
    return factors


def merged(low: Mapping[str, Any], high: Mapping[str, Any]) -> dict[str, Any]:
    """Return `low` with what `high` has in its place, table by table; None there means "not given"."""
    both = dict(low)
    for name, value in high.items():
        if isinstance(value, Mapping):
            below = low.get(name)
            both[name] = merged(below if isinstance(below, Mapping) else {}, value)
        elif value is not None:
            both[name] = value
    return both


def _told(turn: TurnRecord) -> Iterator[tuple[str, str]]:
    """Yield the switches that a turn's factors tell of: by their names, or in the words of another factor."""
    info = PARADIGMS.get(turn.paradigm)
    factors = factors_of(turn)
    for name, value in factors.items():
        if name in MEANING and value != NOT_USED and not (info and name in info.fixed):
            yield name, value
    for name, words in (info.factors if info else {}).items():
        found = re.fullmatch(_pattern(words), factors.get(name, ""))
        yield from found.groupdict().items() if found else ()


def _pattern(words: str) -> str:
    """Return the regular expression of a factor's words, with a group for each switch in braces."""
    parts = Formatter().parse(words)
    return "".join(re.escape(text) + (f"(?P<{name}>.+)" if name else "") for text, name, *_ in parts)


def _differing(
    before: Mapping[str, Any], after: Mapping[str, Any], of: str = ""
) -> Iterator[tuple[str, Change]]:
    """Yield the keys, tables before a dot, in which two dumps of settings differ, with both values."""
    for name in after:
        was, now = before.get(name), after[name]
        if isinstance(was, Mapping) and isinstance(now, Mapping):
            yield from _differing(was, now, f"{of}{name}.")
        elif was != now:
            yield f"{of}{name}", (was, now)

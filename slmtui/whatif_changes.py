"""What was changed between a stored turn and the one that ran it again, as the two recorded themselves."""

from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import Any

from agents.factors import NOT_USED
from sessions.differences import as_words
from sessions.records import TurnRecord
from slmtui.whatif_plan import SAMPLING, Change, factors_of

OF_TURNS = (
    "paradigm",
    "prompt",
    "model",
    "quantisation",
    *SAMPLING,
    "cold",
    "n_ctx",
    "n_threads",
    "n_threads_batch",
    "gpu_layers",
    "kv_type",
    "flash_attention",
    "lora",
    "llama_cpp",
    "machine",
    "slmtui",
)
"""The columns of a turn that say what it ran with."""

LONGEST = 40


def changes_between(was: TurnRecord, now: TurnRecord) -> dict[str, Change]:
    """Return by name what the two turns ran with that is not the same: columns first, then factors."""
    found = {
        name: (getattr(was, name), getattr(now, name))
        for name in OF_TURNS
        if getattr(was, name) != getattr(now, name)
    }
    if not {"model", "quantisation"} & found.keys() and was.model_hash != now.model_hash:
        found["model_hash"] = (was.model_hash, now.model_hash)
    return found | _factors(was, now)


def title_of_changes(changes: Iterable[Mapping[str, Change]]) -> str:
    """Return the title of a sibling: what was changed, once, however many turns it was changed in."""
    words = [_words(name, *change) for each in changes for name, change in each.items()]
    return f"what if: {', '.join(dict.fromkeys(words)) or 'nothing changed'}"


def changed_words(changes: Mapping[str, Change]) -> str:
    """Return changes in a line; empty where there are none."""
    return ", ".join(_words(name, *change) for name, change in changes.items())


def _factors(was: TurnRecord, now: TurnRecord) -> dict[str, Change]:
    """Return the factors that differ; none where one of the turns recorded none."""
    first, second = factors_of(was), factors_of(now)
    if not first or not second:
        return {}
    pairs = {name: (first.get(name, NOT_USED), second.get(name, NOT_USED)) for name in {**first, **second}}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _words(name: str, was: Any, now: Any) -> str:
    if name == "prompt":
        return "another prompt"
    if name == "model":
        was, now = PurePath(was).name, PurePath(now).name
    return f"{name.rpartition('.')[2]} {_value(was)} → {_value(now)}"


def _value(value: Any) -> str:
    text = " ".join(as_words("" if value is None else value).split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()}…"

"""What a run of suites is asked to do, settled before anything runs, and kept with it."""

from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import msgspec

from agents.budget import Limits
from agents.helps import Helps
from agents.message import Sampling
from slmtui.suites.suite import Split, SuiteError

Preset = Literal["", "paper"]

AT_ONCE = 4

Switch: TypeAlias = bool | int | float | str


@dataclass(frozen=True, slots=True)
class Plan:
    """A run of suites, whole: what may differ between two runs is in here or in a turn's record.

    `models` are as the user named them, empty for that of the settings, which is `model` (empty: the
    embedded one). `helps` are the switches of the
    settings, `switches` those that every arm changes, and `vary` those of which every value is an arm.
    `limits` are a turn's and `agent_limits` those of each agent; `budget_tokens` says that they were made
    equal for all arms, in output tokens (0: they were not). `limit` is the items of a suite at most (0: all).
    `rule` is the rule of stopping early in words, empty without one. `worlds` tells which suites bring
    files along: the name of the data set, and the suite as the user named it.
    """

    suites: tuple[str, ...]
    paradigms: tuple[str, ...]
    models: tuple[str, ...] = ("",)
    model: str = ""
    switches: dict[str, Switch] = field(default_factory=dict)
    vary: dict[str, tuple[Switch, ...]] = field(default_factory=dict)
    helps: Helps = field(default_factory=Helps)
    sampling: Sampling = field(default_factory=Sampling)
    limits: Limits = field(default_factory=Limits)
    agent_limits: Limits = field(default_factory=Limits)
    budget_tokens: int = 0
    split: Split = "test"
    data: str = ""
    mapping: dict[str, str] = field(default_factory=dict)
    limit: int = 0
    repeats: int = 1
    seed: int = 1
    cold: bool = False
    at_once: int = AT_ONCE
    preset: Preset = ""
    rule: str = ""
    allow: tuple[str, ...] = ()
    worlds: dict[str, str] = field(default_factory=dict)


def as_json(plan: Plan) -> dict[str, Any]:
    """Return a plan as the JSON object that the store keeps."""
    stored: dict[str, Any] = msgspec.to_builtins(plan)
    return stored


def plan_of(stored: dict[str, Any]) -> Plan:
    """Return the plan of a stored run. Raises `SuiteError` for one that this version cannot read."""
    try:
        return msgspec.convert(stored, Plan)
    except msgspec.ValidationError as error:
        raise SuiteError(
            f"The plan of this run was made by another slmtui and cannot be gone on with ({error})."
            " Begin a new run."
        ) from error

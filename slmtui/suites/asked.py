"""What the user asks a run to be, flag by flag, and the plan that comes of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from agents.paradigms import PARADIGMS
from slmtui.settings import Settings
from slmtui.suites.arms import arms_of
from slmtui.suites.budget import limits_of
from slmtui.suites.plan import AT_ONCE, Plan, Preset, Switch
from slmtui.suites.preset import PRESETS
from slmtui.suites.stopping import RULE
from slmtui.suites.suite import Split, SuiteError

_DEFAULTS = ("base", "single", "multi")


@dataclass(frozen=True, slots=True)
class Asked:
    """The flags of `slmtui bench`: None, False and the empty ones were not given."""

    suites: tuple[str, ...] = ()
    paradigm: tuple[str, ...] = ()
    model: tuple[str, ...] = ()
    switch: Mapping[str, Switch] | None = None
    vary: Mapping[str, tuple[Switch, ...]] | None = None
    split: Split | None = None
    data: str | None = None
    map: Mapping[str, str] | None = None
    limit: int | None = None
    repeats: int | None = None
    seed: int | None = None
    temperature: float | None = None
    max_tokens: int | None = None
    budget_tokens: int | None = None
    cold: bool = False
    at_once: int | None = None
    preset: Preset | None = None
    stop_early: bool = False
    allow: tuple[str, ...] = ()

    def given(self) -> dict[str, Any]:
        """Return the flags that were given, by name."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        # 0 and 0.0 are given, though they equal False.
        return {name: v for name, v in values.items() if not (v is None or v is False or v in ((), {}))}


def make_plan(asked: Asked, settings: Settings) -> Plan:
    """Return the plan that flags and settings make. Raises `SuiteError` where they contradict each other."""
    preset = PRESETS[asked.preset or ""]
    asked = _with_preset(asked, preset.flags)
    _check(asked)
    sampling = replace(settings.sampling_of_turn(), temperature=asked.temperature or 0.0)
    limits, agent_limits = limits_of(settings, asked.max_tokens, asked.budget_tokens)
    if preset.top_p is not None:
        sampling = replace(sampling, top_p=preset.top_p)
    if preset.steps is not None:
        limits = replace(limits, max_steps=max(limits.max_steps, preset.steps))
        agent_limits = replace(agent_limits, max_steps=preset.steps)
    plan = Plan(
        suites=asked.suites,
        paradigms=tuple(dict.fromkeys(asked.paradigm or _DEFAULTS)),
        models=tuple(dict.fromkeys(asked.model or ("",))),
        switches=dict(asked.switch or {}),
        vary=dict(asked.vary or {}),
        model=settings.model or "",
        helps=settings.agents.help.helps(),
        sampling=sampling,
        limits=limits,
        agent_limits=agent_limits,
        budget_tokens=asked.budget_tokens or 0,
        split=asked.split or "test",
        data=asked.data or "",
        mapping=dict(asked.map or {}),
        limit=asked.limit or 0,
        repeats=asked.repeats or 1,
        seed=1 if asked.seed is None else asked.seed,
        cold=asked.cold,
        at_once=asked.at_once or (1 if asked.cold else AT_ONCE),
        preset=asked.preset or "",
        rule=RULE if asked.stop_early else "",
        allow=asked.allow,
    )
    if plan.rule and len(arms_of(plan)) == 1:
        raise SuiteError("--stop-early compares arms, and there is one alone: name two, or leave it out.")
    return plan


def check_same(asked: Asked, plan: Plan) -> None:
    """Refuse flags that say otherwise than the plan of a run that is gone on with. Raises `SuiteError`."""
    told = _flags_of(plan)
    for name, value in asked.given().items():
        if value != told[name]:
            flag = "the suite" if name == "suites" else f"--{name.replace('_', '-')}"
            raise SuiteError(
                f"The run that is gone on with has {_shown(told[name])} for {flag}, not {_shown(value)}."
                " Leave it out, or begin a new run without --resume."
            )


def _flags_of(plan: Plan) -> dict[str, Any]:
    """Return the flags that would make a plan."""
    return {
        "suites": plan.suites,
        "paradigm": plan.paradigms,
        "model": plan.models,
        "switch": plan.switches,
        "vary": plan.vary,
        "split": plan.split,
        "data": plan.data,
        "map": plan.mapping,
        "limit": plan.limit,
        "repeats": plan.repeats,
        "seed": plan.seed,
        "temperature": plan.sampling.temperature,
        "max_tokens": plan.limits.max_tokens,
        "budget_tokens": plan.budget_tokens,
        "cold": plan.cold,
        "at_once": plan.at_once,
        "preset": plan.preset,
        "stop_early": bool(plan.rule),
        "allow": plan.allow,
    }


def _with_preset(asked: Asked, flags: Mapping[str, Any]) -> Asked:
    """Return what was asked with the flags of its preset, which further arms may be added to."""
    given = asked.given()
    for name, value in flags.items():
        own = given.get(name, value)
        if own != value and not (name == "paradigm" and set(value) <= set(own)):
            raise SuiteError(
                f"--preset {asked.preset} has {_shown(value)} for --{name.replace('_', '-')}, not"
                f" {_shown(own)}. Leave out one of the two."
            )
    return replace(asked, **{**flags, **{name: given[name] for name in flags if name in given}})


def _check(asked: Asked) -> None:
    for wrong in _contradictions(asked):
        raise SuiteError(wrong)


def _contradictions(asked: Asked) -> Iterator[str]:
    """Yield what is wrong with the flags, in a sentence each."""
    if not asked.suites:
        yield "Name a suite to run, such as bundled or gsm8k; `slmtui bench --help` lists them."
    for name in asked.paradigm:
        if name not in PARADIGMS:
            yield f"There is no paradigm named {name!r}; choose among: {', '.join(PARADIGMS)}."
    if asked.cold and (asked.at_once or 1) > 1:
        yield "A cold turn runs alone: leave out --at-once, or --cold."
    if asked.max_tokens and asked.budget_tokens:
        yield "--budget-tokens sets the limit of tokens for every arm: leave out --max-tokens."
    if asked.stop_early and (asked.repeats or 1) > 1:
        yield "--stop-early looks at items, of which repeats are none: leave out one of the two."


def _shown(value: Any) -> str:
    """Return a flag's value as the user would write it."""
    if isinstance(value, bool) or value is None:
        return "on" if value else "off"
    if isinstance(value, Mapping):
        value = [f"{name}={_shown(each)}" for name, each in value.items()]
    if isinstance(value, tuple | list):
        return ", ".join(_shown(each) for each in value) or "nothing"
    return str(value) or "nothing"

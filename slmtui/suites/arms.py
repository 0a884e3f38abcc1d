"""The arms of a run: every paradigm with every model, and every value of the switches that vary."""

from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path

from agents.helps import Helps, shown
from agents.paradigms import PARADIGMS
from sessions.run_records import ArmRecord
from slmtui.suites.plan import Plan, Switch


def arms_of(plan: Plan) -> tuple[ArmRecord, ...]:
    """Return the arms of a plan, model by model, without a session yet; names are unique.

    Where a switch that varies does nothing in a paradigm, there is one arm of it for all the values.
    """
    models = model_names(plan.models)
    return tuple(
        ArmRecord(_name(paradigm, varied, models[model]), paradigm, model, {**plan.switches, **varied})
        for model in plan.models
        for paradigm in plan.paradigms
        for varied in _variants(plan, paradigm)
    )


def helps_of(plan: Plan, switches: Mapping[str, Switch]) -> Helps:
    """Return the switches of an arm over those of the plan."""
    told = {name: getattr(plan.helps, name) for name in Helps.__dataclass_fields__}
    return Helps(**{**told, **switches})


def model_names(models: tuple[str, ...]) -> dict[str, str]:
    """Return a short name for each model among several: a file's stem, or the whole where two share one.

    A model alone needs none.
    """
    if len(models) == 1:
        return {models[0]: ""}
    stems = {model: Path(model).stem if model.endswith(".gguf") else model or "default" for model in models}
    names = list(stems.values())
    return {model: stem if names.count(stem) == 1 else model for model, stem in stems.items()}


def _variants(plan: Plan, paradigm: str) -> Iterator[dict[str, Switch]]:
    """Yield the values of the varying switches by which a paradigm is told apart."""
    found: list[dict[str, str]] = []
    combinations = [dict(zip(plan.vary, values, strict=True)) for values in product(*plan.vary.values())]
    for combination in combinations:
        factors = PARADIGMS[paradigm].factors_with(helps_of(plan, {**plan.switches, **combination}))
        if factors not in found:
            found.append(factors)
            acts = {name for name in combination if _acts(plan, paradigm, name)}
            yield {name: value for name, value in combination.items() if name in acts}


def _acts(plan: Plan, paradigm: str, switch: str) -> bool:
    """Whether the values of a varying switch make a difference to a paradigm."""
    info = PARADIGMS[paradigm]
    told = [info.factors_with(helps_of(plan, {**plan.switches, switch: v})) for v in plan.vary[switch]]
    return any(factors != told[0] for factors in told)


def _name(paradigm: str, varied: Mapping[str, Switch], model: str) -> str:
    switches = [f"{name}={shown(value)}" for name, value in varied.items()]
    return " ".join(filter(None, (paradigm, *switches, f"@{model}" if model else "")))

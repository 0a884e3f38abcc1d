"""The worlds of a stored run's suites, made again."""

from pathlib import Path

from slmtui.suites.catalogue import find_suite
from slmtui.suites.plan import Plan
from slmtui.suites.suite import World


def worlds_of(plan: Plan) -> dict[str, World]:
    """Return the worlds of a plan's suites by the names of their data sets.

    Raises `SuiteError` where a suite cannot be had any more.
    """
    data = Path(plan.data) if plan.data else None
    found = {
        name: find_suite(given, split=plan.split, data=data, mapping=plan.mapping, seed=plan.seed).world
        for name, given in plan.worlds.items()
    }
    return {name: world for name, world in found.items() if world is not None}

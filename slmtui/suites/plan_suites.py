"""The suites of a plan: found when a run is new, and their worlds made again when it is gone on with."""

from pathlib import Path

from slmtui.suites.plan import Plan
from slmtui.suites.suite import Suite, World


def suite_of(plan: Plan, name: str) -> Suite:
    """Return a suite of a plan, by the name that the user gave. Raises `SuiteError`."""
    # Imported when a suite is wanted: a command that does without should not wait for the loaders.
    from slmtui.suites.catalogue import find_suite  # noqa: PLC0415

    data = Path(plan.data) if plan.data else None
    return find_suite(name, split=plan.split, data=data, mapping=plan.mapping, seed=plan.seed)


def worlds_of(plan: Plan) -> dict[str, World]:
    """Return the worlds of a plan's suites by the names of their data sets.

    They are made, and need no files. Raises `SuiteError` where a suite cannot be had any more.
    """
    found = {name: suite_of(plan, given).world for name, given in plan.worlds.items()}
    return {name: world for name, world in found.items() if world is not None}

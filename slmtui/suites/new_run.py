"""A run before it runs: its suites, arms and items, written to the store."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from agents.paradigms import PARADIGMS
from sessions.run_records import ArmRecord, DataSetRecord, ItemRecord, RunRecord
from sessions.store import Store
from slmtui.suites.arms import arms_of
from slmtui.suites.plan import Plan, as_json
from slmtui.suites.stored_items import record_of
from slmtui.suites.suite import Suite, SuiteError


def create_run(store: Store, plan: Plan, suites: Mapping[str, Suite], command: str) -> RunRecord:
    """Write a new run to the store and return it.

    `suites` are by the name that the user gave. A limit takes the first items of each. Raises `SuiteError`
    where there is nothing to ask, or an arm asks for what the items do not tell.
    """
    arms = arms_of(plan)
    chosen = {suite.name: suite for suite in suites.values()}
    if len(chosen) < len(suites):
        raise SuiteError(f"Two suites have one name, of {', '.join(chosen)}; run them one after another.")
    items = [record for suite in suites.values() for record in _items(plan, suite)]
    _check_oracle(arms, items)
    worlds = {suite.name: given for given, suite in suites.items() if suite.world is not None}
    title = f"{', '.join(chosen)}: {', '.join(arm.arm for arm in arms)}"
    stored = as_json(replace(plan, worlds=worlds))
    data_sets = [_data_set(suite) for suite in chosen.values()]
    return store.suites.create(title, command, stored, arms, data_sets, items)


def _items(plan: Plan, suite: Suite) -> list[ItemRecord]:
    chosen = suite.items[: plan.limit or None]
    if not chosen:
        raise SuiteError(f"The suite {suite.name} has no items; name another, or another split.")
    return [record_of(suite.name, item) for item in chosen]


def _check_oracle(arms: Sequence[ArmRecord], items: Sequence[ItemRecord]) -> None:
    """Refuse an arm that is given the right tool where the items do not tell which that is."""
    told = [arm.paradigm for arm in arms if not PARADIGMS[arm.paradigm].chat]
    untold = next((item.data_set for item in items if not item.tool), None)
    if told and untold:
        raise SuiteError(
            f"The paradigm {told[0]} is told the right tool of each item, which {untold} does not know."
            " Leave one of the two out."
        )


def _data_set(suite: Suite) -> DataSetRecord:
    return DataSetRecord(
        suite.name, suite.title, suite.source, suite.checksum, suite.licence, len(suite.items)
    )

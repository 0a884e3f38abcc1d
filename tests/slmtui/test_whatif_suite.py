"""Stored turns of suites that run again: under the limits of their run, with the tools of their items."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from agents.budget import Limits
from sessions.records import TurnRecord
from sessions.run_records import ArmRecord, AttemptRecord
from sessions.store import Store
from sessions.what_if_store import WhatIfRecord
from slmtui.settings import Settings, load_settings
from slmtui.suites.item import Expected, Item, OfferedTool
from slmtui.suites.plan import Plan, as_json
from slmtui.suites.stored_items import record_of
from slmtui.whatif_boxes import ItemBoxes
from slmtui.whatif_plan import Asked, plan_of
from slmtui.whatif_suite import WasRun, was_run
from tests.sessions.scripted import turn_id, whole_turn

ITEM = Item("1", "bundled", "hello", Expected("exact", "hi"), tool="dates")
OFFERED = OfferedTool("ring", "Rings.", {"type": "object", "properties": {}})
PLAN = Plan(("bundled",), ("single",), limits=Limits(max_tokens=64), agent_limits=Limits(max_tokens=64))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(
        tmp_path / "s.db", owner="me", alive=lambda _: True, now=lambda: datetime.now(UTC)
    ) as store:
        yield store


def keep(store: Store, plan: Plan = PLAN, item: Item = ITEM) -> TurnRecord:
    """Keep a run of one attempt, and return its turn."""
    asked = record_of(item.data_set, item)
    run = store.suites.create("run", "bench", as_json(plan), [ArmRecord("single", "single")], [], [asked])
    session = run.arms[0].session
    store.append(session, turn_id(1), whole_turn(turn_id(1), session))
    store.suites.begin(AttemptRecord(run.id, "single", asked.item, 1, session, turn_id(1)))
    return store.turn(turn_id(1))


def again(store: Store, turn: TurnRecord, number: int, **changes: tuple[Any, Any]) -> TurnRecord:
    """Keep a what-if of a turn, and return it."""
    session = store.create_session("what if", "whatif")
    store.append(session, turn_id(number), whole_turn(turn_id(number), session))
    told = {name.replace("__", "."): change for name, change in changes.items()}
    store.what_ifs.put(WhatIfRecord(turn_id(number), session, turn.turn, told))
    return store.turn(turn_id(number))


def load(given: Any) -> Settings:
    return load_settings(environ={}, config_dir=Path("nowhere"), overrides=given)


def limits_of(was: WasRun, **asked: Any) -> tuple[int, int | None]:
    """Return the output tokens that a turn may write when it runs again, and those of each agent in it."""
    turn = TurnRecord("T", "S", "single", "hello", "2026-01-02T03:04:05+00:00", repeat_penalty=1.0, top_p=0.9)
    settings = plan_of(turn, Asked(asked), load, lambda _turn: "m.gguf", was).settings
    return settings.limits.max_tokens, settings.agents.limits and settings.agents.limits.max_tokens


def test_a_turn_of_a_run_has_the_limits_of_the_run(store: Store) -> None:
    was = was_run(keep(store), store.what_ifs)
    assert was.attempt is not None
    assert (was.attempt.item, was.at_once) == (ITEM, 4)
    assert limits_of(was) == (64, None)
    assert limits_of(was, limits={"max_tokens": 9}) == (9, None)


def test_agents_have_limits_of_their_own_where_the_run_gave_them_some(store: Store) -> None:
    plan = replace(PLAN, agent_limits=Limits(max_tokens=30))
    assert limits_of(was_run(keep(store, plan), store.what_ifs)) == (64, 30)


def test_a_what_if_of_a_what_if_has_the_limits_that_the_first_was_given(store: Store) -> None:
    first = again(store, keep(store), 2, limits__max_tokens=(64, 9), seed=(1, 2))
    second = again(store, first, 3, agents__limits=(None, {"max_tokens": 5}))
    third = again(store, second, 4, agents__limits__max_tokens=(5, 4))
    found = [limits_of(was_run(turn, store.what_ifs)) for turn in (first, second, third)]
    assert found == [(9, None), (9, 5), (9, 4)]
    assert was_run(first, store.what_ifs).at_once == 1


def test_a_turn_of_a_chat_does_not_tell_its_limits(store: Store) -> None:
    session = store.create_session()
    store.append(session, turn_id(7), whole_turn(turn_id(7), session))
    turn = store.turn(turn_id(7))
    assert was_run(turn, store.what_ifs) == WasRun()
    changed = was_run(again(store, turn, 8, limits__max_tokens=(1024, 9)), store.what_ifs)
    assert (changed.attempt, limits_of(changed)) == (None, (9, None))


def boxed(boxes: ItemBoxes, store: Store, plan: Plan, item: Item) -> Any:
    turn = keep(store, plan, item)
    stored = replace(turn, model="m", repeat_penalty=1.0, top_p=0.9)
    was = was_run(turn, store.what_ifs)
    return boxes.box_of(plan_of(stored, Asked(), load, lambda _turn: "m.gguf", was))


@pytest.mark.parametrize(
    ("worlds", "item", "names"),
    [
        ({}, ITEM, None),
        ({}, replace(ITEM, offered=(OFFERED,)), {"ring"}),
        ({"bundled": "bundled"}, ITEM, {"search_notes", "read_file", "table_figure", "calculator"}),
    ],
)
def test_a_turn_has_the_tools_that_its_item_had(
    store: Store, worlds: dict[str, str], item: Item, names: set[str] | None
) -> None:
    with ItemBoxes() as boxes:
        box = boxed(boxes, store, replace(PLAN, worlds=worlds), item)
        assert (box is None) == (names is None)
        if names is not None:
            assert names <= set(box.names)
            assert (names == {"ring"}) == (len(box.names) == 1)

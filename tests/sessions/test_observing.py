import json
import sqlite3
from dataclasses import replace

import pytest

from sessions.differences import CONDITIONS
from sessions.observation import ENERGY, METRICS, RESOURCES
from sessions.observing import TRUTHS, arms_of_turns, observations_of_turns, read_arms, read_observations
from sessions.records import TurnRecord
from sessions.run_records import ArmRecord, AttemptRecord, DataSetRecord, ItemRecord
from sessions.store import Store
from tests.sessions.scripted import turn_id, whole_turn

ARMS = (ArmRecord("single", "single"), ArmRecord("base", "base"))
ITEMS = tuple(ItemRecord(f"ours/{n}", "ours", f"prompt {n}", "{}", tool="none") for n in (2, 1))


def keep_run(store: Store) -> str:
    """Keep a run of two items under two arms: three attempts were made, and the last is not scored."""
    data_set = DataSetRecord("ours", "Ours", "seed 1", "0" * 64, "MIT", 2)
    run = store.suites.create("Run", "slmtui bench", {}, ARMS, [data_set], ITEMS)
    sessions = {arm.arm: arm.session for arm in run.arms}
    for number, (arm, item) in enumerate([("single", 2), ("base", 2), ("single", 1)], 1):
        session, turn = sessions[arm], turn_id(number)
        begun, *rest = whole_turn(
            turn, session, paradigm=arm, answer=["Hi"] * number, joules=2.0, source="measured"
        )
        store.append(session, turn, [replace(begun, factors={"tools": "all"}), *rest])
        attempt = AttemptRecord(run.id, arm, f"ours/{item}", 1, session, turn)
        store.suites.begin(attempt)
        if number < 3:
            scored = replace(attempt, state="wrong", strict=False, flexible=True, tool_right=number == 1)
            store.suites.finish(scored)
    return run.id


@pytest.fixture
def run(store: Store) -> str:
    return keep_run(store)


def raw(store: Store) -> sqlite3.Connection:
    return store._connection._raw


def test_attempts_come_with_what_their_turns_cost(store: Store, run: str) -> None:
    found = read_observations(raw(store), run)
    assert [(each.arm, each.item) for each in found] == [
        ("single", "ours/2"), ("single", "ours/1"), ("base", "ours/2"),
    ]  # fmt: skip
    first = found[0]
    assert (first.state, first.strict, first.flexible, first.tool_right) == ("wrong", False, True, True)
    assert (first.data_set, first.repeat, first.turn) == ("ours", 1, turn_id(1))
    assert first.energy_source == "measured"
    assert tuple(first.values) == RESOURCES
    assert (first.values["output_tokens"], first.values["joules"]) == (1, 2.0)
    assert (found[1].state, found[1].strict, found[1].values["output_tokens"]) == (None, None, 3)


def test_an_attempt_whose_turn_was_never_written_is_there_without_costs(store: Store, run: str) -> None:
    session = next(arm.session for arm in store.suites.run(run).arms if arm.arm == "base")
    store.suites.begin(AttemptRecord(run, "base", "ours/1", 1, session, turn_id(77)))
    last = read_observations(raw(store), run)[-1]
    assert (last.turn, last.energy_source, set(last.values.values())) == (turn_id(77), "none", {None})


def test_other_columns_can_be_asked_for(store: Store, run: str) -> None:
    assert dict(read_observations(raw(store), run, ["calls"])[0].values) == {"calls": 1}
    assert set(read_observations(raw(store), run, METRICS)[0].values) == set(METRICS)


def test_arms_are_grouped_as_their_turns_would_be(store: Store, run: str) -> None:
    base, single = read_arms(raw(store), run)
    assert (base.name, single.name) == ("base", "single")
    turns = [turn for arm in store.suites.run(run).arms for turn in store.turns(arm.session)]
    assert [base, single] == arms_of_turns(turns)
    assert single.factors == {"tools": {"all": 1}}
    assert single.conditions["cold"] == {"no": 1}


def test_an_arm_without_attempts_is_there(store: Store) -> None:
    run = store.suites.create("Run", "slmtui bench", {}, ARMS, [], ITEMS[:0])
    assert [(arm.name, dict(arm.factors)) for arm in read_arms(raw(store), run.id)] == [
        ("base", {}), ("single", {}),
    ]  # fmt: skip
    assert read_observations(raw(store), run.id) == []


def test_every_truth_among_the_conditions_is_read_as_one() -> None:
    truths = {name for name in CONDITIONS if isinstance(getattr(TURN, name), bool)}
    assert truths == TRUTHS


TURN = TurnRecord("T", "S", "base", "hello", "2026-01-02T03:04:05Z", status="ok", model="tiny")


def test_turns_are_paired_by_prompt_and_counted_in_their_arm() -> None:
    turns = [
        TURN,
        replace(TURN, turn="T2", paradigm="single"),
        replace(TURN, turn="T3", status="failed"),
        replace(TURN, turn="T4"),
        replace(TURN, turn="T5", prompt="other"),
    ]
    found = observations_of_turns(turns)
    assert [(each.turn, each.arm, each.item, each.repeat) for each in found] == [
        ("T", "base", "hello", 1), ("T2", "single", "hello", 1), ("T4", "base", "hello", 2),
        ("T5", "base", "other", 1),
    ]  # fmt: skip
    assert all(each.state is None and each.strict is None for each in found)
    assert set(found[0].values) == set(METRICS)


def test_a_model_is_named_where_there_are_several() -> None:
    turns = [replace(TURN, paradigm="single"), replace(TURN, model="big"), replace(TURN, model="")]
    found = observations_of_turns(turns)
    assert [each.arm for each in found] == ["single (tiny)", "base (big)", "base (no model)"]
    assert [arm.name for arm in arms_of_turns(turns)] == ["base (big)", "base (no model)", "single (tiny)"]


def test_every_number_of_a_turn_is_a_metric_or_a_setting() -> None:
    settings = {
        "position", "context_size", "parameters", "n_ctx", "n_threads", "gpu_layers", "seed", "temperature",
        "top_k", "top_p", "min_p", "repeat_penalty", "warm", "n_threads_batch", "flash_attention", "cold",
    }  # fmt: skip
    numbers = {
        name
        for name, kind in TurnRecord.__annotations__.items()
        if kind in {int, float, bool, int | None, float | None}
    }
    assert set(METRICS) | settings == numbers
    assert len(METRICS) == len(set(METRICS))
    assert not set(METRICS) & settings
    assert set(METRICS) >= ENERGY


def test_factors_of_turns_keep_their_shares() -> None:
    factors = [json.dumps({"tools": value}) for value in ("all", "all", "none")]
    (arm,) = arms_of_turns([replace(TURN, factors=each) for each in factors])
    assert {value: float(share) for value, share in arm.factors["tools"].items()} == {
        "all": pytest.approx(2 / 3), "none": pytest.approx(1 / 3),
    }  # fmt: skip

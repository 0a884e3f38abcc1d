from dataclasses import replace
from pathlib import Path

import pytest

from sessions.errors import AmbiguousRunError, ScoredAttemptError, UnknownRunError, UnknownSessionError
from sessions.run_records import ArmRecord, AttemptRecord, DataSetRecord, ItemRecord, RunRecord
from sessions.store import Store
from tests.sessions.conftest import Opener
from tests.sessions.scripted import turn_id, whole_turn
from tests.sessions.shortcuts import rows

ARMS = (ArmRecord("base", "base"), ArmRecord("single", "single", "qwen", {"examples": 0, "think": True}))
DATA_SETS = (DataSetRecord("sums", "Sums", "made up", "0" * 64, "MIT", 9),)
ITEMS = tuple(
    ItemRecord(
        f"sums/{n}", "sums", f"What is {n} + 1?", '{"kind": "number", "value": "1"}', "sums", "easy", "none"
    )
    for n in range(3)
)
TABLES = ("runs", "arms", "data_sets", "items", "attempts", "sessions", "turns", "events")


def begin_run(store: Store, repeats: int = 2) -> RunRecord:
    return store.suites.create("sums", "slmtui bench sums", {"repeats": repeats}, ARMS, DATA_SETS, ITEMS)


def answered(store: Store, run: RunRecord, item: str = "sums/0", number: int = 1) -> AttemptRecord:
    """Let base answer an item, and return the attempt that was begun."""
    session = run.arms[0].session
    store.append(
        session, turn_id(number), whole_turn(turn_id(number), session, joules=2.0, source="measured")
    )
    attempt = AttemptRecord(run.id, "base", item, 1, session, turn_id(number))
    store.suites.begin(attempt)
    return attempt


def test_a_run_reads_as_it_was_made_with_a_session_of_its_own_for_each_arm(store: Store) -> None:
    run = begin_run(store)
    assert store.suites.run(run.id) == run
    assert (run.repeats, run.items, run.attempts, run.ended_at) == (2, 3, 12, None)
    assert [replace(arm, session="") for arm in run.arms] == list(ARMS)
    assert (run.data_sets, tuple(store.suites.items(run.id))) == (DATA_SETS, ITEMS)
    summaries = [store.session(arm.session) for arm in run.arms]
    assert [(each.title, each.kind) for each in summaries] == [
        ("bench: base", "bench"),
        ("bench: single", "bench"),
    ]


def test_runs_are_found_by_part_of_an_id_and_as_the_last(store: Store) -> None:
    with pytest.raises(UnknownRunError, match="no run yet"):
        store.suites.run("last")
    first, second = begin_run(store), begin_run(store)
    assert [run.id for run in store.suites.runs()] == [second.id, first.id]
    assert [run.id for run in store.suites.runs(1)] == [second.id]
    assert store.suites.run("last").id == second.id
    assert store.suites.run(first.id[-6:].lower()).id == first.id
    with pytest.raises(AmbiguousRunError):
        store.suites.run("01")
    with pytest.raises(UnknownRunError, match="nothing"):
        store.suites.run("nothing")


def test_an_attempt_is_begun_then_scored_once(store: Store) -> None:
    run = begin_run(store)
    begun = answered(store, run)
    assert (store.suites.attempts(run.id), store.suites.scored(run.id)) == ([begun], 0)
    done = replace(begun, state="wrong", strict=False, flexible=True, extracted="41", cause="misreported")
    store.suites.finish(done)
    assert (store.suites.attempts(run.id), store.suites.scored(run.id)) == ([done], 1)
    for again in (store.suites.begin, store.suites.finish):
        with pytest.raises(ScoredAttemptError):
            again(done)


def test_an_attempt_that_was_not_scored_is_begun_again_with_another_turn(store: Store) -> None:
    run = begin_run(store)
    before = answered(store, run)
    again = answered(store, run, number=2)
    assert store.suites.attempts(run.id) == [again]
    with pytest.raises(ScoredAttemptError):
        store.suites.finish(replace(before, state="right", strict=True, flexible=True))


def test_the_observations_of_a_run_have_what_its_turns_cost(store: Store) -> None:
    run = begin_run(store)
    done = replace(answered(store, run), state="right", strict=True, flexible=True, tool_right=True)
    store.suites.finish(done)
    (seen,) = store.suites.observations(run.id)
    assert (seen.arm, seen.item, seen.data_set, seen.state, seen.tool_right) == (
        "base",
        "sums/0",
        "sums",
        "right",
        True,
    )
    assert (seen.values["joules"], seen.values["output_tokens"]) == (2.0, 2)
    assert store.suites.arms(run.id)[0].name == "base"


def test_an_end_says_when_and_why(store: Store) -> None:
    run = begin_run(store)
    store.suites.end(run.id, "all was decided")
    ended = store.suites.run(run.id)
    assert ended.ended_at is not None
    assert ended.stopped == "all was decided"


def test_deleting_a_run_leaves_nothing_of_it_and_everything_else(path: Path, open_store: Opener) -> None:
    store = open_store()
    chat = store.create_session()
    store.append(chat, turn_id(7), whole_turn(turn_id(7), chat))
    before = {table: rows(path, f"SELECT * FROM {table}") for table in TABLES}
    run = begin_run(store)
    store.suites.finish(replace(answered(store, run), state="right", strict=True, flexible=True))
    assert store.suites.delete(run.id) == run.id
    assert {table: rows(path, f"SELECT * FROM {table}") for table in TABLES} == before
    with pytest.raises(UnknownSessionError):
        store.session(run.arms[0].session)


def test_lists_searches_and_the_last_are_of_chats_unless_every_kind_is_asked_for(store: Store) -> None:
    chat = store.create_session()
    store.append(chat, turn_id(1), whole_turn(turn_id(1), chat, prompt="boiler in a chat"))
    run = begin_run(store)
    bench = run.arms[0].session
    store.append(bench, turn_id(2), whole_turn(turn_id(2), bench, prompt="boiler in a run"))
    assert [each.id for each in store.sessions()] == [chat]
    assert {each.id for each in store.sessions(every_kind=True)} == {chat, bench}
    assert [hit.session for hit in store.search("boiler")] == [chat]
    assert {hit.session for hit in store.search("boiler", every_kind=True)} == {chat, bench}
    assert (store.session("last").id, store.turn("last").turn) == (chat, turn_id(1))
    assert store.session(bench).kind == "bench"


def test_what_a_run_is_told_is_stored_whatever_it_holds(store: Store) -> None:
    hostile = replace(ITEMS[0], item="sums/x", prompt="nul \x00 and \ud800")
    run = store.suites.create("a\x1b[31m\nb", "cmd \udcff", {}, ARMS[:1], DATA_SETS, [hostile])
    assert store.suites.items(run.id)[0].prompt == "nul \ufffd and \ufffd"
    assert (run.title, run.command) == ("a[31m", "cmd \ufffd")

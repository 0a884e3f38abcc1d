import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from agents.events import TurnFinished
from sessions.run_records import AttemptRecord
from sessions.store import Store
from slmtui.backend import BackendError
from slmtui.suites.new_run import create_run
from slmtui.suites.plan import Plan
from slmtui.suites.progress import ModelLoaded, ModelLoading, Progress, RunEnded, RunPaused
from slmtui.suites.stopping import RULE
from slmtui.suites.suite import Suite, SuiteError
from tests.slmtui.engine.conftest import until
from tests.slmtui.suites.sums import Work, answer, begin, check_whole, key, open_store, suite
from tests.slmtui.tui.scripted import ScriptedBackend


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "s.db") as opened:
        yield opened


async def test_a_run_answers_every_item_in_every_arm_and_scores_it(store: Store) -> None:
    run = begin(store, repeats=2)
    work = await Work(store, run).go()
    check_whole(store, run.id)
    assert isinstance(work.told[0], ModelLoading)
    assert isinstance(work.told[1], ModelLoaded)
    assert work.told[-1] == RunEnded()
    states = Counter((each.attempt.arm, each.attempt.state) for each in work.scored)
    assert states == {("base", "right"): 4, ("base", "wrong"): 4, ("single", "right"): 8}
    by_key = {key(attempt): attempt for attempt in store.suites.attempts(run.id)}
    assert by_key["base", "sums/1", 1].extracted == "1"
    assert by_key["base", "sums/1", 1].cause == "wrong words"
    assert by_key["single", "sums/1", 1].tool_right is True


async def test_a_turn_has_no_history_and_the_seed_of_its_repeat(store: Store) -> None:
    work = await Work(store, begin(store, repeats=2, seed=40, at_once=1)).go()
    backend = work.backends[""]
    assert isinstance(backend, ScriptedBackend)
    assert {request.history for request in backend.requests} == {()}
    assert [request.sampling.seed for request in backend.requests] == [41] * 8 + [42] * 8
    assert {request.oracle for request in backend.requests} == {"none"}
    assert backend.closed


async def test_models_come_one_after_another_and_each_is_closed_before_the_next(store: Store) -> None:
    run = begin(store, models=("small", "large"))
    order: list[tuple[str, bool]] = []
    work = Work(store, run)

    def note(progress: Progress) -> None:
        if isinstance(progress, ModelLoading):
            order.append((progress.model, all(b.closed for b in work.backends.values())))  # type: ignore[attr-defined]

    await work.go(note)
    assert order == [("small", True), ("large", True)]
    models = [each.attempt.arm.split("@")[1] for each in work.scored]
    assert models == sorted(models, reverse=True)
    check_whole(store, run.id)


async def test_a_stopped_run_goes_on_where_it_was_and_runs_nothing_twice(store: Store) -> None:
    run = begin(store, 6)
    first = Work(store, run)

    def stop_after_three(_progress: Progress) -> None:
        if len(first.scored) == 3:
            first.stop.set()

    await first.go(stop_after_three)
    last = first.told[-1]
    assert isinstance(last, RunPaused)
    assert last.left == 12 - len(first.scored) > 0
    assert store.suites.run(run.id).ended_at is None
    second = await Work(store, run).go()
    check_whole(store, run.id)
    before, after = ({key(each.attempt) for each in work.scored} for work in (first, second))
    assert before & after == set()


async def test_a_turn_that_was_cancelled_stays_unscored_and_runs_again(store: Store) -> None:
    run = begin(store, 1, at_once=1)
    backend = ScriptedBackend(answer, hold=4)
    first = Work(store, run, lambda: backend)
    going = asyncio.create_task(first.go())
    await until(lambda: bool(backend.requests))
    first.stop.set()
    await going
    (cut,) = store.suites.attempts(run.id)
    assert (cut.state, store.turn(cut.turn).status) == (None, "cancelled")
    await Work(store, run).go()
    check_whole(store, run.id)
    assert cut.turn not in {attempt.turn for attempt in store.suites.attempts(run.id)}


async def test_what_was_answered_and_not_scored_is_scored_from_the_store(store: Store) -> None:
    run = begin(store)
    done = await Work(store, run).go()
    chosen = done.scored[0].attempt
    with store._connection.writing() as db:  # as a process leaves it that dies between two transactions
        db.execute("UPDATE runs SET ended_at = NULL")
        db.execute(
            "UPDATE attempts SET state = NULL, strict = NULL, flexible = NULL WHERE turn = ?", (chosen.turn,)
        )
    again = await Work(store, run).go()
    assert again.told == [replace(done.scored[0], rescued=True), RunEnded()]
    assert again.backends == {}
    check_whole(store, run.id)


@pytest.mark.parametrize("status", ["interrupted", "cancelled"])
async def test_what_was_not_answered_to_its_end_runs_again(store: Store, status: str) -> None:
    run = begin(store, 1)
    session = run.arms[0].session
    request = _request(session)
    events = [*answer(request, "")[:-1], TurnFinished(1.0, status, "It is 1.")]  # type: ignore[arg-type]
    turn = events[0].turn  # type: ignore[union-attr]
    store.append(session, turn, events)
    store.suites.begin(AttemptRecord(run.id, "base", "sums/0", 1, session, turn))
    work = await Work(store, run).go()
    assert len(work.scored) == 2
    check_whole(store, run.id)


async def test_a_failed_turn_is_an_attempt_too(store: Store) -> None:
    def failing(request, turn):  # type: ignore[no-untyped-def]
        events = answer(request, turn)
        return [*events[:-1], replace(events[-1], status="failed", reason="the engine died")]

    run = begin(store)
    await Work(store, run, lambda: ScriptedBackend(failing)).go()
    check_whole(store, run.id)
    found = {(a.state, a.strict, a.flexible, a.cause) for a in store.suites.attempts(run.id)}
    assert found == {("failed", False, False, "failed")}


async def test_a_model_that_cannot_be_loaded_ends_the_work_and_leaves_the_run(store: Store) -> None:
    run = begin(store)
    with pytest.raises(BackendError, match="no such model"):
        await Work(store, run, lambda: ScriptedBackend(answer, problem="no such model")).go()
    assert store.suites.run(run.id).ended_at is None
    await Work(store, run).go()
    check_whole(store, run.id)


async def test_a_run_stops_early_by_its_rule_and_says_so(store: Store) -> None:
    run = begin(store, 300, paradigms=("structured", "single"), rule=RULE)

    def split(request, turn):  # type: ignore[no-untyped-def]
        request = replace(request, paradigm="base" if request.paradigm == "structured" else "single")
        return answer(request, turn)

    work = await Work(store, run, lambda: ScriptedBackend(split)).go()
    stored = store.suites.run(run.id)
    assert work.told[-1] == RunEnded(stored.stopped)
    assert "of 300 items by the rule stated before: of 1 pair 1 decided" in stored.stopped
    assert 60 <= len(work.scored) / 2 < 70
    assert (await Work(store, run).go()).told == work.told[-1:]


def test_items_that_do_not_tell_the_right_tool_have_no_oracle(store: Store) -> None:
    made = suite(2)
    untold = Suite(
        made.name, made.title, made.source, made.checksum, made.licence,
        tuple(replace(item, tool="") for item in made.items),
    )  # fmt: skip
    plan = Plan(("sums",), ("base", "oracle"))
    with pytest.raises(
        SuiteError, match="oracle is told the right tool of each item, which sums does not know"
    ):
        create_run(store, plan, {"sums": untold}, "")
    create_run(store, plan, {"sums": made}, "")


def test_suites_without_items_and_two_of_one_name_are_refused(store: Store) -> None:
    plan = Plan(("sums",), ("base",))
    with pytest.raises(SuiteError, match="no items"):
        create_run(store, plan, {"sums": suite(0)}, "")
    with pytest.raises(SuiteError, match="one name"):
        create_run(store, plan, {"a": suite(1), "b": suite(2)}, "")
    assert store.suites.runs() == []


def test_a_limit_takes_the_first_items_of_each_suite_and_keeps_their_number(store: Store) -> None:
    run = create_run(
        store, Plan(("a", "b"), ("base",), limit=2), {"a": suite(5, "a"), "b": suite(1, "b")}, ""
    )
    assert [item.item for item in store.suites.items(run.id)] == ["a/0", "a/1", "b/0"]
    assert [(each.data_set, each.items) for each in run.data_sets] == [("a", 5), ("b", 1)]


def _request(session: str):  # type: ignore[no-untyped-def]
    from agents.message import Sampling
    from slmtui.backend import TurnRequest

    return TurnRequest(session, "base", "What is 0 + 1?", (), Sampling())

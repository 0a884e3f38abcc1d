import json
from pathlib import Path

import pytest

from sessions.compare import compare
from sessions.comparison import Comparison
from sessions.errors import NotByHandError, UnknownAttemptError
from sessions.run_records import ArmRecord, AttemptRecord, AttemptState, DataSetRecord, ItemRecord, RunRecord
from sessions.store import Store
from tests.sessions.scripted import turn_id, whole_turn
from tests.sessions.shortcuts import rows

ARMS = (ArmRecord("base", "base"), ArmRecord("single", "single"), ArmRecord("multi", "multi"))
TYPED = DataSetRecord("by hand", "Prompts", "typed", "", "", 0)


def item(number: int) -> ItemRecord:
    return ItemRecord(f"by hand/{number}", "by hand", f"prompt {number}", "{}")


@pytest.fixture
def run(store: Store) -> RunRecord:
    return store.suites.create("why", "slmtui", {"kind": "by hand"}, ARMS, [TYPED], [item(1)])


def answered(
    store: Store,
    run: RunRecord,
    arm: str = "base",
    number: int = 1,
    repeat: int = 1,
    ended: AttemptState | None = None,
) -> AttemptRecord:
    """Let an arm answer a prompt."""
    record = next(each for each in run.arms if each.arm == arm)
    turn = turn_id(len(store.turns(record.session)) + 100 * [a.arm for a in run.arms].index(arm) + 1)
    store.append(record.session, turn, whole_turn(turn, record.session, prompt=f"prompt {number}"))
    attempt = AttemptRecord(run.id, arm, f"by hand/{number}", repeat, record.session, turn)
    store.suites.begin(attempt)
    store.suites.end_by_hand(
        AttemptRecord(run.id, arm, attempt.item, repeat, record.session, turn, state=ended)
    )
    return attempt


def marked(
    store: Store, run: RunRecord, arm: str, right: bool | None, preferred: bool | None = None, number: int = 1
) -> AttemptRecord:
    return store.suites.mark(run.id, arm, f"by hand/{number}", 1, right=right, preferred=preferred)


def states(store: Store, run: RunRecord) -> dict[str, AttemptState | None]:
    return {each.arm: each.state for each in store.suites.attempts(run.id)}


def compared(store: Store, run: RunRecord) -> Comparison:
    return compare(store.suites.observations(run.id), store.suites.arms(run.id), resamples=50)


def test_prompts_come_one_by_one_behind_the_others(store: Store, run: RunRecord) -> None:
    store.suites.add_item(run.id, item(2))
    store.suites.add_item(run.id, item(3))
    store.suites.add_item(run.id, ItemRecord("by hand/2", "by hand", "another", "{}"))
    assert store.suites.items(run.id) == [item(1), item(2), item(3)]
    assert store.suites.run(run.id).items == 3


def test_nothing_is_planned_so_what_was_begun_is_all(store: Store, run: RunRecord) -> None:
    assert (run.by_hand, run.attempts, run.repeats, run.ended_at) == (True, 0, 1, None)
    answered(store, run)
    answered(store, run, repeat=2)
    answered(store, run, "single")
    now = store.suites.run(run.id)
    assert (now.attempts, now.repeats, store.suites.scored(run.id)) == (3, 2, 0)


def test_a_mark_is_both_readings_and_can_be_changed_and_taken_back(store: Store, run: RunRecord) -> None:
    begun = answered(store, run)
    right = marked(store, run, "base", True, True)
    assert (right.state, right.strict, right.flexible, right.preferred) == ("right", True, True, True)
    assert store.suites.attempts(run.id) == [right]
    wrong = marked(store, run, "base", False)
    assert (wrong.state, wrong.strict, wrong.flexible, wrong.preferred) == ("wrong", False, False, None)
    assert marked(store, run, "base", None) == begun
    assert store.suites.scored(run.id) == 0


@pytest.mark.parametrize("ended", ["failed", "empty", "cut"])
def test_an_answer_that_was_none_counts_beside_a_judged_one(
    store: Store, run: RunRecord, ended: AttemptState
) -> None:
    answered(store, run, "base", ended=ended)
    answered(store, run, "single")
    assert states(store, run) == {"base": None, "single": None}
    marked(store, run, "single", True)
    assert states(store, run) == {"base": ended, "single": "right"}
    marked(store, run, "single", None)
    assert states(store, run) == {"base": None, "single": None}
    assert marked(store, run, "base", True).state == "right"
    assert marked(store, run, "base", False).state == ended


def test_an_end_that_comes_after_the_mark_counts_too(store: Store, run: RunRecord) -> None:
    answered(store, run, "single")
    marked(store, run, "single", True)
    answered(store, run, "base", ended="failed")
    assert states(store, run) == {"base": "failed", "single": "right"}


def test_only_what_a_turn_can_tell_by_itself_is_its_end(store: Store, run: RunRecord) -> None:
    with pytest.raises(ValueError, match="wrong"):
        answered(store, run, ended="wrong")


def test_a_mark_needs_an_answer(store: Store, run: RunRecord) -> None:
    with pytest.raises(UnknownAttemptError, match="no answer of base"):
        marked(store, run, "base", True)


def test_a_suite_takes_no_marks(store: Store) -> None:
    run = store.suites.create("sums", "slmtui bench", {"repeats": 1}, ARMS, [TYPED], [item(1)])
    attempt = AttemptRecord(run.id, "base", "by hand/1", 1, run.arms[0].session, turn_id(1))
    with pytest.raises(NotByHandError, match="scores its attempts itself"):
        store.suites.mark(run.id, "base", "by hand/1", 1, right=True, preferred=None)
    with pytest.raises(NotByHandError):
        store.suites.add_item(run.id, item(2))
    with pytest.raises(NotByHandError):
        store.suites.end_by_hand(attempt)
    assert store.suites.items(run.id) == [item(1)]


def test_a_comparison_reads_marks_as_scores_and_says_so(store: Store, run: RunRecord) -> None:
    for number in range(1, 9):
        store.suites.add_item(run.id, item(number))
        for arm in ("base", "single"):
            answered(store, run, arm, number)
    for number in range(1, 8):
        marked(store, run, "base", number > 6, number=number)
        marked(store, run, "single", True, number=number)
    found = compared(store, run)
    base, single, multi = found.arms
    assert ((base.strict.count, base.strict.n), (single.strict.count, single.strict.n)) == ((1, 7), (7, 7))
    assert (base.flexible, multi.attempts) == (base.strict, 0)
    pair = found.pair("base", "single")
    assert pair is not None
    assert (pair.second_only, pair.verdict) == (6, "second is better")
    assert any("judged by hand" in note for note in found.notes)
    assert any("not scored yet" in note and "1 of base, 1 of single" in note for note in found.notes)


def test_what_nobody_judged_is_compared_by_its_cost_alone(store: Store, run: RunRecord) -> None:
    answered(store, run, "base")
    answered(store, run, "single", ended="failed")
    found = compared(store, run)
    assert (found.scored, found.preferences) == (False, ())
    assert not any("by hand" in note for note in found.notes)


def test_preferences_are_counted_pair_by_pair(store: Store, run: RunRecord) -> None:
    said: dict[int, tuple[bool | None, bool | None, bool | None]] = {
        1: (None, True, None),
        2: (False, True, False),
        3: (True, True, None),
        4: (False, False, False),
        5: (None, None, None),
        6: (None, None, False),
    }
    for number, marks in said.items():
        store.suites.add_item(run.id, item(number))
        for arm, preferred in zip(run.arms, marks, strict=True):
            answered(store, run, arm.arm, number)
            marked(store, run, arm.arm, None, preferred, number)
    found = compared(store, run)
    counted = {(p.first, p.second): (p.first_better, p.second_better, p.ties) for p in found.preferences}
    assert counted == {
        ("base", "single"): (0, 2, 2),
        ("base", "multi"): (1, 0, 1),
        ("single", "multi"): (3, 0, 1),
    }
    assert [p.p for p in found.preferences] == pytest.approx([0.5, 1.0, 0.25])
    assert any("better was judged by hand" in note for note in found.notes)
    assert not found.scored


def test_the_sign_test_is_the_binomial_test(store: Store, run: RunRecord) -> None:
    from scipy.stats import binomtest

    for number in range(1, 15):
        store.suites.add_item(run.id, item(number))
        for arm in ("base", "single"):
            answered(store, run, arm, number)
        better = "single" if number > 3 else "base"
        marked(store, run, better, None, True, number)
    (found,) = compared(store, run).preferences
    assert (found.first_better, found.second_better) == (3, 11)
    assert found.p == pytest.approx(binomtest(3, 14).pvalue)


def test_the_view_names_the_better_arm(store: Store, run: RunRecord, path: Path) -> None:
    for arm in ("base", "single"):
        answered(store, run, arm)
    marked(store, run, "single", None, True)
    assert rows(path, "SELECT better, worse, prompt FROM preferences") == [("single", "base", "prompt 1")]


def test_a_run_by_hand_is_deleted_like_any_other(store: Store, run: RunRecord, path: Path) -> None:
    answered(store, run)
    marked(store, run, "base", True)
    store.suites.delete(run.id)
    assert rows(path, "SELECT count(*) FROM attempts") == [(0,)]


def test_the_plan_is_kept_as_it_was_given(store: Store, run: RunRecord, path: Path) -> None:
    ((plan,),) = rows(path, "SELECT plan FROM runs")
    assert json.loads(str(plan)) == run.plan == {"kind": "by hand"}

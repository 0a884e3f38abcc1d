from agents.events import EngineFacts
from sessions.run_records import ArmRecord, AttemptRecord, AttemptState, RunRecord
from slmtui.suites.progress import ArmStanding, AttemptScored, ModelLoaded, ModelLoading, Standing

RUN = RunRecord(
    "r", "", "", "", {"repeats": 2}, (ArmRecord("base", "base"), ArmRecord("single", "single")), (), items=5
)
NOTHING: EngineFacts | None = None


def attempt(arm: str, state: AttemptState | None) -> AttemptRecord:
    return AttemptRecord("r", arm, "i", 1, "s", "t", state)


def test_what_was_scored_before_counts_and_says_nothing_of_the_pace() -> None:
    before = [attempt("base", "right"), attempt("base", "wrong"), attempt("single", None)]
    standing = Standing.of_run(RUN, before, began=100.0)
    assert (standing.done, standing.planned) == (2, 20)
    assert (standing.arms["base"].right, standing.arms["single"].done) == (1, 0)
    assert (standing.seconds_left(110.0), standing.tokens_per_second(110.0)) == (None, None)


def test_the_rest_takes_as_long_as_the_attempts_of_this_process() -> None:
    standing = Standing.of_run(RUN, [attempt("base", "wrong")] * 4, began=0.0)
    standing.add(AttemptScored(attempt("single", "right"), 99, rescued=True), 0.0)
    for _ in range(5):
        standing.add(AttemptScored(attempt("single", "right"), 8), 20.0)
    assert standing.done == 10
    assert standing.seconds_left(20.0) == 40.0
    assert standing.tokens_per_second(20.0) == 2.0


def test_loading_a_model_is_no_part_of_the_pace() -> None:
    standing = Standing.of_run(RUN, [], began=0.0)
    standing.add(ModelLoading("small"), 1.0)
    standing.add(ModelLoaded(NOTHING), 31.0)
    standing.add(AttemptScored(attempt("base", "right"), 10), 35.0)
    assert standing.tokens_per_second(35.0) == 2.0


def test_an_arm_has_an_interval_once_it_has_an_attempt() -> None:
    arm = Standing.of_run(RUN, [], 0.0).arms["base"]
    assert arm.interval is None
    arm.done, arm.right = 4, 3
    assert arm.interval is not None
    low, high = arm.interval
    assert (round(low, 3), round(high, 3)) == (0.301, 0.954)


def test_repeats_make_no_interval_narrower_while_a_run_goes_on() -> None:
    arm = ArmStanding("base", items=4, planned=12, done=12, right=9)
    assert arm.interval == ArmStanding("base", items=4, planned=4, done=4, right=3).interval

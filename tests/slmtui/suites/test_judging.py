import pytest

from agents.events import Event, TurnFinished
from agents.message import Sampling
from sessions.run_records import AttemptRecord, AttemptState
from slmtui.backend import TurnRequest
from slmtui.suites.item import Called, Expected, ExpectedCall, Item, Outcome, Score
from slmtui.suites.judging import judged, state_of
from tests.slmtui.tui.scripted import Script
from tools.registry import Toolbox

NUMBER = Item("1", "d", "How many?", Expected("number", "42"))
CALLS = Item("1", "d", "Call it.", Expected("calls", calls=(ExpectedCall("ring"),)))
RIGHT, WRONG = Score(strict=True, flexible=True), Score(strict=False, flexible=True)
REFUSAL = "I'm sorry, but I can't help with that."
RANG = (Called("agent", "ring", {}),)


@pytest.mark.parametrize(
    ("item", "outcome", "score", "state"),
    [
        (NUMBER, Outcome("42", "ok"), RIGHT, "right"),
        (NUMBER, Outcome("41", "ok"), WRONG, "wrong"),
        (NUMBER, Outcome("42", "failed"), RIGHT, "failed"),
        (NUMBER, Outcome(" \n", "failed"), WRONG, "failed"),
        (NUMBER, Outcome(" \n", "ok", cut=True), WRONG, "empty"),
        (NUMBER, Outcome("42 and so on and", "ok", cut=True), RIGHT, "right"),
        (NUMBER, Outcome(REFUSAL, "ok", cut=True), WRONG, "cut"),
        (NUMBER, Outcome(REFUSAL, "ok"), WRONG, "refused"),
        (NUMBER, Outcome(f"{REFUSAL} It is 42.", "ok"), RIGHT, "right"),
        (CALLS, Outcome("", "ok", RANG), RIGHT, "right"),
        (CALLS, Outcome("", "ok", RANG), WRONG, "wrong"),
        (CALLS, Outcome("", "ok"), WRONG, "empty"),
    ],
)
def test_an_answer_is_in_the_first_state_that_holds_of_it(
    item: Item, outcome: Outcome, score: Score, state: AttemptState
) -> None:
    assert state_of(item, outcome, score) == state


def turn(answer: str) -> list[Event]:
    request = TurnRequest("s", "base", "How many?", (), Sampling())
    return Script(request, "t").call("base", [("answer", answer)]).end()


def judge(events: list[Event]) -> AttemptRecord:
    return judged(AttemptRecord("r", "base", "d/1", 1, "s", "t"), NUMBER, events, Toolbox(()), "base")


def test_a_score_says_what_was_read_and_why_it_is_not_right() -> None:
    right = judge(turn("It is 42."))
    assert (right.state, right.strict, right.flexible, right.tool_right, right.cause) == (
        "right", True, True, None, "",
    )  # fmt: skip
    wrong = judge(turn("It is 42, or 41."))
    assert (wrong.state, wrong.strict, wrong.flexible, wrong.extracted) == ("wrong", False, True, "41")
    assert wrong.cause == "wrong words"


def test_neither_reading_is_right_of_a_turn_that_failed() -> None:
    events = [*turn("It is 42.")[:-1], TurnFinished(1.0, "failed", "It is 42.", "the engine died")]
    failed = judge(events)
    assert (failed.state, failed.strict, failed.flexible, failed.cause) == ("failed", False, False, "failed")

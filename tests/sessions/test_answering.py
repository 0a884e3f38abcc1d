from dataclasses import replace

import pytest
from hypothesis import given

from agents.events import AnswerChosen, Event, TextDelta, TurnFinished
from agents.message import PURPOSES, Purpose
from sessions.records import TurnRecords
from sessions.tally import TurnTally, records_of
from tests.sessions.ladder_turns import ladder_turns
from tests.sessions.scripted import call_finished, started


def wrote(call: str, purpose: Purpose, *texts: str, at: float = 1.0) -> list[Event]:
    """Return the deltas of a call, a token a text, half a second each."""
    times = [at + 0.5 * number for number in range(len(texts))]
    return [TextDelta(t, call, "agent", purpose, text, (t,)) for text, t in zip(texts, times, strict=True)]


def chose(call: str, t: float = 8.0, votes: int = 1, voters: int = 1) -> AnswerChosen:
    return AnswerChosen(t, "agent", call, "why", votes, voters)


def records(*events: Event | list[Event]) -> TurnRecords:
    flat = [each for event in events for each in (event if isinstance(event, list) else [event])]
    return records_of([started("T", "S"), *flat])


def tokens(found: TurnRecords) -> dict[str, int]:
    counts = {purpose: getattr(found.turn, f"{purpose}_tokens") for purpose in PURPOSES}
    return {purpose: count for purpose, count in counts.items() if count}


def test_a_draft_that_was_given_up_is_thinking_and_does_not_make_the_ttft() -> None:
    draft = wrote("draft", "answer", "I", " guess", at=1.0)
    found = records(draft, wrote("call", "call", "{", at=3.0), wrote("final", "answer", "42", at=5.0))
    assert tokens(found) == {"think": 2, "call": 1, "answer": 1}
    assert (found.turn.answer, found.turn.answer_call, found.turn.ttft_s) == ("42", "final", 5.0)
    assert [(call.think_tokens, call.answer_tokens) for call in found.calls] == [(2, 0), (0, 0), (0, 1)]


def test_until_another_call_answers_the_draft_is_the_answer() -> None:
    found = records(wrote("draft", "answer", "I", " guess"))
    assert tokens(found) == {"answer": 2}
    assert (found.turn.answer, found.turn.answer_call, found.turn.ttft_s) == ("I guess", "draft", 1.0)


@pytest.mark.parametrize("purpose", ["handoff", "think"])
def test_what_a_chosen_call_wrote_is_the_answer(purpose: Purpose) -> None:
    report = wrote("report", purpose, "It", " is", " 4", at=2.0)
    before = records(wrote("route", "route", "x", at=1.0), report)
    assert (tokens(before), before.turn.answer, before.turn.ttft_s) == ({"route": 1, purpose: 3}, "", None)
    found = records(wrote("route", "route", "x", at=1.0), report, chose("report"))
    assert tokens(found) == {"route": 1, "answer": 3}
    assert (found.turn.answer, found.turn.ttft_s) == ("It is 4", 2.0)
    assert (found.turn.votes, found.turn.voters) == (1, 1)


def test_a_chosen_call_that_wrote_an_answer_keeps_its_thinking() -> None:
    votes = [
        *wrote("a", "think", "hm", at=1.0),
        *wrote("a", "answer", "4", at=2.0),
        *wrote("b", "answer", "5", at=3.0),
    ]
    found = records(votes, chose("a", votes=2, voters=3))
    assert tokens(found) == {"think": 2, "answer": 1}
    assert (found.turn.answer, found.turn.ttft_s, found.turn.votes) == ("4", 2.0, 2)
    assert found.turn.voters == 3


def test_a_thought_before_a_report_stays_a_thought() -> None:
    found = records(wrote("a", "think", "hm"), wrote("a", "handoff", "4", "."), chose("a"))
    assert tokens(found) == {"think": 1, "answer": 2}
    assert found.turn.answer == "4."


def test_calls_that_answer_at_once_each_keep_their_text() -> None:
    a, b = wrote("a", "answer", "on", "e"), wrote("b", "answer", "tw", "o")
    mixed = [a[0], b[0], a[1], b[1]]
    assert records(mixed).turn.answer == "two"
    assert records(mixed, chose("a")).turn.answer == "one"


def test_the_last_choice_counts_and_a_later_answer_does_not() -> None:
    a, b, c = (wrote(name, "answer", name, at=at) for name, at in (("a", 1.0), ("b", 2.0), ("c", 9.0)))
    assert records(a, b, chose("b"), chose("a")).turn.answer == "a"
    found = records(a, b, chose("a"), c)
    assert (found.turn.answer, tokens(found)) == ("a", {"answer": 1, "think": 2})


def test_the_choice_of_a_call_that_nobody_knows_leaves_the_last_one() -> None:
    found = records(wrote("a", "answer", "4"), chose("lost"))
    assert (found.turn.answer, tokens(found)) == ("4", {"answer": 1})


def test_tokens_that_no_delta_told_of_answer_too() -> None:
    found = records(wrote("draft", "answer", "I", at=1.0), replace(call_finished(3, "untold"), t=2.0))
    assert (tokens(found), found.turn.answer_call) == ({"think": 1, "answer": 3}, "untold")


def test_what_comes_after_the_end_changes_no_answer() -> None:
    late = wrote("late", "answer", "no", at=9.0)
    found = records(wrote("a", "answer", "yes"), TurnFinished(5.0, "ok", "yes"), late)
    assert (found.turn.answer, found.turn.answer_call) == ("yes", "a")
    assert tokens(found) == {"answer": 1, "think": 1}


@given(ladder_turns())
def test_answer_tokens_are_of_one_call(events: list[Event]) -> None:
    found = records_of(events)
    answering = [call.call for call in found.calls if call.answer_tokens]
    assert answering in ([], [found.turn.answer_call])
    deltas = [event for event in events if isinstance(event, TextDelta)]
    if not any(isinstance(event, AnswerChosen) for event in events):
        answers = [delta for delta in deltas if delta.purpose == "answer"]
        assert found.turn.answer_call == (answers[-1].call if answers else "")
        first = [delta.times[0] for delta in answers if delta.call == found.turn.answer_call]
        assert found.turn.ttft_s == (first[0] if first else None)
    for purpose in ("route", "call", "repair"):
        told = sum(len(delta.times) for delta in deltas if delta.purpose == purpose)
        moved = told - getattr(found.turn, f"{purpose}_tokens")
        assert moved == 0 or found.turn.votes is not None


@given(ladder_turns(finished=False))
def test_the_live_answer_is_what_one_call_wrote(events: list[Event]) -> None:
    live = TurnTally()
    for event in events:
        live.add(event)
    turn = live.records.turn
    deltas = [e for e in events if isinstance(e, TextDelta) and e.call == turn.answer_call]
    texts = {"".join(e.text for e in deltas if e.purpose == purpose) for purpose in PURPOSES}
    assert turn.answer in texts

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.events import CallStarted, Event, TextDelta, ToolFinished, ToolStarted, TurnFinished
from agents.message import Message
from sessions.steps import Divergence, Step, canonical, diverged, parted, steps
from tests.sessions.scripted import turn_id, whole_turn
from tests.strategies import HOSTILE_TEXTS, JSON_VALUES, TEXTS, turns

STEPS = st.lists(
    st.builds(
        Step,
        st.sampled_from(["call", "tool", "result", "answer"]),
        st.sampled_from(["agent", "base"]),
        st.sampled_from(["route", "calculator"]),
        st.sampled_from(["", "a", "ab"]),
    ),
    max_size=5,
).map(tuple)


@given(turns(texts=HOSTILE_TEXTS))
def test_a_turn_never_parts_from_itself(events: list[Event]) -> None:
    assert diverged(events, list(events)) is None


@given(STEPS, STEPS)
def test_they_part_at_the_same_place_from_both_sides(
    first: tuple[Step, ...], second: tuple[Step, ...]
) -> None:
    there, back = parted(first, second), parted(second, first)
    if there is None or back is None:
        assert there is back is None
        assert first == second
        return
    assert there.at == back.at
    assert (there.first, there.second) == (back.second, back.first)
    assert there.sides == back.sides[::-1]
    assert first[: there.at - 1] == second[: there.at - 1]
    assert there.first != there.second


@given(STEPS, STEPS.filter(bool))
def test_a_turn_parts_from_its_beginning_where_that_ends(
    head: tuple[Step, ...], tail: tuple[Step, ...]
) -> None:
    assert parted((*head, *tail), head) == Divergence(len(head) + 1, tail[0], None)


@given(turns(), st.data())
def test_steps_only_grow_as_a_turn_goes_on(events: list[Event], data: st.DataObject) -> None:
    so_far = steps(events[: data.draw(st.integers(0, len(events)))])
    whole = steps(events)
    assert len(so_far) <= len(whole)
    for one, other in zip(so_far, whole, strict=False):
        assert replace(one, text="") == replace(other, text="")
        assert other.text.startswith(one.text)


def test_what_is_a_step_and_what_is_not() -> None:
    turn = [
        *whole_turn(turn_id(1), "S", answer=("Hi", " there"))[:-1],
        ToolStarted(2.0, "t", "agent", "calculator", {"b": 2, "a": 1.0}),
        ToolFinished(2.0, "t", "agent", "calculator", "no such thing", "error", 0.5),
        TurnFinished(3.0, "ok", "Hi there"),
    ]
    assert steps(turn) == (
        Step("call", "assistant", "answer", "Hi there"),
        Step("tool", "agent", "calculator", '{"a":1,"b":2}'),
        Step("result", "agent", "calculator", "no such thing", failed=True),
        Step("answer", "", "ok", "Hi there"),
    )
    assert [step.act for step in steps(turn)] == [
        "assistant writes for answer",
        "agent calls calculator",
        "calculator fails",
        "the turn ends ok",
    ]


def test_other_costs_and_other_pieces_are_no_other_steps() -> None:
    pieces = whole_turn(turn_id(1), "S", answer=("Hi", " there"), joules=2.0)
    whole = whole_turn(turn_id(2), "T", answer=("Hi there",), prompt="another", joules=9.0)
    assert diverged(pieces, whole) is None


def test_calls_that_ran_at_once_stand_in_the_order_they_began_in() -> None:
    def begun(call: str) -> Event:
        return CallStarted(0.0, call, "vote", "answer", (Message("user", "x", "user"),), False, 9)

    def wrote(call: str, text: str) -> Event:
        return TextDelta(1.0, call, "vote", "answer", text, (1.0,))

    ordered = [begun("a"), begun("b"), wrote("a", "1"), wrote("a", "2"), wrote("b", "3")]
    mixed = [begun("a"), begun("b"), wrote("b", "3"), wrote("a", "1"), wrote("a", "2")]
    assert diverged(ordered, mixed) is None
    assert [step.text for step in steps(mixed)] == ["12", "3"]


def test_the_words_show_the_place_where_texts_part() -> None:
    first = whole_turn(turn_id(1), "S", answer=("the quick brown fox jumps over the lazy dog",))
    second = whole_turn(turn_id(1), "S", answer=("the quick brown fox jumps over the lazy cat",))
    found = diverged(first, second)
    assert found is not None
    assert found.text == (
        "step 1: assistant writes for answer: …jumps over the lazy dog"
        " / assistant writes for answer: …jumps over the lazy cat"
    )
    longer = whole_turn(turn_id(1), "S", answer=("x" * 500,))
    other = diverged(first, longer)
    assert other is not None
    assert other.sides[1] == f"assistant writes for answer: {'x' * 60}…"


def test_the_words_for_a_turn_that_has_ended_sooner_and_for_silence() -> None:
    turn = whole_turn(turn_id(1), "S", answer=())
    found = diverged(turn, turn[:-1])
    assert found is not None
    assert found.sides == ("the turn ends ok: (nothing)", "nothing more")


@given(st.dictionaries(TEXTS, JSON_VALUES, max_size=4), st.randoms())
def test_equal_arguments_have_one_form_in_any_order(arguments: dict[str, object], random: object) -> None:
    items = list(arguments.items())
    random.shuffle(items)  # type: ignore[attr-defined]
    assert canonical(dict(items)) == canonical(arguments)


@pytest.mark.parametrize(
    ("one", "other"), [({"a": [2.0]}, {"a": [2]}), ({"a": {"b": 1e3}}, {"a": {"b": 1000}})]
)
def test_a_whole_number_is_the_same_however_it_is_written(
    one: dict[str, object], other: dict[str, object]
) -> None:
    assert canonical(one) == canonical(other)


def test_other_arguments_have_other_forms() -> None:
    forms = [canonical({"a": value}) for value in (1, "1", 1.5, True, None, [1], {"b": 1}, "\ud800")]
    assert len(set(forms)) == len(forms)

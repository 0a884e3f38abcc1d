from collections.abc import Sequence
from dataclasses import replace

from agents.events import CallStarted, Event, TurnFinished
from sessions.compare import compare_turns
from sessions.records import TurnRecord
from sessions.store import Store
from sessions.tally import TurnTally, records_of
from tests.sessions.conftest import Opener
from tests.sessions.scripted import call_finished, started, turn_id, words
from tests.sessions.shortcuts import add_turn

BEGUN = "Once upon"


def going_on(turn: str, session: str, parent: str = "") -> list[Event]:
    """Return a turn that goes on with a stopped answer, one token an event."""
    first = replace(started(turn, session), parent=parent, beginning=BEGUN, system="Tell.")
    call, *deltas = words((" a", " time"))
    assert isinstance(call, CallStarted)
    return [
        first, replace(call, beginning=BEGUN), *deltas, call_finished(2),
        TurnFinished(1.0, "ok", f"{BEGUN} a time"),
    ]  # fmt: skip


def answers(events: Sequence[Event]) -> list[str]:
    tally = TurnTally()
    found = []
    for event in events:
        tally.add(event)
        found.append(tally.records.turn.answer)
    return found


def test_the_answer_so_far_begins_with_what_was_begun() -> None:
    whole = f"{BEGUN} a time"
    assert answers(going_on("t", "s")) == [BEGUN, BEGUN, f"{BEGUN} a", whole, whole, whole]


def test_what_was_begun_is_no_output() -> None:
    records = records_of(going_on("t", "s"))
    assert (records.turn.beginning, records.turn.system) == (BEGUN, "Tell.")
    assert (records.turn.output_tokens, records.turn.answer_tokens, records.calls[0].text) == (
        2,
        2,
        " a time",
    )


def test_a_turn_that_goes_on_stands_beside_the_stopped_one(store: Store) -> None:
    session = store.create_session()
    stopped = add_turn(store, session, 1, answer=(BEGUN,), status="cancelled")
    turn = turn_id(2)
    events = going_on(turn, session)
    store.append(session, turn, events[:2])
    assert store.turn(turn).answer == BEGUN
    store.append(session, turn, events[2:])
    assert store.siblings(session)[turn] == (stopped, turn)
    assert [message.content for message in store.history(session)] == ["hello", f"{BEGUN} a time"]
    (row,) = [row for row in store.export_rows([session], "turn") if row["turn"] == turn]
    assert (row["parent"], row["beginning"], row["system"]) == ("", BEGUN, "Tell.")


def test_a_turn_whose_app_died_keeps_what_was_begun(store: Store, open_store: Opener) -> None:
    session = store.create_session()
    store.append(session, turn_id(1), going_on(turn_id(1), session)[:3])
    store.close()
    turn = open_store("other", lambda owner: owner != "me").turn(turn_id(1))
    assert (turn.status, turn.answer) == ("interrupted", f"{BEGUN} a")


def of(number: int, paradigm: str = "base", **told: object) -> TurnRecord:
    record = records_of([replace(started(f"t{number}", "s"), paradigm=paradigm)]).turn
    return replace(record, **({"status": "ok", "wall_s": float(number), "position": number} | told))


def test_half_an_answer_is_left_out_of_a_comparison_with_a_note() -> None:
    turns = [of(1), of(2, beginning=BEGUN), of(3, "single")]
    found = compare_turns(turns, resamples=20)
    assert [arm.attempts for arm in found.arms] == [1, 1]
    spread = found.arms[0].spread("wall_s")
    assert spread is not None
    assert spread.total == 1.0
    assert [note for note in found.notes if "stopped answer is left out" in note]
    assert not any("went on" in note for note in compare_turns([of(1), of(2)], resamples=20).notes)


def test_an_arm_of_nothing_but_half_answers_is_none() -> None:
    found = compare_turns([of(1, "single"), of(2, beginning=BEGUN), of(3, beginning=BEGUN)], resamples=20)
    assert [arm.arm for arm in found.arms] == ["single"]
    assert any("2 that went on with a stopped answer are left out" in note for note in found.notes)


def test_an_answer_made_again_is_one_more_repeat_if_it_ended_ok() -> None:
    turns = [of(1), of(2), of(3, status="cancelled"), of(4, "single"), of(5, "single")]
    found = compare_turns(turns, resamples=20)
    assert [arm.attempts for arm in found.arms] == [2, 2]
    pair = found.pair("base", "single")
    assert pair is not None
    assert {each.n for each in pair.resources if each.metric == "wall_s"} == {2}

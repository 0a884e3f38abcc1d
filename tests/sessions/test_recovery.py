import sqlite3
from dataclasses import replace
from pathlib import Path

from agents.events import AnswerChosen, TextDelta, TurnFinished
from tests.sessions.conftest import Opener
from tests.sessions.scripted import started, turn_id, whole_turn, words


def leave_running(open_store: Opener, owner: str, number: int, answer: list[str]) -> str:
    store = open_store(owner)
    session = store.create_session()
    turn = turn_id(number)
    store.append(session, turn, [started(turn, session), *words(answer)])
    return turn


def test_the_turn_of_a_dead_app_is_interrupted_with_what_it_answered(open_store: Opener) -> None:
    turn = leave_running(open_store, "dead", 1, ["Once", " upon"])
    store = open_store("me", lambda owner: owner != "dead")
    record = store.turn(turn)
    assert (record.status, record.answer, record.output_tokens) == ("interrupted", "Once upon", 2)
    assert record.reason
    assert store.events(turn)[-1] == TurnFinished(record.wall_s, "interrupted", "Once upon", record.reason)
    assert [message.content for message in store.history(record.session)] == ["hello", "Once upon"]


def test_a_report_that_was_chosen_is_the_answer_of_an_interrupted_turn(open_store: Opener) -> None:
    store = open_store("dead")
    session, turn = store.create_session(), turn_id(1)
    begun, *report = words(["It", " is", " 4"])
    told = [replace(event, purpose="handoff") for event in report if isinstance(event, TextDelta)]
    chosen = AnswerChosen(1.0, "supervisor", "c1", "the router was sure")
    store.append(session, turn, [started(turn, session), begun, *told, chosen])
    before = store.turn(turn)
    record = open_store("me", lambda owner: owner != "dead").turn(turn)
    assert (record.status, record.answer, record.answer_tokens) == ("interrupted", "It is 4", 3)
    assert record == replace(before, status=record.status, reason=record.reason)


def test_the_turn_of_a_live_app_is_left_alone(open_store: Opener) -> None:
    turn = leave_running(open_store, "alive", 1, ["so"])
    dead = leave_running(open_store, "dead", 2, ["far"])
    store = open_store("me", lambda owner: owner == "alive")
    assert store.turn(turn).status is None
    assert store.turn(dead).status == "interrupted"


def test_recovery_happens_once(open_store: Opener) -> None:
    turn = leave_running(open_store, "dead", 1, ["so"])
    stores = [open_store("me", lambda owner: False) for _ in range(2)]
    ends = [event for event in stores[1].events(turn) if isinstance(event, TurnFinished)]
    assert len(ends) == 1


def test_nobody_is_asked_about_finished_turns(open_store: Opener) -> None:
    store = open_store("gone")
    session = store.create_session()
    store.append(session, turn_id(1), whole_turn(turn_id(1), session))
    asked: list[str] = []
    open_store("me", lambda owner: bool(asked.append(owner)))
    assert asked == []


def test_an_app_thought_dead_may_still_finish(open_store: Opener) -> None:
    suspended = open_store("suspended")
    session = suspended.create_session()
    turn = turn_id(1)
    suspended.append(session, turn, [started(turn, session), *words(["Once"])])
    open_store("me", lambda owner: False)
    suspended.append(session, turn, [TurnFinished(9.0, "ok", "Once upon a time")])
    assert (suspended.turn(turn).status, suspended.turn(turn).answer) == ("ok", "Once upon a time")


def test_a_turn_that_only_a_newer_version_can_read_does_not_keep_the_store_shut(
    open_store: Opener, path: Path
) -> None:
    turn = leave_running(open_store, "dead", 1, ["so"])
    db = sqlite3.connect(path)
    with db:
        db.execute("UPDATE events SET type = 'FromTheFuture' WHERE seq = 2")
    db.close()
    store = open_store("me", lambda owner: False)
    assert [each.turns for each in store.sessions()] == [1]
    assert store.search("hello")[0].turn == turn

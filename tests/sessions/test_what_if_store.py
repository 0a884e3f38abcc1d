import pytest

from sessions.errors import UnknownTurnError
from sessions.run_records import ArmRecord, AttemptRecord, ItemRecord
from sessions.store import Store
from sessions.what_if_store import StoredAttempt, WhatIfRecord
from tests.sessions.scripted import turn_id, whole_turn


def keep(store: Store, session: str, *numbers: int, prompt: str = "hello") -> None:
    for number in numbers:
        store.append(session, turn_id(number), whole_turn(turn_id(number), session, prompt=prompt))


def record(turn: int, session: str, of: int) -> WhatIfRecord:
    return WhatIfRecord(turn_id(turn), session, turn_id(of))


def test_a_record_comes_back_as_it_was_put_and_the_later_one_stands(store: Store) -> None:
    session = store.create_session("what if", "whatif")
    keep(store, session, 2)
    begun = record(2, session, 1)
    ended = WhatIfRecord(
        turn_id(2),
        session,
        turn_id(1),
        {"paradigm": ("base", "multi"), "seed": (1, 2)},
        3,
        "step 3: a / b",
        4,
        5,
    )
    store.what_ifs.put(begun)
    assert store.what_ifs.get(turn_id(2)) == begun
    store.what_ifs.put(ended)
    assert store.what_ifs.get(turn_id(2)) == ended
    assert store.what_ifs.of(turn_id(1)) == store.what_ifs.in_session(session) == [ended]
    assert store.what_ifs.get(turn_id(1)) is None
    assert store.what_ifs.of(turn_id(2)) == []


def test_text_that_sqlite_cannot_hold_is_kept_all_the_same(store: Store) -> None:
    session = store.create_session("what if", "whatif")
    odd = WhatIfRecord(turn_id(2), session, turn_id(1), {"lora": ("a\x00", "\ud800")}, 1, "x\x00\ud800")
    store.what_ifs.put(odd)
    found = store.what_ifs.get(turn_id(2))
    assert found is not None
    assert found.changes == odd.changes
    assert found.diverged == "x\ufffd\ufffd"


def test_a_what_if_goes_with_its_session(store: Store) -> None:
    session = store.create_session("what if", "whatif")
    store.what_ifs.put(record(2, session, 1))
    store.purge(session)
    assert store.what_ifs.of(turn_id(1)) == []


def test_the_history_of_a_turn_is_what_stood_before_it(store: Store) -> None:
    session = store.create_session()
    keep(store, session, 1, prompt="one")
    keep(store, session, 2, prompt="two")
    keep(store, session, 3, prompt="three")
    turns = store.turns(session)
    said = [[m.content for m in store.what_ifs.history_of(turn)] for turn in turns]
    assert said == [[], ["one", "Hi there"], ["one", "Hi there", "two", "Hi there"]]


def test_a_what_if_has_the_history_of_what_it_ran_again_in_the_end(store: Store) -> None:
    session, first, second = store.create_session(), *(store.create_session("?", "whatif") for _ in range(2))
    keep(store, session, 1, prompt="one")
    keep(store, session, 2, prompt="two")
    keep(store, first, 3, 4)
    keep(store, second, 5)
    for each in (record(3, first, 1), record(4, first, 2), record(5, second, 4)):
        store.what_ifs.put(each)
    assert [m.content for m in store.what_ifs.history_of(store.turn(turn_id(5)))] == ["one", "Hi there"]
    assert store.what_ifs.history_of(store.turn(turn_id(3))) == ()
    store.purge(session)
    with pytest.raises(UnknownTurnError, match=turn_id(2)):
        store.what_ifs.history_of(store.turn(turn_id(5)))


def test_what_led_to_a_what_if_is_found_in_order(store: Store) -> None:
    session, other = store.create_session(), store.create_session("?", "whatif")
    keep(store, session, 1)
    keep(store, other, 2, 3, 4)
    first, second, third = record(2, other, 1), record(3, other, 2), record(4, other, 1)
    for each in (first, second, third):
        store.what_ifs.put(each)
    before = store.what_ifs.before
    assert [before(turn_id(n)) for n in (1, 2, 3, 4)] == [[], [first], [first, second], [third]]
    store.what_ifs.put(record(2, other, 3))  # which no slmtui writes
    assert len(before(turn_id(3))) == 2


def test_a_turn_of_a_suite_stood_alone_and_its_attempt_is_known(store: Store) -> None:
    items = [ItemRecord("ours/1", "ours", "hello", "{}", "dates", "easy", "dates")]
    run = store.suites.create("run", "bench", {"seed": 3}, [ArmRecord("oracle", "oracle")], [], items)
    session = run.arms[0].session
    keep(store, session, 1, 2)
    store.suites.begin(AttemptRecord(run.id, "oracle", "ours/1", 1, session, turn_id(2)))
    other = store.create_session("what if", "whatif")
    keep(store, other, 3)
    store.what_ifs.put(record(3, other, 2))
    turns = [store.turn(turn_id(number)) for number in (1, 2, 3)]
    assert [store.what_ifs.history_of(turn) for turn in turns] == [(), (), ()]
    attempt = StoredAttempt({"seed": 3}, items[0])
    assert [store.what_ifs.attempt_of(turn) for turn in turns] == [None, attempt, attempt]

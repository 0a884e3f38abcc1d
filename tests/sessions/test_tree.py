from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.errors import UnknownTurnError
from sessions.store import Store
from sessions.tree import Tree
from tests.sessions.conftest import Opener
from tests.sessions.scripted import turn_id, whole_turn
from tests.sessions.shortcuts import add_turn, rows


def grow(store: Store, session: str, number: int, parent: str, **how: object) -> str:
    """Add a turn that tells what it follows."""
    turn = turn_id(number)
    first, *rest = whole_turn(turn, session, prompt=f"prompt {number}", answer=(f"answer {number}",), **how)
    store.append(session, turn, [replace(first, parent=parent), *rest])
    return turn


@pytest.fixture
def session(store: Store) -> str:
    return store.create_session()


def said(store: Store, session: str) -> list[str]:
    return [message.content for message in store.history(session)]


def path_of(store: Store, session: str) -> list[str]:
    return [turn.turn for turn in store.conversation(session)]


def test_turns_that_tell_no_parent_follow_each_other(store: Store, session: str) -> None:
    turns = [add_turn(store, session, number) for number in (1, 2, 3)]
    assert [turn.parent for turn in store.turns(session)] == ["", *turns[:2]]
    assert store.conversation(session) == store.turns(session)
    assert store.siblings(session) == {}
    assert store.open_end(session) == turns[-1]


def test_an_answer_made_again_stands_beside_the_first(store: Store, session: str) -> None:
    one = grow(store, session, 1, "")
    two = grow(store, session, 2, one)
    again = grow(store, session, 3, one)
    assert store.siblings(session) == {two: (two, again), again: (two, again)}
    assert path_of(store, session) == [one, again]
    assert said(store, session) == ["prompt 1", "answer 1", "prompt 3", "answer 3"]
    assert [turn.turn for turn in store.turns(session)] == [one, two, again]


def test_a_path_is_opened_to_the_latest_turn_that_came_of_it(store: Store, session: str) -> None:
    one = grow(store, session, 1, "")
    two = grow(store, session, 2, one)
    again = grow(store, session, 3, one)
    three, other = grow(store, session, 4, two), grow(store, session, 5, two)
    store.open_path(session, again)
    assert path_of(store, session) == [one, again]
    store.open_path(session, two)
    assert path_of(store, session) == [one, two, other]
    store.open_path(session, three)
    assert path_of(store, session) == [one, two, three]
    store.open_path(session, one)
    assert path_of(store, session) == [one, two, other]


def test_a_path_that_ends_early_is_gone_on_with_from_there(store: Store, session: str) -> None:
    one, two = grow(store, session, 1, ""), turn_id(2)
    grow(store, session, 2, one)
    store.end_path(session, one)
    assert (path_of(store, session), store.open_end(session)) == ([one], one)
    store.end_path(session, "")
    assert (path_of(store, session), said(store, session), store.open_end(session)) == ([], [], "")
    first = grow(store, session, 3, "")
    assert path_of(store, session) == [first]
    assert store.siblings(session) == {one: (one, first), first: (one, first)}
    assert said(store, session) == ["prompt 3", "answer 3"]
    assert [m.content for m in store.history(session, two)][-1] == "answer 2"
    assert store.history(session, "") == ()


def test_a_new_turn_opens_its_own_path(store: Store, session: str) -> None:
    one = grow(store, session, 1, "")
    two = grow(store, session, 2, one)
    store.end_path(session, one)
    again = grow(store, session, 3, one)
    store.open_path(session, two)
    three = grow(store, session, 4, again)
    assert path_of(store, session) == [one, again, three]


def test_the_open_path_is_kept(store: Store, session: str, open_store: Opener) -> None:
    one = grow(store, session, 1, "")
    grow(store, session, 2, one)
    store.end_path(session, one)
    store.close()
    assert path_of(open_store(), session) == [one]


def test_a_turn_of_another_session_is_none_of_this_one(store: Store, session: str) -> None:
    other = store.create_session()
    elsewhere = grow(store, other, 1, "")
    for move in (store.open_path, store.end_path):
        with pytest.raises(UnknownTurnError):
            move(session, elsewhere)
    assert store.turn(grow(store, session, 2, elsewhere)).parent == ""
    assert store.turn(grow(store, session, 3, turn_id(3))).parent == ""
    assert store.turn(grow(store, session, 4, "\ud800")).parent == ""


def test_a_running_turn_is_on_the_open_path_with_what_it_follows(store: Store, session: str) -> None:
    one = grow(store, session, 1, "")
    first, *rest = whole_turn(turn_id(2), session)
    store.append(session, turn_id(2), [replace(first, parent=one), *rest[:-2]])
    one_read, running = store.conversation(session)
    assert (one_read.turn, running.parent, running.status) == (one, one, None)
    again = grow(store, session, 3, "")
    store.open_path(session, one)
    assert [turn.status for turn in store.conversation(session)] == ["ok", None]
    assert set(store.siblings(session)) == {one, again}


def test_a_rebuilt_store_has_the_same_tree(store: Store, session: str, path: Path) -> None:
    one = grow(store, session, 1, "")
    for number, parent in ((2, one), (3, one), (4, turn_id(2)), (5, ""), (6, "nobody")):
        grow(store, session, number, parent)
    add_turn(store, session, 7)
    sql = "SELECT turn, parent, beginning, system, position FROM turns ORDER BY id"
    before = rows(path, sql)
    assert store.rebuild() == 7
    assert rows(path, sql) == before
    assert before[-1][1] == turn_id(6)


def test_second_tries_are_a_view(store: Store, session: str, path: Path) -> None:
    one = grow(store, session, 1, "")
    two, again = grow(store, session, 2, one), grow(store, session, 3, one)
    assert rows(path, "SELECT turn, continued FROM second_tries") == [(two, 0), (again, 0)]


@given(st.lists(st.integers(0, 20), max_size=20))
def test_every_turn_is_on_the_path_that_is_opened_through_it(choices: list[int]) -> None:
    parents: dict[str, str] = {}
    for number, choice in enumerate(choices):
        parents[f"t{number}"] = ["", *parents][choice % (len(parents) + 1)]
    tree = Tree(parents)
    for turn in parents:
        path = tree.path(tree.latest_below(turn))
        assert turn in path
        assert [parents[each] for each in path] == ["", *path[:-1]]
        assert not set(parents.values()) & {path[-1]}
    groups = set(tree.siblings().values())
    assert sorted(each for group in groups for each in group) == sorted(
        turn for turn, parent in parents.items() if list(parents.values()).count(parent) > 1
    )

from hypothesis import given
from hypothesis import strategies as st

from sessions.records import TurnRecord
from slmtui.tui.state.conversation import WINDOW, Conversation
from slmtui.tui.state.pages import AT_FIRST, PAGE
from slmtui.tui.state.siblings import Place, place_of, sibling

MOVES = ["earlier", "later", "oldest", "newest", "make_room", "add", "cut"]


def path_of(number: int) -> Conversation:
    records = [TurnRecord(f"t{index}", "s", "base", "?", "") for index in range(number)]
    path = Conversation(records)
    path.show_newest()
    return path


def window(path: Conversation) -> tuple[int, int]:
    return path.start, path.end


def test_a_session_opens_at_its_newest_page() -> None:
    assert window(path_of(95)) == (75, 95)
    assert window(path_of(3)) == (0, 3)
    assert (path_of(95).earlier, path_of(95).later) == (75, 0)


def test_the_window_moves_by_pages_and_gives_up_the_other_end() -> None:
    path = path_of(95)
    for _ in range(3):
        path.show_earlier()
    assert window(path) == (15, 15 + WINDOW)
    path.show_earlier()
    assert window(path) == (0, WINDOW)
    path.show_later()
    assert window(path) == (20, 79)
    path.show_oldest()
    assert window(path) == (0, PAGE)


def test_a_turn_far_up_is_brought_into_the_window() -> None:
    path = path_of(95)
    path.show_turn("t30")
    assert window(path) == (20, 40)
    path.show_turn("t94")
    assert window(path) == (75, 95)


def test_a_new_turn_has_room_and_what_it_takes_the_place_of_is_off_the_path() -> None:
    path = path_of(95)
    path.show_oldest()
    path.make_room()
    assert window(path) == (75, 95)
    path.cut_after("t80")
    assert window(path) == (75, 81)
    path.cut_after("t10")
    assert window(path) == (0, 11)
    path.cut_after("")
    assert (window(path), path.records) == ((0, 0), [])


def test_a_turn_that_ended_is_in_the_window_only_if_the_one_before_it_is() -> None:
    path = path_of(30)
    path.add(TurnRecord("new", "s", "base", "?", ""))
    assert (path.end, path.later) == (31, 0)
    path.show_oldest()
    path.add(TurnRecord("newer", "s", "base", "?", ""))
    assert (path.end, path.later) == (20, 12)


def test_the_parent_of_a_turn_is_the_one_before_it_on_the_path() -> None:
    path = path_of(3)
    assert (path.parent("t2"), path.parent("t0"), path.index("elsewhere")) == ("t1", "", -1)


def test_siblings_have_places_and_neighbours() -> None:
    family = ("a", "b", "c")
    siblings = dict.fromkeys(family, family)
    assert place_of(siblings, "b") == Place(2, 3)
    assert place_of(siblings, "alone") == Place()
    assert [sibling(siblings, "b", step) for step in (-1, 1)] == ["a", "c"]
    assert [sibling(siblings, "a", -1), sibling(siblings, "c", 1), sibling(siblings, "alone", 1)] == [""] * 3


def test_a_click_on_a_half_of_the_switch_goes_that_way() -> None:
    place = Place(2, 3)
    assert len(place.switch) == 7
    assert [place.direction_at(cell) for cell in (-1, 0, 3, 4, 6, 7)] == [0, 1, 1, -1, -1, 0]
    assert Place().direction_at(0) == 0


@given(
    st.integers(0, 200),
    st.lists(st.sampled_from(MOVES), max_size=25),
)
def test_the_window_stays_in_the_path_and_within_its_limit(number: int, moves: list[str]) -> None:
    path = path_of(number)
    for index, move in enumerate(moves):
        if move == "add":
            path.make_room()
            path.add(TurnRecord(f"n{index}", "s", "base", "?", ""))
        elif move == "cut":
            path.cut_after(path.records[len(path.records) // 2].turn if path.records else "")
        else:
            getattr(path, move if move == "make_room" else f"show_{move}")()
        assert 0 <= path.start <= path.end <= len(path.records)
        assert len(path.window) <= WINDOW + 1
        assert path.window or not path.records


def test_a_session_opens_at_its_last_turns_and_the_page_fills_up_behind_them() -> None:
    path = path_of(95)
    path.show_last()
    assert window(path) == (95 - AT_FIRST, 95)
    assert path.fill_page()
    assert window(path) == (75, 95)
    assert not path.fill_page()

from hypothesis import given
from hypothesis import strategies as st

from slmtui.tui.state.panel_state import BOXES, PanelState, digit, named


def test_a_box_is_found_by_its_digit_its_name_or_the_beginning_of_one() -> None:
    assert [named(str(digit(box))) for box in BOXES] == list(BOXES)
    assert named(" Speed ") == named("sp") == "speed"
    assert named("") is None
    assert named("nothing") is None


def test_folding_twice_changes_nothing() -> None:
    state = PanelState()
    state.toggle("speed")
    assert state.folded == {"speed"}
    state.toggle("speed")
    assert state.folded == set()


@given(st.lists(st.floats(0, 1e12), min_size=1))
def test_a_scale_never_shrinks_and_holds_all_that_was_seen(seen: list[float]) -> None:
    state = PanelState()
    tops = [state.top("speed", most) for most in seen]
    assert tops == sorted(tops)
    assert tops[-1] >= max(seen)
    assert state.top("memory", 1.0) == 1.0

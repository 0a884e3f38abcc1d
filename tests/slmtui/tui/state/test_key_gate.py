from hypothesis import given
from hypothesis import strategies as st

from slmtui.tui.state.key_gate import GAP_S, GRACE_S, KeyGate
from tests.slmtui.tui.driving import Clock


def test_keys_of_the_first_moments_and_keys_in_a_row_are_not_meant() -> None:
    clock = Clock()
    gate = KeyGate(clock)
    heard = []
    for wait in (0.3, 0.3, 0.05, 0.1, 0.1, 0.2, 0.1, 0.1, 0.16):
        clock.now += wait
        heard.append(gate.lets_key_through())
    assert heard == [False, False, False, False, False, True, False, False, True]


def test_a_question_that_comes_back_to_the_front_begins_anew() -> None:
    clock = Clock()
    gate = KeyGate(clock)
    clock.now += 5
    assert gate.is_open
    gate.restart()
    assert not gate.is_open
    clock.now += 0.3
    assert not gate.lets_key_through()


@given(st.lists(st.floats(0, GAP_S - 0.01), max_size=200))
def test_typing_never_gets_through_however_long_it_goes_on(waits: list[float]) -> None:
    clock = Clock()
    gate = KeyGate(clock)
    for wait in waits:
        clock.now += wait
        assert not gate.lets_key_through()
    clock.now += GRACE_S
    assert gate.lets_key_through()

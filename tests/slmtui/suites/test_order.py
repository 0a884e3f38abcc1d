from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from slmtui.suites.order import Slot, ordered

ARMS = st.lists(st.sampled_from(["base", "single", "multi", "vote"]), min_size=1, unique=True)
ITEMS = st.lists(st.text(min_size=1, max_size=4), min_size=1, max_size=12, unique=True)
SEEDS = st.integers(0, 2**31)


@given(ARMS, ITEMS, st.integers(1, 3), SEEDS)
def test_every_arm_answers_every_item_once_a_repeat_in_an_order_of_the_seed(
    arms: list[str], items: list[str], repeats: int, seed: int
) -> None:
    slots = ordered(arms, items, repeats, seed)
    wanted = {Slot(arm, item, n) for arm in arms for item in items for n in range(1, repeats + 1)}
    assert set(slots) == wanted
    assert len(slots) == len(wanted)
    assert ordered(arms, items, repeats, seed) == slots


@given(ARMS, ITEMS, SEEDS)
def test_a_run_that_is_stopped_has_the_same_items_in_every_arm_but_for_one(
    arms: list[str], items: list[str], seed: int
) -> None:
    done = dict.fromkeys(arms, 0)
    for slot in ordered(arms, items, 1, seed):
        done[slot.arm] += 1
        assert max(done.values()) - min(done.values()) <= 1


def test_of_arms_that_run_one_after_another_the_same_items_come_first() -> None:
    items = [str(n) for n in range(50)]
    orders = [[slot.item for slot in ordered([arm], items, 2, 7)] for arm in ("base@small", "base@large")]
    assert orders[0] == orders[1]
    assert orders[0] != [slot.item for slot in ordered(["base@small"], items, 2, 8)]
    assert orders[0][:50] != orders[0][50:]  # each repeat has an order of its own


def test_no_arm_is_always_the_first() -> None:
    slots = ordered(["base", "single", "multi"], [str(n) for n in range(300)], 1, 1)
    first = Counter(slot.arm for slot in slots[::3])
    assert min(first.values()) > 70

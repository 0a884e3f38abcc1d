from hypothesis import given
from hypothesis import strategies as st

from agents.message import Message, Origin
from slmtui.engine.fitting import PromptTooLongError
from slmtui.tui.state.turn_details import left_out
from tests.slmtui.engine.test_fitting import fitted, message

GROUPS = st.lists(
    st.tuples(st.sampled_from(["history", "example"]), st.integers(1, 3), st.integers(5, 40)), max_size=5
)


def talk(groups: list[tuple[Origin, int, int]]) -> list[Message]:
    """Return a conversation of groups, each so many messages of one length, and a question."""
    told = [
        message("user", origin, length, group)
        for group, (origin, size, length) in enumerate(groups, 1)
        for _ in range(size)
    ]
    return [message("system", "system", 10), *told, message("user", "user", 10)]


@given(GROUPS, st.integers(20, 300))
def test_what_was_left_out_is_what_the_engine_leaves_out(
    groups: list[tuple[Origin, int, int]], limit: int
) -> None:
    messages = talk(groups)
    try:
        kept = fitted(messages, limit).kept
    except PromptTooLongError:
        return
    ids = {id(each) for each in kept}
    gone = frozenset(n for n, each in enumerate(messages) if id(each) not in ids)
    assert left_out(messages, len(gone)) == gone


def test_a_number_that_fits_no_groups_is_not_guessed_at() -> None:
    messages = [message("user", "history", 5, 1), message("user", "history", 5, 1)]
    assert left_out(messages, 1) is None
    assert left_out(messages, 3) is None
    assert left_out(messages, 2) == {0, 1}

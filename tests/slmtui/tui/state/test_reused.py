from hypothesis import given
from hypothesis import strategies as st

from agents.events import OriginTokens
from agents.message import ORIGINS, Message
from slmtui.tui.state.reused import ReuseEnd, reuse_end

OF_MESSAGES = [origin for origin in ORIGINS if origin != "template"]
MESSAGES = st.lists(
    st.builds(
        lambda origin, length: Message("user", "x" * length, origin),
        st.sampled_from(OF_MESSAGES),
        st.integers(1, 9),
    ),
    max_size=6,
)


def told(messages: list[Message], reused: int) -> tuple[OriginTokens, ...]:
    """Return a prompt of a token a character by origin, of which the first `reused` were."""
    counts: dict[str, list[int]] = {}
    at = 0
    for message in messages:
        cached = max(0, min(reused - at, len(message.content)))
        entry = counts.setdefault(message.origin, [0, 0])
        entry[0] += cached
        entry[1] += len(message.content) - cached
        at += len(message.content)
    return tuple(OriginTokens(origin, *numbers) for origin, numbers in counts.items())  # type: ignore[arg-type]


@given(MESSAGES.flatmap(lambda ms: st.tuples(st.just(ms), st.integers(0, sum(len(m.content) for m in ms)))))
def test_where_a_token_is_a_character_the_place_is_right(case: tuple[list[Message], int]) -> None:
    messages, reused = case
    end = reuse_end(messages, told(messages, reused))
    if not messages:
        assert end is None
        return
    assert end is not None
    assert end.tokens == reused
    assert sum(len(m.content) for m in messages[: end.message]) + end.offset == reused
    between = reused in {sum(len(m.content) for m in messages[:n]) for n in range(len(messages) + 1)}
    assert between or not end.exact


def test_a_message_that_is_cut_by_it_is_marked_as_about() -> None:
    messages = [Message("system", "s" * 40, "system"), Message("user", "u" * 100, "user")]
    origins = (OriginTokens("system", 9, 0), OriginTokens("user", 5, 15), OriginTokens("template", 3, 1))
    assert reuse_end(messages, origins) == ReuseEnd(1, 25, 17, exact=False)


def test_between_two_messages_it_is_exact_whatever_the_template_was() -> None:
    messages = [Message("system", "s", "system"), Message("user", "u", "user")]
    origins = (OriginTokens("system", 9, 0), OriginTokens("user", 0, 15), OriginTokens("template", 3, 9))
    assert reuse_end(messages, origins) == ReuseEnd(1, 0, 12, exact=True)


def test_what_was_left_out_is_not_part_of_the_prefix() -> None:
    messages = [Message("user", "h" * 50, "history", 1), Message("user", "h" * 10, "history", 2)]
    end = reuse_end(messages, (OriginTokens("history", 5, 5),), left_out={0})
    assert end == ReuseEnd(1, 5, 5, exact=False)


def test_a_template_that_tells_nothing_apart_is_measured_by_characters() -> None:
    messages = [Message("system", "s" * 10, "system"), Message("user", "u" * 10, "user")]
    assert reuse_end(messages, (OriginTokens("template", 15, 5),)) == ReuseEnd(1, 5, 15, exact=False)
    assert reuse_end(messages, (OriginTokens("template", 0, 20),)) == ReuseEnd(0, 0, 0, exact=True)


def test_origins_that_contradict_each_other_are_marked_as_about() -> None:
    messages = [Message("system", "s", "system"), Message("user", "u", "user")]
    end = reuse_end(messages, (OriginTokens("system", 0, 9), OriginTokens("user", 9, 0)))
    assert end is not None
    assert not end.exact


def test_without_origins_nothing_is_known() -> None:
    assert reuse_end([Message("user", "u", "user")], ()) is None

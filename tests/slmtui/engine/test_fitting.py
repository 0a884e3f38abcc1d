from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.message import Message, Origin, Role
from slmtui.engine.fitting import CUT, SHORTENED, Fitting, PromptTooLongError
from slmtui.engine.tokenizing import Run


def tokenize(messages: Sequence[Message]) -> tuple[list[int], list[Run]]:
    """Tokenize by a character a token, and two for each message that are the template's."""
    tokens: list[int] = []
    runs: list[Run] = []
    for message in messages:
        tokens += [0, 0, *map(ord, message.content)]
        runs += [Run("template", 2), Run(message.origin, len(message.content))]
    return tokens, runs


def fitted(messages: Sequence[Message], limit: int) -> Fitting:
    fitting = Fitting(messages, limit, tokenize, lambda text, count: (text[:count], len(text)))
    fitting.fit()
    return fitting


def message(role: Role, origin: Origin, length: int, group: int = 0) -> Message:
    return Message(role, "x" * length, origin, group)


SYSTEM, QUESTION = message("system", "system", 10), message("user", "user", 10)
RESULT = message("tool", "tool_result", 200)
TURN = [message("user", "history", 50, 1), message("assistant", "history", 50, 1)]
EXAMPLE = [message("user", "example", 50, 9), message("assistant", "example", 50, 9)]
TALK = [SYSTEM, *EXAMPLE, *TURN, QUESTION, RESULT, RESULT, RESULT]
ALL = len(tokenize(TALK)[0])
SAVED = 200 - SHORTENED - len(CUT)


@pytest.mark.parametrize(
    ("limit", "cut", "dropped"),
    [
        (ALL, 0, 0),
        (ALL - 1, 1, 0),
        (ALL - SAVED, 1, 0),
        (ALL - SAVED - 1, 2, 0),
        (ALL - 2 * SAVED - 1, 2, 2),
        (ALL - 2 * SAVED - 104 - 1, 2, 4),
        (ALL - 2 * SAVED - 208 - 1, 3, 4),
    ],
)
def test_order_of_what_is_cut(limit: int, cut: int, dropped: int) -> None:
    fitting = fitted(TALK, limit)
    assert (fitting.cut, fitting.dropped, fitting.before) == (cut, dropped, ALL)
    assert len(fitting.tokens) <= limit
    origins = [m.origin for m in fitting.kept]
    assert ("history" in origins, "example" in origins) == (dropped < 2, dropped < 4)
    shortened = [m.content.endswith(CUT) for m in fitting.kept if m.role == "tool"]
    assert shortened == [n < cut for n in range(3)]


def test_what_must_stay_is_too_long() -> None:
    with pytest.raises(PromptTooLongError):
        fitted([SYSTEM, message("user", "user", 100), RESULT], 60)
    with pytest.raises(PromptTooLongError, match="far more"):
        fitted([message("user", "user", 10_000)], 60)


def test_huge_result_is_cut_and_never_too_long() -> None:
    fitting = fitted([SYSTEM, QUESTION, message("tool", "tool_result", 1_000_000)], 100)
    assert 90 < len(fitting.tokens) <= 100
    assert fitting.cut == 1


messages = st.lists(
    st.builds(
        message,
        st.sampled_from(["user", "assistant", "tool"]),
        st.sampled_from(["user", "history", "tool_result", "example"]),
        st.integers(0, 90),
        st.integers(0, 3),
    ),
    max_size=9,
)


def _is_result(message: Message) -> bool:
    return message.origin == "tool_result" or message.role == "tool"


@given(messages, st.integers(1, 400))
def test_fits_or_says_so_and_origins_sum(talk: list[Message], limit: int) -> None:
    try:
        fitting = fitted(talk, limit)
    except PromptTooLongError:
        stays = [m for m in talk if not m.group]
        least = [
            min(len(m.content), SHORTENED + len(CUT)) if _is_result(m) else len(m.content) for m in stays
        ]
        must = sum(2 + length for length in least)
        assert must > limit
        return
    assert len(fitting.tokens) <= limit
    assert sum(run.count for run in fitting.runs) == len(fitting.tokens)
    assert fitting.dropped + len(fitting.kept) == len(talk)
    assert fitting.cut == sum(m.content.endswith(CUT) for m in fitting.kept)
    if fitting.before <= limit:
        assert fitting.kept == talk
    else:
        assert fitting.cut + fitting.dropped > 0
    for kept in fitting.kept:
        whole = kept.content.removesuffix(CUT)
        assert any(m.content.startswith(whole) and m.origin == kept.origin for m in talk)

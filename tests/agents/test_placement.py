from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from agents.examples import Shown
from agents.message import Message
from agents.placement import STRETCH, with_examples

prompts = st.lists(st.sampled_from("abc"), min_size=1, max_size=2 * STRETCH + 3)


def nearest(prompt: str) -> list[Shown]:
    """Two examples for each kind of prompt, one of them for all kinds."""
    return [Shown(name, "tool", {}, "", "") for name in ("for all", f"for {prompt}")]


def as_turns(examples: Iterable[Shown], before: int) -> tuple[Message, ...]:
    return tuple(Message("user", e.request, "example", 1000 + n) for n, e in enumerate(examples, before))


def placed(said: list[str]) -> tuple[Message, ...]:
    *past, prompt = said
    history = [
        Message(role, f"{text}", "history", n)
        for n, text in enumerate(past, 1)
        for role in ("user", "assistant")
    ]
    return with_examples(tuple(history), prompt, nearest, as_turns)


@given(prompts)
def test_every_prompt_has_its_examples_once_and_the_history_is_whole(said: list[str]) -> None:
    messages = placed(said)
    shown = [m for m in messages if m.origin == "example"]
    assert {e.request for e in nearest(said[-1])} <= {m.content for m in shown}
    assert len({m.content for m in shown}) == len(shown) == len({m.group for m in shown})
    assert [m.content for m in messages if m.origin == "history"] == [t for t in said[:-1] for _ in "ab"]


@given(prompts)
def test_a_turn_continues_the_one_before_but_where_the_place_moves(said: list[str]) -> None:
    before, now = placed(said), placed([*said, "a"])
    turns = len(said)
    if turns % STRETCH == 0:
        return
    kept = next((i for i, (a, b) in enumerate(zip(before, now, strict=False)) if a != b), len(before))
    newest = [m for m in before[kept:] if m.origin != "example"]
    assert not newest, "only examples of the last prompt may go, and they stood behind the history"


def test_examples_of_the_same_kind_are_read_once() -> None:
    assert [m.content for m in placed(["a", "a", "a"])] == ["for all", "for a", "a", "a", "a", "a"]
    assert [m.content for m in placed(["a", "b"])] == ["for all", "for a", "a", "a", "for b"]

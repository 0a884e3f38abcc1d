import asyncio
import itertools
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Literal

import msgspec
import pytest
import pytest_asyncio
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.events import CallFinished, PrefillProgress, TextDelta
from agents.message import Message, Sampling
from agents.model import CallEvent
from slmtui.engine.client import Engine
from tests.slmtui.engine.conftest import Heard, hear, request, user
from tests.slmtui.engine.plain import LETTERS, plain, running, shared, small

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROOMY, TIGHT = 24, 3
MOST_CALLS = 16
_examples = itertools.count()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def roomy(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Engine]:
    folder = tmp_path_factory.mktemp("roomy")
    async with running(plain(small(tiny_model, sequences=ROOMY), folder), folder) as engine:
        yield engine


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def tight(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Engine]:
    folder = tmp_path_factory.mktemp("tight")
    load = msgspec.structs.replace(small(tiny_model, sequences=TIGHT), cache_mb=0)
    async with running(plain(load, folder), folder) as engine:
        yield engine


@dataclass(frozen=True)
class Asked:
    """A call: it goes on from an earlier one's answer, or with -1 from the beginning."""

    parent: int
    text: str
    seed: int
    max_tokens: int
    cancel: Literal["no", "at once", "in its prefill", "in its answer"]


words = st.builds(
    lambda text, times: text * times, st.text("abcd", min_size=1, max_size=8), st.sampled_from([1, 9])
)
calls = st.builds(
    Asked,
    st.integers(-1, MOST_CALLS),
    words,
    st.integers(0, 3),
    st.integers(1, 8),
    st.sampled_from(["no"] * 4 + ["at once", "in its prefill", "in its answer"]),
)
rounds_of_calls = st.lists(calls, min_size=1, max_size=1) | st.lists(calls, min_size=2, max_size=4)
graphs = st.lists(rounds_of_calls, min_size=3, max_size=MOST_CALLS).map(
    lambda rounds: [r for n, r in enumerate(rounds) if sum(map(len, rounds[: n + 1])) <= MOST_CALLS]
)


@dataclass
class Model:
    """What was ever held, as texts in which a character is a token, and the conversations so far."""

    opening: str
    held: list[str]
    talks: list[tuple[Message, ...]] = field(default_factory=list)

    def messages(self, asked: Asked) -> tuple[Message, ...]:
        """Return the prompt of a call."""
        past = self.talks[asked.parent % len(self.talks)] if asked.parent >= 0 and self.talks else ()
        return (*(past or (Message("system", self.opening, "system"),)), user(asked.text))

    def longest(self, prompt: str) -> int:
        """Return how many tokens of a prompt were held; its last one is always decoded again."""
        return max((shared(held, prompt[:-1]) for held in self.held), default=0)

    def heard(self, messages: tuple[Message, ...], heard: Heard) -> None:
        """Note what a call left behind: what was read of its prompt, and all but the last drawn token."""
        done = heard.finished
        read = text_of(messages)[: done.prompt_tokens]
        self.held.append(read + heard.text[: max(0, done.output_tokens - 1)])
        self.talks.append((*messages, Message("assistant", heard.text, "history")))


def text_of(messages: tuple[Message, ...]) -> str:
    return "".join(m.content for m in messages)


async def run(engine: Engine, messages: tuple[Message, ...], asked: Asked) -> Heard:
    stop = asyncio.Event()
    if asked.cancel == "at once":
        stop.set()

    def on_event(event: CallEvent) -> None:
        reading, writing = isinstance(event, PrefillProgress), isinstance(event, TextDelta)
        if (asked.cancel == "in its prefill" and reading) or (asked.cancel == "in its answer" and writing):
            stop.set()

    wild = Sampling(temperature=1.0, top_k=0, top_p=1.0, min_p=0.0, seed=asked.seed)
    call = request(*messages, max_tokens=asked.max_tokens, sampling=wild, grammar=LETTERS)
    return await hear(engine, call, stop, on_event)


def check_sums(messages: tuple[Message, ...], done: CallFinished) -> None:
    """Every token of the prompt that was read is counted once, and under its origin."""
    assert done.finish_reason != "failed", done.error
    assert done.reused_tokens + done.prefilled_tokens == done.prompt_tokens
    assert 0 <= done.avoidable_tokens <= done.prefilled_tokens
    if done.finish_reason != "cancelled":
        assert done.prompt_tokens == len(text_of(messages))
    origins = [m.origin for m in messages for _ in m.content]
    reused, prefilled = origins[: done.reused_tokens], origins[done.reused_tokens : done.prompt_tokens]
    again = prefilled[: done.avoidable_tokens]
    counted = {o.origin: (o.reused, o.prefilled, o.avoidable) for o in done.origins}
    assert counted == {
        o: (reused.count(o), prefilled.count(o), again.count(o))
        for o in dict.fromkeys(origins[: done.prompt_tokens])
    }


async def opened(engine: Engine) -> Model:
    """Empty the memory and read an opening that no earlier example had, which all calls begin with."""
    opening = f"{next(_examples):05d}"
    heard = await hear(engine, request(user(opening), max_tokens=1, cold=True, grammar=LETTERS))
    assert heard.finished.reused_tokens == 0
    return Model(opening, [opening])


async def check_graph(engine: Engine, rounds: list[list[Asked]], *, keeps_all: bool) -> None:
    model = await opened(engine)
    for beside in rounds:
        prompts = [model.messages(asked) for asked in beside]
        before = [model.longest(text_of(messages)) for messages in prompts]
        together = await asyncio.gather(*map(partial(run, engine), prompts, beside))
        for messages, heard in zip(prompts, together, strict=True):
            model.heard(messages, heard)
        for messages, heard, least in zip(prompts, together, before, strict=True):
            done = heard.finished
            check_sums(messages, done)
            # Beside others, what they read meanwhile may be shared too.
            most = least if len(beside) == 1 else max(least, model.longest(text_of(messages)))
            assert done.reused_tokens + done.avoidable_tokens <= most
            if done.finish_reason != "cancelled":
                assert done.reused_tokens + done.avoidable_tokens >= least
            if keeps_all:
                assert done.avoidable_tokens == 0
                assert done.reused_tokens >= least or done.prompt_tokens == 0


@given(graphs)
@settings(max_examples=40)
async def test_with_room_everything_held_is_reused(roomy: Engine, rounds: list[list[Asked]]) -> None:
    await check_graph(roomy, rounds, keeps_all=True)


@given(graphs)
@settings(max_examples=40)
async def test_without_room_what_is_read_again_is_counted(tight: Engine, rounds: list[list[Asked]]) -> None:
    await check_graph(tight, rounds, keeps_all=False)


async def test_conversations_that_made_way_are_read_again(tight: Engine) -> None:
    model = await opened(tight)
    prompts = [(Message("system", model.opening, "system"), user(letter * 20)) for letter in "abcd"]
    again = []
    for messages in [*prompts, *prompts]:
        done = (await hear(tight, request(*messages, max_tokens=1))).finished
        again.append(done.avoidable_tokens)
    assert again == [0, 5, 5, 5, 24, 24, 24, 24]


async def test_more_conversations_than_sequences_are_all_kept(roomy: Engine) -> None:
    model = await opened(roomy)
    prompts = [
        (Message("system", model.opening, "system"), user(first + second * 20))
        for first in "abcdef"
        for second in "abcdef"
    ]
    for messages in prompts:
        await hear(roomy, request(*messages, max_tokens=1))
    for messages in prompts:
        done = (await hear(roomy, request(*messages, max_tokens=1))).finished
        assert (done.prefilled_tokens, done.avoidable_tokens) == (1, 0)

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from agents.message import Message, Sampling
from agents.model import Request
from slmtui.engine.client import Engine
from tests.slmtui.engine.conftest import Heard, hear, request, user
from tests.slmtui.engine.plain import running, small

pytestmark = pytest.mark.asyncio(loop_scope="module")

# Other shapes of a batch add up in another order; the weights are 32 bits wide, the KV cache 16.
CLOSE = 1e-2
SYSTEM = Message("system", "You are an agent with a place of your own. " * 4, "system")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def wide(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Engine]:
    async with running(small(tiny_model, sequences=16), tmp_path_factory.mktemp("same")) as engine:
        yield engine


def asked(n: int, *, cold: bool = False) -> Request:
    return request(SYSTEM, user(f"question {n} " * (n + 1)), max_tokens=24, logprobs=True, cold=cold)


def drawn(seed: int) -> Request:
    wild = Sampling(temperature=1.0, top_k=0, top_p=1.0, min_p=0.0, seed=seed)
    return request(SYSTEM, user("hello"), max_tokens=24, sampling=wild, logprobs=True)


def assert_same(heard: Heard, lone: Heard) -> None:
    assert heard.text == lone.text
    assert len(heard.logprobs) == lone.finished.output_tokens > 0
    assert heard.logprobs == pytest.approx(lone.logprobs, abs=CLOSE)


async def test_after_reuse_as_alone(wide: Engine) -> None:
    await hear(wide, asked(4))
    heard = await hear(wide, asked(3))
    assert 0 < heard.finished.reused_tokens < heard.finished.prompt_tokens - 1
    lone = await hear(wide, asked(3, cold=True))
    assert_same(heard, lone)
    repeated = await hear(wide, asked(3))
    assert repeated.finished.prefilled_tokens == 1
    assert_same(repeated, lone)


async def test_batched_with_others_as_alone(wide: Engine) -> None:
    alone = [await hear(wide, asked(n, cold=True)) for n in range(8)]
    together = await asyncio.gather(*(hear(wide, asked(n)) for n in range(8)))
    for heard, lone in zip(together, alone, strict=True):
        assert_same(heard, lone)


async def test_eight_seeds_at_once_draw_what_each_draws_alone(wide: Engine) -> None:
    alone = [await hear(wide, drawn(seed)) for seed in range(8)]
    assert len({heard.text for heard in alone}) == 8
    together = await asyncio.gather(*(hear(wide, drawn(seed)) for seed in range(8)))
    for heard, lone in zip(together, alone, strict=True):
        assert_same(heard, lone)


async def test_probabilities_are_those_of_the_whole_vocabulary(wide: Engine) -> None:
    # Of a grammar that leaves two tokens, each is given its probability among all of them.
    either = request(user("x"), max_tokens=1, grammar='root ::= "a" | "b"', logprobs=True)
    one = request(user("x"), max_tokens=1, grammar='root ::= "a"', logprobs=True)
    other = request(user("x"), max_tokens=1, grammar='root ::= "b"', logprobs=True)
    chances = [(await hear(wide, call)).logprobs[0] for call in (one, other)]
    best = (await hear(wide, either)).logprobs[0]
    assert best == pytest.approx(max(chances), abs=CLOSE)
    assert all(chance < -1 for chance in chances)
    assert (await hear(wide, request(user("x")))).logprobs == []

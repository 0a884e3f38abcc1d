import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from agents.events import TextDelta
from agents.message import Message, Sampling
from agents.model import CallEvent, Request
from slmtui.engine.client import Engine
from tests.slmtui.engine.conftest import Heard, hear, request, user
from tests.slmtui.engine.plain import running, small

pytestmark = pytest.mark.asyncio(loop_scope="module")

SYSTEM = Message("system", "You are measured, and nothing may help you. " * 3, "system")
TOKENS = 40


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def used(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Engine]:
    async with running(small(tiny_model), tmp_path_factory.mktemp("cold")) as engine:
        yield engine


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def first(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Heard:
    """What a cold call is answered that is the first one of its engine."""
    async with running(small(tiny_model), tmp_path_factory.mktemp("fresh")) as engine:
        return await hear(engine, cold())


def cold() -> Request:
    wild = Sampling(temperature=1.0, top_k=0, top_p=1.0, min_p=0.0, seed=5)
    return request(SYSTEM, user("hello"), max_tokens=TOKENS, sampling=wild, cold=True, logprobs=True)


def long_cold() -> Request:
    return request(user("x"), max_tokens=1500, cold=True)


def assert_same_floats(heard: Heard, first: Heard) -> None:
    assert heard.text == first.text
    assert heard.logprobs == first.logprobs
    assert len(first.logprobs) == first.finished.output_tokens > TOKENS / 2
    assert heard.finished.reused_tokens == 0
    assert heard.finished.prefilled_tokens == first.finished.prompt_tokens


def span(asked: Request, heard: Heard) -> tuple[float, float]:
    """Return when a call began to be read and when it had ended, on the machine's clock."""
    done = heard.finished
    begun = min(t for d in heard.deltas for t in d.times) - done.prefill_s
    return asked.started + begun, asked.started + done.t


async def test_history_does_not_change_a_float(used: Engine, first: Heard) -> None:
    for n in range(6):  # more than there are sequences
        await hear(used, request(SYSTEM, user(f"hello {n}" * n)))
    heard = await hear(used, cold())
    assert_same_floats(heard, first)
    # The system text and the beginning of the question had been read.
    assert heard.finished.avoidable_tokens >= len(SYSTEM.content)
    again = await hear(used, cold())
    assert_same_floats(again, first)
    assert again.finished.avoidable_tokens == again.finished.prompt_tokens - 1


async def test_company_does_not_change_a_float(used: Engine, first: Heard) -> None:
    others = [request(SYSTEM, user(f"other {n}"), max_tokens=30) for n in range(6)]
    asked = [*others[:3], cold(), *others[3:], cold()]
    heard = await asyncio.gather(*(hear(used, call) for call in asked))
    spans = [span(*pair) for pair in zip(asked, heard, strict=True)]
    for n, call in enumerate(asked):
        if call.cold:
            assert_same_floats(heard[n], first)
            begun, ended = spans[n]
            beside = [m for m, (b, e) in enumerate(spans) if m != n and b < ended and begun < e]
            assert beside == []
        assert heard[n].finished.finish_reason in {"stop", "length"}


async def test_calls_wait_for_the_end_of_a_cold_one(used: Engine) -> None:
    later: list[Request] = []
    tasks: list[asyncio.Task[Heard]] = []

    def on_event(event: CallEvent) -> None:
        if isinstance(event, TextDelta) and not tasks:
            later.extend(request(user(f"later {n}"), max_tokens=4) for n in range(3))
            tasks.extend(asyncio.create_task(hear(used, call)) for call in later)

    asked = long_cold()
    heard = await hear(used, asked, None, on_event)
    _, ended = span(asked, heard)
    assert len(tasks) == 3
    for call, answered in zip(later, await asyncio.gather(*tasks), strict=True):
        assert answered.finished.finish_reason in {"stop", "length"}
        assert call.started < ended <= span(call, answered)[0]
        assert answered.finished.queue_s > 0


async def test_what_a_cold_call_read_is_reused_by_others(used: Engine) -> None:
    read = (await hear(used, cold())).finished.prompt_tokens
    done = (await hear(used, request(SYSTEM, user("hello")))).finished
    assert (done.reused_tokens, done.avoidable_tokens) == (read - 1, 0)


async def test_cancelled_cold_call_lets_the_others_on(used: Engine) -> None:
    stop = asyncio.Event()
    waiting: list[asyncio.Task[Heard]] = []

    def on_event(event: CallEvent) -> None:
        if isinstance(event, TextDelta) and not waiting:
            waiting.append(asyncio.create_task(hear(used, request(user("next"), max_tokens=4))))
            stop.set()

    heard = await hear(used, long_cold(), stop, on_event)
    assert heard.finished.finish_reason == "cancelled"
    assert (await waiting[0]).finished.finish_reason in {"stop", "length"}

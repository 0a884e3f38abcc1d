import asyncio
from collections.abc import AsyncIterator, Awaitable
from pathlib import Path

import pytest
import pytest_asyncio

from agents.events import PrefillProgress, TextDelta
from agents.message import Message
from agents.model import CallEvent, Request
from slmtui.engine.admission import ROOM, WORTH_WAITING
from slmtui.engine.client import Engine
from tests.slmtui.engine.conftest import Heard, hear, request, user
from tests.slmtui.engine.plain import LETTERS, plain, running, small

pytestmark = pytest.mark.asyncio(loop_scope="module")

PREFIX = 300
WAIT_S = 60.0
# A call that comes late does not wait for the last few tokens of a prefix, but reads them itself.
AGAIN = WORTH_WAITING - 1


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def wide(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Engine]:
    folder = tmp_path_factory.mktemp("sharing")
    async with running(plain(small(tiny_model, sequences=16, context=8192), folder), folder) as engine:
        yield engine


def beginning(letter: str) -> Message:
    """Return three hundred tokens that only one test begins with."""
    return Message("system", letter * PREFIX, "system")


async def all_of(*calls: Awaitable[Heard]) -> list[Heard]:
    """Wait for calls of which none may hang."""
    return await asyncio.wait_for(asyncio.gather(*calls), WAIT_S)


def finishes(heard: list[Heard]) -> set[str]:
    return {one.finished.finish_reason for one in heard}


async def test_calls_at_once_read_their_common_prefix_once(wide: Engine) -> None:
    tails = [f"{n}" * (n + 3) for n in range(8)]
    together = await all_of(
        *(hear(wide, request(beginning("k"), user(tail), max_tokens=8)) for tail in tails)
    )
    done = [heard.finished for heard in together]
    most = PREFIX + sum(map(len, tails)) + 7 * AGAIN
    assert sum(d.prefilled_tokens for d in done) <= most < 2 * PREFIX
    assert [d.avoidable_tokens for d in done] == [0] * 8
    least, *others = sorted(d.reused_tokens for d in done)
    assert least == 0
    assert all(PREFIX - AGAIN <= reused <= PREFIX for reused in others)
    assert finishes(together) <= {"stop", "length"}


async def test_nested_prefixes_are_each_read_once(wide: Engine) -> None:
    # Two families with a common beginning: a prompt of one is the beginning of others.
    families = [[beginning("m"), user(family * 60)] for family in "pq"]
    prompts = [[*family, user(tail * 5)] for family in families for tail in "rst"]
    together = await all_of(*(hear(wide, request(*prompt, max_tokens=4)) for prompt in prompts))
    done = [heard.finished for heard in together]
    assert sum(d.prefilled_tokens for d in done) <= PREFIX + 2 * 60 + 6 * 5 + 5 * AGAIN
    assert sum(d.avoidable_tokens for d in done) == 0


async def test_same_prompt_many_times_is_read_once(wide: Engine) -> None:
    together = await all_of(*(hear(wide, request(beginning("u"), max_tokens=4)) for _ in range(8)))
    done = [heard.finished for heard in together]
    # The last token of a prompt is always read, as its logits are needed.
    assert PREFIX + 7 <= sum(d.prefilled_tokens for d in done) <= PREFIX + 7 * (AGAIN + 1)
    assert len({heard.text for heard in together}) == 1


async def test_strangers_do_not_wait_for_each_other(wide: Engine) -> None:
    long = asyncio.create_task(hear(wide, request(beginning("v"), user("v" * 1200), max_tokens=4)))
    short = await hear(wide, request(user("another matter"), max_tokens=1))
    read = await long
    assert short.finished.finish_reason == "length"
    assert read.finished.prefilled_tokens == PREFIX + 1200


@pytest.mark.parametrize("letter", ["x", "y", "z"])
async def test_cancelled_leader_leaves_nobody_hanging(wide: Engine, letter: str) -> None:
    stop = asyncio.Event()
    when = {"x": 0, "y": 100, "z": 200}[letter]

    def on_event(event: CallEvent) -> None:
        if isinstance(event, PrefillProgress) and event.done >= when:
            stop.set()

    leader = hear(wide, request(beginning(letter), user("q" * 900), max_tokens=700), stop, on_event)
    followers = [hear(wide, request(beginning(letter), user(f"{n}" * 20), max_tokens=4)) for n in range(5)]
    first, *others = await all_of(leader, *followers)
    assert first.finished.finish_reason == "cancelled"
    assert finishes(others) <= {"stop", "length"}
    read = first.finished.prefilled_tokens + sum(o.finished.prefilled_tokens for o in others)
    assert read <= PREFIX + 900 + 5 * 20
    assert sum(o.finished.avoidable_tokens for o in others) == 0


async def test_leader_that_is_left_leaves_nobody_hanging(wide: Engine) -> None:
    leader = wide.stream(request(beginning("g"), user("q" * 1200), max_tokens=400), asyncio.Event())
    await anext(leader)
    followers = [
        asyncio.create_task(hear(wide, request(beginning("g"), user(f"{n}"), max_tokens=4))) for n in range(3)
    ]
    await asyncio.sleep(0)
    await leader.aclose()
    assert finishes(await all_of(*followers)) <= {"stop", "length"}


async def test_cancelled_followers_do_not_stop_the_leader(wide: Engine) -> None:
    stops = [asyncio.Event() for _ in range(4)]

    def on_event(event: CallEvent) -> None:
        if isinstance(event, PrefillProgress):
            for stop in stops:
                stop.set()

    leader = hear(wide, request(beginning("f"), user("q" * 600), max_tokens=4), None, on_event)
    calls = [request(beginning("f"), user(f"{n}" * 40), max_tokens=400) for n in range(4)]
    followers = [hear(wide, call, stop) for call, stop in zip(calls, stops, strict=True)]
    first, *others = await all_of(leader, *followers)
    assert first.finished.finish_reason in {"stop", "length"}
    assert first.finished.prefilled_tokens == PREFIX + 600
    assert finishes(others) == {"cancelled"}


async def test_more_calls_than_sequences_all_end(wide: Engine) -> None:
    together = await all_of(
        *(hear(wide, request(beginning("w"), user(f"{n:02d}"), max_tokens=30)) for n in range(40))
    )
    assert finishes(together) <= {"stop", "length"}


@pytest.mark.parametrize("letters", ["one prefix", "many prefixes"])
async def test_small_context_that_runs_full_lets_every_call_end(
    tiny_model: Path, tmp_path: Path, letters: str
) -> None:
    async with running(plain(small(tiny_model, sequences=8, context=512), tmp_path), tmp_path) as engine:
        pid = engine.pid
        asked = []
        for n in range(24):
            begun = "k" if letters == "one prefix" else "fgijkmnpqstuvxyz"[n % 16]
            text = begun * 120 + f"{n:02d}" * (n % 5)
            grammar = f"root ::= [a-d]{{{90 if n % 3 else 20}}}"
            asked.append(request(user(text), max_tokens=100, grammar=grammar))
        together = await all_of(*(hear(engine, call) for call in asked))
        for heard in together:
            done = heard.finished
            assert done.finish_reason in {"stop", "length"} or "context is full" in done.error
            assert done.output_tokens == sum(len(d.times) for d in heard.deltas)
            assert done.reused_tokens + done.prefilled_tokens == done.prompt_tokens
        ended = [heard for heard in together if heard.finished.finish_reason != "failed"]
        assert len(ended) >= 12
        again = await hear(engine, request(user("k" * 300), max_tokens=20, grammar=LETTERS))
        assert again.finished.finish_reason in {"stop", "length"}
        assert engine.pid == pid


async def test_context_that_runs_full_costs_calls_and_changes_no_answer(
    tiny_model: Path, tmp_path: Path
) -> None:
    length = ROOM + 120  # more than room is kept for, so that the calls that have begun do not all fit

    def call(n: int, *, cold: bool = False) -> Request:
        text = user("fgijkm"[n] * 20)
        return request(text, max_tokens=length, grammar=f"root ::= [a-d]{{{length}}}", cold=cold)

    async with running(plain(small(tiny_model, sequences=8, context=1024), tmp_path), tmp_path) as engine:
        together = await all_of(*(hear(engine, call(n)) for n in range(6)))
        assert finishes(together) == {"length", "failed"}
        for n, heard in enumerate(together):
            if heard.finished.finish_reason == "failed":
                assert "context is full" in heard.finished.error
                assert heard.finished.output_tokens > 0
            lone = await hear(engine, call(n, cold=True))
            assert lone.finished.output_tokens == length
            assert lone.text.startswith(heard.text)


async def test_prompt_larger_than_what_is_left_waits_for_its_turn(tiny_model: Path, tmp_path: Path) -> None:
    async with running(plain(small(tiny_model, sequences=4, context=512), tmp_path), tmp_path) as engine:
        started = asyncio.Event()

        def on_event(event: CallEvent) -> None:
            if isinstance(event, TextDelta):
                started.set()

        grammar = "root ::= [a-d]{150}"
        first = asyncio.create_task(
            hear(engine, request(user("f" * 250), max_tokens=150, grammar=grammar), None, on_event)
        )
        await started.wait()
        second = await hear(engine, request(user("g" * 300), max_tokens=100, grammar=grammar))
        assert (await first).finished.finish_reason == "length"
        assert second.finished.finish_reason == "length"
        assert second.finished.output_tokens == 100

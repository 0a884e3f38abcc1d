import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from agents.events import CallFinished, PrefillProgress, TextDelta
from agents.message import Message
from agents.model import CallEvent
from tests.slmtui.engine.conftest import hear, request, user
from tests.slmtui.engine.pair import Pair, asked
from tests.slmtui.engine.plain import LETTERS, running, small

pytestmark = pytest.mark.asyncio(loop_scope="module")

SYSTEM = Message("system", "A state runs on and cannot go back. " * 3, "system")


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["mamba", "hybrid"])
async def pair(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Pair]:
    load = small(request.getfixturevalue(f"{request.param}_model"), sequences=6)
    async with (
        running(load, tmp_path_factory.mktemp("used")) as used,
        running(load, tmp_path_factory.mktemp("fresh")) as fresh,
    ):
        yield Pair(used, fresh)


def reused_of(done: CallFinished) -> dict[str, int]:
    return {o.origin: o.reused for o in done.origins}


async def test_growing_conversation_reuses_its_whole_prefix(pair: Pair) -> None:
    said = [SYSTEM]
    held = 0
    for n in range(4):
        heard = await pair.same(*said, user(f"turn {n} of five"), grammar=LETTERS)
        done = heard.finished
        assert done.reused_tokens >= held
        assert done.avoidable_tokens == 0
        held = done.prompt_tokens + done.output_tokens - 1
        said += [
            Message("user", f"turn {n} of five", "history", n + 1),
            Message("assistant", heard.text, "history", n + 1),
        ]
    assert held > len(SYSTEM.content)


async def test_repeated_prompt_reuses_what_stood_before_the_question(pair: Pair) -> None:
    said = Message("system", "Say it again and again. " * 3, "system")
    first = await pair.same(said, user("the same question"))
    for _ in range(2):
        again = await pair.same(said, user("the same question"))
        reused = reused_of(again.finished)
        assert reused["system"] == len(said.content)
        assert reused["user"] == 0
        assert again.text == first.text


async def test_branch_reuses_no_part_of_a_question(pair: Pair) -> None:
    said = Message("system", "Busy paths split at last. " * 3, "system")
    await pair.same(said, user("can I pass it at its left"))
    branch = await pair.same(said, user("can I pass it at its right"))
    reused = reused_of(branch.finished)
    assert reused["system"] == len(said.content)
    assert reused["user"] == 0
    # What was read of the common question before is read again, and counted.
    assert branch.finished.avoidable_tokens == len("can I pass it at its ")


async def test_another_system_text_reuses_nothing(pair: Pair) -> None:
    await pair.same(Message("system", "Common words and then one.", "system"), user("x"))
    other = await pair.same(Message("system", "Common words and then two.", "system"), user("x"))
    assert other.finished.reused_tokens == 0


async def test_after_a_cancelled_prefill(pair: Pair) -> None:
    question = user("a long question that is read in many parts " * 8)
    stop = asyncio.Event()

    def on_event(event: CallEvent) -> None:
        if isinstance(event, PrefillProgress) and event.done > len(SYSTEM.content) + 40:
            stop.set()

    heard = await hear(pair.used, request(SYSTEM, question, max_tokens=1500), stop, on_event)
    assert heard.finished.finish_reason == "cancelled"
    await pair.same(SYSTEM, question)
    await pair.same(SYSTEM, user("another"))


async def test_after_a_cancelled_answer(pair: Pair) -> None:
    stop = asyncio.Event()

    def on_event(event: CallEvent) -> None:
        if isinstance(event, TextDelta):
            stop.set()

    # Letters alone: text with a special token in it is not known again by its tokens.
    letters = f'root ::= "{"abcd" * 300}"'
    cut = await hear(
        pair.used, request(SYSTEM, user("go on"), max_tokens=1200, grammar=letters), stop, on_event
    )
    done = cut.finished
    assert done.finish_reason == "cancelled"
    assert 0 < done.output_tokens < 1200
    said = [Message("user", "go on", "history", 1), Message("assistant", cut.text, "history", 1)]
    on = await pair.same(SYSTEM, *said, user("and now"))
    assert on.finished.reused_tokens == done.prompt_tokens + done.output_tokens - 1
    await pair.same(SYSTEM, user("go on"))


async def test_beside_others(pair: Pair) -> None:
    prompts = [(SYSTEM, user(f"beside {n} " * (2 * n + 1))) for n in range(5)]
    together = await asyncio.gather(*(hear(pair.used, asked(*messages)) for messages in prompts))
    for messages, heard in zip(prompts, together, strict=True):
        await pair.check(heard, *messages)


async def test_more_conversations_than_sequences(pair: Pair) -> None:
    for _ in range(2):
        for n in range(8):
            await pair.same(Message("system", f"{n} agents take turns", "system"), user("hello"))

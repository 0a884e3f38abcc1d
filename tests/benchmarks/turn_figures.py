"""Agents' turns: what a conversation reads again, alone and against another engine, and turns at once."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from agents.message import Message
from agents.paradigms import PARADIGMS
from slmtui.engine.client import Engine
from tests.benchmarks.sides import (
    Opponent,
    TurnRun,
    Where,
    after,
    as_line,
    call,
    engine_on,
    median,
    opponent,
    run_turn,
)

CONVERSATION = ("What is 347 * 29?", "What is 58 * 12?", "What is 916 * 44?")
FOR_A_TOOL = "How many days are there between 2023-05-06 and 2023-07-01?"
OPEN = "Explain why the sky is blue."


async def second_call(model: Path, where: Where) -> tuple[int, int, int]:
    """Return the prefilled, the new and the avoidable tokens of an agent's second call in a conversation.

    New is what its prompt has beyond what the first call left in the cache: its prompt and its output
    but for the last token, which was drawn and not decoded.
    """
    system = Message("system", "You are a careful clerk. " * 20, "system")
    async with engine_on(model, where) as engine:
        said = Message("user", "Good morning. What can you do for me?", "user")
        first = await call(engine, (system, said), max_tokens=48)
        told = Message("assistant", first.text, "history", 1)
        more = Message("user", "Thank you. Please begin.", "user")
        second = await call(engine, (system, said, told, more), max_tokens=8)
    held = first.done.prompt_tokens + first.done.output_tokens - 1
    return second.done.prefilled_tokens, second.done.prompt_tokens - held, second.done.avoidable_tokens


@dataclass
class Compared:
    """The third multi-agent turn of a conversation on two sides: tokens prefilled, and seconds of the calls.

    `calls` and `tools` are those of our turn; `written` are the output tokens of both sides.
    """

    prefilled: tuple[int, int]
    seconds: tuple[float, float]
    written: tuple[int, int]
    calls: int
    tools: int


def high_level(model: Path, where: Where) -> contextlib.AbstractAsyncContextManager[Opponent]:
    """Run llama-cpp-python's high-level class on a model."""
    return opponent(
        where, "-m", "tests.benchmarks.high_level", str(model), "--context", "8192",
        "--threads", str(where.threads),
    )  # fmt: skip


def peer(model: Path, where: Where, python: str) -> contextlib.AbstractAsyncContextManager[Opponent]:
    """Run llama-server in xllamacpp on a model, with a Python that has it."""
    script = str(Path(__file__).with_name("peer.py"))
    return opponent(
        where, script, str(model), "--context", "8192", "--threads", str(where.threads), python=python
    )


async def third_turn(
    model: Path, where: Where, other: contextlib.AbstractAsyncContextManager[Opponent]
) -> Compared:
    """Run a conversation of three multi-agent turns on ours, and the same calls on another engine.

    The other engine gets every request as ours made it: messages, grammar, limit. Conversations take
    turns, each a new engine of ours and, for the other, prompts that it has forgotten since.
    """
    ours: list[TurnRun] = []
    theirs: list[list[dict[str, float]]] = []
    async with other as opponent_:
        for _ in range(where.rounds):
            runs = await _conversation(model, where)
            ours.append(runs[-1])
            answers = [[await opponent_.ask(as_line(r)) for r in run.requests] for run in runs]
            theirs.append([dict(answer) for answer in answers[-1]])
    last = ours[-1]
    return Compared(
        prefilled=(
            round(median([sum(c.prefilled_tokens for c in run.calls) for run in ours])),
            round(median([sum(a["prefilled_tokens"] for a in answers) for answers in theirs])),
        ),
        seconds=(
            median([run.wall_s for run in ours]),
            median([sum(a["wall_s"] for a in answers) for answers in theirs]),
        ),
        written=(
            round(median([sum(c.output_tokens for c in run.calls) for run in ours])),
            round(median([sum(a["output_tokens"] for a in answers) for answers in theirs])),
        ),
        calls=len(last.calls),
        tools=sum(type(e).__name__ == "ToolFinished" for e in last.events),
    )


async def _conversation(model: Path, where: Where) -> list[TurnRun]:
    runs: list[TurnRun] = []
    history: tuple[Message, ...] = ()
    async with awake(model, where) as engine:
        for prompt in CONVERSATION:
            runs.append(await run_turn(engine, "multi", prompt, history))
            history = after(history, prompt, runs[-1].answer)
    return runs


@contextlib.asynccontextmanager
async def awake(model: Path, where: Where) -> AsyncIterator[Engine]:
    """Run an engine whose pages and threads a short call has woken."""
    async with engine_on(model, where) as engine:
        await call(engine, (Message("user", "Hello.", "user"),), max_tokens=4, cold=True)
        yield engine


async def three_paradigms(model: Path, where: Where, question: str) -> tuple[float, float, float]:
    """Return the sum of the wall times of three paradigms alone, their joint one, and the median ratio.

    Every turn alone, and all in company, begin on an engine of their own that holds nothing.
    """
    apart, joint = [], []
    for _ in range(where.rounds):
        alone = 0.0
        for paradigm in PARADIGMS:
            async with awake(model, where) as engine:
                alone += (await run_turn(engine, paradigm, question)).wall_s
        async with awake(model, where) as engine:
            started = time.monotonic()
            await asyncio.gather(*(run_turn(engine, paradigm, question) for paradigm in PARADIGMS))
            joint.append(time.monotonic() - started)
        apart.append(alone)
    return median(apart), median(joint), median([a / j for a, j in zip(apart, joint, strict=True)])

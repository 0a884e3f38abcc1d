"""Company and interruption: a shared prefix, streams together, stopping, and a conversation resumed."""

import asyncio
import time
from pathlib import Path

from agents.message import Message
from slmtui.engine.client import Engine
from tests.benchmarks.sides import Heard, Where, call, engine_on, median

AGENTS = 8
PREFIX = "The quick brown fox jumps over the lazy dog near the river bank. "


def _agents(sentences: int, name: str) -> list[tuple[Message, ...]]:
    """Return the prompts of eight agents with a long beginning in common, which no other name has."""
    system = Message("system", f"{name}. " + PREFIX * sentences, "system")
    return [(system, Message("user", f"Agent {n}: {n * 37}?", "user")) for n in range(AGENTS)]


async def _sentences(engine: Engine, tokens: int) -> int:
    """Return how many sentences make a beginning of about so many tokens for this model."""
    longer = await call(engine, _agents(4, "probe")[0], max_tokens=1)
    shorter = await call(engine, _agents(3, "probe")[0], max_tokens=1)
    return round(tokens / (longer.done.prompt_tokens - shorter.done.prompt_tokens))


async def fan_out(model: Path, where: Where) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    """Return seconds of prefill of eight agents apart, together, and the median ratio; then tokens/s.

    The second is decode tokens/s of all eight together, of one alone, and the median ratio. Apart, no
    agent has anything in common with those before.
    """
    apart, joint, streams, alone = [], [], [], []
    async with engine_on(model, where) as engine:
        sentences = await _sentences(engine, 512)
        for round_ in range(where.rounds + 1):
            single = 0.0
            for n in range(AGENTS):
                prompt = _agents(sentences, f"Apart {round_} {n}")[n]
                single += (await call(engine, prompt, max_tokens=1)).done.prefill_s
            prompts = _agents(sentences, f"Together {round_}")
            begun = time.monotonic()
            heard = await asyncio.gather(*(call(engine, prompt, max_tokens=1) for prompt in prompts))
            together = max(h.ended for h in heard) - begun
            lone = (await call(engine, prompts[0], max_tokens=96)).tok_s
            every = await asyncio.gather(*(call(engine, prompt, max_tokens=96) for prompt in prompts))
            if round_:
                apart.append(single)
                joint.append(together)
                alone.append(lone)
                streams.append(_rate(every))
    prefill = (median(apart), median(joint), median([a / j for a, j in zip(apart, joint, strict=True)]))
    decode = (median(streams), median(alone), median([s / a for s, a in zip(streams, alone, strict=True)]))
    return prefill, decode


def _rate(heard: list[Heard]) -> float:
    """Return the tokens a second of streams together, while all of them run."""
    times = [h.token_times for h in heard]
    starts = [h.begun for h in heard]
    moments = [[begun + t for t in each] for begun, each in zip(starts, times, strict=True)]
    since, until = max(m[0] for m in moments), min(m[-1] for m in moments)
    return sum(since < t <= until for m in moments for t in m) / (until - since)


async def stopping(model: Path, where: Where) -> tuple[float, list[float]]:
    """Return the median of the seconds from esc in a 1,500-token prefill to the call's end, and all of them.

    When the call has ended the next prompt is taken; that it is answered is part of each round.
    """
    seconds = []
    async with engine_on(model, where) as engine:
        sentences = await _sentences(engine, 1500)
        for n in range(max(10, where.rounds)):
            prompt = _agents(sentences, f"Round {n}")[0]
            heard = await call(engine, prompt, max_tokens=8, stop_on_prefill=True)
            assert heard.done.finish_reason == "cancelled"
            assert heard.first is not None
            seconds.append(heard.ended - heard.first)
            assert (
                await call(engine, (Message("user", "Hi", "user"),), max_tokens=1)
            ).done.output_tokens == 1
    return median(seconds), seconds


async def resuming(model: Path, where: Where) -> tuple[float, float, float, int]:
    """Return TTFT of a 4,000-token conversation from a saved state, from nothing, the ratio, its tokens.

    The first includes reading the state; each side is a new engine.
    """
    saved, nothing, tokens = [], [], 0
    path = where.folder / "conversation.kv"
    for _ in range(max(1, where.rounds // 2)):
        async with engine_on(model, where) as engine:
            conversation = _agents(await _sentences(engine, 4000), "Long")[0]
            asked = (
                *conversation,
                Message("assistant", "Yes.", "history", 1),
                Message("user", "Why?", "user"),
            )
            from_nothing = await call(engine, asked, max_tokens=4)
            tokens = from_nothing.done.prompt_tokens
            done = await engine.save_state(path, "bench", conversation)
            assert not done.error, done.error
        async with engine_on(model, where) as engine:
            await call(engine, (Message("user", "Hi", "user"),), max_tokens=1)
            begun = time.monotonic()
            done = await engine.restore_state(path, "bench")
            assert not done.error, done.error
            restored = await call(engine, asked, max_tokens=4)
        assert restored.first is not None
        assert from_nothing.first is not None
        saved.append(restored.first - begun)
        nothing.append(from_nothing.first - from_nothing.begun)
    ratio = median([s / n for s, n in zip(saved, nothing, strict=True)])
    return median(saved), median(nothing), ratio, tokens

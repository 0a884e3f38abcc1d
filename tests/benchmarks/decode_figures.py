"""Speed of writing: through the whole path, under a grammar, and over a long and wild output."""

import asyncio
from pathlib import Path

from agents.message import Message, Sampling
from tests.benchmarks.sides import Where, call, engine_on, median, opponent

TOKENS = 128
STORY = (Message("user", "Tell me a very long story about a fox who travels around the world.", "user"),)
AS_JSON = (
    Message("system", "You write JSON and nothing else.", "system"),
    Message("user", "A JSON array of thirty objects with name, age and city of a person.", "user"),
)
WILD = Sampling(temperature=5.0, top_k=0, top_p=1.0, min_p=0.0, seed=3)


async def whole_path(model: Path, where: Where) -> tuple[float, float, float]:
    """Return decode tokens/s through the whole path, those of a bare loop, and the median ratio.

    Both write as many tokens, after prompts of about the same length, in turns.
    """
    ours, bare = [], []
    async with (
        engine_on(model, where) as engine,
        opponent(
            where, "-m", "tests.benchmarks.bare_loop", str(model), "--rounds", "--prompt-tokens", "40",
            "--tokens", str(TOKENS), "--threads", str(where.threads),
        ) as loop,
    ):  # fmt: skip
        for round_ in range(where.rounds + 1):
            b = (await loop.ask("go"))["decode_tok_s"]
            await asyncio.sleep(0.3)
            o = (await call(engine, STORY, max_tokens=TOKENS)).tok_s
            await asyncio.sleep(0.3)
            if round_:  # the first round wakes pages and threads
                ours.append(o)
                bare.append(b)
    return median(ours), median(bare), median([o / b for o, b in zip(ours, bare, strict=True)])


async def under_grammar(model: Path, where: Where, grammar: str) -> tuple[float, float, float]:
    """Return decode tokens/s with a JSON grammar, without, and the median ratio, in turns."""
    held, free = [], []
    async with engine_on(model, where) as engine:
        for round_ in range(where.rounds + 1):
            f = await call(engine, AS_JSON, max_tokens=TOKENS)
            g = await call(engine, AS_JSON, max_tokens=TOKENS, grammar=grammar)
            if round_:
                free.append(f.tok_s)
                held.append(g.tok_s)
    return median(held), median(free), median([h / f for h, f in zip(held, free, strict=True)])


async def long_output(model: Path, where: Where) -> tuple[float, float, float]:
    """Return seconds a token over the last 100 and the first 100 of 750, and the median ratio."""
    last, first = [], []
    async with engine_on(model, where) as engine:
        for _ in range(where.rounds):
            times = (await call(engine, STORY, max_tokens=750, sampling=WILD)).token_times
            first.append((times[100] - times[0]) / 100)
            last.append((times[-1] - times[-101]) / 100)
    return median(last), median(first), median([a / b for a, b in zip(last, first, strict=True)])

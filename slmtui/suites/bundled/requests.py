"""The generated requests over all tools, with answers known by construction.

Wordings are split in two by `SPLIT_SEED`: `dev` is for improving agents on, `test` for measuring them,
so that a wording that somebody tuned for is never counted. Equal arguments give equal items.
"""

import random
from collections.abc import Iterable

from tests.benchmarks import (
    agent_arithmetic,
    agent_chat,
    agent_dates,
    agent_figures,
    agent_lookups,
    agent_texts,
)
from tests.benchmarks.agent_items import NO_TOOL, Item
from tests.benchmarks.agent_wordings import Wording

SPLIT_SEED = 4
SEED = 1
COUNT = 200
SPLITS = ("test", "dev")

WEIGHTS = {
    "calculator": 24, "convert_units": 20, "days_between": 20, "add_days": 20, "weekday": 20,
    "search_notes": 18, "read_file": 14, "table_figure": 16, "count_text": 10, "sort_list": 10,
    "compare_texts": 8, "spell_text": 8, NO_TOOL: 12,
}  # fmt: skip
"""How many of `COUNT` requests are for a tool, where all tools are there."""

WORDINGS: tuple[Wording, ...] = (
    *agent_arithmetic.WORDINGS,
    *agent_dates.WORDINGS,
    *agent_lookups.WORDINGS,
    *agent_figures.WORDINGS,
    *agent_texts.WORDINGS,
    *agent_chat.WORDINGS,
)

_TRIES = 50


def requests(split: str, tools: Iterable[str], seed: int = SEED, count: int = COUNT) -> list[Item]:
    """Return `count` different requests over those of `tools` that there are wordings for, shuffled.

    Some are fewer where a tool has no more different requests to make.
    """
    rng = random.Random(f"{split} {seed}")
    quotas = _quotas({*tools, NO_TOOL}, count)
    items = [item for tool, quota in quotas.items() for item in _made(split, tool, quota, rng)]
    rng.shuffle(items)
    return items


def wordings_of(split: str, tool: str) -> list[Wording]:
    """Return the wordings of a tool that are in a split: half of them, by `SPLIT_SEED`."""
    known = [wording for wording in WORDINGS if wording.tool == tool]
    random.Random(f"{tool} {SPLIT_SEED}").shuffle(known)
    return known[SPLITS.index(split) :: len(SPLITS)]


def _quotas(tools: set[str], count: int) -> dict[str, int]:
    """Share out `count` by weight, the remainders to the tools that lose most by rounding down."""
    made = {wording.tool for wording in WORDINGS} & tools
    weights = {tool: weight for tool, weight in WEIGHTS.items() if tool in made}
    exact = {tool: count * weight / sum(weights.values()) for tool, weight in weights.items()}
    quotas = {tool: int(share) for tool, share in exact.items()}
    for tool in sorted(exact, key=lambda tool: quotas[tool] - exact[tool])[: count - sum(quotas.values())]:
        quotas[tool] += 1
    return quotas


def _made(split: str, tool: str, quota: int, rng: random.Random) -> list[Item]:
    known = wordings_of(split, tool)
    made: dict[str, Item] = {}
    for attempt in range(quota + _TRIES):
        wording = known[attempt % len(known)]
        request, expected = wording.make(rng)
        if request not in made:
            name = f"{split}-{tool}-{len(made) + 1:03}"
            made[request] = Item(name, "requests", f"{tool}: {wording.text}", request, tool, expected)
        if len(made) == quota:
            break
    return list(made.values())

"""The requests of one skill at one level, one after the other."""

import random
from collections import Counter
from collections.abc import Iterator

from slmtui.suites.bundled.drawing import seeded
from slmtui.suites.bundled.splits import wordings_of
from slmtui.suites.bundled.wordings import Level, Skill, Wording
from slmtui.suites.item import Item
from slmtui.suites.suite import Split

USUAL_SEED = 1

_WEIGHTS = {"count_text": 10, "sort_list": 10, "compare_texts": 8, "spell_text": 8}
_EQUAL = 10
# So many in a row that were made before: there is no other left, or hardly one.
_TRIES = 200


def requests(data_set: str, skill: Skill, level: Level, split: Split, seed: int) -> Iterator[Item]:
    """Yield different items of a skill at a level, until no other is found.

    The tools of a skill take turns by weight, and so do the wordings for a tool, in a drawn order.
    """
    rng = seeded(f"{split} {seed} {skill} {level}")
    turns = _turns([w for w in wordings_of(split) if (w.skill, w.level) == (skill, level)], rng)
    prompts: set[str] = set()
    tries = 0
    while tries < _TRIES:
        wording = next(turns)
        prompt, expected = wording.make(rng)
        tries += 1
        if prompt not in prompts:
            tries = 0
            prompts.add(prompt)
            id_ = _id(skill, level, seed, len(prompts))
            yield Item(id_, data_set, prompt, expected, wording.tool, skill, level)


def _turns(known: list[Wording], rng: random.Random) -> Iterator[Wording]:
    """Yield wordings without end: each tool as often as its weight says, its wordings in turn."""
    rng.shuffle(known)
    of_tool: dict[str, list[Wording]] = {}
    for wording in known:
        of_tool.setdefault(wording.tool, []).append(wording)
    taken = Counter[str]()
    while True:
        tool = min(of_tool, key=lambda each: (taken[each] + 1) / _WEIGHTS.get(each, _EQUAL))
        yield of_tool[tool][taken[tool] % len(of_tool[tool])]
        taken[tool] += 1


def _id(skill: Skill, level: Level, seed: int, n: int) -> str:
    """Return the id of an item; it names the seed where that is not the usual one: the item is another."""
    parts = (skill.replace(" ", "-"), level, *([] if seed == USUAL_SEED else [str(seed)]), f"{n:03}")
    return "-".join(parts)

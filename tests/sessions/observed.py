"""Observations that tests write by hand: who is right on which item, and what it cost."""

import random
from collections.abc import Mapping, Sequence
from typing import Any

from sessions.observation import RESOURCES, Observation

NOTHING = dict.fromkeys(RESOURCES)


def observed(arm: str, item: str, right: bool | None = None, **given: Any) -> Observation:
    """One observation; what it cost are the keywords that are columns of a turn."""
    costs = {name: given.pop(name) for name in list(given) if name in RESOURCES}
    scored = {"state": None, "strict": None, "flexible": None}
    if right is not None:
        scored = {"state": "right" if right else "wrong", "strict": right, "flexible": right}
    fields: dict[str, Any] = {
        "data_set": "", "repeat": 1, "turn": f"{arm}/{item}", "tool_right": None, "energy_source": "none",
        "values": NOTHING | costs,
    }  # fmt: skip
    return Observation(arm=arm, item=item, **(fields | scored | given))


def answers(arm: str, rights: Sequence[bool], data_set: str = "", **given: Any) -> list[Observation]:
    """An item a truth; costs given as functions are called with the number of the item."""
    found = []
    for number, right in enumerate(rights):
        each = {name: value(number) if callable(value) else value for name, value in given.items()}
        found.append(observed(arm, f"{data_set}{number:04d}", right, data_set=data_set, **each))
    return found


def drawn(arms: Mapping[str, float], items: int, *, seed: int = 0, repeats: int = 1) -> list[Observation]:
    """Arms that are right with these chances on three data sets, each dearer than the one before."""
    rng = random.Random(seed)
    return [
        observed(
            arm,
            f"i{item}",
            rng.random() < chance,
            data_set=f"set{item % 3}",
            repeat=repeat,
            turn=f"{arm}{item}.{repeat}",
            wall_s=rng.uniform(1, 2) * place,
            output_tokens=rng.randint(1, 40),
            joules=rng.uniform(1, 2),
            energy_source="measured",
        )
        for place, (arm, chance) in enumerate(arms.items(), 1)
        for item in range(items)
        for repeat in range(1, repeats + 1)
    ]

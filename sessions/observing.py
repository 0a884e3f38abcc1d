"""What a comparison is about, read: the attempts of a run with what they cost, or the turns of sessions."""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sessions.differences import CONDITIONS, Arm, Kind, arm, arm_of_kinds
from sessions.observation import METRICS, RESOURCES, Observation
from sessions.records import TurnRecord
from sessions.run_records import BY_HAND

BASE = "base"

TRUTHS = frozenset({"flash_attention", "cold"})
"""The conditions that are yes or no: SQLite keeps them as 1 and 0."""

ATTEMPTS = """
SELECT a.arm, a.item, i.data_set, a.repeat, a.turn, a.state, a.strict, a.flexible, a.tool_right,
  coalesce(t.energy_source, 'none'), coalesce(json_extract(r.plan, '$.kind') = '{by_hand}', 0), a.preferred,
  {columns}
FROM attempts AS a JOIN runs AS r ON r.id = a.run JOIN items AS i ON i.run = a.run AND i.item = a.item
JOIN arms AS m ON m.run = a.run AND m.arm = a.arm LEFT JOIN turns AS t ON t.turn = a.turn
WHERE a.run = ? ORDER BY m.position, i.position, a.repeat
"""
ARMS = "SELECT arm FROM arms WHERE run = ? ORDER BY paradigm <> 'base', position"
KINDS = """
SELECT a.arm, count(*), t.factors, {columns}
FROM attempts AS a JOIN turns AS t ON t.turn = a.turn JOIN arms AS m ON m.run = a.run AND m.arm = a.arm
WHERE a.run = ? GROUP BY m.position, a.arm, t.factors, {columns} ORDER BY m.position, min(t.id)
"""


def read_observations(
    db: sqlite3.Connection, run: str, metrics: Sequence[str] = RESOURCES
) -> list[Observation]:
    """Return every attempt of the run with that id, by arm, item and repeat; unscored ones too.

    `metrics` are columns of a turn. What a turn that was never written cost is None.
    """
    sql = ATTEMPTS.format(by_hand=BY_HAND, columns=", ".join(f"t.{name}" for name in metrics))
    return [_observation(row, metrics) for row in db.execute(sql, (run,))]


def read_arms(db: sqlite3.Connection, run: str) -> list[Arm]:
    """Return the arms of the run with that id, base first, with the factors and conditions of their turns."""
    sql = KINDS.format(columns=", ".join(f"t.{name}" for name in CONDITIONS))
    names = db.execute(ARMS, (run,)).fetchall()
    kinds: dict[str, Counter[Kind]] = {name: Counter() for (name,) in names}
    for name, count, factors, *conditions in db.execute(sql, (run,)):
        values = tuple(
            bool(value) if condition in TRUTHS else value
            for condition, value in zip(CONDITIONS, conditions, strict=True)
        )
        kinds[name][factors, values] += count
    return [arm_of_kinds(name, counts) for name, counts in kinds.items()]


def observations_of_turns(turns: Iterable[TurnRecord], metrics: Sequence[str] = METRICS) -> list[Observation]:
    """Return the turns that ended ok as observations, unscored: an arm is a paradigm, an item a prompt.

    A turn that went on with a stopped answer is none: it cost half an answer. Where there are several
    models, an arm is a paradigm with a model. The n-th turn with a prompt in an arm is its n-th repeat.
    """
    seen: Counter[tuple[str, str]] = Counter()
    found = []
    for name, each in _named(turns):
        if counts(each):
            seen[name, each.prompt] += 1
            found.append(_of_turn(name, each, seen[name, each.prompt], metrics))
    return found


def counts(turn: TurnRecord) -> bool:
    """Whether a turn has figures to compare: it ended ok, and its answer is all its own."""
    return turn.status == "ok" and not turn.beginning


def arms_of_turns(turns: Iterable[TurnRecord]) -> list[Arm]:
    """Return the arms of turns, base first, with the factors and conditions of those that count."""
    groups: dict[str, list[TurnRecord]] = {}
    for name, each in _named(turns):
        if each.beginning:
            continue
        groups.setdefault(name, []).append(each)
    ordered = sorted(groups, key=lambda name: groups[name][0].paradigm != BASE)
    return [arm(name, groups[name]) for name in ordered]


def _named(turns: Iterable[TurnRecord]) -> Iterator[tuple[str, TurnRecord]]:
    """Yield each turn with the name of its arm."""
    turns = list(turns)
    several = len({each.model for each in turns}) > 1
    for each in turns:
        yield (f"{each.paradigm} ({each.model or 'no model'})" if several else each.paradigm), each


def _observation(row: tuple[Any, ...], metrics: Sequence[str]) -> Observation:
    arm, item, data_set, repeat, turn, state, strict, flexible, tool_right, *row_rest = row
    source, by_hand, preferred, *values = row_rest
    return Observation(
        arm=arm,
        item=item,
        data_set=data_set,
        repeat=repeat,
        turn=turn,
        state=state,
        strict=_truth(strict),
        flexible=_truth(flexible),
        tool_right=_truth(tool_right),
        energy_source=source,
        values=dict(zip(metrics, values, strict=True)),
        by_hand=bool(by_hand),
        preferred=_truth(preferred),
    )


def _truth(value: int | None) -> bool | None:
    return None if value is None else bool(value)


def _of_turn(name: str, turn: TurnRecord, repeat: int, metrics: Sequence[str]) -> Observation:
    return Observation(
        arm=name,
        item=turn.prompt,
        data_set="",
        repeat=repeat,
        turn=turn.turn,
        state=None,
        strict=None,
        flexible=None,
        tool_right=None,
        energy_source=turn.energy_source,
        values={metric: getattr(turn, metric) for metric in metrics},
    )

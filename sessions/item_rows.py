"""The items of a run as rows: what was asked, and beside each other what every arm made of it."""

from collections.abc import Iterator, Mapping, Sequence

from sessions.export_rows import Row
from sessions.item_columns import OF_ATTEMPTS, OF_ITEMS, OF_TURNS
from sessions.records import TurnRecords
from sessions.run_records import AttemptRecord, ItemRecord


def item_names(arms: Sequence[str]) -> list[str]:
    """Return the columns of a run with these arms, in order."""
    of_arms = [f"{arm}.{name}" for arm in arms for name in (*OF_ATTEMPTS, *OF_TURNS)]
    return [*OF_ITEMS, *of_arms]


def item_rows(
    run: str,
    repeats: int,
    items: Sequence[ItemRecord],
    attempts: Sequence[AttemptRecord],
    turns: Mapping[str, TurnRecords],
) -> Iterator[Row]:
    """Yield a row for each item and repeat of a run; what an arm has not made is not in it."""
    found: dict[tuple[str, int], list[AttemptRecord]] = {}
    for attempt in attempts:
        found.setdefault((attempt.item, attempt.repeat), []).append(attempt)
    for item in items:
        for repeat in range(1, repeats + 1):
            row: Row = {"run": run, "repeat": repeat, **{name: getattr(item, name) for name in _OWN}}
            for attempt in found.get((item.item, repeat), ()):
                row |= _of_arm(attempt, turns.get(attempt.turn))
            yield row


_OWN = tuple(name for name in OF_ITEMS if name not in {"run", "repeat"})


def _of_arm(attempt: AttemptRecord, records: TurnRecords | None) -> Row:
    row: Row = {f"{attempt.arm}.{name}": getattr(attempt, name) for name in OF_ATTEMPTS}
    if records is not None:
        row |= {f"{attempt.arm}.{name}": getattr(records.turn, name) for name in OF_TURNS}
    return row

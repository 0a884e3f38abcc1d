"""All wordings, and their two halves: `train` is for improving agents on, `test` for measuring them.

So a wording that somebody tuned for is never counted. The halves depend on `SPLIT_SEED` alone, not on the
seed of the items. To the lists of wordings one only adds: what is in a list decides about its halves.
"""

from slmtui.suites.bundled import arithmetic, chat, dates, files, notes, tables, texts, units, word_problems
from slmtui.suites.bundled.drawing import seeded
from slmtui.suites.bundled.wordings import Wording
from slmtui.suites.suite import Split

SPLIT_SEED = 4
SPLITS: tuple[Split, ...] = ("test", "train")

WORDINGS: tuple[Wording, ...] = (
    *arithmetic.WORDINGS,
    *word_problems.WORDINGS,
    *units.WORDINGS,
    *dates.WORDINGS,
    *notes.WORDINGS,
    *files.WORDINGS,
    *tables.WORDINGS,
    *texts.WORDINGS,
    *chat.WORDINGS,
)


def wordings_of(split: Split) -> tuple[Wording, ...]:
    """Return the wordings of a split: every second one of each group, shuffled."""
    groups: dict[str, list[Wording]] = {}
    for wording in WORDINGS:
        groups.setdefault(wording.group, []).append(wording)
    return tuple(wording for name, known in groups.items() for wording in _half(split, name, known))


def _half(split: Split, name: str, known: list[Wording]) -> list[Wording]:
    seeded(f"{name} {SPLIT_SEED}").shuffle(known)
    return known[SPLITS.index(split) :: len(SPLITS)]

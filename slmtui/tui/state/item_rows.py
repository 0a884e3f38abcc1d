"""The items of a run with what each arm made of them: as rows that can be narrowed, and one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from sessions.report.items import expected_text
from sessions.run_records import AttemptRecord, ItemRecord
from slmtui.tui.plain import plain, plain_line

SIGNS = {"right": "✓ right", "wrong": "✗ wrong", "refused": "– refused", "empty": "∅ empty"}
SIGNS |= {"cut": "… cut", "failed": "! failed"}
UNSCORED = "· unscored"


@dataclass(frozen=True)
class Item:
    """An item of a run, and the attempts at it by repeat, then in the order of the arms."""

    record: ItemRecord
    attempts: tuple[AttemptRecord, ...]

    @cached_property
    def line(self) -> str:
        """What was asked, on one line."""
        return plain_line(self.record.prompt, 160)

    @cached_property
    def states(self) -> str:
        """What each arm made of it, in a glyph and a word: base ✓ right · single ✗ wrong."""
        return " · ".join(f"{attempt_name(each)} {attempt_word(each)}" for each in self.attempts)

    @cached_property
    def expected(self) -> str:
        """The answer that was expected, and how answers are compared with it; empty where none is known."""
        return plain(expected_text(self.record.expected)).strip()

    @cached_property
    def searched(self) -> str:
        """What the filter looks at: the item, its prompt, and each arm with its state as `arm:state`."""
        about = (self.record.item, self.record.data_set, self.record.skill, self.record.level, self.line)
        pairs = (f"{attempt_name(each)}:{each.state or 'unscored'}" for each in self.attempts)
        return " ".join((*about, *pairs)).casefold()


def items_of(
    records: Sequence[ItemRecord], attempts: Sequence[AttemptRecord], arms: Sequence[str]
) -> list[Item]:
    """Return the items of a run in order, with their attempts."""
    place = {arm: number for number, arm in enumerate(arms)}
    found: dict[str, list[AttemptRecord]] = {}
    for attempt in sorted(attempts, key=lambda each: (each.repeat, place.get(each.arm, len(place)))):
        found.setdefault(attempt.item, []).append(attempt)
    return [Item(record, tuple(found.get(record.item, ()))) for record in records]


def matching(items: Sequence[Item], query: str) -> list[int]:
    """Return the places of the items that hold every word of `query`, and none that has a `-` in front.

    `base:right -single:right` finds what base alone has right.
    """
    words = query.casefold().split()
    wanted = [word for word in words if not word.startswith("-")]
    refused = [word[1:] for word in words if len(word) > 1 and word.startswith("-")]
    return [
        place
        for place, item in enumerate(items)
        if all(word in item.searched for word in wanted)
        and not any(word in item.searched for word in refused)
    ]


def attempt_name(attempt: AttemptRecord) -> str:
    """Return the arm of an attempt; of a repeat, with its number."""
    again = f" #{attempt.repeat}" if attempt.repeat > 1 else ""
    return plain_line(attempt.arm, 24) + again


def attempt_word(attempt: AttemptRecord) -> str:
    """Return how an attempt was scored, in a glyph and a word; with ★ where it was liked best."""
    liked = " ★ preferred" if attempt.preferred else ""
    return SIGNS.get(attempt.state or "", UNSCORED) + liked


def attempt_facts(attempt: AttemptRecord) -> list[str]:
    """Return what there is to say of a score: how the answer was read, and why it is not right."""
    facts = []
    if attempt.flexible and not attempt.strict:
        facts.append("right by the flexible reading")
    if attempt.extracted:
        facts.append(f"read as {plain_line(attempt.extracted, 80)}")
    if attempt.cause:
        facts.append(plain_line(attempt.cause, 200))
    return facts

"""Stopping early, by a rule that is stated before the run: Haybittle and Peto's, with futility."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from sessions.run_records import AttemptRecord

LEAST, LOOKS = 20, 10
"""Between two looks there are so many items at least, and a run has so many looks at most."""
INTERIM, FINAL = 0.001, 0.05

RULE = (
    f"Rule of stopping: after every tenth of the items ({LEAST} at least) that all arms have answered, each"
    f" pair of arms is looked at. It is decided when p < {INTERIM:g} / the number of looks (McNemar's exact"
    " test, Holm over the pairs; after Haybittle 1971 and Peto 1976), and futile when p could not come below"
    f" {FINAL:g} even if every item left were for the arm that leads. The run stops when every pair is one"
    " or the other."
)


@dataclass(slots=True)
class StoppingRule:
    """Looks at a run as it goes on. `pairs` are of arms, and `items` is how many each arm will answer.

    Looks share the interim level (Bonferroni), so that all of them together find a difference where there
    is none in at most one run of a thousand. That is less than what McNemar's exact test, which is
    conservative, leaves of the 5 % at the end, which is why that test needs no correction; to stop for
    futility can only make such findings rarer.
    """

    pairs: Sequence[tuple[str, str]]
    items: int
    _right: dict[str, dict[str, bool]] = field(default_factory=dict, init=False)
    _whole: int = field(default=0, init=False)
    _alone: list[list[int]] = field(init=False)
    _looks: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._alone = [[0, 0] for _ in self.pairs]

    @property
    def every(self) -> int:
        """How many items there are between two looks."""
        return max(LEAST, math.ceil(self.items / LOOKS))

    @property
    def level(self) -> float:
        """Below what p a pair is decided, at each look."""
        return INTERIM / max((self.items - 1) // self.every, 1)

    def add(self, attempt: AttemptRecord) -> None:
        """Take a scored attempt into account."""
        right = self._right.setdefault(attempt.item, {})
        right[attempt.arm] = attempt.state == "right"
        if {arm for pair in self.pairs for arm in pair} <= right.keys():
            del self._right[attempt.item]
            self._whole += 1
            for alone, (first, second) in zip(self._alone, self.pairs, strict=True):
                alone[0] += right[first] and not right[second]
                alone[1] += right[second] and not right[first]

    def look(self, *, silent: bool = False) -> str:
        """Return why the run should stop; empty where it should go on, and between two looks.

        A `silent` look is one that was taken before, in another process: it counts and says nothing.
        """
        if not self.pairs or self._whole // self.every <= self._looks or self._whole == self.items:
            return ""
        self._looks = self._whole // self.every
        return "" if silent else self._verdict()

    def _verdict(self) -> str:
        # Imported here: they take NumPy, for which nobody should wait who asks for no early end.
        from sessions.stats.exact import holm, mcnemar_exact  # noqa: PLC0415

        adjusted = holm([mcnemar_exact(first, second) for first, second in self._alone])
        left = self.items - self._whole
        decided = [p < self.level for p in adjusted]
        futile = [mcnemar_exact(max(alone) + left, min(alone)) >= FINAL for alone in self._alone]
        if not all(one or other for one, other in zip(decided, futile, strict=True)):
            return ""
        settled = sum(decided)
        return (
            f"stopped early after {self._whole} of {self.items} items by the rule stated before: of"
            f" {len(self.pairs)} pair{'s' * (len(self.pairs) != 1)} {settled} decided,"
            f" {len(self.pairs) - settled} futile"
        )

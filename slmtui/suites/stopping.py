"""Stopping early, by a rule that is stated before the run: Haybittle and Peto's, with futility."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sessions.run_records import AttemptRecord

EVERY, INTERIM, FINAL = 20, 0.001, 0.05

RULE = (
    f"Rule of stopping: after every {EVERY} items that all arms have answered, each pair of arms is looked"
    f" at. It is decided when p < {INTERIM:g} (McNemar's exact test, Holm over the pairs; Haybittle 1971,"
    f" Peto 1976), and futile when p could not come below {FINAL:g} even if every item left were for the arm"
    " that leads. The run stops when every pair is one or the other."
)


@dataclass(slots=True)
class StoppingRule:
    """Looks at a run as it goes on. `pairs` are of arms, and `items` is how many each arm will answer.

    An interim level so strict costs the final test next to nothing of its 5 %, which is why the rule needs no
    correction of that.
    """

    pairs: Sequence[tuple[str, str]]
    items: int
    _right: dict[str, dict[str, bool]] = field(default_factory=dict, init=False)
    _looks: int = field(default=0, init=False)

    def add(self, attempt: AttemptRecord) -> None:
        """Take a scored attempt into account."""
        self._right.setdefault(attempt.item, {})[attempt.arm] = attempt.state == "right"

    def look(self, *, silent: bool = False) -> str:
        """Return why the run should stop; empty where it should go on, and between two looks.

        A `silent` look is one that was taken before, in another process: it counts and says nothing.
        """
        arms = {arm for pair in self.pairs for arm in pair}
        whole = [right for right in self._right.values() if arms <= right.keys()]
        if not arms or len(whole) // EVERY <= self._looks or len(whole) == self.items:
            return ""
        self._looks = len(whole) // EVERY
        return "" if silent else self._verdict(whole)

    def _verdict(self, whole: list[dict[str, bool]]) -> str:
        # Imported here: they take NumPy, for which nobody should wait who asks for no early end.
        from sessions.stats.exact import holm, mcnemar_exact  # noqa: PLC0415

        counts = [discordant(whole, *pair) for pair in self.pairs]
        adjusted = holm([mcnemar_exact(*count) for count in counts])
        left = self.items - len(whole)
        decided = [p < INTERIM for p in adjusted]
        futile = [mcnemar_exact(max(count) + left, min(count)) >= FINAL for count in counts]
        if not all(one or other for one, other in zip(decided, futile, strict=True)):
            return ""
        settled = sum(decided)
        return (
            f"stopped early after {len(whole)} of {self.items} items by the rule stated before: of"
            f" {len(counts)} pairs {settled} decided, {len(counts) - settled} futile"
        )


def discordant(whole: Iterable[dict[str, bool]], first: str, second: str) -> tuple[int, int]:
    """Return of how many items the first arm alone is right, and the second alone."""
    found = [(right[first], right[second]) for right in whole]
    return found.count((True, False)), found.count((False, True))

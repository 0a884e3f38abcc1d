"""What a report is made from: the stored rows of a run, and the comparison of its arms."""

from collections.abc import Callable, Container, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

from sessions.compare import compare
from sessions.comparing.money import Money, counted_tokens, money_of
from sessions.comparison import Comparison
from sessions.errors import UnknownTurnError
from sessions.ledger import Ledger, ledger_of, merged
from sessions.money import Prices
from sessions.records import TurnRecord, TurnRecords
from sessions.run_records import AttemptRecord, ItemRecord, RunRecord
from sessions.store import Store


@dataclass(frozen=True)
class Report:
    """A run with its items and attempts, the turns of these by id, the ledger and the comparison of its arms.

    `money` is what the arms cost by the prices that were given. An attempt whose turn is no longer stored
    is reported without it.
    """

    run: RunRecord
    items: tuple[ItemRecord, ...]
    attempts: tuple[AttemptRecord, ...]
    turns: Mapping[str, TurnRecords]
    ledgers: Mapping[str, Ledger]
    comparison: Comparison
    money: Money

    @cached_property
    def arms(self) -> tuple[str, ...]:
        """The names of the arms, in the order of the comparison; then those that have made no attempt."""
        return tuple(self.ledgers)

    @cached_property
    def by_item(self) -> Mapping[str, tuple[AttemptRecord, ...]]:
        """The attempts at each item, by repeat, then in the order of the arms."""
        place = {arm: index for index, arm in enumerate(self.arms)}
        found: dict[str, list[AttemptRecord]] = {item.item: [] for item in self.items}
        for attempt in sorted(self.attempts, key=lambda each: (each.repeat, place.get(each.arm, 0))):
            found.setdefault(attempt.item, []).append(attempt)
        return {item: tuple(attempts) for item, attempts in found.items()}

    @cached_property
    def by_arm(self) -> Mapping[str, tuple[AttemptRecord, ...]]:
        """The attempts of each arm, in the order of the items."""
        found: dict[str, list[AttemptRecord]] = {arm: [] for arm in self.arms}
        for attempts in self.by_item.values():
            for attempt in attempts:
                found[attempt.arm].append(attempt)
        return {arm: tuple(attempts) for arm, attempts in found.items()}

    def turns_of(self, arm: str) -> list[TurnRecord]:
        """Return the turns of an arm's attempts, in the order of the items."""
        found = (self.turns.get(attempt.turn) for attempt in self.by_arm[arm])
        return [records.turn for records in found if records is not None]


NO_PRICES = Prices()
NO_ENCODINGS: Mapping[str, Callable[[str], int]] = {}


def read_report(
    store: Store,
    ref: str,
    *,
    seed: int = 0,
    prices: Prices = NO_PRICES,
    encodings: Mapping[str, Callable[[str], int]] = NO_ENCODINGS,
) -> Report:
    """Read all that a report says of the run that `ref` names. Raises a `SessionsError`.

    `seed` is that of the comparison's resamples. `encodings` have, by name, how many tokens of hosted
    services a text is; where one is not here, the model's own tokens are paid for.
    """
    run = store.suites.run(ref)
    attempts = tuple(store.suites.attempts(run.id))
    turns = _turns(store, attempts)
    observations = store.suites.observations(run.id)
    comparison = compare(observations, store.suites.arms(run.id), seed=seed)
    money = money_of(comparison, observations, prices, counted_tokens(store.events, turns, encodings))
    arms = dict.fromkeys([*(arm.arm for arm in comparison.arms), *(arm.arm for arm in run.arms)])
    ledgers = {arm: _ledger(store, arm, attempts, turns) for arm in arms}
    return Report(run, tuple(store.suites.items(run.id)), attempts, turns, ledgers, comparison, money)


def _turns(store: Store, attempts: Iterable[AttemptRecord]) -> dict[str, TurnRecords]:
    """Return the turns of attempts by id; those of a deleted session are left out."""
    found: dict[str, TurnRecords] = {}
    for turn in dict.fromkeys(attempt.turn for attempt in attempts):
        with suppress(UnknownTurnError):
            found[turn] = store.turn_records(turn)
    return found


def _ledger(store: Store, arm: str, attempts: Iterable[AttemptRecord], turns: Container[str]) -> Ledger:
    """Return the ledger of an arm: the sum of those of its turns."""
    of_arm = (attempt.turn for attempt in attempts if attempt.arm == arm and attempt.turn in turns)
    return merged(ledger_of(store.events(turn)) for turn in of_arm)

"""Reads and compares what a report shows, in a thread, from a store of its own on the same file."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sessions.compare import compare, compare_turns
from sessions.comparing.money import Money, counted_tokens, money_of
from sessions.comparison import Comparison
from sessions.money import Prices
from sessions.observation import Observation
from sessions.observing import observations_of_turns
from sessions.report.data import Report, read_report
from sessions.run_records import AttemptRecord, ItemRecord, RunRecord
from sessions.store import Store

Encodings = Mapping[str, Callable[[str], int]]


@dataclass(frozen=True, slots=True)
class Findings:
    """A comparison with what it is of. The turns of a session have no `run`, no items and no attempts."""

    title: str
    comparison: Comparison
    money: Money
    run: RunRecord | None = None
    items: tuple[ItemRecord, ...] = ()
    attempts: tuple[AttemptRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """What is compared: a run, or the turns of a session, in a store, by these prices.

    Its methods read the file and compute: they take seconds for thousands of attempts. Each may raise a
    `SessionsError`.
    """

    path: Path
    ident: str
    is_run: bool
    prices: Prices = field(default_factory=Prices)
    encodings: Callable[[], Encodings] = dict

    def findings(self) -> Findings:
        """Compare the arms, and return it with the items and attempts of a run."""
        with self._store() as store:
            return self._of_run(store) if self.is_run else self._of_session(store)

    def report(self) -> Report:
        """Read everything of a run, the events of every turn too."""
        with self._store() as store:
            return read_report(store, self.ident, prices=self.prices, encodings=self.encodings())

    def _store(self) -> Store:
        """Open the file once more, for a store is its thread's alone. Nothing is written."""
        now = partial(datetime.now, UTC)
        return Store.open(self.path, owner="report", alive=lambda _owner: True, now=now)

    def _of_run(self, store: Store) -> Findings:
        run = store.suites.run(self.ident)
        observations = store.suites.observations(run.id)
        comparison = compare(observations, store.suites.arms(run.id))
        return Findings(
            run.title or ", ".join(arm.arm for arm in run.arms),
            comparison,
            self._money(store, comparison, observations),
            run,
            tuple(store.suites.items(run.id)),
            tuple(store.suites.attempts(run.id)),
        )

    def _of_session(self, store: Store) -> Findings:
        summary = store.session(self.ident)
        turns = store.turns(summary.id)
        comparison = compare_turns(turns)
        money = self._money(store, comparison, observations_of_turns(turns))
        return Findings(summary.title, comparison, money)

    def _money(self, store: Store, comparison: Comparison, observations: Sequence[Observation]) -> Money:
        turns = (each.turn for each in observations)
        counted = counted_tokens(store.events, turns, self.encodings())
        return money_of(comparison, observations, self.prices, counted)

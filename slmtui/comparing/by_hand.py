"""The run of a comparison by hand in the store: prompts, repeats, attempts and marks."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from agents.events import Event, TurnStarted
from sessions.differences import Arm
from sessions.observation import Observation
from sessions.run_records import (
    BY_HAND,
    ArmRecord,
    AttemptRecord,
    AttemptState,
    DataSetRecord,
    ItemRecord,
    RunRecord,
)
from sessions.store import Store
from slmtui.comparing.conditions import Conditions
from slmtui.suites.item import Outcome
from slmtui.suites.outcomes import outcome_of
from slmtui.suites.runner import ANSWERED

COMMAND = "slmtui, /compare"
SOURCE = DataSetRecord(BY_HAND, "Prompts typed in the app", "typed by the user", "", "the user's own", 0)
NO_EXPECTATION = "{}"
"""Nobody wrote down what is right: a person says so of each answer."""


@dataclass(frozen=True, slots=True)
class Round:
    """A prompt that every arm answers once: an item of the run, and which repeat of it, from 1."""

    item: str
    prompt: str
    repeat: int = 1


@dataclass(slots=True)
class ByHand:
    """A comparison in the making. Nothing is in the store before its first prompt.

    Every method may raise a `SessionsError`, whose text is for the user.
    """

    store: Store
    conditions: Conditions
    run: RunRecord | None = None
    rounds: list[Round] = field(default_factory=list)

    @property
    def arms(self) -> tuple[ArmRecord, ...]:
        """The arms, the baseline first; with their sessions once there is a run."""
        return self.run.arms if self.run is not None else self.conditions.arms

    def begin(self, prompt: str) -> Round:
        """Add a prompt, or a repeat of one that was there, and return the round that answers it."""
        known = [each for each in self.rounds if each.prompt == prompt]
        begun = (
            replace(known[-1], repeat=known[-1].repeat + 1)
            if known
            else Round(f"{BY_HAND}/{len({each.item for each in self.rounds}) + 1}", prompt)
        )
        if not known:
            self._add(ItemRecord(begun.item, BY_HAND, prompt, NO_EXPECTATION))
        self.rounds.append(begun)
        return begun

    def _add(self, item: ItemRecord) -> None:
        """Put a prompt into the run, which begins with the first."""
        if self.run is None:
            conditions = self.conditions
            self.run = self.store.suites.create(
                item.prompt, COMMAND, conditions.plan, conditions.arms, [SOURCE], [item]
            )
        else:
            self.store.suites.add_item(self.run.id, item)

    def answered(self, arm: ArmRecord, of: Round, events: Sequence[Event]) -> None:
        """Keep the turn with these events, which are in the store, as an arm's attempt at a round.

        Whether it is right a person will say. A turn that was stopped stays in the arm's session alone: half
        an answer costs half, and would make its arm look cheap.
        """
        assert self.run is not None
        outcome = outcome_of(events)
        begun = next((event.turn for event in events if isinstance(event, TurnStarted)), "")
        if not begun or outcome.status not in ANSWERED:
            return
        attempt = AttemptRecord(self.run.id, arm.arm, of.item, of.repeat, arm.session, begun)
        self.store.suites.begin(attempt)
        self.store.suites.end_by_hand(replace(attempt, state=_state(outcome)))

    def mark(self, arm: str, of: Round, *, right: bool | None, preferred: bool | None) -> None:
        """Keep what a person says of an answer: whether it is right, and the best one (None: nothing)."""
        assert self.run is not None
        self.store.suites.mark(self.run.id, arm, of.item, of.repeat, right=right, preferred=preferred)

    def read(self) -> tuple[list[Observation], list[Arm]]:
        """Return what a comparison is made from, as the store has it."""
        if self.run is None:
            return [], []
        return self.store.suites.observations(self.run.id), self.store.suites.arms(self.run.id)


def _state(outcome: Outcome) -> AttemptState | None:
    """Return the state that needs no person to tell: failed, empty or cut."""
    if outcome.status == "failed":
        return "failed"
    if not outcome.answer.strip():
        return "empty"
    return "cut" if outcome.cut else None

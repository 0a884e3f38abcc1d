"""The rows of a suite run: the run itself, its arms, data sets and items, and every attempt."""

from dataclasses import dataclass, field
from typing import Any, Literal, get_args

AttemptState = Literal["right", "wrong", "refused", "empty", "cut", "failed"]
"""How an attempt ended: in exactly one of these, so that they sum to the attempts.

`right` by the strict reading of the answer. Of the others, `failed` turns did not end well, `empty` ones
said nothing, `cut` ones ran into their limit of tokens, and `refused` ones said that they would not.
"""

BY_HAND = "by hand"
"""The `kind` in the plan of a run that a person makes and judges."""

STATES: tuple[AttemptState, ...] = get_args(AttemptState)

ATTEMPTED: tuple[AttemptState, ...] = ("right", "wrong")
"""The states of a completed answer: one that was given whole, and does not refuse."""


@dataclass(frozen=True, slots=True)
class ArmRecord:
    """One arm of a run: a paradigm with its model and switches. Its turns are in `session`.

    `model` is as the user named it and empty for the one of the settings, as is an unset switch.
    """

    arm: str
    paradigm: str
    model: str = ""
    switches: dict[str, Any] = field(default_factory=dict)
    session: str = ""


@dataclass(frozen=True, slots=True)
class DataSetRecord:
    """Where items come from. `checksum` is sha256 of what was read; `items` counts before any limit."""

    data_set: str
    title: str
    source: str
    checksum: str
    licence: str
    items: int


@dataclass(frozen=True, slots=True)
class ItemRecord:
    """One thing that was asked. `item` is unique within the run; `expected` is a JSON object.

    `tool` is the right tool: `none` where none is right, empty where that is not known.
    """

    item: str
    data_set: str
    prompt: str
    expected: str
    skill: str = ""
    level: str = ""
    tool: str = ""


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run of suites. Times are UTC in ISO 8601; `ended_at` is None while attempts are left to make.

    `stopped` says why a run ended before all of them were made. `plan` is what was asked for. `begun`
    counts the attempts that were begun, and `tries` the most of one arm at one item.
    """

    id: str
    title: str
    started_at: str
    command: str
    plan: dict[str, Any]
    arms: tuple[ArmRecord, ...]
    data_sets: tuple[DataSetRecord, ...]
    ended_at: str | None = None
    stopped: str = ""
    items: int = 0
    begun: int = 0
    tries: int = 0

    @property
    def by_hand(self) -> bool:
        """Whether a person asks and judges, as it comes: nothing is planned then."""
        return self.plan.get("kind") == BY_HAND

    @property
    def repeats(self) -> int:
        """How often each arm answers each item; by hand, the most that one did."""
        planned = int(self.plan.get("repeats", 1))
        return max(planned, self.tries) if self.by_hand else planned

    @property
    def attempts(self) -> int:
        """How many attempts were planned; by hand, how many were begun."""
        if self.by_hand:
            return self.begun
        return self.items * len(self.arms) * self.repeats


@dataclass(frozen=True, slots=True)
class AttemptRecord:
    """One answer of an arm to an item. `state` is None until it is scored.

    `strict` says that it is right by what the answer comes to, `flexible` that the right answer is
    somewhere in it, and `tool_right` that the first tool called was the right one (None: not known).
    `extracted` is what the answer was read as, and `cause` why it is not right, as far as events tell.
    In a comparison by hand a person says so: `strict` and `flexible` are that mark (None: not judged), and
    `preferred` says that the answer was liked better than the other arms' (None: nothing was said).
    """

    run: str
    arm: str
    item: str
    repeat: int
    session: str
    turn: str
    state: AttemptState | None = None
    strict: bool | None = None
    flexible: bool | None = None
    tool_right: bool | None = None
    extracted: str = ""
    cause: str = ""
    preferred: bool | None = None

"""The cells of a ledger's tables: small rows of whole numbers, which sum exactly and can be added up.

Seconds are integer nanoseconds and joules integer nanojoules, so that no sum depends on its order. In
every cell, what is text says whose the amounts are, and what is a number is an amount.
"""

from dataclasses import dataclass
from typing import Literal, get_args

from agents.events import EnergySource
from agents.message import Origin, Purpose

State = Literal["queue", "template", "prefill", "decode", "sampling", "grammar", "tool", "idle"]
"""What a moment of a turn was spent on; `idle` is everything that no engine and no tool did."""

STATES: tuple[State, ...] = get_args(State)

InputOrigin = Origin | Literal["unknown"]
"""Where prompt tokens come from; `unknown` where the events do not tell."""

FailureKind = Literal[
    "repair", "reask", "no_tools", "fallback",
    "limit_steps", "limit_tokens", "limit_seconds", "limit_joules", "limit_tool_calls", "limit_repeat",
    "limit_text",
    "tool_error", "trimmed", "cut", "cancelled", "failed", "unfinished",
    "any",
]  # fmt: skip
"""What went wrong: a rung of the ladder, a limit, a tool, a prompt that did not fit, or the end of a call.

`any` is all of them together, with what they cost counted once.
"""

PathKind = Literal["call", "tool", "wait"]

NANO = 1_000_000_000


@dataclass(frozen=True, slots=True)
class InputCell:
    """Prompt tokens of one origin in one call: reused, new, and avoidable (read again though once held).

    `own` of the new ones are the answer's own: those of the call that answered.
    """

    agent: str
    call: str
    origin: InputOrigin
    reused: int
    new: int
    avoidable: int
    own: int = 0

    @property
    def prefilled(self) -> int:
        """The tokens that were read: new and avoidable."""
        return self.new + self.avoidable

    @property
    def prompt(self) -> int:
        """All tokens: reused and read."""
        return self.reused + self.prefilled


@dataclass(frozen=True, slots=True)
class OutputCell:
    """Output tokens for one purpose in one call, by the rule of `sessions.answering`."""

    agent: str
    call: str
    purpose: Purpose
    tokens: int


@dataclass(frozen=True, slots=True)
class TimeCell:
    """Nanoseconds in one state of one call, or of a tool call (`tool`); of the turn where both are empty.

    `own` of them are the answer's own.
    """

    agent: str
    call: str
    state: State
    nanoseconds: int
    own: int = 0

    @property
    def seconds(self) -> float:
        """The same in seconds."""
        return self.nanoseconds / NANO


@dataclass(frozen=True, slots=True)
class EnergyCell:
    """Nanojoules in one state, as `TimeCell`. `source` and `scope` are the meter's: none are ever mixed."""

    agent: str
    call: str
    state: State
    source: EnergySource
    scope: str
    nanojoules: int
    own: int = 0

    @property
    def joules(self) -> float:
        """The same in joules."""
        return self.nanojoules / NANO


@dataclass(frozen=True, slots=True)
class PathCell:
    """A step of the critical path: a call, a tool call, or a wait in which neither ran.

    `name` is the call's purpose or the tool's name; `steps` counts steps, and is 1 within a turn.
    """

    kind: PathKind
    agent: str
    call: str
    name: str
    steps: int
    nanoseconds: int

    @property
    def seconds(self) -> float:
        """The same in seconds."""
        return self.nanoseconds / NANO


@dataclass(frozen=True, slots=True)
class CacheCell:
    """What the KV cache saved one call (`reused` tokens), and a perfect one would have (`avoidable`).

    The nanoseconds are estimates: tokens at the speed at which the turn read its longest prefill. That
    is too slow a speed, and the estimate too high, where even that was a handful of tokens.
    """

    agent: str
    call: str
    reused: int
    avoidable: int
    est_reused_ns: int
    est_avoidable_ns: int


@dataclass(frozen=True, slots=True)
class FailureCell:
    """What failures of one kind cost: the work that came to nothing by them.

    `times` they happened, to `calls` of the model and `tool_calls`, with the prompt tokens that these
    read, the tokens that they wrote, their time and energy. `trimmed` prompt tokens were left out.
    A call may stand under several kinds, but only once under `any`. `source` and `scope` are the meter's.
    """

    kind: FailureKind
    agent: str
    source: EnergySource
    scope: str = ""
    times: int = 0
    calls: int = 0
    tool_calls: int = 0
    prefilled: int = 0
    output: int = 0
    nanoseconds: int = 0
    nanojoules: int = 0
    trimmed: int = 0

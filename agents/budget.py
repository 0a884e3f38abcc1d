"""What a turn, and each agent in it, may spend; and how much is left."""

from collections.abc import Callable
from dataclasses import dataclass, field

from agents.events import Limit


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that is spent: calls of the model with tools, tokens, seconds, joules, and calls of tools.

    Joules are counted where the machine has a meter; 0 sets no limit on them.
    """

    max_steps: int = 5
    max_tokens: int = 1024
    max_seconds: float = 300.0
    max_joules: float = 0.0
    max_tool_calls: int = 8


ANSWER_SHARE = 4
"""A last call that answers has at least this part, 1 in so many, of the tokens."""


def _no_meter() -> float | None:
    return None


@dataclass(slots=True)
class Budget:
    """Counts what is spent against limits. What an agent spends, the turn spends too: `above` is its budget.

    `clock` and `joules` count from the start of the turn; `joules` is None where nothing can be read.
    `reports` says that another agent answers after this one, so that the turn keeps an answer's share.
    Seconds in which the user was waited for do not count.
    """

    limits: Limits
    clock: Callable[[], float]
    joules: Callable[[], float | None] = _no_meter
    above: "Budget | None" = None
    reports: bool = False
    steps: int = 0
    tokens: int = 0
    tool_calls: int = 0
    waited: float = 0.0
    _began: float = field(default=0.0, init=False)
    _joules_before: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        self._began = self.clock() if self.above else 0.0
        self._joules_before = (self.joules() or 0.0) if self.above else 0.0

    def of_agent(self, limits: Limits, *, reports: bool = False) -> "Budget":
        """Return the budget of an agent that begins now, within this one."""
        return Budget(limits, self.clock, self.joules, self, reports)

    def spend(self, *, steps: int = 0, tokens: int = 0, tool_calls: int = 0, waited: float = 0.0) -> None:
        """Count what was spent, here and above; `waited` seconds were the user's, not the agent's."""
        self.steps += steps
        self.tokens += tokens
        self.tool_calls += tool_calls
        self.waited += waited
        if self.above is not None:
            self.above.spend(steps=steps, tokens=tokens, tool_calls=tool_calls, waited=waited)

    @property
    def tokens_left(self) -> int:
        """Output tokens that may still be written, at least one.

        A turn always has an answer's share: where an agent wrote all that it may and said nothing, the
        base model that answers for it passes the limit by as much.
        """
        left = self.limits.max_tokens - self.tokens
        if self.above is None:
            return max(1, left, self._share)
        return max(1, min(left, self.above.tokens_to_act if self.reports else self.above.tokens_left))

    @property
    def tokens_to_act(self) -> int:
        """Output tokens for anything but the answer, which keeps its share; at least one."""
        return max(1, self.tokens_left - self._share)

    @property
    def tool_calls_left(self) -> int:
        """Calls of tools that may still be made."""
        left = max(0, self.limits.max_tool_calls - self.tool_calls)
        return left if self.above is None else min(left, self.above.tool_calls_left)

    @property
    def _share(self) -> int:
        own = self.limits.max_tokens // ANSWER_SHARE
        return own if self.above is None else min(own, self.above._share)

    def exceeded(self) -> tuple[Limit, str] | None:
        """Return the limit that is used up and how, or None."""
        joules = self.joules()
        spent_joules = None if joules is None else joules - self._joules_before
        seconds = self.clock() - self._began - self.waited
        limits = self.limits
        found: tuple[Limit, str] | None = None
        if self.tokens_to_act <= 1:
            found = "tokens", f"{self.tokens} tokens were written"
        elif self.steps >= limits.max_steps:
            found = "steps", f"{self.steps} steps were made"
        elif self.tool_calls >= limits.max_tool_calls:
            found = "tool_calls", f"{self.tool_calls} tool calls were made"
        elif seconds >= limits.max_seconds:
            found = "seconds", f"{seconds:.1f} s had passed"
        elif limits.max_joules and spent_joules is not None and spent_joules >= limits.max_joules:
            found = "joules", f"{spent_joules:.1f} J were spent"
        return found or (self.above.exceeded() if self.above else None)

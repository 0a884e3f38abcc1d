"""The budget guard: what a turn, and each agent in it, has spent of what it may spend."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from agents.budget import Limits
from agents.events import (
    ApprovalAsked,
    ApprovalGiven,
    CallFinished,
    Event,
    LimitReached,
    MeterRead,
    TextDelta,
    ToolFinished,
    ToolStarted,
)
from slmtui.tui.plain import plain_line

WARN = 0.8
"""From this share of a limit on, a warning is shown."""


@dataclass(frozen=True, slots=True)
class Spent:
    """How much of one limit is `spent`, by an agent or, with no name, by the turn. `allowed` is over 0."""

    name: str
    spent: float
    allowed: float
    agent: str = ""

    @property
    def share(self) -> float:
        """What is spent over what is allowed, 0 to more than 1."""
        return self.spent / self.allowed

    @property
    def words(self) -> str:
        """The limit in words: tokens, or math's tokens."""
        return f"{plain_line(self.agent, 16)}’s {self.name}" if self.agent else self.name

    @property
    def warning(self) -> str:
        """A glyph and words from 80 % on; empty below."""
        if self.share < WARN:
            return ""
        return f"■ {self.words} used up" if self.share >= 1 else f"▲ {self.words} {self.share:.0%}"


@dataclass(slots=True)
class Account:
    """What was spent so far: output tokens, steps (calls of the model that called tools), tool calls."""

    tokens: int = 0
    steps: int = 0
    tool_calls: int = 0


@dataclass(slots=True)
class Spending:
    """Counts from events as `agents.budget` counts. `reached` are the limits that ended an agent's loop."""

    turn: Account = field(default_factory=Account)
    agents: dict[str, Account] = field(default_factory=dict)
    joules: float | None = None
    waited: float = 0.0
    reached: list[LimitReached] = field(default_factory=list)
    _told: dict[str, int] = field(default_factory=dict)
    _acts: set[str] = field(default_factory=set)
    _asked: dict[str, float] = field(default_factory=dict)

    def add(self, event: Event) -> None:
        """Take in one event."""
        match event:
            case TextDelta():
                self._told[event.call] = self._told.get(event.call, 0) + len(event.times)
                self._spend(event.agent, tokens=len(event.times))
            case CallFinished():
                untold = event.output_tokens - self._told.pop(event.call, 0)
                self._spend(event.agent, tokens=max(0, untold))
                self._acts.add(event.agent)
            case ToolStarted():
                self._spend(event.agent, steps=event.agent in self._acts)
                self._acts.discard(event.agent)
            case ToolFinished():
                self._spend(event.agent, tool_calls=1)
            case _:
                self._add_other(event)

    def _add_other(self, event: Event) -> None:
        match event:
            case MeterRead():
                self.joules = None if event.source == "none" else event.joules
            case ApprovalAsked():
                self._asked[event.tool_call] = event.t
            case ApprovalGiven():
                self.waited += event.t - self._asked.pop(event.tool_call, event.t)
            case LimitReached():
                self.reached.append(event)
            case _:
                pass

    def _spend(self, agent: str, *, tokens: int = 0, steps: int = 0, tool_calls: int = 0) -> None:
        for account in (self.turn, self.agents.setdefault(agent, Account())):
            account.tokens += tokens
            account.steps += steps
            account.tool_calls += tool_calls

    def seconds(self, now: float) -> float:
        """Return the seconds of the turn until `now`, without those in which the user was waited for."""
        waiting = sum(max(0.0, now - asked) for asked in self._asked.values())
        return max(0.0, now - self.waited - waiting)


@dataclass(frozen=True, slots=True)
class Guard:
    """The limits of a turn, and those of an agent in it where they are others."""

    limits: Limits
    of_agent: Limits | None = None

    def bars(self, spending: Spending, now: float) -> list[Spent]:
        """Return the turn's limits with what is spent of each at `now` seconds; always as many."""
        limits, turn = self.limits, spending.turn
        joules = [Spent("joules", spending.joules or 0.0, limits.max_joules)] if limits.max_joules > 0 else []
        return [
            Spent("tokens", turn.tokens, limits.max_tokens),
            Spent("seconds", spending.seconds(now), limits.max_seconds),
            *joules,
            Spent("tool calls", turn.tool_calls, limits.max_tool_calls),
            Spent("steps", turn.steps, limits.max_steps),
        ]

    def warning(self, spending: Spending, now: float) -> str:
        """Return what ended an agent's loop, else the fullest limit from 80 % on, in words; else nothing."""
        if spending.reached:
            last = spending.reached[-1]
            return f"■ {plain_line(last.agent, 16)} ended by {_REACHED.get(last.limit, last.limit)}"
        fullest = max((*self.bars(spending, now), *self._agents(spending)), key=lambda each: each.share)
        return fullest.warning

    def _agents(self, spending: Spending) -> Iterator[Spent]:
        if self.of_agent is None or self.of_agent == self.limits:
            return
        for name, account in spending.agents.items():
            yield Spent("tokens", account.tokens, self.of_agent.max_tokens, name)
            yield Spent("tool calls", account.tool_calls, self.of_agent.max_tool_calls, name)
            yield Spent("steps", account.steps, self.of_agent.max_steps, name)


_REACHED = {"tool_calls": "tool calls", "repeat": "repeating", "text": "repeating"}

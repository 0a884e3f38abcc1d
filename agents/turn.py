"""What a paradigm is given: the turn, its limits, and the shape of a paradigm itself."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from agents.budget import Budget, Limits
from agents.events import Event
from agents.helps import Helps
from agents.message import Message, Sampling
from agents.model import Model
from tools.approval import DENY_ALL, Approvals, Approver
from tools.registry import Toolbox


def _no_meter() -> float | None:
    return None


@dataclass(frozen=True, slots=True)
class Turn:
    """One prompt to be answered, with the conversation before it.

    `started` is the turn's first moment on the clock that `clock` reads (monotonic, seconds). `id` names
    the turn to the model; `cold` reuses nothing of the KV cache, and runs each call alone. `limits` are
    the turn's and `agent_limits` those of each agent in it; `joules` is what was spent so far, or None.
    `approver` is asked before a tool that writes or reaches out, and `approvals` remembers for the
    session. `oracle` names the tool that is right, for suites that know it. `beginning` is what the answer
    must begin with, for it goes on where another stopped, and `system` the user's own system prompt.
    """

    prompt: str
    history: tuple[Message, ...]
    sampling: Sampling
    limits: Limits
    clock: Callable[[], float]
    started: float
    new_id: Callable[[], str]
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    id: str = ""
    cold: bool = False
    helps: Helps = field(default_factory=Helps)
    agent_limits: Limits = field(default_factory=Limits)
    joules: Callable[[], float | None] = _no_meter
    approver: Approver = DENY_ALL
    approvals: Approvals = field(default_factory=Approvals)
    oracle: str = ""
    beginning: str = ""
    system: str = ""
    budget: Budget = field(init=False)

    def __post_init__(self) -> None:
        # Frozen, but for the count of what it spends.
        object.__setattr__(self, "budget", Budget(self.limits, lambda: self.t, self.joules))

    @property
    def t(self) -> float:
        """Seconds since the turn started."""
        return self.clock() - self.started


Paradigm: TypeAlias = Callable[[Turn, Model, Toolbox], AsyncGenerator[Event, None]]
"""An async generator of events. Its answer is what the last call for the purpose `answer` writes."""

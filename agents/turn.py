"""What a paradigm is given: the turn, its limits, and the shape of a paradigm itself."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from agents.events import Event
from agents.message import Message, Sampling
from agents.model import Model
from tools.registry import Toolbox


@dataclass(frozen=True, slots=True)
class Limits:
    """When an agent must stop: model calls with tools, output tokens and seconds of one turn."""

    max_steps: int = 5
    max_tokens: int = 1024
    max_seconds: float = 300.0


@dataclass(frozen=True, slots=True)
class Turn:
    """One prompt to be answered, with the conversation before it.

    `started` is the turn's first moment on the clock that `clock` reads (monotonic, seconds). `id` names
    the turn to the model; `cold` reuses nothing of the KV cache, and runs each call alone.
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

    @property
    def t(self) -> float:
        """Seconds since the turn started."""
        return self.clock() - self.started


Paradigm: TypeAlias = Callable[[Turn, Model, Toolbox], AsyncGenerator[Event, None]]
"""An async generator of events. Its answer is what the last call for the purpose `answer` writes."""

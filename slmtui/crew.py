"""The engines of one app: the main model's, and those of agents that have models of their own."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from agents.base import AGENT as ASSISTANT
from agents.events import EngineFacts
from agents.formats.format import CallFormat
from agents.model import CallEvent, Model, Request
from agents.router import SUPERVISOR
from agents.single import AGENT
from slmtui.engine.client import Engine

Role = Literal["supervisor", "specialist"]
ROLES: tuple[Role, ...] = get_args(Role)
MAIN: Literal["main"] = "main"


@dataclass(frozen=True, slots=True)
class ModelInUse:
    """A model that turns run on, loaded or not: whose it is, its name, its file and that file's bytes."""

    whose: Role | Literal["main"]
    name: str
    path: str = ""
    size: int = 0


class Crew:
    """Implements `agents.model.Model` with the main engine, and for some agents with others.

    `roles` are the engines of the supervisor and of the specialists, where these have their own.
    """

    def __init__(self, main: Engine, roles: Mapping[Role, Engine]) -> None:
        self.main = main
        self.roles = dict(roles)

    @property
    def engines(self) -> tuple[Engine, ...]:
        """All engines, the main one first."""
        return (self.main, *self.roles.values())

    @property
    def facts(self) -> EngineFacts:
        """What a turn records of the main model."""
        return self.main.facts

    @property
    def format(self) -> CallFormat:
        """The main model's format."""
        return self.main.format

    def for_agent(self, agent: str) -> Model:
        """Return the engine of an agent's role. The base model and the single agent have the main one."""
        if agent == SUPERVISOR:
            return self.roles.get("supervisor", self.main)
        return self.main if agent in (ASSISTANT, AGENT) else self.roles.get("specialist", self.main)

    def give(self, role: Role, engine: Engine | None) -> Engine | None:
        """Let a role have an engine of its own, or with None the main one; return the one it had before."""
        before = self.roles.pop(role, None)
        if engine is not None:
            self.roles[role] = engine
        return before

    def stream(self, request: Request, stop: asyncio.Event) -> AsyncGenerator[CallEvent, None]:
        """Run one call on the main engine; see `agents.model.Model.stream`."""
        return self.main.stream(request, stop)

    def factors(self) -> dict[str, str]:
        """Return the models of roles as factors of a turn; nothing where all have the main one."""
        return {f"{role}_model": engine.facts.model for role, engine in self.roles.items()}

    async def start_roles(self, progress: Callable[[float], None]) -> None:
        """Load the models of the roles. Raises `EngineError`."""
        for engine in self.roles.values():
            await engine.start(progress)

    async def close(self) -> None:
        """Leave all engines."""
        await asyncio.gather(*(engine.close() for engine in self.engines))

"""What a front end needs in order to answer prompts, behind one protocol."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from typing import Protocol

from agents.events import EngineFacts, Event
from agents.helps import Helps
from agents.message import Message, Sampling
from slmtui.crew import ModelInUse, Role
from tools.approval import DENY_ALL, Approvals, Approver
from tools.registry import Toolbox


class BackendError(Exception):
    """The backend cannot start or answer; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class TokenCount:
    """How many tokens a text is for the loaded model; `exact` is False for an estimate, shown with `~`."""

    tokens: int
    exact: bool


@dataclass(frozen=True, slots=True)
class TurnRequest:
    """A prompt to answer in a session, under a paradigm, after `history`; `cold` reuses no KV cache.

    `helps` are the switches, by default the backend's. `approver` is asked before a tool that writes or
    reaches out, and `approvals` remembers for the session. `oracle` names the right tool, where known.
    `box` has the tools of this turn, by default the backend's. `parent` is the turn that it follows in the
    session, empty for none. With a `beginning` the answer goes on from it, under base whatever the
    `paradigm`. `system` is the user's own system prompt; empty leaves the paradigm its own.
    """

    session: str
    paradigm: str
    prompt: str
    history: tuple[Message, ...]
    sampling: Sampling
    cold: bool = False
    helps: Helps | None = None
    approver: Approver = DENY_ALL
    approvals: Approvals = field(default_factory=Approvals)
    oracle: str = ""
    box: Toolbox | None = None
    parent: str | None = None
    beginning: str = ""
    system: str = ""


class Backend(Protocol):
    """A model with everything that a turn needs. The app has a local one; tests a scripted one."""

    @property
    def facts(self) -> EngineFacts | None:
        """The loaded model and engine; None until `start` has succeeded."""
        ...

    @property
    def models(self) -> tuple[ModelInUse, ...]:
        """The models that turns run on, loaded or not: the main one, then those of roles with their own."""
        ...

    async def start(self, progress: Callable[[float], None]) -> None:
        """Load the model; `progress` gets 0..1. Raises `BackendError`, which says what to do."""
        ...

    def run(self, request: TurnRequest, stop: asyncio.Event) -> AsyncGenerator[Event, None]:
        """Answer one prompt: from `TurnStarted` to `TurnFinished`, whatever happens on the way."""
        ...

    def count_tokens(self, text: str) -> TokenCount:
        """Count the tokens of a text for the loaded model, or estimate them."""
        ...

    async def switch(self, model: str, progress: Callable[[float], None]) -> None:
        """Unload the model and load another, named or by path. No turn may be running.

        Raises `BackendError`; then the model before stays the one in use, and the next prompt loads it.
        """
        ...

    async def give_role(self, role: Role, model: str | None) -> None:
        """Let a role's agents have another model, named or by path; with None they have the main one.

        The first turn that needs it loads it. No turn may be running. Raises `BackendError`, and then
        nothing changes.
        """
        ...

    async def unload(self) -> None:
        """Give the model's memory back; the next prompt loads it again. No turn may be running."""
        ...

    async def suspend(self, session: str, history: tuple[Message, ...]) -> None:
        """Keep on disk what the KV cache holds of a session, where that is worth it. Never raises."""
        ...

    async def resume(self, session: str) -> int:
        """Bring back what was kept of a session and return the number of tokens; 0 when there is nothing.

        Nothing happens while the model is not loaded. Never raises.
        """
        ...

    async def close(self) -> None:
        """Stop the engine."""
        ...

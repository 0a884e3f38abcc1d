"""The backend where there is no model: it says so, and the rest of the app works without it."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from agents.events import EngineFacts, Event
from agents.message import Message
from slmtui.backend import Backend, BackendError, TokenCount, TurnRequest
from slmtui.crew import ModelInUse, Role
from slmtui.tokens import estimate


class MissingBackend:
    """Stands in for a backend until `switch` names a model. Implements `slmtui.backend.Backend`.

    `make` returns the backend of a model, named or by path. It may block, so a thread calls it, and it
    raises `BackendError`.
    """

    def __init__(self, reason: str, make: Callable[[str], Backend]) -> None:
        self._reason = reason
        self._make = make
        self._made: Backend | None = None

    @property
    def facts(self) -> EngineFacts | None:
        """The loaded model and engine; None until there is one."""
        return self._made.facts if self._made is not None else None

    @property
    def models(self) -> tuple[ModelInUse, ...]:
        """The models that turns run on; none until there is one."""
        return self._made.models if self._made is not None else ()

    async def start(self, progress: Callable[[float], None]) -> None:
        """Load the model. Raises `BackendError`, which says why there is none."""
        await self._there().start(progress)

    async def run(self, request: TurnRequest, stop: asyncio.Event) -> AsyncGenerator[Event, None]:
        """Answer one prompt. Raises `BackendError`, which says why there is no model."""
        async with aclosing(self._there().run(request, stop)) as events:
            async for event in events:
                yield event

    def count_tokens(self, text: str) -> TokenCount:
        """Count the tokens of a text, or estimate them where there is no model."""
        if self._made is None:
            return TokenCount(estimate(text), exact=False)
        return self._made.count_tokens(text)

    async def switch(self, model: str, progress: Callable[[float], None]) -> None:
        """Load a model, named or by path. Raises `BackendError`; then there is none, as before."""
        if self._made is not None:
            await self._made.switch(model, progress)
            return
        made = await asyncio.to_thread(self._make, model)
        try:
            await made.start(progress)
        except BaseException:  # when the app is left meanwhile, too
            await made.close()
            raise
        self._made = made

    async def give_role(self, role: Role, model: str | None) -> None:
        """Let a role have another model. Raises `BackendError`, where there is no main one too."""
        await self._there().give_role(role, model)

    async def unload(self) -> None:
        """Give the model's memory back, where there is one."""
        if self._made is not None:
            await self._made.unload()

    async def suspend(self, session: str, history: tuple[Message, ...]) -> None:
        """Keep on disk what the KV cache holds of a session, where there is one."""
        if self._made is not None:
            await self._made.suspend(session, history)

    async def resume(self, session: str) -> int:
        """Bring back what was kept of a session, and return the number of tokens."""
        return await self._made.resume(session) if self._made is not None else 0

    async def close(self) -> None:
        """Stop the engine, where one runs."""
        if self._made is not None:
            await self._made.close()

    def _there(self) -> Backend:
        if self._made is None:
            raise BackendError(self._reason)
        return self._made

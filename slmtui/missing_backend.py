"""The backend where there is no model: it says so, and the rest of the app works without it."""

import asyncio
from collections.abc import AsyncGenerator, Callable

from agents.events import Event
from slmtui.backend import BackendError, TokenCount, TurnRequest
from slmtui.tokens import estimate


class MissingBackend:
    """Stands in for a backend that cannot be. Implements `slmtui.backend.Backend`."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    @property
    def facts(self) -> None:
        """Nothing is loaded."""
        return

    async def start(self, progress: Callable[[float], None]) -> None:  # noqa: ARG002
        """Raise `BackendError`, which says why there is no model."""
        raise BackendError(self._reason)

    async def run(self, request: TurnRequest, stop: asyncio.Event) -> AsyncGenerator[Event, None]:  # noqa: ARG002
        """Raise `BackendError`, which says why there is no model."""
        await self.start(lambda _fraction: None)
        nothing: tuple[Event, ...] = ()
        for event in nothing:
            yield event

    def count_tokens(self, text: str) -> TokenCount:
        """Estimate the tokens of a text."""
        return TokenCount(estimate(text), exact=False)

    async def close(self) -> None:
        """Nothing runs."""

"""The engines of a comparison: the chat's own, and one more for each further model."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from slmtui.backend import Backend, BackendError

NO_OTHERS = "This comparison can use no model but the one that is loaded."


@dataclass(slots=True)
class Engines:
    """Starts each model once, and closes those that it started. The chat's stays as it is.

    `loaded` is the name that the chat's model has in a comparison, and `load_own` brings it back where it
    was unloaded; it returns what is wrong, or nothing. `make` makes the backend of another.
    """

    own: Backend
    loaded: str
    load_own: Callable[[], Awaitable[str]]
    make: Callable[[str], Backend] | None = None
    _others: dict[str, Backend] = field(default_factory=dict)

    async def started(self, model: str, progress: Callable[[float], None]) -> Backend:
        """Return the backend of a model, loaded; `progress` gets 0..1. Raises `BackendError`."""
        if model == self.loaded:
            if problem := await self.load_own():
                raise BackendError(problem)
            return self.own
        backend = self._others.get(model)
        if backend is None:
            if self.make is None:
                raise BackendError(NO_OTHERS)
            # Kept before it starts, so that whoever leaves meanwhile closes it all the same.
            backend = self._others[model] = await asyncio.to_thread(self.make, model)
        if backend.facts is None:
            await backend.start(progress)
        return backend

    async def keep(self, models: tuple[str, ...]) -> None:
        """Close the engines of all other models."""
        for model in [each for each in self._others if each not in models]:
            await self._others.pop(model).close()

    async def close(self) -> None:
        """Stop every engine that was started here."""
        await self.keep(())

"""The model's comings and goings, one after another: what they do becomes messages, and touches no widget."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from textual.message import Message
from textual.message_pump import MessagePump

from agents.message import Message as Said
from slmtui.backend import Backend, BackendError
from slmtui.tui.state.engine_state import EngineState

_log = logging.getLogger(__name__)


class EngineChanged(Message):
    """The engine is on its way, ready, or not to be had."""

    def __init__(self, state: EngineState) -> None:
        super().__init__()
        self.state = state


class Switched(Message):
    """Another model was asked for. `problem` says why it was not loaded; empty when it is."""

    def __init__(self, problem: str) -> None:
        super().__init__()
        self.problem = problem


class Restored(Message):
    """So many `tokens` of a session are in the KV cache again."""

    def __init__(self, session: str, tokens: int) -> None:
        super().__init__()
        self.session, self.tokens = session, tokens


@dataclass(frozen=True, slots=True)
class Held:
    """A session that the engine may hold in its KV cache, and its conversation."""

    session: str
    history: tuple[Said, ...]


class EngineKeeper:
    """Loads, switches and unloads the model, and takes care of what the KV cache holds of a session.

    Everything waits for its turn, so that no session is saved while the model goes. `session` says
    which one is open now: it is brought back whenever the model was loaded. Posts to `target`.
    """

    def __init__(self, backend: Backend, target: MessagePump, session: Callable[[], str | None]) -> None:
        self._backend, self._target, self._session = backend, target, session
        self._one_by_one = asyncio.Lock()
        self._loading: asyncio.Task[str] | None = None
        self._was_loaded = False
        self._brought_back: str | None = None

    @property
    def busy(self) -> bool:
        """Whether the model is on its way or on its way out, or a session is being saved."""
        return self._one_by_one.locked()

    async def load(self) -> str:
        """Load the model unless it is there; return what is wrong, or nothing.

        A caller that goes away does not stop it: the next one finds it further on.
        """
        if self._loading is None or self._loading.done():
            self._loading = asyncio.create_task(self._load(), name="load the model")
        return await asyncio.shield(self._loading)

    async def switch(self, model: str, leaving: Held | None) -> None:
        """Load another model, named or by path, and post `Switched`."""
        self._loading = asyncio.create_task(self._switch(model, leaving), name="switch the model")
        await asyncio.shield(self._loading)

    async def unload(self, leaving: Held | None) -> None:
        """Give the model's memory back."""
        async with self._one_by_one:
            await self._put_away(leaving)
            await self._backend.unload()
            self._tell(EngineState("unloaded"))

    async def move(self, leaving: Held | None) -> None:
        """Save what the KV cache holds of the session that is left, and bring back the one that is open."""
        async with self._one_by_one:
            await self._put_away(leaving)
            await self._bring_back()

    async def close(self, leaving: Held | None, seconds: float) -> None:
        """Stop the engine, after saving for `seconds` at most what it holds of a session."""
        if self._loading is not None:
            self._loading.cancel()
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds), self._one_by_one:
                    await self._put_away(leaving)
        finally:
            await self._backend.close()

    async def _load(self) -> str:
        async with self._one_by_one:
            if self._backend.facts is not None:
                return ""
            self._tell(EngineState("loading"))
            problem = await self._attempt(self._backend.start(self._progress))
            if problem:
                self._tell(EngineState("stopped" if self._was_loaded else "missing", problem=problem))
                return problem
            self._tell(EngineState("ready"))
            await self._bring_back()
            return ""

    async def _switch(self, model: str, leaving: Held | None) -> str:
        async with self._one_by_one:
            await self._put_away(leaving)
            self._tell(EngineState("loading"))
            problem = await self._attempt(self._backend.switch(model, self._progress))
            self._target.post_message(Switched(problem))
            if not problem:
                await self._bring_back()
            return problem

    async def _attempt(self, loading: Awaitable[None]) -> str:
        """Await the model; return why it did not come, or nothing."""
        self._brought_back = None
        try:
            await loading
        except BackendError as error:
            return str(error)
        except Exception as error:  # noqa: BLE001 - no backend may take the app down
            _log.exception("the engine could not start")
            return f"The engine could not start: {error!r}. Try `slmtui doctor`."
        self._was_loaded = True
        return ""

    async def _put_away(self, leaving: Held | None) -> None:
        if leaving is not None and self._backend.facts is not None:
            await self._backend.suspend(leaving.session, leaving.history)

    async def _bring_back(self) -> None:
        """Bring back what was saved of the open session, once."""
        session = self._session()
        if self._backend.facts is None:
            return
        again, self._brought_back = session == self._brought_back, session
        if session is None or again:
            return
        tokens = await self._backend.resume(session)
        if tokens > 0:
            self._target.post_message(Restored(session, tokens))

    def _progress(self, share: float) -> None:
        size = next((model.size for model in self._backend.models), 0)
        self._tell(EngineState("loading", share, size=size))

    def _tell(self, state: EngineState) -> None:
        self._target.post_message(EngineChanged(state))

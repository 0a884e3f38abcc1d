"""Where turns run again: a model and its tools, kept for as long as the settings stay the same."""

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

from slmtui.assemble import Surroundings, make_backend
from slmtui.backend import Backend
from slmtui.settings import Settings
from slmtui.settings_tools import ToolsTable
from slmtui.toolboxes import ToolSupply, begin_gathering
from tools.registry import Toolbox


class Stage(Protocol):
    """A model with the tools of some settings."""

    @property
    def backend(self) -> Backend:
        """Answers the turns."""
        ...

    @property
    def box(self) -> Toolbox:
        """The tools, once it has started."""
        ...

    async def start(self) -> None:
        """Load the model and gather the tools. Raises `BackendError`."""
        ...

    async def close(self) -> None:
        """Stop both."""
        ...


class LocalStage:
    """The engine and the tools of this machine. Raises as `make_backend` and `begin_gathering` do."""

    def __init__(self, settings: Settings, around: Surroundings) -> None:
        # A turn that runs again brings its own box, so the backend need not gather the tools once more.
        bare = settings.model_copy(update={"tools": ToolsTable(python=False), "notes": None})
        self.backend: Backend = make_backend(bare, around)
        self._gather = begin_gathering(settings)
        self._supply: ToolSupply | None = None

    @property
    def box(self) -> Toolbox:
        """The tools that the settings allow."""
        return Toolbox(()) if self._supply is None else self._supply.box()

    async def start(self) -> None:
        """Load the model and gather the tools. Raises `BackendError`."""
        self._supply = await asyncio.to_thread(self._gather)
        await self.backend.start(lambda _fraction: None)

    async def close(self) -> None:
        """Stop the engine, and what the tools have started."""
        await self.backend.close()
        if self._supply is not None:
            await asyncio.to_thread(self._supply.close)


class Stages:
    """One stage at a time: there may be memory for one model only."""

    def __init__(self, make: Callable[[Settings], Stage]) -> None:
        self._make = make
        self._key: dict[str, Any] = {}
        self._stage: Stage | None = None

    async def at(self, settings: Settings) -> Stage:
        """Return the stage of some settings, started: the one there is, or a new one in its place."""
        key = settings.model_dump(exclude=_OF_A_TURN)
        if self._stage is None or key != self._key:
            await self.close()
            self._key, self._stage = key, self._make(settings)
            await self._stage.start()
        return self._stage

    async def close(self) -> None:
        """Stop the stage there is."""
        stage, self._stage = self._stage, None
        if stage is not None:
            await stage.close()


_OF_A_TURN: Any = {"sampling": True, "paradigm": True, "theme": True, "agents": {"help": True}}
"""The settings that each turn is given anew."""

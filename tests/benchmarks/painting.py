"""When the app paints: for figures that end with what a person sees."""

import asyncio
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

from textual._compositor import CompositorUpdate
from textual.app import App

PATIENCE_S = 60.0


class Painted:
    """Watches the frames of a headless app. Each is made as for a terminal, and nothing is done with it."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._frame = asyncio.Event()
        self._at = 0.0

    @contextmanager
    def watching(self) -> Generator["Painted", None, None]:
        """Watch while it lasts."""
        display = self._app._display

        def shown(screen: Any, renderable: Any) -> None:
            display(screen, renderable)
            if isinstance(renderable, CompositorUpdate):
                renderable.render_segments(self._app.console)
                self._at = time.perf_counter()
                self._frame.set()

        self._app._display = shown  # type: ignore[method-assign]
        try:
            yield self
        finally:
            self._app._display = display  # type: ignore[method-assign]

    async def after(self, act: Callable[[], object], so: Callable[[], bool]) -> float:
        """Do something, and return the seconds until a frame came after which `so` holds."""
        self._frame.clear()
        began = time.perf_counter()
        act()
        while time.perf_counter() - began < PATIENCE_S:
            await asyncio.wait_for(self._frame.wait(), PATIENCE_S)
            self._frame.clear()
            at = self._at
            if so():
                return at - began
        raise RuntimeError("it was never painted")

"""The server of windows: each browser window is an app of its own, and all share one engine."""

import asyncio
import copy
from collections.abc import Callable
from pathlib import Path

from aiohttp import WSCloseCode, web
from textual_serve.server import Server

from slmtui.serving.gate import Gate, protect

MOST_WINDOWS = 8
CLOSE_S = 5.0
"""Seconds that windows have to store the end of what runs, when the server stops."""


class WindowServer(Server):
    """Textual's server behind a gate, on one address of this machine.

    `command` is the shell command of one window; `ready` is called once with the address to open.
    """

    def __init__(self, command: str, gate: Gate, ready: Callable[[str], None]) -> None:
        super().__init__(
            command,
            host="127.0.0.1",
            port=gate.port,
            title="slmtui",
            templates_path=Path(__file__).parent / "pages",
        )
        self._gate = gate
        self._ready = ready
        self._windows: set[asyncio.Task[None]] = set()

    @property
    def address(self) -> str:
        """The address to open, with the token."""
        return f"http://{self.host}:{self.port}/?token={self._gate.token}"

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        app.middlewares.append(self._gate.middleware())
        app.on_response_prepare.append(protect)
        return app

    async def on_startup(self, app: web.Application) -> None:
        """Say nothing yet: the port is not open."""

    async def on_shutdown(self, app: web.Application) -> None:  # noqa: ARG002 - the library's signature
        """End the windows: their apps leave as with ctrl+q."""
        for window in list(self._windows):
            window.cancel()

    async def handle_index(self, request: web.Request) -> web.StreamResponse:
        """Serve the page of a window, with addresses as the browser knows this server (it may tunnel)."""
        seen = copy.copy(self)
        seen.public_url = f"http://{request.host}"
        response: web.StreamResponse = await Server.handle_index(seen, request)
        return response

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """Run the app of a window for as long as it is open."""
        if len(self._windows) >= MOST_WINDOWS:
            return await _refused(request)
        self._windows.add(request.task)
        try:
            response: web.WebSocketResponse = await super().handle_websocket(request)
            return response
        finally:
            self._windows.discard(request.task)

    async def run(self, stop: asyncio.Event) -> None:
        """Serve until `stop` is set, and end the windows. Raises `OSError` when the port cannot be had."""
        runner = web.AppRunner(await self._make_app(), access_log=None, shutdown_timeout=CLOSE_S)
        await runner.setup()
        try:
            await web.TCPSite(runner, self.host, self.port).start()
            self._ready(self.address)
            await stop.wait()
        finally:
            await runner.cleanup()


async def _refused(request: web.Request) -> web.WebSocketResponse:
    said = f"{MOST_WINDOWS} windows are open, which is the most: close one, and open this page again."
    websocket = web.WebSocketResponse()
    await websocket.prepare(request)
    await websocket.send_bytes(f"\x1b[2J\x1b[H{said}\r\n".encode())
    await websocket.close(code=WSCloseCode.TRY_AGAIN_LATER)
    return websocket

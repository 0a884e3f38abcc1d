"""`slmtui serve` as a browser sees it: real windows of the real app, on a real engine."""

import asyncio
import signal
import sys
from pathlib import Path

import psutil
import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, CookieJar, WSMsgType

from tests.slmtui.serving.served import WAIT_S, engines, serving

LOADED = "ready, cold"  # what the header says once the model is loaded


async def seen(window: ClientWebSocketResponse, text: str) -> str:
    """Read what a window is sent until `text` was drawn in it."""
    drawn = ""
    async with asyncio.timeout(WAIT_S):
        async for message in window:
            if message.type == WSMsgType.BINARY:
                drawn += message.data.decode("utf-8", "replace")
                if text in drawn:
                    return drawn
    raise AssertionError(f"the window closed without {text!r}: {drawn[-500:]}")


async def test_two_windows_share_one_engine_and_end_with_the_server(tmp_path: Path, tiny_model: Path) -> None:
    async with (
        serving(tmp_path, tiny_model) as (address, server),
        ClientSession(cookie_jar=CookieJar(unsafe=True)) as browser,
    ):
        assert (await browser.get(address)).status == 200
        socket = address.partition("?")[0] + "ws?width=120&height=36"
        async with browser.ws_connect(socket) as first:
            await seen(first, LOADED)
            async with browser.ws_connect(socket) as second:
                await seen(second, LOADED)
                assert engines(server) == 1
                await second.send_json(["stdin", "/nothing\r"])
                await seen(second, "There is no")
                children = server.children(recursive=True)
                server.send_signal(signal.SIGINT)
                _gone, alive = await asyncio.to_thread(psutil.wait_procs, children, timeout=WAIT_S)
                assert not alive


@pytest.mark.skipif(sys.platform == "win32", reason="a window of Windows is not told that its server went")
async def test_windows_and_engine_end_with_a_server_that_is_killed(tmp_path: Path, tiny_model: Path) -> None:
    async with (
        serving(tmp_path, tiny_model) as (address, server),
        ClientSession(cookie_jar=CookieJar(unsafe=True)) as browser,
    ):
        assert (await browser.get(address)).status == 200
        async with browser.ws_connect(address.partition("?")[0] + "ws?width=120&height=36") as window:
            await seen(window, LOADED)
            children = server.children(recursive=True)
            assert engines(server) == 1
            server.kill()
            _gone, alive = await asyncio.to_thread(psutil.wait_procs, children, timeout=WAIT_S)
            for left in alive:
                left.kill()
            assert not alive

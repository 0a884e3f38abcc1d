"""The app in a real headless Chromium, where there is one: on the path, or named by TEST_CHROMIUM."""

import asyncio
import json
import os
import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse

from tests.slmtui.serving.served import WAIT_S, engines, serving

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome", "chrome-headless-shell")


class Tab:
    """One page of the browser, driven by the DevTools protocol."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self._socket = socket
        self._ids = count(1)
        self.fetched: set[str] = set()

    async def call(self, method: str, **params: Any) -> Any:
        ident = next(self._ids)
        await self._socket.send_json({"id": ident, "method": method, "params": params})
        async for message in self._socket:
            told = json.loads(message.data)
            if told.get("method") == "Network.requestWillBeSent":
                self.fetched.add(told["params"]["request"]["url"])
            if told.get("id") == ident:
                assert "error" not in told, told
                return told["result"]
        raise AssertionError("the browser went away")

    async def value(self, expression: str) -> Any:
        answer = await self.call("Runtime.evaluate", expression=expression)
        return answer["result"].get("value")

    async def until(self, expression: str) -> None:
        for _ in range(WAIT_S * 10):
            if await self.value(expression):
                return
            await asyncio.sleep(0.1)
        raise AssertionError(f"it never came about: {expression}")


@asynccontextmanager
async def chromium(folder: Path) -> AsyncGenerator[tuple[ClientSession, str], None]:
    """Start a headless browser; yields a client and the address of its DevTools."""
    found = os.environ.get("TEST_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip("there is no Chromium: put one on the path, or name it in TEST_CHROMIUM")
    process = await asyncio.create_subprocess_exec(
        found, "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0",
        f"--user-data-dir={folder}", "about:blank",
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        assert process.stderr is not None
        async with asyncio.timeout(WAIT_S):
            while "DevTools listening" not in (line := (await process.stderr.readline()).decode()):
                assert line, "the browser did not start"
        port = line.split("//")[1].split("/")[0]
        async with ClientSession() as client:
            yield client, f"http://{port}"
    finally:
        process.kill()
        await process.wait()


@asynccontextmanager
async def tab(client: ClientSession, tools: str, address: str) -> AsyncGenerator[Tab, None]:
    """Open an address in a page of its own."""
    made = await (await client.put(f"{tools}/json/new?about:blank")).json()
    async with client.ws_connect(made["webSocketDebuggerUrl"], max_msg_size=0) as socket:
        page = Tab(socket)
        await page.call("Network.enable")
        await page.call("Page.navigate", url=address)
        yield page


async def test_the_app_in_two_windows_of_a_browser(tmp_path: Path, tiny_model: Path) -> None:
    (tmp_path / "home").mkdir()
    async with (
        chromium(tmp_path / "browser") as (client, tools),
        serving(tmp_path / "home", tiny_model) as (address, server),
        tab(client, tools, address) as first,
    ):
        await first.until("document.body.classList.contains('-first-byte')")
        await first.until("document.activeElement.classList.contains('xterm-helper-textarea')")
        assert "token" not in await first.value("location.href")
        async with tab(client, tools, address) as second:
            await second.until("document.body.classList.contains('-first-byte')")
            for _ in range(WAIT_S * 10):
                if engines(server):
                    break
                await asyncio.sleep(0.1)
            assert engines(server) == 1
            await second.call("Input.insertText", text="hello there")
            # Leaving with ctrl+q ends the window, and the page says so.
            await second.call("Input.dispatchKeyEvent", type="rawKeyDown", modifiers=2, key="q", code="KeyQ",
                              windowsVirtualKeyCode=81)  # fmt: skip
            await second.until("document.body.classList.contains('-closed')")
        here = address.split("/?")[0]
        assert {url for url in first.fetched if not url.startswith(("data:", "ws:"))} <= {
            url for url in first.fetched if url.startswith(here)
        }

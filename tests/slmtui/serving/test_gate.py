import re
from collections.abc import AsyncIterator

import pytest
from aiohttp import WSServerHandshakeError, web
from aiohttp.test_utils import TestClient, TestServer

from slmtui.serving.gate import Gate
from slmtui.serving.server import WindowServer

GATE = Gate("the-token", 8700)
TOKEN = {"token": "the-token"}
WINDOWS = web.AppKey("windows", WindowServer)


@pytest.fixture
async def client() -> AsyncIterator[TestClient]:  # type: ignore[type-arg]
    windows = WindowServer("false", GATE, lambda _address: None)
    app = await windows._make_app()
    app[WINDOWS] = windows
    server = TestServer(app)
    async with TestClient(server) as opened:
        yield opened


async def test_without_the_token_nobody_comes_in(client: TestClient) -> None:  # type: ignore[type-arg]
    for path in ("/", "/static/js/textual.js", "/download/x", "/ws", "/?token=", "/?token=the-toke"):
        answer = await client.get(path)
        assert answer.status == 403
        assert "slmtui serve" in await answer.text()


async def test_the_token_moves_from_the_address_into_a_cookie(client: TestClient) -> None:  # type: ignore[type-arg]
    answer = await client.get("/", params=TOKEN, allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, "/")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    page = await client.get("/")
    assert page.status == 200
    assert "the-token" not in await page.text()


async def test_a_page_fetches_nothing_from_elsewhere(client: TestClient) -> None:  # type: ignore[type-arg]
    page = await client.get("/", params=TOKEN)
    here = f"{client.host}:{client.port}"
    assert set(re.findall(r"(?:https?|wss?)://([^/\"' ]+)", await page.text())) == {here}
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


async def test_the_page_leads_back_to_where_the_browser_found_it(client: TestClient) -> None:  # type: ignore[type-arg]
    tunnelled = {"Host": "localhost:9999"}
    await client.get("/", params=TOKEN)
    page = await (await client.get("/", headers=tunnelled)).text()
    assert "ws://localhost:9999/ws" in page


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example:8700"},
        {"Host": "127.0.0.1.evil.example"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://["},
    ],
)
async def test_other_names_and_other_sites_are_refused_even_with_the_token(
    client: TestClient,  # type: ignore[type-arg]
    headers: dict[str, str],
) -> None:
    assert (await client.get("/", params=TOKEN, headers=headers)).status == 403


async def test_a_window_needs_the_cookie_and_an_origin_of_ours(client: TestClient) -> None:  # type: ignore[type-arg]
    with pytest.raises(WSServerHandshakeError, match="403"):
        await client.ws_connect("/ws")
    await client.get("/", params=TOKEN)
    with pytest.raises(WSServerHandshakeError, match="403"):
        await client.ws_connect("/ws", origin="http://evil.example")


async def test_refusals_and_downloads_are_protected_as_pages_are(client: TestClient) -> None:  # type: ignore[type-arg]
    served = client.server
    assert isinstance(served, TestServer)
    windows = served.app[WINDOWS]
    refused = await client.get("/")
    await client.get("/", params=TOKEN)

    class App:
        async def send_meta(self, _asked: object) -> bool:
            await windows.download_manager.chunk_received("key", b"<script>alert(1)</script>")
            await windows.download_manager.chunk_received("key", b"")
            return True

    await windows.download_manager.create_download(
        app_service=App(),
        delivery_key="key",
        file_name="x.html",
        open_method="browser",
        mime_type="text/html",
    )
    download = await client.get("/download/key")
    assert (refused.status, download.status) == (403, 200)
    for answer in (refused, download):
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"

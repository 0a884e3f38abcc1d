"""A server on the loopback interface that speaks as much of the hub's protocol as a pull needs."""

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

COMMIT = "c" * 40
REPO = "owner/Tiny-GGUF"
PATIENCE_S = 20.0


@dataclass
class FakeHub:
    """What the server has, and how it misbehaves.

    `cut_after` are the bytes after which each answer in turn is cut off; `sent` replaces the bytes of a file
    that are sent while its checksum stays. `hold` keeps a body back after its first piece until it is set.
    `error` is the status and code with which files are refused, `encoding` what a body is said to be packed
    with. `tokens` are the paths that were asked for, and by whom.
    """

    files: dict[str, bytes]
    licence: str = "mit"
    gated: bool = False
    tags: tuple[str, ...] = ()
    cut_after: list[int] = field(default_factory=list)
    sent: dict[str, bytes] = field(default_factory=dict)
    error: tuple[int, str] | None = None
    no_ranges: bool = False
    no_checksum: bool = False
    hold: threading.Event | None = None
    endpoint: str = ""
    storage: str = ""
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    tokens: list[tuple[str, str]] = field(default_factory=list)
    encoding: str = ""

    def info(self) -> dict[str, object]:
        siblings = [
            {"rfilename": name, "size": len(data), "blobId": "0" * 40}
            | ({} if self.no_checksum else {"lfs": lfs(data)})
            for name, data in self.files.items()
        ]
        card = {"license": self.licence} if self.licence else {}
        gated = "manual" if self.gated else False
        return {
            "id": REPO, "sha": COMMIT, "private": False, "gated": gated, "tags": list(self.tags),
            "cardData": card, "siblings": siblings,
        }  # fmt: skip

    def ranges(self) -> list[str]:
        """The ranges that bodies were asked for."""
        return [what for method, path, what in self.asked if method == "GET" and path.startswith("/cdn/")]


def lfs(data: bytes) -> dict[str, object]:
    return {"size": len(data), "sha256": digest(data), "pointerSize": 100}


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class _Handler(BaseHTTPRequestHandler):
    hub: FakeHub
    protocol_version = "HTTP/1.1"

    def log_message(self, *_args: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        self._answer(body=True)

    def _answer(self, *, body: bool) -> None:
        path = unquote(urlsplit(self.path).path)
        self.hub.asked.append((self.command, path, self.headers.get("Range", "")))
        self.hub.tokens.append((path, self.headers.get("Authorization", "")))
        prefix = f"/{REPO}/resolve/{COMMIT}/"
        if path in {f"/api/models/{REPO}", f"/api/models/{REPO}/revision/main"}:
            self._say(200, json.dumps(self.hub.info()).encode())
        elif path.startswith("/api/models/"):
            self._say(401, b'{"error":"Repository not found"}', {"X-Error-Code": "RepoNotFound"})
        elif path.startswith(prefix) and self.hub.error:
            status, code = self.hub.error
            self._say(status, b"", {"X-Error-Code": code})
        elif path.startswith(prefix) and path.removeprefix(prefix) in self.hub.files:
            self._redirect(path.removeprefix(prefix))
        elif path.startswith("/cdn/") and body:
            self._send(path.removeprefix("/cdn/"))
        else:
            self._say(404, b"", {"X-Error-Code": "EntryNotFound"})

    def _redirect(self, name: str) -> None:
        data = self.hub.files[name]
        etag = "abc" if self.hub.no_checksum else digest(data)
        headers = {
            "Location": f"{self.hub.storage}/cdn/{name}", "X-Repo-Commit": COMMIT,
            "X-Linked-Etag": f'"{etag}"', "X-Linked-Size": str(len(data)),
        }  # fmt: skip
        self._say(302, b"", headers)

    def _send(self, name: str) -> None:
        data = self.hub.sent.get(name, self.hub.files[name])
        asked = self.headers.get("Range", "")
        start = 0 if self.hub.no_ranges or not asked else int(asked.removeprefix("bytes=").rstrip("-"))
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        if self.hub.encoding:
            self.send_header("Content-Encoding", self.hub.encoding)
        self.send_header("Content-Length", str(len(data) - start))
        self.end_headers()
        end = start + self.hub.cut_after.pop(0) if self.hub.cut_after else len(data)
        half = (start + min(end, len(data))) // 2 if self.hub.hold else start
        self.wfile.write(data[start:half])
        self.wfile.flush()
        if self.hub.hold is not None:
            self.hub.hold.wait(PATIENCE_S)
        self.wfile.write(data[half:end])
        if end < len(data):
            self.close_connection = True

    def _say(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


@contextmanager
def serving(hub: FakeHub) -> Iterator[FakeHub]:
    """Serve `hub` until the end; its `endpoint` says where."""
    handler = type("Handler", (_Handler,), {"hub": hub})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        hub.endpoint = f"http://127.0.0.1:{server.server_port}"
        hub.storage = (
            f"http://localhost:{server.server_port}"  # the files lie on another host, as the hub's do
        )
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield hub
        finally:
            server.shutdown()
            thread.join()

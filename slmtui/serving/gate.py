"""Who may come in: whoever has the token, from a page of this server, under a name of this machine."""

import hmac
from dataclasses import dataclass

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

COOKIE = "slmtui_token"
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})
POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "font-src 'self'; img-src 'self' data:; connect-src 'self' ws://localhost:* ws://127.0.0.1:*; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class Gate:
    """Lets in requests that hold `token`, in a cookie or, for the first page, in the address.

    A page of another site has neither the cookie (SameSite) nor the origin; a name that was made to
    point here has not the host. `port` keeps two servers of one machine from sharing a cookie.
    """

    token: str
    port: int

    @property
    def cookie(self) -> str:
        """The name of the cookie, which browsers share among all ports."""
        return f"{COOKIE}_{self.port}"

    def middleware(self) -> Middleware:
        """Return what aiohttp puts before every request."""

        @web.middleware
        async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
            return await self._guarded(request, handler)

        return guard

    async def _guarded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if _name_of(request.host) not in LOOPBACK_NAMES:
            raise web.HTTPForbidden(text="This server answers under localhost and 127.0.0.1 alone.\n")
        origin = request.headers.get("Origin")
        if origin is not None and origin.partition("://")[2] != request.host:
            raise web.HTTPForbidden(text="This server answers its own pages alone.\n")
        if self._fits(request.query.get("token", "")):
            return self._let_in(request)
        if not self._fits(request.cookies.get(self.cookie, "")):
            raise web.HTTPForbidden(text="Open the address that `slmtui serve` printed: it has the token.\n")
        return await handler(request)

    def _fits(self, token: str) -> bool:
        return hmac.compare_digest(token.encode("utf-8", "replace"), self.token.encode())

    def _let_in(self, request: web.Request) -> web.StreamResponse:
        """Keep the token in a cookie, and out of the address: histories and titles show addresses."""
        response = web.Response(status=303, headers={"Location": request.path})
        response.set_cookie(self.cookie, self.token, httponly=True, samesite="Strict", path="/")
        return response


async def protect(_request: web.Request, response: web.StreamResponse) -> None:
    """Say in the head of every response, of refusals and downloads too, what a browser may do with it."""
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"


def _name_of(host: str) -> str:
    """Return a `Host` header without its port."""
    return host[: host.index("]") + 1] if host.startswith("[") and "]" in host else host.partition(":")[0]

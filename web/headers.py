"""What every answer says to browsers: run only our own files, embed nothing, tell nobody where you were; and HEAD."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "geolocation=(self), camera=(self), microphone=(), payment=(), usb=(), display-capture=()",
}
ONLY_HTTPS = {"strict-transport-security": f"max-age={2 * 365 * 86400}"}
"""For browsers that came by HTTPS: they keep to it."""


class SafeHeaders:
    """ASGI middleware that adds them, and keeps answers other than static files out of caches."""

    def __init__(self, app: ASGIApp, *, https: bool = False) -> None:
        self._app = app
        self._headers = {**HEADERS, **(ONLY_HTTPS if https else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def add(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                cached = scope["path"].startswith("/static/") and bool(scope["query_string"])
                headers.setdefault("cache-control", "public, max-age=31536000, immutable" if cached else "no-store")
            await send(message)

        await self._app(scope, receive, add)


class Heads:
    """ASGI middleware that answers HEAD as GET, without the body; an endless stream has no head to show."""

    def __init__(self, app: ASGIApp, endless: str) -> None:
        self._app = app
        self._endless = endless

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD" or scope["path"] == self._endless:
            await self._app(scope, receive, send)
            return

        async def bare(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        await self._app({**scope, "method": "GET"}, receive, bare)

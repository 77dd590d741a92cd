"""Strict security headers on every response of the desk."""

from collections.abc import Awaitable, Callable
from typing import Any

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}

Scope = dict[str, Any]
Send = Callable[[dict[str, Any]], Awaitable[None]]


def with_strict_headers(send: Send) -> Send:
    """Return an ASGI `send` that replaces a response's own values of HEADERS."""

    async def send_strictly(event: dict[str, Any]) -> None:
        if event["type"] == "http.response.start":
            kept = [
                (name, value)
                for name, value in event.get("headers", ())
                if name.decode("latin-1").lower() not in HEADERS
            ]
            strict = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
            event = event | {"headers": kept + strict}
        await send(event)

    return send_strictly

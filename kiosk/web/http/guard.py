"""What holds for every request: protective headers, a limit on its size, and an end to unforeseen errors.

A plain ASGI wrapper on the web thread's event loop. Nothing that it logs names an address, for addresses hold codes.
"""

import logging
from typing import Final

from fastapi import HTTPException
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kiosk.translation import N_, _
from kiosk.web.http.refusals import refusal
from kiosk.web.http.rendering import Pages

logger = logging.getLogger(__name__)

MAX_BODY_BYTES: Final = 16 * 1024

_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    ),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "X-Robots-Tag": "noindex, nofollow",
}


class Guard:
    """Wraps the app."""

    def __init__(self, app: ASGIApp, *, pages: Pages) -> None:
        self._app = app
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass on what is none."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        if _declared_bytes(scope) > MAX_BODY_BYTES:
            response = refusal(scope, self._pages, *tuple(map(_, TOO_LARGE)), status_code=413)
            response.headers["Connection"] = "close"
            await response(scope, receive, send_guarded)
            return
        try:
            await self._app(scope, _limited(receive), send_guarded)
        except Exception:  # the top of a request, as of a thread
            if started:
                raise
            logger.exception("A request from a phone met something unforeseen.")
            response = refusal(scope, self._pages, *tuple(map(_, UNFORESEEN)), status_code=500)
            await response(scope, receive, send_guarded)


TOO_LARGE: Final = (N_("That was more than this page takes."), N_("Please go back and try again."))
UNFORESEEN: Final = (
    N_("Something went wrong in the kiosk."),
    N_("Please try again in a moment, or speak to your teacher, who can mark you by hand."),
)


def _declared_bytes(scope: Scope) -> int:
    text = Headers(scope=scope).get("content-length", "0")
    return int(text) if text.isdecimal() else MAX_BODY_BYTES + 1


def _limited(receive: Receive) -> Receive:
    taken = 0

    async def receive_limited() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > MAX_BODY_BYTES:
            raise HTTPException(413)
        return message

    return receive_limited

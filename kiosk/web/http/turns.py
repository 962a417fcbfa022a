"""Whose request is begun next: by turns of the network addresses, one at a time. Web thread's event loop.

A page takes one to three milliseconds of this thread. Six hundred connections of one laptop that all ask again at once would
have a student wait behind six hundred of them at every step; by turns it is one.
"""

import asyncio
from collections import deque
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

UNKNOWN: Final = ""


class Turns:
    """Wraps the app. What nobody else waits for begins at once."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}
        self._has_begun_one = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request when it is its address's turn."""
        if scope["type"] == "http":
            client = scope.get("client")
            await self._turn(client[0] if client else UNKNOWN)
        await self._app(scope, receive, send)

    async def _turn(self, address: str) -> None:
        loop = asyncio.get_running_loop()
        if not self._has_begun_one:
            self._has_begun_one = True
            loop.call_soon(self._next)
            return
        mine = loop.create_future()
        self._waiting.setdefault(address, deque()).append(mine)
        await mine

    def _next(self) -> None:
        """In each round of the event loop one request begins; between them it looks at what came."""
        while self._waiting:
            address = next(iter(self._waiting))
            queue = self._waiting.pop(address)
            mine = queue.popleft()
            if queue:
                self._waiting[address] = queue  # behind the others
            if not mine.done():  # a request that was cancelled needs no turn
                mine.set_result(None)
                asyncio.get_running_loop().call_soon(self._next)
                return
        self._has_begun_one = False

"""HTTP/1.1 for phones, with a deadline against clients that send slowly. Runs on the web thread's event loop.

uvicorn limits how long a connection may idle between requests, not how long a request may take to arrive; without
that, a few sockets that send one byte a second ("slow loris") are kept for ever. And it refuses everybody when there are too
many connections, so that one phone that opens hundreds keeps the others out. Here such a phone only loses its own: which
connection goes is told by how long it has asked for nothing, not by its address, which a whole school may share.
"""

import asyncio
import sys
from typing import Any, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

REQUEST_S: Final = 10.0
"""Seconds for a whole request, head and body, to arrive. Bodies are 16 KB at most: 1.6 KB a second is enough."""


MAX_OPEN: Final = 700
"""Beyond it each new connection takes the place of the one that waits longest without a request. A class of 300 whose
browsers open two each has room; raising it takes from the 1,024 files and sockets that Linux lets a program have, which the
database needs, too."""

HANDSHAKE_S: Final = 10.0
"""Seconds for a TLS handshake; asyncio would wait 60, and no limit on connections counts those that have none yet."""

FAREWELL_S: Final = 0.3
"""Seconds that an idle phone has to take leave of TLS when the server stops; phones in pockets never do."""

LOOP: Final = f"{__name__}:PromptLoop"
"""How uvicorn finds the loop: by its name."""

if sys.platform == "win32":
    _Loop = asyncio.ProactorEventLoop  # as uvicorn itself chooses: select() takes 512 sockets there
else:
    _Loop = asyncio.SelectorEventLoop


class PromptLoop(_Loop):
    """Gives TLS handshakes `handshake_s`."""

    handshake_s: float = HANDSHAKE_S

    async def create_server(self, *args: Any, **options: Any) -> asyncio.Server:
        """As asyncio's, with a deadline for handshakes."""
        if options.get("ssl") is not None:
            options["ssl_handshake_timeout"] = self.handshake_s
        return await super().create_server(*args, **options)


class PromptH11Protocol(H11Protocol):
    """Drops a connection whose request is not complete in time, and sooner when its place is needed."""

    request_s: float = REQUEST_S
    max_open: int = MAX_OPEN

    _deadline: asyncio.TimerHandle | None = None
    _idle_since_s: float = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn does
        super().connection_made(transport)
        self._idle_since_s = self.loop.time()
        self._watch()
        if len(self.connections) > self.max_open:
            self._make_room()

    def on_response_complete(self) -> None:
        self._idle_since_s = self.loop.time()
        super().on_response_complete()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._relax()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """The server stops. Idle connections must not hold up the one that takes its place; others finish first."""
        super().shutdown()
        if getattr(self.cycle, "response_complete", True):  # no cycle yet, or none under way
            self.loop.call_later(FAREWELL_S, self.transport.abort)

    def _make_room(self) -> None:
        waiting = [
            one
            for one in self.connections
            if isinstance(one, PromptH11Protocol) and one._is_waiting and not one.transport.is_closing()
        ]
        longest = min(waiting, key=lambda one: one._idle_since_s, default=None)
        if longest is not None:
            longest.transport.abort()

    @property
    def _is_waiting(self) -> bool:
        """Whether no whole request is here; bytes that drip in do not count."""
        return self.conn.their_state in {h11.IDLE, h11.SEND_BODY}

    def _watch(self) -> None:
        if not self._is_waiting:
            self._relax()
        elif self._deadline is None:
            self._deadline = self.loop.call_later(self.request_s, self.transport.abort)

    def _relax(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

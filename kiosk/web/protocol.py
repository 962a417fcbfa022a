"""HTTP/1.1 for phones, with a deadline against clients that send slowly. Runs on the web thread's event loop.

uvicorn limits how long a connection may idle between requests, not how long a request may take to arrive; without
that, a few sockets that send one byte a second ("slow loris") are kept for ever.
"""

import asyncio
import sys
from typing import Any, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

REQUEST_S: Final = 10.0
"""Seconds for a whole request, head and body, to arrive. Bodies are 16 KB at most: 1.6 KB a second is enough."""


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
    """Drops a connection whose request is not complete in time."""

    request_s: float = REQUEST_S

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watch()

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

    def _watch(self) -> None:
        if self.conn.their_state not in {h11.IDLE, h11.SEND_BODY}:
            self._relax()
        elif self._deadline is None:
            self._deadline = self.loop.call_later(self.request_s, self.transport.abort)

    def _relax(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

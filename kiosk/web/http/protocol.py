"""HTTP/1.1 for phones, with a deadline against clients that send slowly. Runs on the web thread's event loop.

uvicorn limits how long a connection may idle between requests, not how long a request may take to arrive; without
that, a few sockets that send one byte a second ("slow loris") are kept for ever. How many connections there may be, and which
one goes when there are too many, is in `kiosk.web.http.places`.
"""

import asyncio
from collections.abc import Callable
from typing import Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

REQUEST_S: Final = 10.0
"""Seconds for a whole request, head and body, to arrive. Bodies are 16 KB at most: 1.6 KB a second is enough."""

HANDSHAKE_S: Final = 10.0
"""Seconds for a TLS handshake; asyncio would wait 60."""

FAREWELL_S: Final = 0.3
"""Seconds that an idle phone has to take leave of TLS when the server stops; phones in pockets never do."""


class PromptH11Protocol(H11Protocol):
    """Drops a connection whose request is not complete in time, and sooner when its place is needed.

    Attributes:
        on_made: Called with this when the connection stands.
        on_lost: Called with this when it is closed.
    """

    request_s: float = REQUEST_S
    on_made: "Callable[[PromptH11Protocol], None] | None" = None
    on_lost: "Callable[[PromptH11Protocol], None] | None" = None

    _deadline: asyncio.TimerHandle | None = None
    _idle_since_s: float = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn does
        super().connection_made(transport)
        self._idle_since_s = self.loop.time()
        self._watch()
        if self.on_made is not None:
            self.on_made(self)

    def on_response_complete(self) -> None:
        self._idle_since_s = self.loop.time()
        super().on_response_complete()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._relax()
        super().connection_lost(exc)
        if self.on_lost is not None:
            self.on_lost(self)

    def shutdown(self) -> None:
        """The server stops. Idle connections must not hold up the one that takes its place; others finish first."""
        super().shutdown()
        if getattr(self.cycle, "response_complete", True):  # no cycle yet, or none under way
            self.loop.call_later(FAREWELL_S, self.transport.abort)

    @property
    def address(self) -> str:
        """Where the phone is."""
        return self.client[0] if self.client else ""

    def give_up(self) -> None:
        """Close at once."""
        self.transport.abort()

    @property
    def waits_since_s(self) -> float | None:
        """Since when no whole request is here; bytes that drip in do not count. None while one is answered."""
        return self._idle_since_s if self._is_waiting and not self.transport.is_closing() else None

    @property
    def _is_waiting(self) -> bool:
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

"""The door of the web part: takes connections in small batches, and never so many that the database finds no descriptor.

asyncio's own server takes hundreds at one go before it looks at any, and each costs a task and a parser before a byte has
come. Here a connection waits as a bare socket until its client says something, so that thousands of silent ones a second
cost little. Runs on the web thread's event loop. Windows, whose loop tells no readiness and whose sockets are no
descriptors, keeps asyncio's server, which takes them one at a time there.
"""

import asyncio
import errno
import logging
import socket
import ssl
import sys
from collections.abc import Callable
from typing import Any, Final

from kiosk.web.http.places import Places
from kiosk.web.http.protocol import HANDSHAKE_S, REQUEST_S, PromptH11Protocol

logger = logging.getLogger(__name__)

BATCH: Final = 16
"""Connections that are taken before the event loop looks at anything else."""

BACKLOG: Final = 512
"""Connections that the operating system keeps until they are taken."""

KEPT_FREE: Final = 256
"""Descriptors below the process's limit that connections never take: database, camera and files need some."""

WANTED_DESCRIPTORS: Final = 4096
"""Systems give a program 256 to 1,024 unless it asks, and let it have far more."""

PAUSE_S: Final = 0.1
"""How long none are taken when there is no descriptor, or each place has a request under way."""

SWEEP_S: Final = 1.0

LOOP: Final = f"{__name__}:{'SystemLoop' if sys.platform == 'win32' else 'PromptLoop'}"
"""How uvicorn finds the loop: by its name."""

_EXHAUSTED: Final = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}


if sys.platform == "win32":
    _Loop = asyncio.ProactorEventLoop  # as uvicorn itself chooses: select() takes 512 sockets there
else:
    _Loop = asyncio.SelectorEventLoop


class SystemLoop(_Loop):
    """Takes connections as asyncio does, with a deadline for TLS handshakes and a limit on how many there are."""

    handshake_s: float = HANDSHAKE_S

    async def create_server(self, *args: Any, **options: Any) -> Any:
        """As asyncio's, for a factory of `PromptH11Protocol`."""
        if options.get("ssl") is not None:
            options["ssl_handshake_timeout"] = self.handshake_s
        return await super().create_server(_counted(args[0]), *args[1:], **options)


class PromptLoop(SystemLoop):
    """Takes connections through an `Entrance`."""

    async def create_server(self, *args: Any, **options: Any) -> Any:
        """As uvicorn calls it: with a factory of protocols, and a socket that is bound."""
        tls, sock = options.get("ssl"), options["sock"]
        entrance = Entrance(self, sock, args[0], tls=tls, handshake_s=self.handshake_s)
        entrance.begin()
        return entrance


def _counted(make_protocol: Callable[[], PromptH11Protocol]) -> Callable[[], PromptH11Protocol]:
    """Protocols that have a place each."""
    places = Places()

    def seat(protocol: PromptH11Protocol) -> None:
        places.take(protocol)
        places.speaks(protocol)
        places.make_room(protocol)

    def make() -> PromptH11Protocol:
        protocol = make_protocol()
        protocol.on_made, protocol.on_lost = seat, places.leave
        return protocol

    return make


class Arrival:
    """One connection, from its first moment to its end; a `Seat`."""

    def __init__(self, sock: socket.socket, address: str, now_s: float) -> None:
        self.address = address
        self._since_s = now_s
        self._sock: socket.socket | None = sock
        self._entering: asyncio.Task[None] | None = None
        self.protocol: PromptH11Protocol | None = None
        self.loop: asyncio.AbstractEventLoop | None = None

    @property
    def waits_since_s(self) -> float | None:
        return self._since_s if self.protocol is None else self.protocol.waits_since_s

    def begins(self, entering: "asyncio.Task[None]") -> None:
        """The client said something: from now on a transport owns the socket."""
        self._sock, self._entering = None, entering

    def give_up(self) -> None:
        if self._sock is not None:
            if self.loop is not None:
                self.loop.remove_reader(self._sock)
            self._sock.close()
            self._sock = None
        elif self.protocol is not None:
            self.protocol.give_up()
        elif self._entering is not None:
            self._entering.cancel()


class Entrance(asyncio.AbstractServer):
    """Listens, in the place of asyncio's server."""

    request_s: float = REQUEST_S
    batch: int = BATCH

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        listener: socket.socket,
        make_protocol: Callable[[], PromptH11Protocol],
        *,
        tls: ssl.SSLContext | None,
        handshake_s: float = HANDSHAKE_S,
    ) -> None:
        self._loop = loop
        self._listener = listener
        self._make_protocol = make_protocol
        self._tls = tls
        self._handshake_s = handshake_s
        self._places = Places()
        self._entering: set[asyncio.Task[None]] = set()
        self._is_listening = self._is_closed = False
        self._timer: asyncio.TimerHandle | None = None
        self._most_descriptors = descriptors_for_connections()

    def begin(self) -> None:
        """Take connections from now on."""
        self._listener.setblocking(False)
        self._listener.listen(BACKLOG)
        self._listen()
        self._sweep()

    def close(self) -> None:
        """Take no more, and close those that have said nothing; what is under way is the server's."""
        self._is_closed = True
        if self._is_listening:
            self._loop.remove_reader(self._listener)
            self._is_listening = False
        if self._timer is not None:
            self._timer.cancel()
        for seat in self._places.silent():
            self._places.leave(seat)
            seat.give_up()

    async def wait_closed(self) -> None:
        """Wait for handshakes that had begun."""
        for task in self._entering:
            task.cancel()
        await asyncio.gather(*self._entering, return_exceptions=True)

    def get_loop(self) -> asyncio.AbstractEventLoop:
        return self._loop

    def is_serving(self) -> bool:
        return self._is_listening

    async def start_serving(self) -> None:
        if not self._is_closed:
            self._listen()

    async def serve_forever(self) -> None:
        raise NotImplementedError  # uvicorn has a loop of its own

    def _listen(self) -> None:
        if not self._is_listening and not self._is_closed:
            self._loop.add_reader(self._listener, self._take_some)
            self._is_listening = True

    def _pause(self) -> None:
        """Leave them with the operating system for a moment."""
        if self._is_listening:
            self._loop.remove_reader(self._listener)
            self._is_listening = False
            self._loop.call_later(PAUSE_S, self._listen)

    def _take_some(self) -> None:
        for _unused in range(self.batch):
            if len(self._places) > self._places.max_open and not self._places.close_one():
                self._pause()
                return
            try:
                sock, peer = self._listener.accept()
            except (BlockingIOError, InterruptedError):
                return
            except ConnectionAbortedError:
                continue
            except OSError as error:
                if error.errno not in _EXHAUSTED:
                    raise
                logger.error("No connection can be taken at the moment: %s.", error.strerror)
                self._places.close_one()
                self._pause()
                return
            self._seat(sock, str(peer[0]))

    def _seat(self, sock: socket.socket, address: str) -> None:
        if (
            sock.fileno() >= self._most_descriptors
        ):  # descriptors are given from the lowest: this says how many are used
            sock.close()
            self._places.close_one()
            return
        sock.setblocking(False)
        arrival = Arrival(sock, address, self._loop.time())
        arrival.loop = self._loop
        self._places.take(arrival)
        self._loop.add_reader(sock, self._heard, arrival, sock)
        self._places.make_room(arrival)

    def _heard(self, arrival: Arrival, sock: socket.socket) -> None:
        """The client said something, or went."""
        self._loop.remove_reader(sock)
        try:
            is_gone = not sock.recv(1, socket.MSG_PEEK)
        except (BlockingIOError, InterruptedError):
            self._loop.add_reader(sock, self._heard, arrival, sock)
            return
        except OSError:
            is_gone = True
        if is_gone:
            self._places.leave(arrival)
            arrival.give_up()
            return
        self._places.speaks(arrival)
        entering = self._loop.create_task(self._enter(arrival, sock))
        arrival.begins(entering)
        self._entering.add(entering)
        entering.add_done_callback(self._entering.discard)

    async def _enter(self, arrival: Arrival, sock: socket.socket) -> None:
        def make() -> PromptH11Protocol:
            protocol = self._make_protocol()
            protocol.on_lost = lambda _lost: self._places.leave(arrival)
            return protocol

        timeout: dict[str, Any] = {} if self._tls is None else {"ssl_handshake_timeout": self._handshake_s}
        try:
            _transport, arrival.protocol = await self._loop.connect_accepted_socket(
                make, sock, ssl=self._tls, **timeout
            )
        except (OSError, ssl.SSLError):  # the handshake failed or took too long; nobody is there to be told
            self._places.leave(arrival)
        except asyncio.CancelledError:
            self._places.leave(arrival)
            sock.close()
            raise

    def _sweep(self) -> None:
        """Close those that have said nothing for too long."""
        if self._is_closed:
            return
        for seat in self._places.silent_before(self._loop.time() - self.request_s):
            self._places.leave(seat)
            seat.give_up()
        self._timer = self._loop.call_later(min(SWEEP_S, self.request_s), self._sweep)


def descriptors_for_connections() -> int:
    """The lowest descriptor that a connection may not have."""
    if sys.platform == "win32":
        return sys.maxsize
    import resource

    soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return sys.maxsize
    return max(soft - KEPT_FREE, soft // 2)


def raise_descriptor_limit() -> None:
    """Ask for `WANTED_DESCRIPTORS`; where that is refused, fewer connections are taken."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = WANTED_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(WANTED_DESCRIPTORS, hard)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    except (OSError, ValueError):
        logger.warning("The limit of open files stays at %d.", soft)

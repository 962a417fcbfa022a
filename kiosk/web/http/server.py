"""The web server in a thread of its own, named ``web``, which owns the event loop, the listening socket and all
connections. `start`, `stop` and `address` may be called from any other thread. No signal is handled here.
"""

import errno
import hashlib
import logging
import socket
import ssl
import sys
import threading
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from uvicorn import Config, Server

from kiosk.errors import CertificateError, SourceError
from kiosk.services.phones.shown_address import ShownAddress
from kiosk.settings import WebSettings
from kiosk.translation import _
from kiosk.web.http import lan
from kiosk.web.http.entrance import BACKLOG, LOOP, raise_descriptor_limit
from kiosk.web.http.protocol import PromptH11Protocol

logger = logging.getLogger(__name__)

MAX_CONNECTIONS: Final = 800
"""Beyond it a plain 503 is sent. `kiosk.web.http.places.MAX_OPEN` keeps idle connections from getting so far."""

KEEP_ALIVE_S: Final = 5
MAX_HEAD_BYTES: Final = 16 * 1024
START_S: Final = 10.0
FINISH_S: Final = 3
"""Requests that are under way get this long when the server stops."""


class UvicornServer:
    """Serves an app to phones; implements the `WebServer` port. Can be started again after a stop."""

    def __init__(
        self,
        app: FastAPI,
        settings: WebSettings,
        *,
        in_force: ShownAddress | None = None,
        reached: lan.ReachedAddress = lan.LAN_ADDRESS,
    ) -> None:
        """Nothing is bound yet.

        Args:
            app: What `create_app` made.
            settings: Where to listen and what to show. A copy with `port` 0 takes any free port.
            in_force: Knows which address or adapter is chosen now, where that may change meanwhile.
            reached: Tells the address that phones reach now.
        """
        self._app = app
        self._settings = settings
        self._in_force = in_force
        self._reached = reached
        self._port = settings.port
        self._certificate = ""
        self._prepared: Config | None = None
        self._server: _AnnouncingServer | None = None
        self._thread: threading.Thread | None = None

    def prepare(self) -> None:
        """Read the certificate; binds nothing. What was read is served with from then on, also after a stop.

        Raises:
            CertificateError: The settings name a certificate that cannot be loaded.
        """
        self._prepare()

    def start(self) -> str:
        """Bind the port and serve; returns the base URL once connections are accepted.

        Raises:
            SourceError: The port is taken or may not be used, or the address is none of this PC's.
            CertificateError: The settings name a certificate that cannot be loaded.
        """
        if self._thread is not None and self._thread.is_alive():
            return self.address()
        config = self._prepared or self._prepare()
        raise_descriptor_limit()
        listener = self._bind()
        self._port = listener.getsockname()[1]
        server = _AnnouncingServer(config)
        thread = threading.Thread(target=_serve, args=(server, listener), name="web", daemon=True)
        thread.start()
        server.announced.wait(START_S)
        if not server.started:
            server.should_exit = True
            raise SourceError(_("The part for phones did not start."), _("The log says why."))
        self._server, self._thread = server, thread
        return self.address()

    def stop(self, timeout_s: float) -> bool:
        if self._server is None or self._thread is None:
            return True
        self._server.should_exit = True
        self._thread.join(timeout_s)
        if self._thread.is_alive():
            self._server.force_exit = True
            return False
        self._server = self._thread = None
        return True

    def is_running(self) -> bool:
        """Whether the thread serves; False once it ended, whatever the reason."""
        return self._thread is not None and self._thread.is_alive()

    def address(self) -> str:
        settings = self._settings if self._in_force is None else self._in_force.web
        host = lan.shown_host(settings, self._reached)
        scheme = "https" if self._settings.certificate else "http"
        return f"{scheme}://{f'[{host}]' if ':' in host else host}:{self._port}"

    def has_new_certificate(self) -> bool:
        """Whether the certificate's files say something else than when it started; False where they cannot be read.

        The content counts, not the time of change: a program that renews certificates may touch what it leaves alone.
        """
        return self._digest() not in {"", self._certificate}

    def _digest(self) -> str:
        """Of both files together; empty without a certificate, or where one of them cannot be read."""
        if not self._settings.certificate:
            return ""
        try:
            content = [
                Path(text).expanduser().read_bytes()
                for text in (self._settings.certificate, self._settings.certificate_key)
            ]
        except OSError:
            return ""
        return hashlib.sha256(b"\0".join(content)).hexdigest()

    def _prepare(self) -> Config:
        self._certificate = self._digest()  # before they are loaded: what is written meanwhile counts as new
        self._prepared = self._config()
        return self._prepared

    def _config(self) -> Config:
        config = Config(
            self._app,
            loop=LOOP,
            http=PromptH11Protocol,
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,  # addresses hold codes
            proxy_headers=False,
            server_header=False,
            limit_concurrency=MAX_CONNECTIONS,
            backlog=BACKLOG,
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=FINISH_S,
            h11_max_incomplete_event_size=MAX_HEAD_BYTES,
            ssl_certfile=_path(self._settings.certificate),
            ssl_keyfile=_path(self._settings.certificate_key),
        )
        try:
            config.load()  # here, so that a certificate that OpenSSL does not take is a sentence and not a dead thread
        except ssl.SSLError as error:
            raise CertificateError(
                _("The certificate cannot be used: {reason}.", reason=error.reason or error),
                _("Check the two files in the settings under Phones."),
            ) from error
        except OSError as error:
            raise CertificateError(
                _("The certificate’s files cannot be read: {strerror}.", strerror=error.strerror),
                _("Check the two files in the settings under Phones."),
            ) from error
        return config

    def _bind(self) -> socket.socket:
        host, port = self._settings.host, self._settings.port
        try:
            family, kind, number, _unused, place = socket.getaddrinfo(
                host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
            )[0]
        except (socket.gaierror, UnicodeError) as error:
            raise _not_ours(host) from error
        listener = socket.socket(family, kind, number)
        try:
            if sys.platform == "win32":  # there, REUSEADDR would take the port from another program
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
            else:
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(place)
            listener.listen(BACKLOG)
        except OSError as error:
            listener.close()
            raise _refusal(error, host, port) from error
        return listener


class _AnnouncingServer(Server):
    """Tells when it accepts connections, or when it gave up."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self.announced = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.announced.set()


def _path(text: str) -> Path | None:
    return Path(text).expanduser() if text else None


def _serve(server: _AnnouncingServer, listener: socket.socket) -> None:
    try:
        server.run(sockets=[listener])
    except (Exception, SystemExit):  # top of the web thread; uvicorn exits when the app's start fails
        logger.exception("The web thread ended with an error.")
    finally:
        listener.close()
        server.announced.set()


def _refusal(error: OSError, host: str, port: int) -> SourceError:
    if error.errno == errno.EADDRINUSE:
        return SourceError(
            _("Port {port} is used by another program.", port=port),
            _("Close that program, or choose another port in the settings under Phones."),
        )
    if error.errno in {errno.EACCES, errno.EPERM}:
        return SourceError(
            _("This account may not use port {port}.", port=port),
            _("Choose another port in the settings under Phones."),
        )
    if error.errno == errno.EADDRNOTAVAIL:
        return _not_ours(host)
    return SourceError(
        _("Port {port} cannot be used: {strerror}.", port=port, strerror=error.strerror),
        _("Choose another port in the settings."),
    )


def _not_ours(host: str) -> SourceError:
    return SourceError(
        _("“{host}” is no address of this PC.", host=host),
        _("Set “Listen on” to 0.0.0.0 in the settings under Phones; that is every adapter."),
    )

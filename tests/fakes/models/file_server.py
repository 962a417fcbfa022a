"""A web server on loopback that gives one file, and every way in which servers and lines misbehave."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(slots=True)
class Served:
    """What the server gives, and how badly.

    Attributes:
        data: The file at every path but those below.
        etag: Sent with it; empty for none.
        modified: Sent as Last-Modified; empty for none.
        cuts: The connection is cut after so many bytes of an answer, once for each number.
        ignores_range: Answers 200 with everything.
        wrong_range: Answers a range request with another range.
        says_length: Sent as Content-Length instead of the truth; -1 sends none.
        statuses: Answered instead of the file, once each, first first.
        redirects: Path to address.
        missing: Paths that are not there.
        requests: Path and Range of what was asked.
    """

    data: bytes
    etag: str = '"one"'
    modified: str = ""
    cuts: list[int] = field(default_factory=list)
    ignores_range: bool = False
    wrong_range: bool = False
    says_length: int | None = None
    statuses: list[int] = field(default_factory=list)
    redirects: dict[str, str] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)
    requests: list[tuple[str, str]] = field(default_factory=list)
    base: str = ""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    served: Served

    def do_GET(self) -> None:
        served = self.served
        asked = self.headers.get("Range", "")
        served.requests.append((self.path, asked))
        self.close_connection = True
        if self.path in served.redirects:
            self._head(302, 0, [("Location", served.redirects[self.path])])
        elif self.path in served.missing:
            self._head(404, 0, [])
        elif served.statuses:
            self._head(served.statuses.pop(0), 0, [])
        else:
            self._give(asked)

    def _give(self, asked: str) -> None:
        served = self.served
        extra = [("ETag", served.etag)] if served.etag else []
        extra += [("Last-Modified", served.modified)] if served.modified else []
        start = 0
        if_range = self.headers.get("If-Range")
        fresh = if_range is None or if_range in {served.etag, served.modified}
        if asked and fresh and not served.ignores_range:
            start = int(asked.removeprefix("bytes=").removesuffix("-"))
            if start >= len(served.data):
                self._head(416, 0, [("Content-Range", f"bytes */{len(served.data)}")])
                return
            said = start + 5 if served.wrong_range else start
            extra.append(("Content-Range", f"bytes {said}-{len(served.data) - 1}/{len(served.data)}"))
        body = served.data[start:]
        length = len(body) if served.says_length is None else served.says_length
        self._head(206 if start or (asked and fresh and not served.ignores_range) else 200, length, extra)
        if served.cuts:
            body = body[: served.cuts.pop(0)]
        self.wfile.write(body)

    def _head(self, status: int, length: int, extra: list[tuple[str, str]]) -> None:
        self.send_response(status)
        if length >= 0:
            self.send_header("Content-Length", str(length))
        self.send_header("Connection", "close")
        for name, value in extra:
            self.send_header(name, value)
        self.end_headers()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@contextmanager
def file_server(served: Served) -> Iterator[Served]:
    """Serve until the block ends; `served.base` is its address, without a path."""
    handler = type("Handler", (_Handler,), {"served": served})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    served.base = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

import kiosk.web.http.server
from kiosk.errors import SourceError
from kiosk.services.phones.shown_address import ShownAddress
from kiosk.services.ports.web import WebServer
from kiosk.settings import WebSettings
from kiosk.web.http import entrance
from kiosk.web.http.entrance import Entrance, PromptLoop, SystemLoop
from kiosk.web.http.places import Places
from kiosk.web.http.protocol import PromptH11Protocol
from kiosk.web.http.server import UvicornServer
from tests.fakes.clock import FakeClock
from tests.fakes.models.model_store import SettingsInMemory
from tests.fakes.phones.handset import get_at_last
from tests.world.school import open_school

LOOPBACK_ANY_PORT = WebSettings(host="127.0.0.1").model_copy(update={"port": 0})


@pytest.fixture
def app() -> FastAPI:
    app = FastAPI()

    @app.get("/")
    async def hello() -> str:
        return "hello"

    return app


class MovingAddress:
    """`ReachedAddress` that a test moves."""

    def __init__(self, address: str) -> None:
        self.address = address

    def now(self, adapter: str) -> str:
        return self.address


@pytest.fixture
def serve(app: FastAPI) -> Iterator[Callable[..., UvicornServer]]:
    started: list[UvicornServer] = []

    def make(
        settings: WebSettings = LOOPBACK_ANY_PORT, reached: MovingAddress | None = None
    ) -> UvicornServer:
        started.append(UvicornServer(app, settings, reached=reached or MovingAddress("10.0.0.9")))
        return started[-1]

    yield make
    for server in started:
        assert server.stop(60)


def web_threads() -> list[threading.Thread]:
    return [one for one in threading.enumerate() if one.name == "web"]


def test_it_answers_once_started_and_leaves_no_thread(serve: Callable[..., UvicornServer]) -> None:
    server: WebServer = serve()
    address = server.start()
    assert address == server.address()
    assert httpx.get(address).json() == "hello"
    assert len(web_threads()) == 1
    assert server.stop(60)
    assert web_threads() == []
    with pytest.raises(httpx.ConnectError):
        httpx.get(address)


def test_it_can_be_started_again(serve: Callable[..., UvicornServer]) -> None:
    server = serve()
    server.start()
    server.stop(60)
    assert httpx.get(server.start()).status_code == 200


def test_starting_twice_changes_nothing(serve: Callable[..., UvicornServer]) -> None:
    server = serve()
    assert server.start() == server.start()
    assert len(web_threads()) == 1


def test_stopping_what_never_ran_is_fine(serve: Callable[..., UvicornServer]) -> None:
    assert serve().stop(0)


def test_a_taken_port_is_said_with_what_to_do(serve: Callable[..., UvicornServer]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        server = serve(LOOPBACK_ANY_PORT.model_copy(update={"port": port}))
        with pytest.raises(SourceError, match=f"Port {port} is used by another program.") as caught:
            server.start()
    assert "another port" in caught.value.hint
    assert web_threads() == []


@pytest.mark.parametrize("host", ["192.0.2.77", "no such host", "x" * 300])
def test_an_address_that_is_not_ours_is_said(serve: Callable[..., UvicornServer], host: str) -> None:
    server = serve(LOOPBACK_ANY_PORT.model_copy(update={"host": host}))
    with pytest.raises(SourceError, match="is no address of this PC"):
        server.start()


@pytest.mark.logs_warnings
def test_an_app_that_does_not_start_is_said(caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        async def __aenter__(self) -> None:
            raise RuntimeError("cannot start")

        async def __aexit__(self, *_error: object) -> None: ...

    server = UvicornServer(FastAPI(lifespan=lambda _app: Broken()), LOOPBACK_ANY_PORT)
    with pytest.raises(SourceError, match="did not start"):
        server.start()
    assert server.stop(60)
    assert "The web thread ended with an error." in caplog.text


def test_the_address_follows_the_adapter(serve: Callable[..., UvicornServer]) -> None:
    moving = MovingAddress("10.0.0.9")
    server = serve(WebSettings(port=8080), moving)
    assert server.address() == "http://10.0.0.9:8080"
    moving.address = "192.168.4.4"
    assert server.address() == "http://192.168.4.4:8080"


def test_the_address_follows_what_is_chosen_meanwhile(app: FastAPI, tmp_path: Path) -> None:
    first, then = WebSettings(address="one.school.test"), WebSettings(address="two.school.test", port=9000)
    with open_school(tmp_path) as school:
        in_force = ShownAddress(
            store=school.store, clock=FakeClock(), web=first, read_adapters=list, settings=SettingsInMemory()
        )
        server = UvicornServer(app, WebSettings(), in_force=in_force)
        assert server.address() == "http://one.school.test:8080"
        in_force.follow(first, then)
        assert server.address() == "http://two.school.test:8080"


@pytest.mark.parametrize(
    ("settings", "address"),
    [
        (WebSettings(address="kiosk.school.test"), "http://kiosk.school.test:8080"),
        (WebSettings(host="10.1.1.1"), "http://10.1.1.1:8080"),
        (WebSettings(host="::"), "http://10.0.0.9:8080"),
        (WebSettings(host="fd00::7"), "http://[fd00::7]:8080"),
    ],
)
def test_a_chosen_address_is_shown(
    serve: Callable[..., UvicornServer], settings: WebSettings, address: str
) -> None:
    assert serve(settings).address() == address


@pytest.mark.parametrize(
    "beginning",
    [
        b"",
        b"GET / HTTP/1.1\r\nHost: k\r\nX-Slow: ",
        b"POST / HTTP/1.1\r\nHost: k\r\nContent-Length: 100\r\n\r\nabc",
    ],
)
def test_a_request_that_dawdles_is_dropped(
    serve: Callable[..., UvicornServer], monkeypatch: pytest.MonkeyPatch, beginning: bytes
) -> None:
    monkeypatch.setattr(PromptH11Protocol, "request_s", 0.2)
    monkeypatch.setattr(Entrance, "request_s", 0.2)
    server = serve()
    address = httpx.URL(server.start())
    with socket.create_connection((address.host, address.port or 0), timeout=60) as slow:
        slow.sendall(beginning)
        assert get_at_last(address).status_code == 200
        with contextlib.suppress(ConnectionResetError):
            while slow.recv(4096):
                pass


def test_a_kept_connection_serves_several_requests(serve: Callable[..., UvicornServer]) -> None:
    server = serve()
    with httpx.Client(base_url=server.start()) as client:
        assert [client.get("/").status_code for _ in range(3)] == [200, 200, 200]


def test_fifty_dawdlers_do_not_keep_others_waiting(serve: Callable[..., UvicornServer]) -> None:
    server = serve()
    address = httpx.URL(server.start())
    dawdlers = [socket.create_connection((address.host, address.port or 0), timeout=60) for _ in range(50)]
    for one in dawdlers:
        one.sendall(b"GET / HTTP/1.1\r\nHost: k\r\n")
    try:
        assert httpx.get(address).json() == "hello"
        assert server.stop(60)
    finally:
        for one in dawdlers:
            one.close()


@pytest.mark.parametrize("loop", [PromptLoop, SystemLoop])
def test_somebody_who_opens_too_many_connections_loses_their_own(
    serve: Callable[..., UvicornServer],
    app: FastAPI,
    monkeypatch: pytest.MonkeyPatch,
    loop: type[SystemLoop],
) -> None:
    """The same address may be a whole school's: the one that asks is served, those that ask for nothing go."""
    monkeypatch.setattr(Places, "max_open", 10)
    monkeypatch.setattr(kiosk.web.http.server, "LOOP", f"{entrance.__name__}:{loop.__name__}")
    asked, go_on = threading.Event(), threading.Event()

    @app.get("/slow")
    def slow() -> str:
        asked.set()
        go_on.wait(60)
        return "slow"

    server = serve()
    address = httpx.URL(server.start())
    place = (address.host, address.port or 0)
    with ThreadPoolExecutor(1) as pool, contextlib.ExitStack() as open_ones:
        under_way = pool.submit(httpx.get, f"{address}/slow")
        assert asked.wait(60)
        idle = [open_ones.enter_context(socket.create_connection(place, timeout=60)) for _ in range(9)]
        for one in idle[1:]:
            one.sendall(b"GET / HTTP/1.1\r\nHost: k\r\n")
        assert httpx.get(address).json() == "hello"
        idle[1].sendall(b"X-Slow: 1\r\n")  # dripping does not make it younger
        assert idle[0].recv(100) == b"", "the one that waited longest"
        assert httpx.get(address).json() == "hello"
        go_on.set()
        assert under_way.result().json() == "slow", "a request under way is finished"
        idle[-1].sendall(b"\r\n")
        assert idle[-1].recv(100).startswith(b"HTTP/1.1 200"), "the youngest may still ask"


def test_nonsense_is_refused(serve: Callable[..., UvicornServer]) -> None:
    server = serve()
    address = httpx.URL(server.start())
    with socket.create_connection((address.host, address.port or 0), timeout=60) as raw:
        raw.sendall(b"\x16\x03\x01 nonsense\r\n\r\n")
        assert raw.recv(100).startswith(b"HTTP/1.1 400")
    assert httpx.get(address).status_code == 200


@pytest.mark.logs_warnings
def test_a_thread_that_ended_by_itself_is_noticed(
    serve: Callable[..., UvicornServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def break_down(_server: uvicorn.Server) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(uvicorn.Server, "main_loop", break_down)
    server = serve()
    server.start()
    for thread in web_threads():
        thread.join(60)
    assert not server.is_running()
    monkeypatch.undo()
    assert server.stop(0)
    server.start()
    assert server.is_running()

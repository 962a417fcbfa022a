import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from kiosk.settings import WebSettings
from kiosk.web.http import entrance
from kiosk.web.http.places import Places
from kiosk.web.http.server import UvicornServer
from tests.fakes.phones.handset import get_at_last

BURST = 300
ATTACK = f"""
import resource, socket, sys
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
held = []
for _ in range({BURST}):
    one = socket.socket()
    one.setblocking(False)
    try:
        one.connect(("127.0.0.1", int(sys.argv[1])))
    except BlockingIOError:
        pass
    held.append(one)
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def address() -> Iterator[httpx.URL]:
    app = FastAPI()

    @app.get("/")
    async def hello() -> str:
        return "hello"

    server = UvicornServer(app, WebSettings(host="127.0.0.1").model_copy(update={"port": 0}))
    yield httpx.URL(server.start())
    assert server.stop(60)


@pytest.fixture
def few_descriptors(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """This process has some hundred left; of these, connections may take half."""
    resource = pytest.importorskip("resource", reason="Windows has no such limit")
    with Path(__file__).open("rb") as lowest:
        free = BURST * 2 // 3
        limits = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (lowest.fileno() + free, limits[1]))
    monkeypatch.setattr(entrance, "KEPT_FREE", free // 2)
    monkeypatch.setattr(entrance, "WANTED_DESCRIPTORS", 0)
    try:
        yield free // 2
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)


def test_a_burst_of_connections_leaves_descriptors_for_the_database(
    few_descriptors: int, address: httpx.URL
) -> None:
    """The attack that made writes fail for everybody, the camera included."""
    command = [sys.executable, "-c", ATTACK, str(address.port)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as laptop:
        assert laptop.stdout is not None
        assert laptop.stdout.readline() == b"held\n"
        assert get_at_last(address).json() == "hello", "a phone that comes after them is served"
        files = [Path(__file__).open("rb") for _ in range(few_descriptors // 2)]  # noqa: SIM115 - closed below
        for one in files:
            one.close()
        laptop.communicate(b"", timeout=60)
    assert get_at_last(address).json() == "hello"


def test_the_limit_of_open_files_is_raised_as_far_as_it_may_be(
    few_descriptors: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    before = entrance.descriptors_for_connections()
    monkeypatch.setattr(entrance, "WANTED_DESCRIPTORS", soft + 100)
    entrance.raise_descriptor_limit()
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (soft + 100, hard)
    assert entrance.descriptors_for_connections() == before + 100


def test_silent_connections_are_closed_in_time(address: httpx.URL, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entrance.Entrance, "request_s", 0.1)
    with socket.create_connection((address.host, address.port or 0), timeout=60) as silent:
        assert silent.recv(1) == b""


class SeatOf:
    """A `Seat`."""

    def __init__(self, address: str, since_s: float | None) -> None:
        self.address, self.waits_since_s = address, since_s
        self.is_open = True

    def give_up(self) -> None:
        self.is_open = False


def test_the_address_that_holds_the_most_loses_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Places, "max_open", 12)
    places = Places()
    school = [SeatOf("school", number) for number in range(2)]
    laptop = [SeatOf("laptop", 10 + number) for number in range(20)]
    for seat in (*school, *laptop):
        places.take(seat)
        places.make_room(seat)
    assert len(places) == 12
    assert all(one.is_open for one in school), "though they wait longest"
    assert [one.is_open for one in laptop] == [False] * 10 + [True] * 10


def test_a_request_under_way_keeps_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Places, "max_open", 2)
    places = Places()
    busy = [SeatOf("laptop", None) for _ in range(2)]
    for seat in busy:
        places.take(seat)
        places.speaks(seat)
    assert not places.close_one()
    late = SeatOf("school", 5.0)
    places.take(late)
    places.make_room(late)
    assert all(one.is_open for one in busy)
    assert not late.is_open


def test_one_address_leaves_places_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Places, "max_open_each", 3)
    places = Places()
    laptop = [SeatOf("laptop", number) for number in range(5)]
    for seat in laptop:
        places.take(seat)
        places.make_room(seat)
    assert [one.is_open for one in laptop] == [False, False, True, True, True]


def test_a_place_that_is_left_twice_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    places, seat = Places(), SeatOf("laptop", 1.0)
    places.take(seat)
    places.leave(seat)
    places.leave(seat)
    assert len(places) == 0

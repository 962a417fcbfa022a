from datetime import UTC, datetime

import pytest

from kiosk.domain.codes import Rotation
from kiosk.errors import SourceError
from kiosk.pipeline.web_keeper import MAX_WAIT_TICKS, STEADY_TICKS, WebKeeper
from kiosk.services.events import Event, WebStateChanged
from kiosk.services.live import Live
from tests.fakes.clock import FakeClock


class FakeWeb:
    def __init__(self, bench: "Bench") -> None:
        self._bench = bench
        self.running = False

    def start(self) -> str:
        if self._bench.failure is not None:
            raise self._bench.failure
        self.running = True
        return self._bench.base_url

    def stop(self, timeout_s: float) -> bool:
        self.running = False
        return True

    def is_running(self) -> bool:
        return self.running

    def address(self) -> str:
        return self._bench.base_url


class Bench:
    def __init__(self) -> None:
        self.base_url = "http://10.20.4.17:8080"
        self.failure: SourceError | None = None
        self.events: list[Event] = []
        self.built: list[FakeWeb] = []
        self.live = Live(clock=FakeClock(datetime(2026, 3, 2, tzinfo=UTC)), rotation=Rotation(15))
        self.keeper = WebKeeper(build=self._build, live=self.live, on_event=self.events.append)

    def _build(self) -> FakeWeb:
        self.built.append(FakeWeb(self))
        return self.built[-1]

    def tick(self, times: int = 1) -> None:
        for _ in range(times):
            self.keeper.tick()

    def states(self) -> list[tuple[bool, str]]:
        return [(one.running, one.user_text) for one in self.events if isinstance(one, WebStateChanged)]


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_another_address_is_followed_with_the_next_tick(bench: Bench) -> None:
    bench.keeper.start()
    bench.base_url = "http://192.168.1.30:8080"
    bench.tick()
    assert bench.live.base_url == "http://192.168.1.30:8080"
    bench.tick(3)
    assert bench.states() == [(True, ""), (True, "")]


@pytest.mark.logs_warnings
def test_one_that_died_is_told_and_started_again_at_once(bench: Bench) -> None:
    bench.keeper.start()
    bench.built[0].running = False
    bench.tick()
    assert bench.states() == [(True, ""), (False, "The part for phones has stopped."), (True, "")]
    assert len(bench.built) == 2
    assert bench.live.base_url == bench.base_url


@pytest.mark.logs_warnings
def test_one_that_keeps_dying_is_started_less_and_less_often(bench: Bench) -> None:
    bench.keeper.start()
    for _ in range(60):
        bench.built[-1].running = False
        bench.tick()
    assert 5 <= len(bench.built) <= 9


@pytest.mark.logs_warnings
def test_after_a_steady_while_it_is_started_at_once_again(bench: Bench) -> None:
    bench.keeper.start()
    for _ in range(3):
        bench.built[-1].running = False
        bench.tick(MAX_WAIT_TICKS)
    bench.tick(STEADY_TICKS)
    built = len(bench.built)
    bench.built[-1].running = False
    bench.tick()
    assert len(bench.built) == built + 1


def test_a_taken_port_is_said_once_and_tried_again(bench: Bench) -> None:
    bench.failure = SourceError("Port 8080 is used by another program.")
    bench.keeper.start()
    bench.tick(20)
    assert bench.states() == [(False, "Port 8080 is used by another program.")]
    assert 3 <= len(bench.built) <= 6
    bench.failure = None
    bench.tick(MAX_WAIT_TICKS + 1)
    assert bench.states()[-1] == (True, "")


def test_what_never_came_up_is_stopped_without_ado(bench: Bench) -> None:
    assert bench.keeper.stop(0)

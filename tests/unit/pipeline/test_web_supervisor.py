from datetime import UTC, datetime

import pytest

from kiosk.domain.phones.codes import Rotation
from kiosk.errors import CertificateError, SourceError
from kiosk.pipeline.web_supervisor import MAX_WAIT_TICKS, STEADY_TICKS, WebSupervisor
from kiosk.services.attendance.running_class import RunningClass
from kiosk.services.events import Event, WebStateChanged
from tests.fakes.clock import FakeClock
from tests.fakes.recorder import told


class FakeWeb:
    """Holds the one port while it runs, as a real one does."""

    def __init__(self, bench: "Bench") -> None:
        self._bench = bench
        self.running = False
        self.renewed = False

    def prepare(self) -> None:
        if self._bench.unloadable is not None:
            raise self._bench.unloadable

    def start(self) -> str:
        if self._bench.failure is not None and self is self._bench.built[-1]:
            raise self._bench.failure
        assert not any(one.running for one in self._bench.built), "the port is taken"
        self.running = True
        return self.address()

    def has_new_certificate(self) -> bool:
        return self.renewed

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
        self.refusal: CertificateError | None = None
        self.unloadable: CertificateError | None = None
        self.events: list[Event] = []
        self.built: list[FakeWeb] = []
        self.running = RunningClass(clock=FakeClock(datetime(2026, 3, 2, tzinfo=UTC)), rotation=Rotation(15))
        self.is_wanted = True
        self.supervisor = WebSupervisor(
            builder=self,
            running=self.running,
            events=told(self.events.append),
            is_wanted=lambda: self.is_wanted,
        )

    def build(self) -> FakeWeb:
        if self.refusal is not None:
            raise self.refusal
        self.built.append(FakeWeb(self))
        return self.built[-1]

    def tick(self, times: int = 1) -> None:
        for _ in range(times):
            self.supervisor.tick()

    def states(self) -> list[tuple[bool, str]]:
        return [(one.running, one.user_text) for one in self.events if isinstance(one, WebStateChanged)]


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_another_address_is_followed_with_the_next_tick(bench: Bench) -> None:
    bench.supervisor.start()
    bench.base_url = "http://192.168.1.30:8080"
    bench.tick()
    assert bench.running.base_url == "http://192.168.1.30:8080"
    bench.tick(3)
    assert bench.states() == [(True, ""), (True, "")]


@pytest.mark.logs_warnings
def test_one_that_died_is_told_and_started_again_at_once(bench: Bench) -> None:
    bench.supervisor.start()
    bench.built[0].running = False
    bench.tick()
    assert bench.states() == [(True, ""), (False, "The part for phones has stopped."), (True, "")]
    assert len(bench.built) == 2
    assert bench.running.base_url == bench.base_url


@pytest.mark.logs_warnings
def test_one_that_keeps_dying_is_started_less_and_less_often(bench: Bench) -> None:
    bench.supervisor.start()
    for _ in range(60):
        bench.built[-1].running = False
        bench.tick()
    assert 5 <= len(bench.built) <= 9


@pytest.mark.logs_warnings
def test_after_a_steady_while_it_is_started_at_once_again(bench: Bench) -> None:
    bench.supervisor.start()
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
    bench.supervisor.start()
    bench.tick(20)
    assert bench.states() == [(False, "Port 8080 is used by another program.")]
    assert 3 <= len(bench.built) <= 6
    bench.failure = None
    bench.tick(MAX_WAIT_TICKS + 1)
    assert bench.states()[-1] == (True, "")


def test_what_never_came_up_is_stopped_without_ado(bench: Bench) -> None:
    assert bench.supervisor.stop(0)


# -- another one in its place

HTTPS = "https://kiosk.school.test:8080"


def test_changed_settings_are_served_at_once(bench: Bench) -> None:
    bench.supervisor.start()
    bench.base_url = HTTPS
    bench.supervisor.replace()
    assert [one.running for one in bench.built] == [False, True]
    assert bench.running.base_url == HTTPS
    assert bench.states() == [(True, ""), (True, "")]


def test_a_refused_certificate_never_stops_what_serves(bench: Bench) -> None:
    bench.supervisor.start()
    bench.refusal = CertificateError("The certificate ended.")
    with pytest.raises(CertificateError):
        bench.supervisor.replace()
    assert [one.running for one in bench.built] == [True]
    assert bench.states() == [(True, "")]


def test_files_that_openssl_does_not_take_never_stop_what_serves(bench: Bench) -> None:
    bench.supervisor.start()
    bench.unloadable = CertificateError("The certificate cannot be used: bad end line.")
    with pytest.raises(CertificateError):
        bench.supervisor.replace()
    assert [one.running for one in bench.built] == [True, False]


def test_where_the_new_one_does_not_start_the_old_one_serves_again(bench: Bench) -> None:
    bench.supervisor.start()
    before = bench.running.base_url
    bench.failure = SourceError("Port 9000 is used by another program.")
    with pytest.raises(SourceError, match="9000"):
        bench.supervisor.replace()
    assert [one.running for one in bench.built] == [True, False]
    assert bench.running.base_url == before
    bench.tick(3)
    assert len(bench.built) == 2, "it is not tried again by itself"


def test_where_nothing_served_changed_settings_are_tried_without_waiting(bench: Bench) -> None:
    bench.failure = SourceError("Port 8080 is used by another program.")
    bench.supervisor.start()
    bench.tick(8)
    assert bench.running.trouble == "Port 8080 is used by another program."
    bench.failure = None
    bench.supervisor.replace()
    assert bench.states()[-1] == (True, "")
    assert bench.running.trouble == ""


def test_renewed_files_are_taken_with_the_next_tick(bench: Bench) -> None:
    bench.supervisor.start()
    bench.built[0].renewed = True
    bench.tick(5)
    assert [one.running for one in bench.built] == [False, True]


def test_half_written_files_are_said_once_and_taken_when_they_are_whole(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.supervisor.start()
    bench.built[0].renewed = True
    bench.refusal = CertificateError("The key does not belong to the certificate.")
    bench.tick(5)
    assert bench.built[0].running
    warned = [one for one in caplog.records if one.levelname == "WARNING"]
    caplog.clear()
    assert len(warned) == 1
    assert "does not belong" in warned[0].getMessage()
    bench.refusal = None
    bench.tick()
    assert [one.running for one in bench.built] == [False, True]


def test_after_its_end_nothing_is_started_any_more(bench: Bench) -> None:
    bench.supervisor.start()
    assert bench.supervisor.stop(0)
    bench.supervisor.replace()
    bench.tick()
    assert len(bench.built) == 1


def test_phones_that_are_turned_off_are_not_served_any_more_until_they_are_turned_on(bench: Bench) -> None:
    bench.supervisor.start()
    bench.is_wanted = False
    bench.supervisor.replace()
    bench.tick(3)
    assert not any(one.running for one in bench.built)
    assert (bench.running.base_url, bench.running.trouble) == ("", "")
    bench.is_wanted = True
    bench.supervisor.replace()
    assert bench.built[-1].running
    assert bench.running.base_url == bench.base_url
    assert bench.states() == [(True, ""), (False, ""), (True, "")]


def test_where_phones_are_off_nothing_is_started(bench: Bench) -> None:
    bench.is_wanted = False
    bench.supervisor.start()
    bench.tick(2)
    assert (bench.built, bench.states()) == ([], [])

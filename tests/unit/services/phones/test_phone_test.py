from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from kiosk.domain.phones.codes import Rotation
from kiosk.errors import ExpiredCodeError
from kiosk.services.attendance.running_class import RunningClass
from kiosk.services.phones.phone_test import PATIENCE_S, PhoneTest, usual_causes
from kiosk.settings import WebSettings
from tests.fakes.clock import FakeClock

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def running_at(clock: FakeClock, base_url: str) -> RunningClass:
    running = RunningClass(clock=clock, rotation=Rotation(15))
    running.reachable_at(base_url)
    return running


class Bench:
    def __init__(self) -> None:
        self.clock = FakeClock(START)
        self.running = running_at(self.clock, "http://10.20.4.17:8080")
        self.test = PhoneTest(clock=self.clock, running=self.running)
        self.test.begin()

    def token(self) -> str:
        return self.test.state().url.rpartition("/")[2]


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_the_code_stays_in_letters_that_make_a_small_square(bench: Bench) -> None:
    url = bench.test.state().url
    assert url.startswith("http://10.20.4.17:8080/hello/")
    assert len(url) <= 38, "as much as a code of version 2 holds at level M"
    assert bench.token() == bench.token().upper()


def test_a_phone_that_came_is_told_with_time_and_address(bench: Bench) -> None:
    bench.test.arrived(bench.token(), address="10.20.7.7", is_this_pc=False)
    contact = bench.test.state().contact
    assert contact is not None
    assert (contact.at, contact.address) == (START, "10.20.7.7")
    bench.clock.advance(PATIENCE_S + 1)
    assert not bench.test.state().needs_help


def test_the_first_phone_stays_shown(bench: Bench) -> None:
    for address in ("10.20.7.7", "10.20.7.8"):
        bench.test.arrived(bench.token(), address=address, is_this_pc=False)
    contact = bench.test.state().contact
    assert contact is not None
    assert contact.address == "10.20.7.7"


def test_this_pc_itself_proves_nothing_and_gives_way_to_a_phone(bench: Bench) -> None:
    bench.test.arrived(bench.token(), address="127.0.0.1", is_this_pc=True)
    bench.clock.advance(PATIENCE_S)
    assert bench.test.state().needs_help
    bench.test.arrived(bench.token(), address="10.20.7.7", is_this_pc=False)
    contact = bench.test.state().contact
    assert contact is not None
    assert contact.address == "10.20.7.7"


def test_help_comes_when_nobody_came_in_time(bench: Bench) -> None:
    assert not bench.test.state().needs_help
    bench.clock.advance(PATIENCE_S)
    assert bench.test.state().needs_help


def test_at_another_address_the_wait_begins_anew(bench: Bench) -> None:
    bench.test.state()
    bench.clock.advance(PATIENCE_S)
    bench.running.reachable_at("http://192.168.1.30:8080")
    state = bench.test.state()
    assert state.url.startswith("http://192.168.1.30:8080/")
    assert not state.needs_help


def test_without_a_web_part_there_is_no_code_and_help_at_once(bench: Bench) -> None:
    bench.running.reachable_at("")
    state = bench.test.state()
    assert state.url == ""
    assert state.needs_help


@pytest.mark.parametrize("token", ["", "AAAAAAAA", "é", "x" * 5000])
def test_a_token_of_no_test_is_refused(bench: Bench, token: str) -> None:
    with pytest.raises(ExpiredCodeError):
        bench.test.arrived(token, address="10.0.0.1", is_this_pc=False)
    assert bench.test.state().contact is None


def test_the_code_of_an_ended_or_earlier_test_counts_no_more(bench: Bench) -> None:
    token = bench.token()
    bench.test.begin()
    with pytest.raises(ExpiredCodeError):
        bench.test.arrived(token, address="10.0.0.1", is_this_pc=False)
    bench.test.end()
    assert bench.test.state().url == ""
    with pytest.raises(ExpiredCodeError):
        bench.test.arrived("", address="10.0.0.1", is_this_pc=False)


def test_the_usual_causes_name_the_port_and_the_networks_that_are_set() -> None:
    said = " ".join(cause.what + cause.remedy for cause in usual_causes(WebSettings(port=9000)))
    assert "9000" in said
    assert "client isolation" in said
    assert "allowed networks" not in said
    limited = usual_causes(WebSettings(allowed_subnets="10.20.0.0/16"))
    assert any("10.20.0.0/16" in cause.remedy for cause in limited)


def test_a_name_that_the_network_may_not_know_is_a_cause_and_a_number_is_not() -> None:
    named = usual_causes(WebSettings(address="kiosk.school.test"))
    assert any("“kiosk.school.test”" in cause.what for cause in named)
    assert len(usual_causes(WebSettings(address="10.20.4.17"))) == len(named) - 1


@pytest.mark.parametrize(
    ("base_url", "reachable"),
    [("", False), ("http://127.0.0.1:8080", False), ("http://localhost:8080", False), ("http://[::1]:8080", False),
     ("http://10.20.4.17:8080", True), ("https://kiosk.school.test:8080", True)],
)  # fmt: skip
def test_an_address_inside_the_pc_is_no_network(bench: Bench, base_url: str, reachable: bool) -> None:
    bench.running.reachable_at(base_url)
    assert bench.test.state().is_in_network is reachable


def test_what_was_reached_is_remembered_until_the_day_of_the_school_ends() -> None:
    clock = FakeClock(START)
    test = PhoneTest(
        clock=clock, running=running_at(clock, "http://10.20.4.17:8080"), zone=ZoneInfo("Asia/Tokyo")
    )
    test.begin()
    test.arrived(test.state().url.rpartition("/")[2], address="10.20.7.7", is_this_pc=False)
    test.end()
    clock.advance(6 * 3600)
    assert test.state().reached is not None, "23:00 in Tokyo"
    clock.advance(2 * 3600)
    assert test.state().reached is None

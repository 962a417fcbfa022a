import pytest

from kiosk.web.http.host_names import HostNames, name_of
from tests.fakes.phones.handset import Handset, heading
from tests.world.classroom import ANITA, PIN, Classroom

NAMES = HostNames(
    shown=lambda: ("kiosk-a12.school.example", "0.0.0.0"),
    certified=("*.rooms.example", "10.0.0.9"),
    own=("classroom-pc", "classroom-pc.local", "localhost"),
)


@pytest.mark.parametrize(
    "host",
    [
        "10.20.4.17:8080",
        "[fd00::17]:8080",
        "127.0.0.1",
        "localhost:8080",
        "Kiosk-A12.School.example:8080",
        "kiosk-a12.school.example.",
        "a12.rooms.example",
        "classroom-pc:8080",
        "CLASSROOM-PC.local:8080",
    ],
)
def test_the_kiosks_own_names_and_any_address_are_known(host: str) -> None:
    assert NAMES.has(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example:8080",
        "kiosk-a12.school.example.evil.example",
        "10.20.4.17.evil.example",
        "rooms.example",
        "a.b.rooms.example",
        "classroom-pc.evil.example",
        "[::1",
        "user@evil.example",
    ],
)
def test_other_names_are_not(host: str) -> None:
    assert name_of(host) == "::1" or not NAMES.has(host)


def test_a_page_whose_name_was_led_to_the_kiosk_reads_nothing(classroom: Classroom) -> None:
    """DNS rebinding: the browser believes to ask evil.example, and would let its page read what it gets."""
    session = classroom.open_class()
    with Handset(classroom.app(), base_url="http://evil.example") as rebound:
        for path in ("/", classroom.scan_path(), "/api/v1/courses", "/me"):
            assert rebound.get(path).status_code == 421, path
        assert heading(rebound.get("/")) == "This kiosk has another address"
        assert "kiosk_browser" not in rebound.client.cookies
    with Handset(classroom.app(), base_url="http://10.20.4.17:8080") as handset:
        confirm = handset.sign_in(handset.get(classroom.scan_path()), ANITA, PIN)
        assert heading(handset.submit(confirm, "I am here")) == "You are marked present"
    assert len(classroom.records(session)) == 1

import pytest

from tests.fakes.phones.handset import Handset, heading, words
from tests.world.classroom import ANITA, PIN, Classroom

SCHOOL = "10.20.0.0/16, 192.168.4.0/24 2001:db8::/32"


@pytest.mark.parametrize(
    "address", ["10.20.3.4", "192.168.4.9", "::ffff:10.20.3.4", "2001:db8::7", "127.0.0.1", "::1"]
)
def test_phones_of_the_schools_networks_are_marked(classroom: Classroom, address: str) -> None:
    session = classroom.open_class()
    with Handset(classroom.app(allowed=SCHOOL), address=address) as handset:
        confirm = handset.sign_in(handset.get(classroom.scan_path()), ANITA, PIN)
        assert heading(handset.submit(confirm, "I am here")) == "You are marked present"
    assert classroom.records(session)[0].evidence[0].address == address
    assert classroom.outsiders(session) == 0


@pytest.mark.parametrize("address", ["10.21.0.1", "8.8.8.8", "::ffff:8.8.8.8", "2001:db9::1", "testclient"])
def test_a_phone_from_elsewhere_is_refused_before_anything_happens(
    classroom: Classroom, address: str
) -> None:
    classroom.open_class()
    with Handset(classroom.app(allowed=SCHOOL), address=address) as handset:
        handset.client.headers["X-Forwarded-For"] = "10.20.3.4"
        page = handset.get(classroom.scan_path())
        assert page.status_code == 403
        assert heading(page) == "This network may not be used for attendance"
        assert "school’s Wi-Fi" in words(page)
        assert page.headers["content-security-policy"].startswith("default-src 'self'")
        assert handset.post("/check-in/anything", {}).status_code == 403
        style = page.text.partition('rel="stylesheet" href="')[2].partition('"')[0]
        assert handset.get(style).status_code == 200
    assert "kiosk_browser" not in handset.client.cookies


def test_many_requests_from_elsewhere_are_told_now_and_then(classroom: Classroom) -> None:
    session = classroom.open_class()
    with Handset(classroom.app(allowed=SCHOOL), address="8.8.8.8") as handset:
        for _ in range(20):
            handset.get("/")
        classroom.clock.advance(10)
        handset.get("/")
    assert classroom.outsiders(session) == 2


def test_without_networks_everybody_may_come(classroom: Classroom) -> None:
    with Handset(classroom.app(), address="8.8.8.8") as handset:
        assert handset.get("/").status_code == 200


def test_a_proxy_on_this_pc_brings_nobody_in_from_elsewhere(classroom: Classroom) -> None:
    with Handset(classroom.app(allowed=SCHOOL), address="127.0.0.1") as handset:
        assert handset.get("/").status_code == 200
        handset.client.headers["X-Forwarded-For"] = "8.8.8.8"
        assert handset.get("/").status_code == 403
    with Handset(classroom.app(allowed=f"{SCHOOL} 127.0.0.1/32"), address="127.0.0.1") as handset:
        handset.client.headers["X-Forwarded-For"] = "8.8.8.8"
        assert handset.get("/").status_code == 200

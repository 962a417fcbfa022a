from tests.fakes.phones.handset import Handset, heading
from tests.world.classroom import Classroom


def begin(classroom: Classroom) -> str:
    classroom.running.reachable_at("http://kiosk")
    classroom.phone_test.begin()
    return classroom.phone_test.state().url.removeprefix("http://kiosk")


def test_a_phone_that_scans_reads_that_it_works(classroom: Classroom) -> None:
    path = begin(classroom)
    with Handset(classroom.app(), address="10.20.7.7") as phone:
        page = phone.get(path.upper())
        assert page.status_code == 200
        assert heading(page) == "It works"
        assert "set-cookie" not in page.headers
    contact = classroom.phone_test.state().contact
    assert contact is not None
    assert (contact.address, contact.is_this_pc) == ("10.20.7.7", False)


def test_this_pcs_own_browser_is_told_apart(classroom: Classroom) -> None:
    path = begin(classroom)
    with Handset(classroom.app(), address="127.0.0.1") as browser:
        browser.get(path)
    contact = classroom.phone_test.state().contact
    assert contact is not None
    assert contact.is_this_pc


def test_a_test_that_is_over_is_said(classroom: Classroom) -> None:
    path = begin(classroom)
    classroom.phone_test.end()
    with Handset(classroom.app()) as phone:
        page = phone.get(path)
    assert page.status_code == 410
    assert heading(page) == "This test is over"


def test_it_only_answers_to_being_read(classroom: Classroom) -> None:
    path = begin(classroom)
    with Handset(classroom.app()) as phone:
        assert phone.post(path, {}).status_code == 405
    assert classroom.phone_test.state().contact is None

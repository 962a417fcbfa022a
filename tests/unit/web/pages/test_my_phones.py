"""Only phones that a teacher enrolled count, where the school wants that; and the pages about them."""

import re
from datetime import date

import pytest

from kiosk.domain.attendance.incidents import IncidentKind
from kiosk.domain.people.students import Student
from kiosk.domain.phones import passes
from kiosk.storage.repositories.repositories import Repositories
from kiosk.web.http.browsers import browser_of
from tests.fakes.phones.handset import Handset, form, heading, words
from tests.world.classroom import ANITA, PIN, Classroom, enrol_path

NOT_ENROLLED = "This phone is not enrolled for you yet"


def enrol(classroom: Classroom, phone: Handset, student: Student) -> str:
    done = phone.submit(phone.get(enrol_path(classroom, student)), "Enrol this phone", pin=PIN)
    return heading(done)


def check_in(classroom: Classroom, phone: Handset, student_no: str = ANITA) -> str:
    page = phone.get(classroom.scan_path())
    if "/sign-in" in page.text:
        page = phone.sign_in(page, student_no, PIN)
    return heading(phone.submit(page, "I am here"))


def hold_up(classroom: Classroom, phone: Handset, student: Student) -> None:
    """Show the pass to the camera, whatever the page says."""
    phone.get("/pass")
    shown = classroom.running.current
    assert shown is not None
    handle = passes.handle_of(
        shown.key,
        session_id=shown.session.session_id,
        student_id=student.student_id,
        device=browser_of(next(one for name, one in phone.client.cookies.items() if "kiosk_browser" in name)),
    )
    elapsed = classroom.clock.monotonic() - shown.began_s
    classroom.passes.take(passes.mint(shown.key, handle, passes.ROTATION.step(elapsed)))
    classroom.store.write(lambda _repositories: None)  # what the pass wrote comes before it


def friends(classroom: Classroom, number: int) -> list[Student]:
    """So many more in the class, whose PINs somebody knows."""
    hashed = classroom.hasher.hash(PIN)

    def work(repositories: Repositories) -> list[Student]:
        made = [
            repositories.students.add(student_no=f"S3{index:03}", full_name=f"Friend {index}", email=None)
            for index in range(number)
        ]
        for one in made:
            repositories.courses.register(classroom.course_id, one.student_id, date(2026, 1, 1))
            repositories.students.set_pin_hash(one.student_id, hashed)
        return made

    return classroom.store.write(work)


def test_friends_pins_on_one_phone_with_cleared_cookies_mark_nobody(
    classroom: Classroom, handset: Handset
) -> None:
    """The attack: 25 numbers and PINs, one phone, a private window for each, by code and by pass."""
    known = friends(classroom, 25)
    session = classroom.open_class()
    classroom.wants_enrolled_phones()
    for friend in known:
        handset.client.cookies.clear()
        assert check_in(classroom, handset, friend.student_no) == NOT_ENROLLED
        hold_up(classroom, handset, friend)
    assert classroom.records(session) == []
    noted = classroom.store.read(lambda repositories: repositories.incidents.of_session(session.session_id))
    assert {one.kind for one in noted} == {IncidentKind.PHONE_NOT_ENROLLED}
    assert {one.student_id: one.times for one in noted} == {one.student_id: 2 for one in known}


def test_without_the_rule_they_mark_everybody(classroom: Classroom, handset: Handset) -> None:
    known = friends(classroom, 5)
    session = classroom.open_class()
    for friend in known:
        handset.client.cookies.clear()
        check_in(classroom, handset, friend.student_no)
    assert len(classroom.records(session)) == 5


def test_an_enrolled_phone_counts_and_one_that_is_removed_does_not(
    classroom: Classroom, handset: Handset
) -> None:
    classroom.wants_enrolled_phones()
    assert enrol(classroom, handset, classroom.anita) == "This phone is enrolled"
    cookie = handset.client.cookies["kiosk_enrolled"]
    classroom.open_class()
    assert check_in(classroom, handset) == "You are marked present"
    again = classroom.open_class()
    page = handset.get("/me/phones")
    assert "this phone" in words(page)
    assert "No phone is enrolled" in words(handset.submit(page, "Remove"))
    assert handset.client.cookies["kiosk_enrolled"] == cookie  # the browser keeps it; the kiosk does not
    assert check_in(classroom, handset) == NOT_ENROLLED
    assert classroom.records(again) == []


def test_a_phone_of_another_student_does_not_count(classroom: Classroom, handset: Handset) -> None:
    classroom.wants_enrolled_phones()
    enrol(classroom, handset, classroom.ben)
    classroom.open_class()
    handset.submit(handset.get("/"), "Sign out")
    assert check_in(classroom, handset) == NOT_ENROLLED


@pytest.mark.parametrize("forged", ["", "0" * 43, "x", "A" * 5000])
def test_a_forged_secret_does_not_count(classroom: Classroom, handset: Handset, forged: str) -> None:
    classroom.wants_enrolled_phones()
    classroom.open_class()
    handset.client.cookies.set("kiosk_enrolled", forged, domain="kiosk.test")
    assert check_in(classroom, handset) == NOT_ENROLLED


def test_a_pass_counts_from_an_enrolled_phone_only(classroom: Classroom, handset: Handset) -> None:
    classroom.wants_enrolled_phones()
    session = classroom.open_class()
    handset.sign_in(handset.get("/pass"), ANITA, PIN)
    hold_up(classroom, handset, classroom.anita)
    assert classroom.records(session) == []
    assert NOT_ENROLLED in words(handset.get("/pass"))
    enrol(classroom, handset, classroom.anita)
    classroom.clock.advance(passes.ROTATION.period_s)
    hold_up(classroom, handset, classroom.anita)
    assert len(classroom.records(session)) == 1


def test_a_code_that_was_used_leads_nowhere(classroom: Classroom, handset: Handset) -> None:
    path = enrol_path(classroom, classroom.anita)
    with Handset(classroom.app()) as thief:
        first = handset.get(path)
        assert heading(first) == "Enrol this phone"
        assert heading(thief.get(path)) == "This code is over, or another phone has used it"
        stolen = thief.get(str(first.url))
        assert stolen.status_code in {400, 410}
        assert classroom.anita.full_name not in stolen.text


def test_the_secret_is_kept_by_the_browser_alone_and_renewed_at_each_scan(
    classroom: Classroom, handset: Handset
) -> None:
    page = handset.get(enrol_path(classroom, classroom.anita))
    action, hidden = form(page.text, "Enrol this phone")
    done = handset.post(action, hidden | {"pin": PIN}, follow=False)
    (set_cookie,) = [one for one in done.headers.get_list("set-cookie") if one.startswith("kiosk_enrolled")]
    for attribute in ("HttpOnly", "SameSite=lax", "Path=/", "Max-Age=34560000"):
        assert attribute in set_cookie
    classroom.open_class()
    scan = handset.client.get(classroom.scan_path(), follow_redirects=False)
    assert any(one.startswith("kiosk_enrolled") for one in scan.headers.get_list("set-cookie"))


def test_nobody_elses_phones_are_listed_or_removed(classroom: Classroom, handset: Handset) -> None:
    enrol(classroom, handset, classroom.ben)
    (phone,) = classroom.cases.phones.enrolments.own(classroom.ben)
    with Handset(classroom.app()) as mine:
        mine.sign_in(mine.get("/sign-in"), ANITA, PIN)
        page = mine.get("/me/phones")
        assert "No phone is enrolled" in words(page)
        csrf = re.findall(r'name="csrf" value="([^"]+)"', mine.get("/me").text)[0]
        gone = mine.post(f"/me/phones/{phone.phone_id}/remove", {"csrf": csrf})
        assert gone.status_code == 404
    assert classroom.cases.phones.enrolments.own(classroom.ben) == [phone]

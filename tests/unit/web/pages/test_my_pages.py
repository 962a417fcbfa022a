import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from kiosk.domain.attendance.choices import Status
from kiosk.domain.trust.rights import Actor
from kiosk.storage.database.message_tables import MessageRow, StudentContactRow
from kiosk.storage.repositories.repositories import Repositories
from tests.fakes.actors import admin
from tests.fakes.phones.handset import Handset, form, heading, words
from tests.world.classroom import ANITA, BEN, PIN, Classroom


@pytest.fixture
def at_home(handset: Handset) -> Handset:
    """Anita, signed in without a scan."""
    page = handset.sign_in(handset.get("/sign-in"), ANITA, PIN)
    assert heading(page) == "My attendance"
    return handset


def test_nobody_signed_in_is_asked_to(handset: Handset) -> None:
    for path in ("/me", "/me/stored", "/me/courses/1"):
        page = handset.get(path)
        assert page.url.path == "/sign-in"
        assert "Sign in to see your own attendance" in words(page)


def test_a_wrong_pin_is_said_once_and_keeps_the_number(handset: Handset) -> None:
    page = handset.sign_in(handset.get("/sign-in"), ANITA, "000000")
    assert page.status_code == 403
    assert "do not belong together" in words(page)
    assert f'value="{ANITA}"' in page.text
    assert "do not belong together" not in words(handset.get("/sign-in"))


def test_the_overview_shows_courses_with_percentages_and_the_last_classes(
    at_home: Handset, classroom: Classroom
) -> None:
    classroom.add_past_records([Status.PRESENT] * 9 + [Status.LATE, Status.ABSENT, Status.EXCUSED])
    page = at_home.get("/me")
    assert "Anita Rao · S2041" in words(page)
    assert "CS 101 · Algorithms 10 of 11 (91 %)" in words(page)
    assert "Mon 23 Feb 2026, 09:00 · CS 101 Present 09:00, by the teacher" in words(page)
    assert page.text.count("<li>") == 5


def test_a_course_page_has_all_own_records_page_by_page(at_home: Handset, classroom: Classroom) -> None:
    classroom.add_past_records([Status.PRESENT] * 20 + [Status.LATE])
    first = at_home.get(f"/me/courses/{classroom.course_id}")
    assert "21 of 21 (100 %) 20 present · 1 late" in words(first)
    assert (first.text.count("<li>"), "Page 1 of 2" in words(first)) == (20, True)
    older = re.search(r'href="([^"]+)">Older', first.text)
    assert older is not None
    second = at_home.get(older[1])
    assert second.text.count("<li>") == 1
    assert "Late" in words(second)
    assert at_home.get(f"/me/courses/{classroom.course_id}?page=99").text == second.text


def test_a_course_of_others_looks_like_none(at_home: Handset, classroom: Classroom) -> None:
    def add(repositories: Repositories) -> int:
        course = repositories.courses.add(code="ART", title="Art")
        repositories.courses.register(course.course_id, classroom.ben.student_id, date(2026, 1, 1))
        return course.course_id

    others = classroom.store.write(add)
    hers, none = at_home.get(f"/me/courses/{others}"), at_home.get("/me/courses/9999")
    assert hers.status_code == none.status_code == 404
    assert hers.text == none.text
    assert at_home.get("/me/courses/99999999999999999999").status_code == 404
    assert at_home.get("/me/courses/x").status_code == 422


def test_each_student_sees_own_data_only(at_home: Handset, classroom: Classroom) -> None:
    classroom.add_past_records([Status.PRESENT])
    classroom.allow_face()
    assert "1 of 1 (100 %)" in words(at_home.get("/me"))
    with Handset(classroom.app()) as bens:
        page = bens.sign_in(bens.get("/sign-in"), BEN, PIN)
        assert "You are in no course yet" in words(page)
        assert bens.get(f"/me/courses/{classroom.course_id}").status_code == 404
        stored = words(bens.get("/me/stored"))
    assert "Pictures of your face none" in stored
    assert "You were never asked" in stored
    assert "Anita" not in stored


def test_what_is_stored_is_said_with_dates_and_device_uses(at_home: Handset, classroom: Classroom) -> None:
    classroom.allow_face()
    session = classroom.open_class()
    confirm = at_home.get(classroom.scan_path())
    at_home.submit(confirm, "I am here")
    assert len(classroom.records(session)) == 1
    page = at_home.get("/me/stored")
    said = words(page)
    assert "Given on 2 Mar 2026, recorded by the test" in said
    assert "Pictures of your face 1, of 2 Mar 2026" in said
    assert "computed from the pictures) 1 Encrypted." in said
    assert "dlib" not in said
    assert "Check-ins by phone (device uses) 1, of 2 Mar 2026" in said
    assert "Kept until 2 Sep 2026, which is 6 months after the last class of your courses" in said
    assert "Kept until 90 days after each: 31 May 2026 for the last one." in said
    assert "Kept until you sign out, at most 12 hours." in said
    assert "ask at the desk" in said
    assert len(page.content) < 100_000


def test_a_guardians_address_and_e_mails_are_named_and_the_address_is_not_shown(
    at_home: Handset, classroom: Classroom
) -> None:
    said = words(at_home.get("/me/stored"))
    assert "E-mail address of a parent or guardian none" in said
    assert "E-mails about your attendance none" in said
    student_id, at = classroom.anita.student_id, classroom.clock.now()
    rows = [
        StudentContactRow(student_id=student_id, guardian_email="mum@home.example", stopped_at=at),
        MessageRow(
            student_id=student_id,
            reason="below_limit",
            recipient="guardian",
            address="mum@home.example",
            subject="Attendance",
            text="Please come.",
            at=at,
            sent_by="Ada",
            outcome="sent",
        ),
    ]
    classroom.store.write(lambda repositories: repositories.db_session.add_all(rows))
    said = words(at_home.get("/me/stored"))
    assert "E-mail address of a parent or guardian kept It is kept that no e-mails about your" in said
    assert "E-mails about your attendance 1, of 2 Mar 2026" in said
    assert "Kept for 366 days after each." in said
    assert "mum@home.example" not in said


def test_who_recorded_something_at_the_command_line_is_said_in_plain_words(
    at_home: Handset, classroom: Classroom
) -> None:
    classroom.cases.people.consents.record(classroom.anita.student_id, given=True, actor=Actor.local("root"))
    said = words(at_home.get("/me/stored"))
    assert "recorded by an administrator at the computer" in said
    assert "local:" not in said


def test_a_pin_is_not_offered_to_be_changed_where_it_cannot_be(at_home: Handset) -> None:
    said = words(at_home.get("/me"))
    assert "To get another PIN, ask at the desk" in said
    assert "Change my PIN" not in said


def test_an_e_mail_address_is_shown_over_tls_only(classroom: Classroom) -> None:
    anita = replace(classroom.anita, email="anita@school.test")
    classroom.store.write(lambda repositories: repositories.students.update(anita))
    for secure, shown in ((False, False), (True, True)):
        address = "https://kiosk.test" if secure else "http://kiosk.test"
        with Handset(classroom.app(secure=secure), base_url=address) as phone:
            phone.sign_in(phone.get("/sign-in"), ANITA, PIN)
            said = words(phone.get("/me/stored"))
        assert ("anita@school.test" in said) is shown
        assert ("an e-mail address (not shown over this connection)" in said) is not shown


def test_the_start_page_and_the_result_lead_there(handset: Handset, classroom: Classroom) -> None:
    assert 'href="/sign-in">My attendance' in handset.get("/").text
    classroom.open_class()
    confirm = handset.sign_in(handset.get(classroom.scan_path()), ANITA, PIN)
    result = handset.submit(confirm, "I am here")
    assert 'href="/me">My attendance: 1 of 1 (100 %)' in result.text
    assert 'href="/me">My attendance' in handset.get("/").text


def test_signing_out_closes_the_place(at_home: Handset, classroom: Classroom) -> None:
    at_home.submit(at_home.get("/me"), "Sign out")
    assert at_home.get("/me").url.path == "/sign-in"
    at_home.sign_in(at_home.get("/sign-in"), ANITA, PIN)
    classroom.clock.advance(timedelta(hours=13).total_seconds())
    assert at_home.get("/me").url.path == "/sign-in"


def test_a_wrong_record_reaches_the_teacher_and_the_answer_the_student(
    at_home: Handset, classroom: Classroom
) -> None:
    classroom.add_past_records([Status.ABSENT])
    link = re.search(r'href="(/me/records/\d+)"', at_home.get("/me").text)
    assert link is not None
    page = at_home.get(link[1])
    assert "Recorded as Absent" in words(page)
    told = at_home.submit(page, "This record is wrong", reason="I sat in <row> 2")
    assert told.status_code == 200
    assert "You wrote on 2 Mar 2026 I sat in <row> 2" in words(told)
    assert "Your teacher has been told" in words(told)
    assert "</textarea>" not in told.text
    assert "Messages you wrote about records 1, of 2 Mar 2026" in words(at_home.get("/me/stored"))
    with Handset(classroom.app()) as bens:
        bens.sign_in(bens.get("/sign-in"), BEN, PIN)
        assert "Messages you wrote about records none" in words(bens.get("/me/stored"))
    again = at_home.submit(page, "This record is wrong", reason="again")
    assert again.status_code == 409
    assert "not answered your last message" in words(again)

    session_id = next(iter(classroom.objections.open_by_session(classroom.course_id)))
    (waiting,) = classroom.objections.waiting(session_id, actor=admin())
    classroom.objections.answer(waiting, status=Status.PRESENT, answer="Sorry!", actor=admin("Tom"))
    after = words(at_home.get(link[1]))
    assert "Recorded as Present" in after
    assert "Tom changed the record on 2 Mar 2026 Sorry!" in after


def test_what_is_refused_keeps_the_words(at_home: Handset, classroom: Classroom) -> None:
    classroom.add_past_records([Status.ABSENT])
    link = re.search(r'href="(/me/records/\d+)"', at_home.get("/me").text)
    assert link is not None
    page = at_home.get(link[1])
    long = at_home.submit(page, "This record is wrong", reason="word " * 70)
    assert (long.status_code, "That is too long" in words(long)) == (409, True)
    assert "word word" in words(long)
    assert at_home.submit(page, "This record is wrong", reason="x" * 2000).status_code == 422


def test_a_record_of_others_can_neither_be_read_nor_objected_to(
    at_home: Handset, classroom: Classroom
) -> None:
    classroom.add_past_records([Status.ABSENT])
    link = re.search(r'href="(/me/records/\d+)"', at_home.get("/me").text)
    assert link is not None
    mine = at_home.get(link[1])
    with Handset(classroom.app()) as bens:
        home = bens.sign_in(bens.get("/sign-in"), BEN, PIN)
        theirs, none = bens.get(link[1]), bens.get("/me/records/9999")
        assert theirs.status_code == none.status_code == 404
        assert theirs.text == none.text
        _action, hidden = form(home.text, "Sign out")
        assert bens.post(link[1], hidden | {"reason": "mine"}).status_code == 404
        assert bens.post(link[1], {"reason": "mine"}).status_code == 403
    assert classroom.objections.open_by_session(classroom.course_id) == {}
    assert at_home.get(link[1]).text == mine.text

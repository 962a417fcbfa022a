"""The class on a teacher's phone or tablet: the real app over the real store."""

from collections.abc import Iterator

import pytest
from fastapi.routing import APIRoute
from httpx import Response

from kiosk.domain.attendance.choices import ProofPolicy, Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.school_status import SchoolStatus, StatusColour
from kiosk.domain.people.staff import Role, User
from kiosk.domain.trust.rights import Actor
from kiosk.domain.trust.throttle import STAFF_PLACE
from kiosk.settings import SchoolRules
from tests.fakes.actors import admin
from tests.fakes.phones.handset import Handset, form, heading, words
from tests.fakes.phones.phone_pages import unsure_face
from tests.world.classroom import ANITA, PIN, Classroom

SECURE = "https://kiosk.test"
PASSWORD = "correct horse battery"


@pytest.fixture
def tom(classroom: Classroom) -> User:
    accounts = classroom.cases.people.accounts
    return accounts.add(name="Tom", role=Role.TEACHER, password=PASSWORD, actor=admin())


@pytest.fixture
def tablet(classroom: Classroom, tom: User) -> Iterator[Handset]:
    """Tom, signed in over TLS."""
    with Handset(classroom.app(secure=True), base_url=SECURE) as made:
        assert sign_in(made).status_code == 200
        yield made


@pytest.fixture
def session(classroom: Classroom, tablet: Handset) -> ClassSession:
    """A class of Anita and Ben that goes on."""
    classroom.register(classroom.ben)
    return classroom.open_class()


def sign_in(phone: Handset, password: str = PASSWORD, name: str = "Tom") -> Response:
    return phone.submit(phone.get("/teach"), "Sign in", name=name, password=password)


def student(session: ClassSession, classroom: Classroom, which: str = "anita") -> str:
    return f"/teach/{session.session_id}/students/{getattr(classroom, which).student_id}"


def mark(phone: Handset, page: Response, status: str, **fields: str) -> Response:
    title = {"present": "Present", "late": "Late", "excused": "Excused", "absent": "Absent"}[status]
    return phone.submit(page, title, status=status, **fields)


def statuses(classroom: Classroom, session: ClassSession) -> dict[str, str]:
    entries = classroom.sessions.roster(session.session_id)
    return {one.student.student_no: one.record.status.value for one in entries if one.record is not None}


def test_over_an_open_connection_it_says_why_not_and_takes_nothing(
    handset: Handset, classroom: Classroom, tom: User
) -> None:
    page = handset.get("/teach")
    assert heading(page) == "Not over this connection"
    assert "Settings, under HTTPS" in words(page)
    assert "<form" not in page.text
    classroom.open_class()
    handset.get(classroom.scan_path())
    _action, hidden = form(handset.get("/").text, "Continue")
    refused = handset.post("/teach/sign-in", hidden | {"name": "Tom", "password": PASSWORD})
    assert (refused.status_code, heading(refused)) == (403, "Teachers sign in by HTTPS only")
    assert handset.get(f"/teach/{1}/end").status_code == 403


def test_the_start_page_leads_here_where_a_password_may_travel(handset: Handset, tablet: Handset) -> None:
    assert 'href="/teach"' in tablet.get("/").text
    assert 'href="/teach"' not in handset.get("/").text


def test_a_teacher_signs_in_and_sees_the_open_class(tablet: Handset, session: ClassSession) -> None:
    page = tablet.get("/teach")
    assert heading(page) == "CS 101 · Algorithms"
    assert "0 of 2 here" in words(page)
    assert "Anita Rao" in words(page)
    assert '<meta http-equiv="refresh" content="5">' in page.text
    assert "<script" not in page.text


def test_a_students_pin_opens_nothing_here(classroom: Classroom, tom: User) -> None:
    classroom.open_class()
    with Handset(classroom.app(secure=True), base_url=SECURE) as phone:
        phone.sign_in(phone.get("/sign-in"), ANITA, PIN)
        assert heading(phone.get("/teach")) == "For teachers"
        assert heading(phone.get("/teach/1/end")) == "For teachers"
        assert sign_in(phone, PIN, ANITA).status_code == 403


def test_wrong_passwords_make_this_place_rest_and_not_the_kiosk(classroom: Classroom, tom: User) -> None:
    with Handset(classroom.app(secure=True), base_url=SECURE) as phone:
        for _ in range(STAFF_PLACE.free):
            assert sign_in(phone, "a wrong password").status_code == 403
        assert sign_in(phone).status_code == 429
    assert classroom.cases.people.accounts.sign_in("Tom", PASSWORD) == tom


@pytest.mark.parametrize("change", ["password", "closed", "time", "other browser"])
def test_the_sign_in_ends_with_the_account_and_in_time(
    classroom: Classroom, tablet: Handset, tom: User, session: ClassSession, change: str
) -> None:
    accounts = classroom.cases.people.accounts
    match change:
        case "password":
            accounts.change_password(tom.user_id, "another long one", actor=admin())
        case "closed":
            accounts.set_active(tom.user_id, False, actor=admin())
        case "time":
            classroom.clock.advance(4 * 3600)
        case _:
            tablet.client.cookies.set("__Host-kiosk_browser", "x" * 22, domain="kiosk.test")
    assert heading(tablet.get("/teach")) == "For teachers"
    assert heading(tablet.get(student(session, classroom))) == "For teachers"


def test_signing_out_ends_it(tablet: Handset, session: ClassSession) -> None:
    tablet.submit(tablet.get("/teach"), "Sign out")
    assert heading(tablet.get("/teach")) == "For teachers"


def test_marking_by_hand_takes_a_reason_and_can_be_undone(
    tablet: Handset, classroom: Classroom, session: ClassSession
) -> None:
    page = tablet.get(student(session, classroom))
    refused = mark(tablet, page, "excused")
    assert refused.status_code == 409
    assert "needs a reason" in words(refused)
    done = mark(tablet, page, "excused", usual="Brought a note")
    assert "Anita Rao is marked excused." in words(done)
    (record,) = classroom.records(session)
    assert (record.status, record.evidence[-1].actor, record.evidence[-1].reason) == (
        Status.EXCUSED,
        "Tom",
        "Brought a note",
    )
    assert "Undone: 1 student counts as before." in words(tablet.submit(done, "Undo"))
    assert statuses(classroom, session) == {}


def test_a_status_of_the_schools_own_is_chosen_as_the_four_are(
    tablet: Handset, classroom: Classroom, session: ClassSession
) -> None:
    kept = classroom.cases.attendance.statuses
    own = SchoolStatus(0, "school trip", "T", StatusColour.BLUE, Status.EXCUSED, 100)
    trip = kept.save(own, actor=admin())
    page = tablet.get(student(session, classroom))
    value = f"own-{trip.status_id}"
    done = tablet.submit(page, "school trip", status=value, reason="museum")
    assert "Anita Rao is marked school trip." in words(done)
    (record,) = classroom.records(session)
    assert record.shown == trip
    assert 'class="figures counts-blue">school trip' in tablet.get("/teach?show=excused").text
    kept.retire(trip, actor=admin())
    for refused in (value, "own-99"):
        page = tablet.get(student(session, classroom, "ben"))
        said = tablet.submit(page, "Present", status=refused, reason="museum")
        assert said.status_code == 409
    assert len(classroom.records(session)) == 1


def test_everybody_missing_is_marked_at_once_and_excused_students_are_not(
    tablet: Handset, classroom: Classroom, session: ClassSession
) -> None:
    classroom.excuse(session)
    page = tablet.get(f"/teach/{session.session_id}/missing")
    assert "Ben Okafor" in words(page)
    assert "Anita Rao" not in words(page)
    done = mark(tablet, page, "absent", reason="nobody knows")
    assert "1 student is marked absent." in words(done)
    assert statuses(classroom, session) == {"S2041": "excused", "S2042": "absent"}


def test_who_was_marked_by_somebody_else_since_the_page_was_drawn_is_left_and_named(
    tablet: Handset, classroom: Classroom, session: ClassSession
) -> None:
    page = tablet.get(f"/teach/{session.session_id}/missing")
    classroom.marks.mark(
        session.session_id, classroom.anita.student_id, Status.ABSENT, actor=admin("Kim"), reason="suspended"
    )
    done = mark(tablet, page, "excused", reason="trip")
    assert "1 student is marked excused." in words(done)
    assert "Somebody else has marked Anita Rao meanwhile, and that stays." in words(done)
    assert statuses(classroom, session) == {"S2041": "absent", "S2042": "excused"}
    refused = tablet.submit(page, "Absent", reason="trip", seen="1.x")
    assert "Something is missing" in words(refused)
    assert "Undone: 1 student counts as before." in words(tablet.submit(done, "Undo"))


def test_who_scanned_and_waits_is_said_before_all_missing_are_marked(
    tablet: Handset, classroom: Classroom
) -> None:
    session = classroom.open_class(ProofPolicy.FACE)
    with Handset(classroom.app(secure=True), base_url=SECURE) as phone:
        phone.submit(phone.sign_in(phone.get(classroom.scan_path()), ANITA, PIN), "I am here")
    page = tablet.get(f"/teach/{session.session_id}/missing")
    assert "Anita Rao has scanned and waits to be confirmed" in words(page)
    done = mark(tablet, page, "absent", reason="gone")
    assert "has no face on record" not in words(done)
    assert "has no face on record" in words(tablet.submit(done, "Undo"))


def test_a_scan_that_waits_for_the_teachers_eye_is_confirmed(tablet: Handset, classroom: Classroom) -> None:
    session = classroom.open_class(ProofPolicy.FACE)
    with Handset(classroom.app(secure=True), base_url=SECURE) as phone:
        phone.submit(phone.sign_in(phone.get(classroom.scan_path()), ANITA, PIN), "I am here")
    page = tablet.get("/teach")
    assert "has no face on record" in words(page)
    assert "Anita Rao is marked present." in words(tablet.submit(page, "Is here"))
    assert statuses(classroom, session) == {"S2041": "present"}


def test_an_unsure_face_is_answered_by_name_alone(
    tablet: Handset, classroom: Classroom, session: ClassSession
) -> None:
    way = f"/teach/{session.session_id}/faces/"
    first = unsure_face(classroom, session)
    asked = tablet.get(f"{way}{first}")
    assert "<img" not in asked.text
    named = tablet.submit(asked, "Save", student=str(classroom.ben.student_id))
    assert "Ben Okafor is marked present." in words(named)
    assert statuses(classroom, session) == {"S2042": "present"}

    second = unsure_face(classroom, session)
    page = tablet.submit(tablet.get(f"{way}{second}"), "Save", student="0")
    assert "who was it?" not in words(page)
    assert heading(tablet.get(f"{way}{second}")) == "CS 101 · Algorithms", "it is settled"


def test_two_teachers_do_not_overwrite_each_other(
    tablet: Handset, classroom: Classroom, session: ClassSession
) -> None:
    page = tablet.get(student(session, classroom))
    classroom.marks.mark(
        session.session_id, classroom.anita.student_id, Status.LATE, actor=admin("Kim"), reason="bus"
    )
    refused = mark(tablet, page, "absent", reason="not seen")
    assert refused.status_code == 409
    assert "Somebody else changed this record meanwhile." in words(refused)
    assert "Kim: bus" in words(refused)
    assert statuses(classroom, session) == {"S2041": "late"}
    assert "is marked absent" in words(mark(tablet, refused, "absent", reason="left again"))


def test_what_somebody_changed_since_is_not_undone(
    tablet: Handset, classroom: Classroom, session: ClassSession
) -> None:
    done = mark(tablet, tablet.get(student(session, classroom)), "present", reason="seen")
    classroom.marks.mark(
        session.session_id, classroom.anita.student_id, Status.LATE, actor=admin("Kim"), reason="bus"
    )
    assert tablet.submit(done, "Undo").status_code == 409
    assert statuses(classroom, session) == {"S2041": "late"}


def test_a_page_left_open_changes_nothing_in_a_class_that_ended(
    tablet: Handset, classroom: Classroom, session: ClassSession
) -> None:
    page, all_of_them = (
        tablet.get(student(session, classroom)),
        tablet.get(f"/teach/{session.session_id}/missing"),
    )
    classroom.end_class(session)
    classroom.open_class()
    for refused in (
        mark(tablet, page, "present", reason="seen"),
        mark(tablet, all_of_them, "absent", reason="gone"),
        tablet.get(f"/teach/{session.session_id}/end"),
    ):
        assert refused.status_code == 409
        assert heading(refused).startswith("This class has ended")
        assert 'href="/teach"' in refused.text
    assert classroom.records(session) == []


def test_the_end_asks_and_ends_the_class_at_the_kiosk(
    tablet: Handset, classroom: Classroom, session: ClassSession
) -> None:
    asked = tablet.get(f"/teach/{session.session_id}/end")
    assert "2 students are not here yet and will be written down as absent." in words(asked)
    done = tablet.submit(asked, "End class")
    assert heading(done) == "No class is open"
    assert "CS 101 has ended: 0 present, 0 late, 2 absent." in words(done)
    assert not classroom.sessions.session(session.session_id).is_open
    assert tablet.submit(asked, "End class").status_code == 409


def test_forms_of_other_pages_are_refused(
    tablet: Handset, classroom: Classroom, session: ClassSession
) -> None:
    action, hidden = form(tablet.get(f"/teach/{session.session_id}/end").text, "End class")
    assert tablet.post(action, hidden, Origin="https://evil.test").status_code == 403
    assert tablet.post(action, {"csrf": "0" * 64}).status_code == 403
    assert classroom.sessions.session(session.session_id).is_open


def test_students_are_found_by_name_and_number(tablet: Handset, session: ClassSession) -> None:
    found = words(tablet.get("/teach?q=okafor"))
    assert "Ben Okafor" in found
    assert "Anita Rao" not in found
    assert "Anita Rao" in words(tablet.get("/teach?q=s2041"))
    for text in ("okafor", ""):
        assert "refresh" not in tablet.get(f"/teach?q={text}").text, (
            "no search is taken away while it is typed"
        )


def test_a_school_may_keep_teachers_to_the_kiosk(
    tablet: Handset, classroom: Classroom, session: ClassSession
) -> None:
    page = tablet.get(f"/teach/{session.session_id}/end")
    classroom.school.change_rules(SchoolRules(teach_by_phone=False), actor=admin())
    assert heading(tablet.get("/teach")) == "Teachers use the kiosk here"
    assert heading(tablet.submit(page, "End class")) == "Teachers use the kiosk here"
    assert classroom.sessions.session(session.session_id).is_open


def test_an_account_that_may_not_correct_marks_nobody(
    classroom: Classroom, tablet: Handset, session: ClassSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.domain.trust.rights.rights_of", lambda _role: frozenset(), raising=True)
    refused = tablet.get("/teach")
    assert refused.status_code == 403
    assert not Actor("Tom", frozenset()).rights


def eva_of_another_course(classroom: Classroom, tom: User) -> User:
    """Tom teaches the course of these tests, Eva another one."""
    accounts, courses = classroom.cases.people.accounts, classroom.cases.courses
    eva = accounts.add(name="Eva", role=Role.TEACHER, password=PASSWORD, actor=admin())
    other = courses.lists.add_course(code="MA 2", title="", room="", actor=admin())
    courses.teachers.assign(other, [eva.user_id], actor=admin())
    courses.teachers.assign(courses.editing.course(classroom.course_id), [tom.user_id], actor=admin())
    return eva


def test_no_page_shows_or_changes_the_class_of_another_course(
    tablet: Handset, classroom: Classroom, session: ClassSession, tom: User
) -> None:
    """Each route of these pages, asked by the teacher of another course."""
    csrf = form(tablet.get(student(session, classroom)).text, "Late")[1]["csrf"]
    eva_of_another_course(classroom, tom)
    tablet.submit(tablet.get("/teach"), "Sign out")
    assert heading(sign_in(tablet, name="Eva")) == "Somebody else’s class is open"
    places = {"session_id": session.session_id, "student_id": classroom.anita.student_id, "face_id": 1}
    fields = {"csrf": csrf, "status": "late", "reason": "bus", "student": "1"}
    asked = 0
    routers = [getattr(one, "original_router", None) for one in classroom.app(secure=True).routes]
    pages = [one for router in routers if router is not None for one in router.routes]
    for route in [one for one in pages if isinstance(one, APIRoute) and one.path.startswith("/teach")]:
        path = route.path.format(**places)
        if path in {"/teach", "/teach/sign-in", "/teach/sign-out", "/teach/undo"}:
            continue
        is_form = "POST" in (route.methods or ())
        answer = tablet.post(path, fields) if is_form else tablet.get(path)
        assert (answer.status_code, "Anita" in answer.text) == (403, False), path
        asked += 1
    assert asked >= 8
    assert statuses(classroom, session) == {}
    assert classroom.sessions.session(session.session_id).is_open


def test_a_shared_tablet_offers_nobody_the_undo_of_somebody_else(
    tablet: Handset, classroom: Classroom, session: ClassSession
) -> None:
    accounts = classroom.cases.people.accounts
    accounts.add(name="Eva", role=Role.TEACHER, password=PASSWORD, actor=admin())
    done = mark(tablet, tablet.get(student(session, classroom)), "late", usual="Forgot the phone")
    undo = form(done.text, "Undo")
    tablet.submit(done, "Sign out")
    page = sign_in(tablet, name="Eva")
    assert "Anita Rao is marked late." not in words(page)
    tablet.post(*undo)
    assert statuses(classroom, session) == {ANITA: "late"}
    tablet.submit(tablet.get("/teach"), "Sign out")
    assert "Anita Rao is marked late." in words(sign_in(tablet))

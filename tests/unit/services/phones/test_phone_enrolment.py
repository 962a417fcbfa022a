"""Enrolling a phone: a teacher's code, once and within a minute, and the student's own PIN."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.domain.people.students import Student
from kiosk.domain.phones.enrolled import digest_of
from kiosk.domain.trust.rights import NOBODY
from kiosk.domain.trust.throttle import Source
from kiosk.errors import ConflictError, ExpiredCodeError, ForbiddenError, NotFoundError, SignInError
from kiosk.services.phones.phone_enrolment import CODE_S, FORM_S, NewPhone
from tests.fakes.actors import admin, teacher
from tests.world.classroom import PIN, Classroom, enrol_path

PHONE = Source("phone-1", "10.0.0.7")
OTHER = Source("phone-2", "10.0.0.8")


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Classroom]:
    room = Classroom(tmp_path)
    yield room
    room.close()


def code(room: Classroom, student: Student) -> str:
    return enrol_path(room, student).rpartition("/")[2]


def enrol(
    room: Classroom, student: Student, source: Source = PHONE, *, credential: str | None = None
) -> NewPhone:
    enrolments = room.cases.phones.enrolments
    form = enrolments.exchange(code(room, student), source.browser)
    return enrolments.enrol(form, PIN, source=source, kind="iPhone", credential=credential)


def actions(room: Classroom) -> list[tuple[str, str, str, str]]:
    entries = room.store.read(lambda repositories: repositories.audit.entries())
    return [
        (one.actor, one.action, one.subject, one.detail)
        for one in reversed(entries)
        if one.action.startswith("phone.")
    ]


def digest(room: Classroom, done: NewPhone) -> str:
    found = digest_of(done.secret)
    assert found is not None
    return found


def test_a_phone_is_enrolled_by_the_teachers_code_and_the_students_pin(room: Classroom) -> None:
    enrolments = room.cases.phones.enrolments
    done = enrol(room, room.anita)
    assert enrolments.own(room.anita) == [done.phone]
    assert (done.phone.kind, done.phone.enrolled_by, done.before) == ("iPhone", teacher().name, None)
    assert room.phone.signed_in(done.token) == room.anita
    assert enrolments.this_one(digest(room, done)) == done.phone.phone_id
    assert enrolments.state().done == done
    assert actions(room) == [(teacher().name, "phone.enrolled", room.anita.student_no, "iPhone")]


def test_the_database_has_no_secret(room: Classroom, tmp_path: Path) -> None:
    done = enrol(room, room.anita)
    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert any(done.phone.kind.encode() in content for content in files)
    assert not any(done.secret.encode() in content for content in files)


def test_a_code_is_over_after_a_minute(room: Classroom) -> None:
    enrolments = room.cases.phones.enrolments
    text = code(room, room.anita)
    room.clock.advance(CODE_S)
    assert (enrolments.state().url, enrolments.state().remaining_s) == ("", 0)
    with pytest.raises(ExpiredCodeError):
        enrolments.exchange(text, "phone-1")


def test_a_code_is_taken_once_and_its_form_is_one_browsers(room: Classroom) -> None:
    enrolments = room.cases.phones.enrolments
    text = code(room, room.anita)
    form = enrolments.exchange(text, "phone-1")
    assert (enrolments.state().url, enrolments.state().is_scanned) == ("", True)
    for browser in ("phone-1", "phone-2"):
        with pytest.raises(ExpiredCodeError):
            enrolments.exchange(text, browser)
    with pytest.raises(ExpiredCodeError):
        enrolments.enrol(form, PIN, source=OTHER)
    enrolments.enrol(form, PIN, source=PHONE)
    with pytest.raises(ExpiredCodeError):
        enrolments.enrol(form, PIN, source=PHONE)
    assert len(enrolments.own(room.anita)) == 1


def test_a_code_of_nobody_and_one_that_was_replaced_or_taken_down_are_refused(room: Classroom) -> None:
    enrolments = room.cases.phones.enrolments
    with pytest.raises(ExpiredCodeError):
        enrolments.exchange("A" * 24, "phone-1")
    first, second = code(room, room.anita), code(room, room.ben)
    with pytest.raises(ExpiredCodeError):
        enrolments.exchange(first, "phone-1")
    enrolments.end()
    with pytest.raises(ExpiredCodeError):
        enrolments.exchange(second, "phone-1")


def test_who_types_slowly_has_time_and_not_for_ever(room: Classroom) -> None:
    enrolments = room.cases.phones.enrolments
    form = enrolments.exchange(code(room, room.anita), "phone-1")
    enrolments.end()  # the teacher goes on to the next student
    room.clock.advance(FORM_S - 1)
    assert enrolments.asked(form, "phone-1") == room.anita
    room.clock.advance(1)
    with pytest.raises(ExpiredCodeError):
        enrolments.enrol(form, PIN, source=PHONE)


def test_a_wrong_pin_enrols_nothing_and_another_try_is_good(room: Classroom) -> None:
    enrolments = room.cases.phones.enrolments
    form = enrolments.exchange(code(room, room.anita), "phone-1")
    with pytest.raises(SignInError):
        enrolments.enrol(form, "000000", source=PHONE)
    assert enrolments.own(room.anita) == []
    enrolments.enrol(form, PIN, source=PHONE)


def test_a_phone_is_one_students_and_enrolling_it_for_another_one_says_so(room: Classroom) -> None:
    first = enrol(room, room.anita)
    second = enrol(room, room.ben, credential=digest(room, first))
    assert second.before == room.anita
    assert room.cases.phones.enrolments.own(room.anita) == []
    detail = f"enrolled for {room.ben.student_no}"
    assert (teacher().name, "phone.removed", room.anita.student_no, detail) in actions(room)


def test_enrolling_a_phone_again_keeps_one(room: Classroom) -> None:
    first = enrol(room, room.anita)
    again = enrol(room, room.anita, credential=digest(room, first))
    assert again.before is None
    assert room.cases.phones.enrolments.own(room.anita) == [again.phone]
    assert room.cases.phones.enrolments.this_one(digest(room, first)) is None


def test_a_student_has_three_phones_at_most(room: Classroom) -> None:
    enrolments = room.cases.phones.enrolments
    form = enrolments.exchange(code(room, room.anita), "late")
    for number in range(3):
        enrol(room, room.anita, Source(f"phone-{number}", "10.0.0.7"))
    with pytest.raises(ConflictError, match="3 phones"):
        enrolments.begin(room.anita, actor=teacher())
    with pytest.raises(ConflictError):
        enrolments.enrol(form, PIN, source=Source("late", "10.0.0.7"))
    assert len(enrolments.own(room.anita)) == 3


def test_a_lost_phone_is_removed_by_the_student_and_by_the_teacher_and_by_nobody_else(
    room: Classroom,
) -> None:
    enrolments = room.cases.phones.enrolments
    first, second = enrol(room, room.anita), enrol(room, room.anita, OTHER)
    with pytest.raises(NotFoundError):
        enrolments.remove_own(room.ben, first.phone.phone_id)
    with pytest.raises(ForbiddenError):
        enrolments.remove(room.anita, first.phone.phone_id, actor=NOBODY)
    with pytest.raises(ForbiddenError):
        enrolments.begin(room.anita, actor=NOBODY)
    enrolments.remove_own(room.anita, first.phone.phone_id)
    enrolments.remove(room.anita, second.phone.phone_id, actor=teacher())
    assert enrolments.of_student(room.anita, actor=teacher()) == []
    assert [actor for actor, action, _subject, _detail in actions(room) if action == "phone.removed"] == [
        f"student {room.anita.student_no}",
        teacher().name,
    ]


def test_a_new_slip_removes_the_phones(room: Classroom) -> None:
    enrol(room, room.anita)
    _slips, keep = room.cases.people.pins.prepare(
        room.course_id, on=room.clock.now().date(), actor=admin(), renew=True
    )
    assert len(room.cases.phones.enrolments.own(room.anita)) == 1  # until the slips are written
    keep()
    assert room.cases.phones.enrolments.own(room.anita) == []
    assert actions(room)[-1][1:3] == ("phone.removed", room.anita.student_no)


def test_deleting_a_student_deletes_the_phones(room: Classroom) -> None:
    done = enrol(room, room.ben)
    room.cases.people.removal.remove(room.ben, actor=admin())
    assert room.cases.phones.enrolments.this_one(digest(room, done)) is None

from datetime import timedelta

import pytest
from sqlmodel import select

from kiosk.domain.attendance.choices import CheckInOutcome, Method, Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.record import Evidence
from kiosk.domain.listing import ListQuestion
from kiosk.domain.people.students import Student
from kiosk.domain.reports.kinds import ReportKind, ReportQuestion
from kiosk.errors import ConflictError
from kiosk.services.attendance.check_in import REOPENED, Claim
from kiosk.services.events import CheckInResult
from kiosk.storage.database.tables import AuditRow
from kiosk.storage.repositories.audit import RECORDS_SEALED
from kiosk.storage.repositories.record_seals import BROKEN, OPEN_AGAIN
from tests.fakes.actors import admin, teacher
from tests.unit.services.attendance.afterwards.test_adding import add
from tests.unit.services.attendance.classes import actions, end, face, mark, start, statuses
from tests.world.school import SmallSchool

ABSENT, PRESENT, LATE = Status.ABSENT, Status.PRESENT, Status.LATE


def ended_too_early(school: SmallSchool) -> tuple[ClassSession, list[Student]]:
    course, students = school.add_course()
    session = start(school, course)
    face(school, session, students[0])
    end(school, session)
    school.clock.advance(120)
    return session, students


def open_again(school: SmallSchool, session: ClassSession, *, minutes: int = 15) -> ClassSession:
    reopening = school.cases.attendance.afterwards.reopening
    return reopening.open_again(session.session_id, minutes=minutes, actor=teacher())


def come(school: SmallSchool, session: ClassSession, student: Student) -> CheckInResult:
    proof = Evidence(Method.FACE, school.clock.now(), distance=0.2)
    return school.checkin.submit(Claim(session.session_id, student.student_id, proof)).result()


def test_whom_only_the_end_made_absent_can_show_up_and_is_not_here_yet(school: SmallSchool) -> None:
    session, (_anna, ben, _carl) = ended_too_early(school)
    assert statuses(school, session) == [PRESENT, ABSENT, ABSENT]
    opened = open_again(school, session)
    assert (opened.is_open, opened.reopened_until) == (True, school.clock.now() + timedelta(minutes=15))
    assert statuses(school, session) == [PRESENT, None, None]
    result = come(school, session, ben)
    assert result.outcome is CheckInOutcome.MARKED_PRESENT
    assert result.record is not None
    (before,) = school.sessions.history(result.record.record_id, actor=teacher())
    assert (before.before.status, before.reason) == (ABSENT, REOPENED)
    told = end(school, session)
    assert (told.absent, statuses(school, session)) == (1, [PRESENT, PRESENT, ABSENT])
    assert school.sessions.session(session.session_id).reopened_until is None


def test_nobody_is_below_the_limit_for_a_class_that_is_open_again(school: SmallSchool) -> None:
    session, (_anna, ben, _carl) = ended_too_early(school)
    question = ReportQuestion(ReportKind.BELOW_LIMIT)
    reports, people = school.cases.reports.shown, school.cases.people.listing

    def attended_and_missed() -> tuple[int, list[int]]:
        listed = people.page(ListQuestion(), first=0, most=5, actor=admin())
        missed = [one.count.absent for one in listed if one.student == ben]
        return len(reports.below_limit(question, actor=admin()).students), missed

    assert attended_and_missed() == (2, [1])
    open_again(school, session)
    people.forget()
    assert attended_and_missed() == (0, [0])


def test_what_a_teacher_decided_stays(school: SmallSchool) -> None:
    session, (_anna, ben, _carl) = ended_too_early(school)
    mark(school, session, ben, Status.EXCUSED, "ill")
    open_again(school, session)
    assert come(school, session, ben).outcome is CheckInOutcome.HELD_BY_TEACHER
    assert statuses(school, session) == [PRESENT, Status.EXCUSED, None]


def test_it_ends_by_itself_when_its_window_is_over_even_on_the_next_day(school: SmallSchool) -> None:
    session, _students = ended_too_early(school)
    school.clock.advance(20 * 3600)
    opened = open_again(school, session, minutes=10)
    assert school.sessions.end_forgotten() == []
    school.clock.advance(601)
    assert school.sessions.end_forgotten() == [session.session_id]
    found = school.sessions.session(session.session_id)
    assert found.ended_at == opened.reopened_until
    assert statuses(school, session) == [PRESENT, ABSENT, ABSENT]


def test_the_log_proves_the_records_before_and_after_and_does_not_doubt_an_open_class(
    school: SmallSchool,
) -> None:
    session, (_anna, ben, _carl) = ended_too_early(school)
    audit = school.cases.trust.audit
    open_again(school, session)
    come(school, session, ben)
    assert audit.verify_records(actor=admin()).changed == ()
    end(school, session)
    assert audit.verify_records(actor=admin()).changed == ()
    assert "session.opened_again" in actions(school)
    school.store.write(
        lambda repositories: repositories.db_session.connection().exec_driver_sql(
            "UPDATE attendance_records SET status = 'present'"
        )
    )
    assert audit.verify_records(actor=admin()).changed == (session.session_id,)


def test_records_changed_beside_the_program_show_also_when_the_class_is_opened_again(
    school: SmallSchool,
) -> None:
    session, _students = ended_too_early(school)
    school.store.write(
        lambda repositories: repositories.db_session.connection().exec_driver_sql(
            "UPDATE attendance_records SET status = 'present'"
        )
    )
    open_again(school, session)
    details = school.store.read(
        lambda repositories: repositories.db_session.exec(
            select(AuditRow.detail).where(AuditRow.action == RECORDS_SEALED)
        ).all()
    )
    assert details[-1] == f"{BROKEN}{OPEN_AGAIN}"


def test_what_cannot_be_opened_again_says_why(school: SmallSchool) -> None:
    session, _students = ended_too_early(school)
    for minutes in (0, 241):
        with pytest.raises(ConflictError, match="1 to 240 minutes"):
            open_again(school, session, minutes=minutes)
    course = school.sessions.course_of(session)
    added = add(school, course, school.clock.now() - timedelta(hours=3))
    with pytest.raises(ConflictError, match="without the kiosk"):
        open_again(school, added)
    cancelling = school.cases.attendance.afterwards.cancelling
    cancelling.cancel(session.session_id, reason="strike", actor=teacher())
    with pytest.raises(ConflictError, match="cancelled"):
        open_again(school, session)
    cancelling.take_back(session.session_id, actor=teacher())
    other = start(school, course)
    with pytest.raises(ConflictError, match="Another session of this course is open"):
        open_again(school, session)
    end(school, other)
    school.clock.advance(25 * 3600)
    with pytest.raises(ConflictError, match="more than a day ago"):
        open_again(school, session)
    opened = start(school, course)
    with pytest.raises(ConflictError, match="still open"):
        open_again(school, opened)


def test_a_class_of_an_archived_course_is_not_opened_again(school: SmallSchool) -> None:
    session, _students = ended_too_early(school)
    editing = school.cases.courses.editing
    course = school.sessions.course_of(session)
    editing.archive(course, actor=admin())

    with pytest.raises(ConflictError, match="CS 101 is archived"):
        open_again(school, session)
    assert not school.sessions.session(session.session_id).is_open

    editing.reopen(course, actor=admin())
    assert open_again(school, session).is_open

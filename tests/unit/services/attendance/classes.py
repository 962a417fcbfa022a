"""What happens in a class of a small school, in one line each."""

from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.record import AttendanceRecord, Evidence
from kiosk.domain.attendance.school_status import AnyStatus
from kiosk.domain.courses.courses import Course
from kiosk.domain.people.students import Student
from kiosk.services.attendance.check_in import Claim
from kiosk.services.events import SessionEnded
from tests.fakes.actors import admin
from tests.world.school import SmallSchool


def start(school: SmallSchool, course: Course) -> ClassSession:
    return school.sessions.start(course.course_id, actor=admin("Anna"), model="fake")


def end(school: SmallSchool, session: ClassSession) -> SessionEnded:
    return school.sessions.end(session.session_id, actor=admin("Anna"))


def meet(school: SmallSchool, course: Course) -> None:
    end(school, start(school, course))


def face(school: SmallSchool, session: ClassSession, student: Student) -> AttendanceRecord:
    proof = Evidence(Method.FACE, school.clock.now(), distance=0.2)
    record = school.checkin.submit(Claim(session.session_id, student.student_id, proof)).result().record
    assert record is not None
    return record


def mark(
    school: SmallSchool,
    session: ClassSession,
    student: Student,
    status: AnyStatus,
    reason: str = "phone broken",
) -> AttendanceRecord:
    return school.marks.mark(
        session.session_id, student.student_id, status, actor=admin("Anna"), reason=reason
    )


def statuses(school: SmallSchool, session: ClassSession) -> list[Status | None]:
    return [
        entry.record.status if entry.record else None for entry in school.sessions.roster(session.session_id)
    ]


def actions(school: SmallSchool) -> list[str]:
    entries = school.store.read(lambda repositories: repositories.audit.entries())
    return [entry.action for entry in reversed(entries)]

"""A small school inside a real database, for the tests of the store."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from kiosk.domain.attendance.choices import LivenessMode, Method, ProofPolicy, Status
from kiosk.domain.attendance.class_session import SESSION_STARTED, ClassSession
from kiosk.domain.attendance.record import AttendanceRecord, Evidence
from kiosk.domain.courses.courses import Course
from kiosk.domain.people.students import Student
from kiosk.storage.repositories.repositories import Repositories
from kiosk.storage.store import Database

START = datetime(2026, 3, 2, 8, 0, 0, 123456, tzinfo=UTC)
DAY = START.date()
TERM = date(2026, 1, 12)


@dataclass(frozen=True, slots=True)
class Classroom:
    """One course with three students and one open class session."""

    course: Course
    students: tuple[Student, ...]
    session: ClassSession


def add_session(repositories: Repositories, course: Course, started_at: datetime = START) -> ClassSession:
    repositories.audit.add(started_at, "teacher", SESSION_STARTED, course.code)
    return repositories.class_sessions.add(
        course_id=course.course_id,
        started_at=started_at,
        late_after=timedelta(minutes=10),
        policy=ProofPolicy.EITHER,
        liveness=LivenessMode.OFF,
        started_by="teacher",
        model="dlib-resnet-v1",
        code_key=b"k" * 32,
    )


def add_classroom(database: Database) -> Classroom:
    with database.transaction() as repositories:
        course = repositories.courses.add(code="MATH-1", title="Mathematics", room="R1")
        names = ("Zoë Adler", "Émile Bauer", "carl Conrad")
        students = tuple(
            repositories.students.add(student_no=f"s{number}", full_name=name, email=None)
            for number, name in enumerate(names, start=1)
        )
        for student in students:
            repositories.courses.register(course.course_id, student.student_id, TERM)
        session = add_session(repositories, course)
    return Classroom(course, students, session)


def mark(
    repositories: Repositories, session: ClassSession, student: Student, status: Status = Status.PRESENT
) -> AttendanceRecord:
    at = session.started_at + timedelta(minutes=1)
    return repositories.records.add(
        session_id=session.session_id,
        student_id=student.student_id,
        status=status,
        method=Method.FACE,
        marked_at=at,
        evidence=[Evidence(Method.FACE, at, distance=0.31, margin=0.2, votes=3, model="dlib-resnet-v1")],
    )

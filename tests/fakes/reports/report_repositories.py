"""A school in memory, as far as reports look at it, and a realistic sample of two courses."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from kiosk.domain.attendance.choices import LivenessMode, Method, ProofPolicy, Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.record import AttendanceRecord, Evidence
from kiosk.domain.courses.courses import Course
from kiosk.domain.people.students import Student
from kiosk.domain.records.filters import ReportFilter, ReportRow
from kiosk.services.ports.outputs import ReportContext

ZONE = ZoneInfo("Europe/Berlin")
NAMES = (
    *("Amélie Dubois", "Anna Schmidt", "Βασίλης Παπαδόπουλος", "Björn Åkesson", "Chidi Okafor"),
    *("Daria Kowalska", "Elif Yılmaz", "Emil Nyström", "Fatima El-Amin", "Giulia Conti"),
    *("Hana Nováková", "Иван Петров", "Jonas Weber", "Kenji Tanaka", "Lea Müller"),
    *("Liam O’Connor", "Mei Lin Wong", "Noah Fischer", "Olivia Hartmann", "Priya Raghunathan"),
    *("Ravi Shankar", "Sofía García Hernández", "Tomás Ferreira", "Yusuf Demir", "Zoë van der Berg"),
)


@dataclass(slots=True)
class FakeReportRepositories:
    """Implements `ReportRepositories`; `rosters` says who is registered."""

    all_courses: list[Course] = field(default_factory=list)
    all_sessions: list[ClassSession] = field(default_factory=list)
    rosters: dict[int, list[Student]] = field(default_factory=dict)
    records: list[AttendanceRecord] = field(default_factory=list)
    fails_after: int | None = None
    failure: OSError | None = None

    @property
    def courses(self) -> Self:
        return self

    @property
    def reports(self) -> Self:
        return self

    def get(self, course_id: int) -> Course | None:
        return next((course for course in self.all_courses if course.course_id == course_id), None)

    def cancelled(self, chosen: ReportFilter) -> list[ClassSession]:
        return [session for session in self._chosen(chosen) if not session.counts]

    def sessions(self, chosen: ReportFilter) -> list[ClassSession]:
        return [session for session in self._chosen(chosen) if session.counts]

    def _chosen(self, chosen: ReportFilter) -> list[ClassSession]:
        codes = {course.course_id: course.code for course in self.all_courses}
        found = [
            session
            for session in self.all_sessions
            if (chosen.course_id is None or session.course_id == chosen.course_id)
            and (chosen.since is None or session.started_at >= chosen.since)
            and (chosen.until is None or session.started_at < chosen.until)
        ]
        return sorted(found, key=lambda session: (codes[session.course_id], session.started_at))

    def students(self, chosen: ReportFilter) -> list[Student]:
        wanted = {session.course_id for session in self.sessions(chosen)} | {chosen.course_id}
        found = {
            student.student_id: student
            for course_id, roster in self.rosters.items()
            if course_id in wanted
            for student in roster
        }
        return sorted(found.values(), key=lambda student: student.full_name)

    def rows(self, chosen: ReportFilter) -> Iterator[ReportRow]:
        courses = {course.course_id: course for course in self.all_courses}
        students = {student.student_id: student for roster in self.rosters.values() for student in roster}
        by_session: dict[int, list[AttendanceRecord]] = {}
        for record in self.records:
            by_session.setdefault(record.session_id, []).append(record)
        given = 0
        for session in self.sessions(chosen):
            of_session = by_session.get(session.session_id, [])
            for record in sorted(of_session, key=lambda record: students[record.student_id].full_name):
                if self.failure is not None and given == self.fails_after:
                    raise self.failure
                given += 1
                yield ReportRow(courses[session.course_id], session, students[record.student_id], record)

    def add_session(self, course_id: int, started_at: datetime) -> ClassSession:
        session = ClassSession(
            session_id=len(self.all_sessions) + 1,
            course_id=course_id,
            started_at=started_at,
            ended_at=started_at + timedelta(minutes=90),
            late_after=timedelta(minutes=10),
            policy=ProofPolicy.EITHER,
            liveness=LivenessMode.OFF,
            started_by="teacher",
            model="dlib-resnet-v1",
            code_key=bytes(32),
        )
        self.all_sessions.append(session)
        return session

    def add_record(
        self,
        session: ClassSession,
        student: Student,
        status: Status,
        *,
        minute: float = 0,
        evidence: tuple[Evidence, ...] = (),
        version: int = 1,
    ) -> None:
        moment = session.started_at + timedelta(minutes=minute)
        method = evidence[-1].method if evidence else None
        self.records.append(
            AttendanceRecord(
                record_id=len(self.records) + 1,
                session_id=session.session_id,
                student_id=student.student_id,
                status=status,
                method=method,
                marked_at=moment,
                evidence=evidence,
                version=version,
            )
        )


def sample_school(*, courses: int = 2, students: int = 25, sessions: int = 8) -> FakeReportRepositories:
    """Two courses that share some students, met once a week, with every status and method."""
    school = FakeReportRepositories()
    titles = (("CS101", "Introduction to Programming"), ("MATH/2", "Linear Algebra"))
    people = [
        Student(number, f"S{number:03d}", NAMES[(number - 1) % len(NAMES)])
        for number in range(1, students + 1)
    ]
    for course_id in range(1, courses + 1):
        code, title = titles[course_id - 1] if course_id <= 2 else (f"C{course_id}", f"Course {course_id}")
        school.all_courses.append(Course(course_id, code, title, "B204"))
        school.rosters[course_id] = people if course_id == 1 else people[: students * 3 // 5]
        first = datetime(2026, 9, 28, 7, 0, tzinfo=UTC) + timedelta(days=course_id)
        for week in range(sessions):
            session = school.add_session(course_id, first + timedelta(weeks=week))
            for student in school.rosters[course_id]:
                _mark(school, session, student, week)
    return school


def _mark(school: FakeReportRepositories, session: ClassSession, student: Student, week: int) -> None:
    draw = (student.student_id * 7 + week * 11 + session.course_id * 5) % 24
    minute = draw / 3
    at = session.started_at + timedelta(minutes=minute)
    if draw == 0:
        school.add_record(session, student, Status.ABSENT, minute=90)
    elif draw == 1:
        reason = Evidence(Method.MANUAL, at, actor="m.keller", reason="Doctor's appointment")
        school.add_record(session, student, Status.EXCUSED, minute=minute, evidence=(reason,), version=2)
    elif draw in {2, 3}:
        phone = Evidence(Method.PHONE, at, device="3fa91c2b77d04e18", address="10.20.4.31")
        school.add_record(session, student, Status.LATE, minute=10 + minute, evidence=(phone,))
    elif draw in {4, 5, 6}:
        phone = Evidence(Method.PHONE, at, device="9be04477aa120c55", address="10.20.4.32")
        school.add_record(session, student, Status.PRESENT, minute=minute, evidence=(phone,))
    else:
        face = Evidence(
            Method.FACE,
            at,
            first_seen_at=at,
            distance=0.22 + draw / 100,
            margin=0.1 + draw / 200,
            votes=3 + draw % 4,
            model="dlib-resnet-v1",
        )
        school.add_record(session, student, Status.PRESENT, minute=minute, evidence=(face,))


def sample_context(chosen: ReportFilter | None = None, label: str = "All courses") -> ReportContext:
    """What the sample's *About* sheet says."""
    return ReportContext(
        chosen=chosen or ReportFilter(),
        course_label=label,
        generated_at=datetime(2026, 11, 23, 9, 30, 15, 250_000, tzinfo=UTC),
        generated_by="head",
        zone=ZONE,
        version="3.2.1",
        log_head="17 0123abcd",
    )

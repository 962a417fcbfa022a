"""Reports over a real database: what they count, whom they name, and what they refuse."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from kiosk.domain.attendance.attendance_rates import Trend
from kiosk.domain.attendance.choices import LivenessMode, Method, ProofPolicy, Status
from kiosk.domain.attendance.record import AttendanceCount
from kiosk.domain.courses.courses import Course
from kiosk.domain.people.staff import Role
from kiosk.domain.people.students import Student
from kiosk.domain.records.filters import ReportFilter
from kiosk.domain.reports.kinds import ReportKind, ReportQuestion
from kiosk.domain.trust.rights import NOBODY, Actor
from kiosk.errors import ConflictError, ForbiddenError, NotFoundError
from kiosk.services.attendance.afterwards.adding import NewSession
from kiosk.services.reports.attendance_reports import AttendanceReports
from kiosk.services.reports.pictures.list_pictures import class_words
from kiosk.services.reports.report_tables import table_of
from kiosk.settings import SchoolRules
from kiosk.storage.repositories.repositories import Repositories
from kiosk.wording.reports import summary
from tests.fakes.actors import admin
from tests.world.school import ZONE, SmallSchool

P, L, E, A = Status.PRESENT, Status.LATE, Status.EXCUSED, Status.ABSENT
ANNA = admin("Anna")


@pytest.fixture
def reports(school: SmallSchool) -> AttendanceReports:
    return school.cases.reports.shown


@pytest.fixture
def course(school: SmallSchool) -> Course:
    school.clock.advance((at(2026, 9, 1, 8) - school.clock.now()).total_seconds())
    return school.add_course(students=0)[0]


def at(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZONE)


def add_student(school: SmallSchool, course: Course, number: str, name: str) -> Student:
    day = school.clock.now().astimezone(ZONE).date()

    def work(repositories: Repositories) -> Student:
        student = repositories.students.add(student_no=number, full_name=name, email=None)
        repositories.courses.register(course.course_id, student.student_id, day)
        return student

    return school.store.write(work)


def hold(
    school: SmallSchool,
    course: Course,
    start: datetime,
    marks: dict[Student, tuple[Status, Method | None, int]],
) -> int:
    """A class with records: status, method, and minutes after the start."""

    def work(repositories: Repositories) -> int:
        session = repositories.class_sessions.add(
            course_id=course.course_id,
            started_at=start,
            late_after=timedelta(minutes=10),
            policy=ProofPolicy.EITHER,
            liveness=LivenessMode.OFF,
            started_by="Tom",
            model="fake",
            code_key=bytes(32),
        )
        repositories.class_sessions.end(session.session_id, start + timedelta(minutes=90))
        for student, (status, method, minutes) in marks.items():
            repositories.records.add(
                session_id=session.session_id,
                student_id=student.student_id,
                status=status,
                method=method,
                marked_at=start + timedelta(minutes=minutes),
                evidence=(),
            )
        return session.session_id

    return school.store.write(work)


def weekly(
    school: SmallSchool, course: Course, student: Student, statuses: list[Status], first: datetime
) -> None:
    for number, status in enumerate(statuses):
        hold(school, course, first + timedelta(weeks=number), {student: (status, Method.FACE, 0)})


def ask(kind: ReportKind, course: Course | None = None, **named: object) -> ReportQuestion:
    return replace(ReportQuestion(kind, course.course_id if course else None), **named)  # type: ignore[arg-type]


def test_the_register_has_each_student_in_each_class_by_family_name(
    school: SmallSchool, course: Course, reports: AttendanceReports
) -> None:
    zoe = add_student(school, course, "S1", "Zoe Adams")
    ann = add_student(school, course, "S2", "Ann Young")
    hold(school, course, at(2026, 9, 7, 9), {zoe: (P, Method.FACE, -3), ann: (A, None, 90)})
    hold(school, course, at(2026, 9, 14, 9), {ann: (L, Method.PHONE, 12)})
    register = reports.register(ask(ReportKind.REGISTER, course), actor=ANNA)
    assert [meeting.started_at for meeting in register.meetings] == [at(2026, 9, 7, 9), at(2026, 9, 14, 9)]
    assert [(row.student.full_name, row.marks) for row in register.rows] == [
        ("Zoe Adams", (P, None)),
        ("Ann Young", (A, L)),
    ]
    assert register.rows[1].count == AttendanceCount(late=1, absent=1)
    assert register.meetings[0].count == AttendanceCount(present=1, absent=1)
    assert register.head.teachers == ("Tom",)
    assert register.head.course == "CS 101 · Title of CS 101"


def test_a_class_that_was_added_counts_from_its_first_mark_on(
    school: SmallSchool, course: Course, reports: AttendanceReports
) -> None:
    zoe = add_student(school, course, "S1", "Zoe Adams")
    hold(school, course, at(2026, 9, 7, 9), {zoe: (P, Method.FACE, 1)})
    hold(school, course, at(2026, 9, 7, 13), {})
    school.clock.advance(20 * 86400)
    new = NewSession(course.course_id, at(2026, 9, 8, 9), timedelta(minutes=90))
    added = school.cases.attendance.afterwards.adding.add(new, actor=ANNA)

    def counted() -> tuple[int, int, int, int]:
        chosen = ReportFilter(course.course_id)
        return (
            len(reports.register(ask(ReportKind.REGISTER, course), actor=ANNA).meetings),
            sum(one.meetings for one in reports.over_weeks(ask(ReportKind.WEEKS, course), actor=ANNA).weeks),
            len(reports.school_day(ask(ReportKind.DAY, first=date(2026, 9, 8)), actor=ANNA).classes),
            len(school.store.read(lambda repositories: repositories.reports.sessions(chosen))),
        )

    assert counted() == (2, 2, 0, 2)  # an empty class that the kiosk held was held
    school.marks.mark(added.session_id, zoe.student_id, P, actor=ANNA, reason="paper list")
    assert counted() == (3, 3, 1, 3)


def test_days_are_those_of_the_schools_zone_and_inclusive(
    school: SmallSchool, course: Course, reports: AttendanceReports
) -> None:
    zoe = add_student(school, course, "S1", "Zoe Adams")
    held = [at(2026, 9, 7, 0, 10), at(2026, 9, 8, 23, 50), at(2026, 9, 9, 0, 10)]
    for start in held:
        hold(school, course, start, {zoe: (P, Method.FACE, 0)})
    asked = ask(ReportKind.REGISTER, course, first=date(2026, 9, 7), last=date(2026, 9, 8))
    assert [one.started_at for one in reports.register(asked, actor=ANNA).meetings] == held[:2]


def test_weeks_begin_on_monday_and_those_without_a_class_are_left_out(
    school: SmallSchool, course: Course, reports: AttendanceReports
) -> None:
    zoe = add_student(school, course, "S1", "Zoe Adams")
    # A Sunday night in Berlin, which in UTC is the same day; then the Monday after; then two weeks later.
    for start, status in [(at(2026, 9, 6, 23), P), (at(2026, 9, 7, 0, 30), A), (at(2026, 9, 21, 9), L)]:
        hold(school, course, start, {zoe: (status, Method.FACE, 0)})
    weeks = reports.over_weeks(ask(ReportKind.WEEKS), actor=ANNA)
    assert [(week.monday, week.meetings, week.count.attended) for week in weeks.weeks] == [
        (date(2026, 8, 31), 1, 1),
        (date(2026, 9, 7), 1, 0),
        (date(2026, 9, 21), 1, 1),
    ]
    assert weeks.total.total == 3
    assert weeks.head.course == ""


def test_arrivals_are_counted_in_steps_and_marks_by_hand_stand_apart(
    school: SmallSchool, course: Course, reports: AttendanceReports
) -> None:
    people = [add_student(school, course, f"S{number}", f"Student {number}") for number in range(6)]
    marks = [
        (P, Method.FACE, -200),
        (P, Method.FACE, -1),
        (P, Method.PHONE, 0),
        (L, Method.PASS, 13),
        (P, Method.MANUAL, 80),
        (A, None, 90),
    ]
    hold(school, course, at(2026, 9, 7, 9), dict(zip(people, marks, strict=True)))
    found = reports.arrival_times(ask(ReportKind.ARRIVALS, course), actor=ANNA)
    taken = {step.from_min: (step.on_time, step.late) for step in found.steps if step.on_time or step.late}
    assert taken == {-20: (1, 0), -2: (1, 0), 0: (1, 0), 12: (0, 1)}
    assert [step.from_min for step in found.steps] == list(range(-20, 14, 2))
    assert (found.arrived, found.by_hand, found.late_after_min, found.median_min) == (4, 1, 10, -0.5)


def test_what_marked_students_is_counted_by_week(
    school: SmallSchool, course: Course, reports: AttendanceReports
) -> None:
    zoe, ann = add_student(school, course, "S1", "Zoe"), add_student(school, course, "S2", "Ann")
    hold(school, course, at(2026, 9, 7, 9), {zoe: (P, Method.FACE, 0), ann: (L, Method.MANUAL, 20)})
    hold(school, course, at(2026, 9, 14, 9), {zoe: (P, Method.FACE, 0), ann: (E, Method.MANUAL, 0)})
    found = reports.how_marked(ask(ReportKind.METHODS, course), actor=ANNA)
    assert [(week.monday, dict(week.counts)) for week in found.weeks] == [
        (date(2026, 9, 7), {Method.FACE: 1, Method.MANUAL: 1}),
        (date(2026, 9, 14), {Method.FACE: 1}),
    ]
    assert (found.total(Method.FACE), found.marks) == (2, 3)


def test_who_is_below_the_limit_comes_lowest_first_with_the_way_it_goes(
    school: SmallSchool, course: Course, reports: AttendanceReports
) -> None:
    down = add_student(school, course, "S1", "Dan Down")
    good = add_student(school, course, "S2", "Gil Good")
    low = add_student(school, course, "S3", "Lou Low")
    first = at(2026, 9, 7, 9)
    weekly(school, course, down, [P, P, P, P, P, L, A, A, A], first)
    weekly(school, course, good, [P, P, P, A], first)
    weekly(school, course, low, [A, E], first)
    found = reports.below_limit(ask(ReportKind.BELOW_LIMIT), actor=ANNA)
    assert [(one.student.full_name, one.count.attended) for one in found.students] == [
        ("Lou Low", 0),
        ("Dan Down", 6),
    ]
    last = found.students[1]
    assert (last.way, last.missed_lately) == (Trend.DOWN, 3)
    assert last.last_seen == first + timedelta(weeks=5)
    assert found.students[0].last_seen is None
    assert found.examined == 3


def test_the_schools_own_limit_counts(
    school: SmallSchool, course: Course, reports: AttendanceReports
) -> None:
    weekly(school, course, add_student(school, course, "S1", "Zoe"), [P, A], at(2026, 9, 7, 9))
    school.school.change_rules(SchoolRules(attendance_limit_percent=50), actor=ANNA)
    assert reports.below_limit(ask(ReportKind.BELOW_LIMIT), actor=ANNA).students == ()


def test_who_left_the_course_is_not_below_its_limit(
    school: SmallSchool, course: Course, reports: AttendanceReports
) -> None:
    zoe = add_student(school, course, "S1", "Zoe")
    weekly(school, course, zoe, [A, A], at(2026, 9, 7, 9))
    school.clock.advance(timedelta(days=30).total_seconds())
    assert len(reports.below_limit(ask(ReportKind.BELOW_LIMIT), actor=ANNA).students) == 1
    today = school.cases.core.today()
    school.store.write(
        lambda repositories: repositories.courses.unregister(course.course_id, zoe.student_id, today)
    )
    assert reports.below_limit(ask(ReportKind.BELOW_LIMIT), actor=ANNA).students == ()


def test_a_students_calendar_has_all_courses(
    school: SmallSchool, course: Course, reports: AttendanceReports
) -> None:
    other = school.add_course("ART", students=0)[0]
    zoe, ann = add_student(school, course, "S1", "Zoe"), add_student(school, course, "S2", "Ann")
    hold(school, course, at(2026, 9, 7, 9), {zoe: (P, Method.FACE, 1), ann: (A, None, 90)})
    hold(school, other, at(2026, 9, 7, 11), {zoe: (A, None, 90)})
    asked = ask(ReportKind.STUDENT, student_id=zoe.student_id)
    calendar = reports.student_calendar(asked, actor=ANNA)
    assert [(one.course_label, one.status) for one in calendar.of_day(date(2026, 9, 7))] == [
        ("CS 101 · Title of CS 101", P),
        ("ART · Title of ART", A),
    ]
    assert calendar.by_course == (
        ("ART · Title of ART", AttendanceCount(absent=1)),
        ("CS 101 · Title of CS 101", AttendanceCount(present=1)),
    )


def test_the_schools_day_has_its_classes_in_order(
    school: SmallSchool, course: Course, reports: AttendanceReports
) -> None:
    other = school.add_course("ART", students=2)[0]
    zoe = add_student(school, course, "S1", "Zoe")
    hold(school, course, at(2026, 9, 7, 11), {zoe: (P, Method.FACE, 1)})
    hold(school, other, at(2026, 9, 7, 9), {})
    hold(school, other, at(2026, 9, 8, 9), {})
    day = reports.school_day(ask(ReportKind.DAY, first=date(2026, 9, 7)), actor=ANNA)
    assert [(one.course_label, one.registered, one.held_by) for one in day.classes] == [
        ("ART · Title of ART", 2, "Tom"),
        ("CS 101 · Title of CS 101", 1, "Tom"),
    ]
    assert day.total == AttendanceCount(present=1)


def test_a_class_begun_on_the_command_line_is_held_in_plain_words(
    school: SmallSchool, course: Course, reports: AttendanceReports
) -> None:
    session = school.sessions.start(course.course_id, actor=Actor.local("root"), model="fake")
    school.sessions.end(session.session_id, actor=Actor.local("root"))
    day = reports.school_day(ask(ReportKind.DAY, course), actor=ANNA)
    assert day.head.teachers == ("root on the command line",)
    assert "held by root on the command line" in class_words(day.classes[0])
    assert "root on the command line" in next(iter(table_of(day).rows))


def test_the_schools_day_is_the_one_that_is_named_either_way_and_never_two(
    reports: AttendanceReports,
) -> None:
    seventh, eighth = date(2026, 9, 7), date(2026, 9, 8)
    assert reports.school_day(ask(ReportKind.DAY, last=seventh), actor=ANNA).day == seventh
    assert reports.school_day(ask(ReportKind.DAY, first=seventh, last=seventh), actor=ANNA).day == seventh
    with pytest.raises(ConflictError, match="about one day"):
        reports.school_day(ask(ReportKind.DAY, first=seventh, last=eighth), actor=ANNA)


@pytest.mark.parametrize(
    ("came", "words"),
    [((1,), False), ((1, 1), False), ((1, 0), True)],
    ids=["one week", "weeks alike", "a lower week"],
)
def test_a_week_is_called_the_lowest_only_below_another(
    school: SmallSchool, course: Course, reports: AttendanceReports, came: tuple[int, ...], words: bool
) -> None:
    zoe = add_student(school, course, "S1", "Zoe")
    for place, here in enumerate(came):
        hold(
            school,
            course,
            at(2026, 9, 7 + 7 * place, 9),
            {zoe: (P, Method.FACE, 1) if here else (A, None, 90)},
        )
    weeks = reports.over_weeks(ask(ReportKind.WEEKS, course), actor=ANNA)
    assert ("was the lowest" in summary(weeks)) is words


def test_the_limit_is_named_where_nobody_is_below_it(course: Course, reports: AttendanceReports) -> None:
    nobody = reports.below_limit(ask(ReportKind.BELOW_LIMIT, course), actor=ANNA)
    assert summary(nobody) == f"Nobody is below the limit of {nobody.head.limit_percent} % on these days."


def test_without_a_day_the_schools_day_is_today(reports: AttendanceReports, school: SmallSchool) -> None:
    assert reports.school_day(ask(ReportKind.DAY), actor=ANNA).day == school.cases.core.today()


def test_a_course_without_students_and_classes_gives_empty_reports(
    course: Course, reports: AttendanceReports
) -> None:
    assert reports.register(ask(ReportKind.REGISTER, course), actor=ANNA).rows == ()
    assert reports.over_weeks(ask(ReportKind.WEEKS, course), actor=ANNA).weeks == ()
    assert reports.arrival_times(ask(ReportKind.ARRIVALS, course), actor=ANNA).steps == ()
    assert reports.how_marked(ask(ReportKind.METHODS, course), actor=ANNA).weeks == ()


def test_what_is_lacking_or_wrong_is_said(course: Course, reports: AttendanceReports) -> None:
    with pytest.raises(ConflictError, match="about one course"):
        reports.register(ask(ReportKind.REGISTER), actor=ANNA)
    with pytest.raises(ConflictError, match="about one student"):
        reports.student_calendar(ask(ReportKind.STUDENT), actor=ANNA)
    wrong = ask(ReportKind.WEEKS, first=date(2026, 9, 2), last=date(2026, 9, 1))
    with pytest.raises(ConflictError, match="lies before"):
        reports.over_weeks(wrong, actor=ANNA)
    with pytest.raises(NotFoundError):
        reports.over_weeks(ReportQuestion(ReportKind.WEEKS, 99), actor=ANNA)
    with pytest.raises(NotFoundError):
        reports.student_calendar(ask(ReportKind.STUDENT, student_id=99), actor=ANNA)


@pytest.mark.parametrize("kind", list(ReportKind))
def test_each_report_is_had_by_its_name_and_refused_to_nobody_signed_in(
    school: SmallSchool, course: Course, reports: AttendanceReports, kind: ReportKind
) -> None:
    zoe = add_student(school, course, "S1", "Zoe")
    asked = ask(kind, course, student_id=zoe.student_id)
    assert reports.report(asked, actor=ANNA).head.made_by == "Anna"
    with pytest.raises(ForbiddenError):
        reports.report(asked, actor=NOBODY)


def test_a_teacher_sees_own_courses_alone_once_one_is_assigned(
    school: SmallSchool, course: Course, reports: AttendanceReports
) -> None:
    tom = school.accounts.add(name="Tom", role=Role.TEACHER, password="a long password", actor=ANNA)
    teacher = Actor.of(tom)
    other = school.add_course("ART", students=0)[0]
    zoe = add_student(school, course, "S1", "Zoe")
    school.store.write(
        lambda repositories: repositories.courses.register(other.course_id, zoe.student_id, date(2026, 9, 1))
    )
    hold(school, course, at(2026, 9, 7, 9), {zoe: (P, Method.FACE, 0)})
    hold(school, other, at(2026, 9, 7, 11), {zoe: (A, None, 90)})
    assert reports.over_weeks(ask(ReportKind.WEEKS), actor=teacher).total.total == 2

    school.cases.courses.teachers.assign(course, [tom.user_id], actor=ANNA)
    assert reports.over_weeks(ask(ReportKind.WEEKS), actor=teacher).total.total == 1
    calendar = reports.student_calendar(ask(ReportKind.STUDENT, student_id=zoe.student_id), actor=teacher)
    assert [entry.course_label for entry in calendar.entries] == ["CS 101 · Title of CS 101"]
    assert reports.below_limit(ask(ReportKind.BELOW_LIMIT), actor=teacher).students == ()
    assert reports.register(ask(ReportKind.REGISTER, course), actor=teacher).head.teachers == ("Tom",)
    with pytest.raises(ForbiddenError, match="somebody else"):
        reports.register(ask(ReportKind.REGISTER, other), actor=teacher)
    assert reports.over_weeks(ask(ReportKind.WEEKS), actor=ANNA).total.total == 2

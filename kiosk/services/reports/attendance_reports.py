"""The reports that people look at: one use case each, read from the database and counted by one rule. Slow at a large school: call from a worker thread."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeVar, assert_never
from zoneinfo import ZoneInfo

from kiosk.domain.attendance.attendance_rates import counted, is_below, missed_in_a_row, summed, trend
from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.attendance.record import AttendanceCount
from kiosk.domain.attendance.school_status import AnyStatus
from kiosk.domain.courses.courses import Course
from kiosk.domain.people.names import sort_name
from kiosk.domain.people.students import Student
from kiosk.domain.records.filters import Days, ReportFilter
from kiosk.domain.reports.kinds import ReportHead, ReportKind, ReportQuestion
from kiosk.domain.reports.reports import (
    EARLIEST_MIN,
    LATEST_MIN,
    STEP_MIN,
    Arrivals,
    ArrivalTimes,
    AttendanceOverWeeks,
    BelowLimit,
    Contact,
    CourseRegister,
    DayEntry,
    HeldClass,
    HowMarked,
    Meeting,
    RegisterRow,
    Report,
    SchoolDay,
    StudentBelow,
    StudentCalendar,
    Week,
    WeekOfMethods,
    monday_of,
)
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.core import Core
from kiosk.services.courses.own_courses import require_student
from kiosk.services.reports.scope import within
from kiosk.services.school.school_settings import School
from kiosk.services.trust.rights import require
from kiosk.storage.store import Repositories
from kiosk.translation import _
from kiosk.wording.actors import actor_name

if TYPE_CHECKING:
    from kiosk.services.reports.report_queries import PastMark, ReportQueries, SessionRow

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class _View:
    """What one report reads with."""

    repositories: Repositories
    queries: "ReportQueries"
    chosen: ReportFilter
    course: Course | None
    zone: ZoneInfo


class AttendanceReports:
    """Reads reports. A teacher sees those of own courses, an admin all."""

    def __init__(self, core: Core, *, school: School) -> None:
        self._core = core
        self._school = school

    def report(self, question: ReportQuestion, *, actor: Actor) -> Report:
        """Whichever report is asked for; raises as that one does."""
        match question.kind:
            case ReportKind.REGISTER:
                return self.register(question, actor=actor)
            case ReportKind.WEEKS:
                return self.over_weeks(question, actor=actor)
            case ReportKind.ARRIVALS:
                return self.arrival_times(question, actor=actor)
            case ReportKind.METHODS:
                return self.how_marked(question, actor=actor)
            case ReportKind.BELOW_LIMIT:
                return self.below_limit(question, actor=actor)
            case ReportKind.STUDENT:
                return self.student_calendar(question, actor=actor)
            case ReportKind.DAY:
                return self.school_day(question, actor=actor)
            case _:
                assert_never(question.kind)

    def register(self, question: ReportQuestion, *, actor: Actor) -> CourseRegister:
        """Students by sessions of one course.

        Raises:
            ConflictError: No course is named, or the last day lies before the first.
            NotFoundError: No such course.
            ForbiddenError: The actor may not see reports, or not of this course.
        """
        require(self._core.store, actor, Right.SEE_RECORDS)
        if question.course_id is None:
            raise ConflictError(_("The register is about one course."), _("Please choose a course."))

        def read(view: _View, head: ReportHead) -> CourseRegister:
            meetings = tuple(_meeting(row, view.zone) for row in view.queries.sessions(view.chosen))
            marks = view.queries.marks(view.chosen)
            students = sorted(view.repositories.reports.students(view.chosen), key=_by_name)
            rows = tuple(_register_row(student, meetings, marks) for student in students)
            return CourseRegister(head, meetings, rows)

        return self._read(question, actor, read)

    def over_weeks(self, question: ReportQuestion, *, actor: Actor) -> AttendanceOverWeeks:
        """Attendance from week to week. Raises as `register`, but needs no course."""
        require(self._core.store, actor, Right.SEE_RECORDS)

        def read(view: _View, head: ReportHead) -> AttendanceOverWeeks:
            weeks: dict[date, list[AttendanceCount]] = defaultdict(list)
            for row in view.queries.sessions(view.chosen):
                weeks[monday_of(_day(row.started_at, view.zone))].append(row.count)
            return AttendanceOverWeeks(
                head,
                tuple(Week(monday, len(weeks[monday]), summed(weeks[monday])) for monday in sorted(weeks)),
            )

        return self._read(question, actor, read)

    def arrival_times(self, question: ReportQuestion, *, actor: Actor) -> ArrivalTimes:
        """When students came, relative to the start. Raises as `over_weeks`."""
        require(self._core.store, actor, Right.SEE_RECORDS)

        def read(view: _View, head: ReportHead) -> ArrivalTimes:
            rules = Counter(row.late_after_s for row in view.queries.sessions(view.chosen))
            late_after = round(rules.most_common(1)[0][0] / 60) if rules else None
            return _arrivals(head, view.queries.arrivals(view.chosen), late_after)

        return self._read(question, actor, read)

    def how_marked(self, question: ReportQuestion, *, actor: Actor) -> HowMarked:
        """What marked students, week by week. Raises as `over_weeks`."""
        require(self._core.store, actor, Right.SEE_RECORDS)

        def read(view: _View, head: ReportHead) -> HowMarked:
            weeks: dict[date, Counter[Method]] = defaultdict(Counter)
            for started_at, method, number in view.queries.methods(view.chosen):
                weeks[monday_of(_day(started_at, view.zone))][method] += number
            return HowMarked(
                head, tuple(WeekOfMethods(monday, dict(weeks[monday])) for monday in sorted(weeks))
            )

        return self._read(question, actor, read)

    def below_limit(self, question: ReportQuestion, *, actor: Actor) -> BelowLimit:
        """Who attends less than the school wants, of those who are in their course on the last day. Raises as `over_weeks`."""
        require(self._core.store, actor, Right.SEE_RECORDS)
        limit = self._school.rules().attendance_limit_percent
        day = min(question.last or self._core.today(), self._core.today())

        def read(view: _View, head: ReportHead) -> BelowLimit:
            counts = view.queries.counts(view.chosen, registered_on=day)
            below = {key: count for key, count in counts.items() if is_below(count, limit)}
            ids = sorted({student_id for student_id, _course in below})
            past: dict[tuple[int, int], list[PastMark]] = defaultdict(list)
            for mark in view.queries.newest_first(view.chosen, ids):
                past[mark.student_id, mark.course_id].append(mark)
            labels = {course.course_id: course.label for course in view.repositories.courses.all()}
            students = view.queries.students(ids)
            contacts = _contacts(view.repositories, ids)
            found = [
                _below(
                    students[key[0]], key[1], labels[key[1]], count, past[key], view.zone, contacts.get(key)
                )
                for key, count in below.items()
            ]
            found.sort(key=lambda one: (one.count.ratio or 0.0, _by_name(one.student), one.course_label))
            return BelowLimit(head, tuple(found), len(counts))

        return self._read(question, actor, read)

    def student_calendar(self, question: ReportQuestion, *, actor: Actor) -> StudentCalendar:
        """One student's classes, day by day.

        Raises:
            ConflictError: Nobody is named, or the last day lies before the first.
            NotFoundError: No such student or course.
            ForbiddenError: The actor may not see reports, or the student is in none of the actor's courses.
        """
        require(self._core.store, actor, Right.SEE_RECORDS)
        student_id = question.student_id
        if student_id is None:
            raise ConflictError(_("The calendar is about one student."), _("Please choose a student."))

        def read(view: _View, head: ReportHead) -> StudentCalendar:
            student = view.repositories.students.get(student_id)
            if student is None:
                raise NotFoundError(_("That student does not exist any more."))
            require_student(view.repositories, actor, student_id)
            entries, by_course = [], defaultdict(list)
            for mark in view.queries.calendar(view.chosen, student_id):
                label = Course(0, *mark.course_label).label
                by_course[label].append(mark.status)
                entries.append(
                    DayEntry(
                        mark.started_at.astimezone(view.zone),
                        label,
                        mark.status,
                        mark.method,
                        mark.marked_at.astimezone(view.zone),
                    )
                )
            counts = tuple((label, counted(by_course[label])) for label in sorted(by_course))
            return StudentCalendar(head, student, tuple(entries), counts)

        return self._read(question, actor, read)

    def school_day(self, question: ReportQuestion, *, actor: Actor) -> SchoolDay:
        """All classes of the day that is named; today without one. Raises as `over_weeks`, and ConflictError: two are named."""
        require(self._core.store, actor, Right.SEE_RECORDS)
        day = question.first or question.last or self._core.today()
        if question.last not in {None, day}:
            raise ConflictError(
                _("The school’s day is about one day."), _("Please name only that one as the first day.")
            )

        def read(view: _View, head: ReportHead) -> SchoolDay:
            sizes = view.repositories.courses.sizes(day)
            courses = {course.course_id: course for course in view.repositories.courses.all()}
            classes = [
                HeldClass(
                    _meeting(row, view.zone),
                    courses[row.course_id].label,
                    courses[row.course_id].room,
                    sizes[row.course_id],
                    row.started_by,
                )
                for row in view.queries.sessions(view.chosen)
            ]
            return SchoolDay(head, day, tuple(classes))

        return self._read(replace(question, first=day, last=day), actor, read)

    def _read(self, question: ReportQuestion, actor: Actor, read: Callable[[_View, ReportHead], R]) -> R:
        """Run a report inside one view of the database, with what stands above it."""
        if question.first and question.last and question.last < question.first:
            raise ConflictError(_("The last day lies before the first."), _("Please swap the two dates."))
        rules, zone = self._school.rules(), self._core.zone
        days = Days(question.course_id, question.first, question.last)
        from kiosk.services.reports.report_queries import ReportQueries

        def query(repositories: Repositories) -> R:
            chosen = within(repositories, actor, days.filter(zone))
            course = None
            if question.course_id is not None:
                course = repositories.courses.get(question.course_id)
                if course is None:
                    raise NotFoundError(_("That course does not exist any more."))
            queries = ReportQueries(db_session=repositories.db_session)
            head = ReportHead(
                school=rules.school_name,
                course=course.label if course is not None else "",
                teachers=_teachers(repositories, queries, chosen, course) if course is not None else (),
                first=question.first,
                last=question.last,
                made_at=self._core.clock.now(),
                made_by=actor.name,
                limit_percent=rules.attendance_limit_percent,
            )
            return read(_View(repositories, queries, chosen, course, zone), head)

        return self._core.store.read(query)


def _teachers(
    repositories: Repositories, queries: "ReportQueries", chosen: ReportFilter, course: Course
) -> tuple[str, ...]:
    """Who teaches the course; where nobody is assigned, who held most of its classes."""
    from kiosk.services.courses.teacher_queries import TeacherQueries

    assigned = TeacherQueries(db_session=repositories.db_session).of_course(course.course_id)
    if assigned:
        return tuple(user.name for user in assigned)
    return tuple(actor_name(name) for name, _number in queries.holders(chosen)[:3])


def _by_name(student: Student) -> tuple[str, str]:
    return sort_name(student.full_name, student.family_name), student.student_no


def _day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def _meeting(row: "SessionRow", zone: ZoneInfo) -> Meeting:
    return Meeting(
        row.session_id,
        row.course_id,
        row.started_at.astimezone(zone),
        row.ended_at.astimezone(zone) if row.ended_at is not None else None,
        row.count,
    )


def _register_row(
    student: Student, meetings: Sequence[Meeting], marks: dict[tuple[int, int], AnyStatus]
) -> RegisterRow:
    statuses = tuple(marks.get((meeting.session_id, student.student_id)) for meeting in meetings)
    return RegisterRow(student, statuses, counted([status for status in statuses if status is not None]))


def _arrivals(
    head: ReportHead, times: Sequence[tuple[int, Status, bool, int]], late_after_min: int | None
) -> ArrivalTimes:
    on_time: Counter[int] = Counter()
    late: Counter[int] = Counter()
    seconds: Counter[int] = Counter()
    by_hand = 0
    for after, status, is_by_hand, number in times:
        if is_by_hand:
            by_hand += number
            continue
        seconds[after] += number
        within_steps = min(max(after / 60, EARLIEST_MIN), LATEST_MIN - STEP_MIN)
        step = int(within_steps // STEP_MIN) * STEP_MIN
        (late if status is Status.LATE else on_time)[step] += number
    taken = sorted(on_time.keys() | late.keys())
    steps = range(taken[0], taken[-1] + STEP_MIN, STEP_MIN) if taken else range(0)
    return ArrivalTimes(
        head,
        tuple(Arrivals(step, on_time[step], late[step]) for step in steps),
        late_after_min,
        _median_min(seconds),
        by_hand,
    )


def _median_min(seconds: Counter[int]) -> float | None:
    """The minute before which half of them came."""
    half, passed = seconds.total() / 2, 0
    ordered = sorted(seconds)
    for place, after in enumerate(ordered):
        passed += seconds[after]
        if passed > half:
            return round(after / 60, 1)
        if passed == half:
            return round((after + ordered[place + 1]) / 120, 1)
    return None


def _below(
    student: Student,
    course_id: int,
    label: str,
    count: AttendanceCount,
    newest_first: "Sequence[PastMark]",
    zone: ZoneInfo,
    contact: Contact | None,
) -> StudentBelow:
    statuses = [mark.status for mark in newest_first]
    seen = next((mark.started_at for mark in newest_first if mark.status.attended), None)
    return StudentBelow(
        student=student,
        course_id=course_id,
        course_label=label,
        count=count,
        way=trend(statuses),
        missed_lately=missed_in_a_row(statuses),
        last_seen=seen.astimezone(zone) if seen is not None else None,
        last_contact=contact,
    )


def _contacts(repositories: Repositories, ids: Sequence[int]) -> dict[tuple[int, int], Contact]:
    from kiosk.services.messages.message_queries import MessageQueries

    return MessageQueries(db_session=repositories.db_session).newest(ids)

"""Reports with made-up figures, one of each kind."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from kiosk.domain.attendance.attendance_rates import Trend, counted
from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.attendance.record import AttendanceCount
from kiosk.domain.people.students import Student
from kiosk.domain.reports.kinds import ReportHead, ReportKind
from kiosk.domain.reports.reports import (
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
)

ZONE: Final = ZoneInfo("Europe/Berlin")
FIRST: Final = datetime(2026, 9, 7, 9, tzinfo=ZONE)
P, L, E, A = Status.PRESENT, Status.LATE, Status.EXCUSED, Status.ABSENT


def head(course: str = "CS 101 · Algorithms") -> ReportHead:
    """What stands above them."""
    made = datetime(2026, 11, 30, 8, 5, tzinfo=UTC)
    return ReportHead("Lindenhof School", course, ("Tom Berger",), date(2026, 9, 1), None, made, "Anna", 75)


def student(number: int, name: str = "") -> Student:
    return Student(number, f"S{number:03d}", name or f"Student {number}")


def register(students: int = 3, sessions: int = 4, names: Sequence[str] = ()) -> CourseRegister:
    """A register; the last student was always absent, and nobody has a record in the last session."""
    marks: list[tuple[Status | None, ...]] = [
        (*([A if number == students else (P, L, E)[place % 3] for place in range(sessions - 1)]), None)
        for number in range(1, students + 1)
    ]
    rows = [
        RegisterRow(
            student(number, names[number - 1] if number <= len(names) else ""),
            marks[number - 1],
            counted([one for one in marks[number - 1] if one is not None]),
        )
        for number in range(1, students + 1)
    ]
    meetings = []
    for place in range(sessions):
        start = FIRST + timedelta(weeks=place)
        count = counted([status for row in marks if (status := row[place]) is not None])
        meetings.append(Meeting(place + 1, 1, start, start + timedelta(minutes=90), count))
    return CourseRegister(head(), tuple(meetings), tuple(rows))


def weeks(number: int = 12) -> AttendanceOverWeeks:
    """Weeks that get worse: the first had everybody, the last nobody."""
    found = [
        Week(
            date(2026, 9, 7) + timedelta(weeks=place),
            2,
            AttendanceCount(present=number - 1 - place, absent=place),
        )
        for place in range(number)
    ]
    return AttendanceOverWeeks(head(), tuple(found))


def arrivals() -> ArrivalTimes:
    steps = tuple(
        Arrivals(minute, 3 if minute < 10 else 0, 2 if minute >= 10 else 0) for minute in range(-6, 16, 2)
    )
    return ArrivalTimes(head(), steps, 10, -0.5, 4)


def methods() -> HowMarked:
    found = [
        WeekOfMethods(date(2026, 9, 7) + timedelta(weeks=place), {Method.FACE: 8, Method.MANUAL: 2})
        for place in range(3)
    ]
    return HowMarked(head(), tuple(found))


def below(number: int = 2) -> BelowLimit:
    """Students below the limit; the first was written to."""
    found = [
        StudentBelow(
            student=student(place),
            course_id=1,
            course_label="CS 101 · Algorithms",
            count=AttendanceCount(present=place % 3, absent=4),
            way=(Trend.DOWN, Trend.UP, Trend.LEVEL, None)[place % 4],
            missed_lately=place % 3,
            last_seen=FIRST if place % 3 else None,
            last_contact=Contact(FIRST, "s1@school.example") if place == 1 else None,
        )
        for place in range(1, number + 1)
    ]
    return BelowLimit(head(""), tuple(found), 30)


def calendar(months: int = 2) -> StudentCalendar:
    entries = []
    for place in range(months):
        start = datetime(2026 + (8 + place) // 12, (8 + place) % 12 + 1, 7, 9, tzinfo=ZONE)
        entries.append(DayEntry(start, "CS 101", P, Method.FACE, start + timedelta(minutes=1)))
        entries.append(DayEntry(start + timedelta(hours=3), "ART", A, None, start + timedelta(hours=4)))
    by_course = (("ART", AttendanceCount(absent=months)), ("CS 101", AttendanceCount(present=months)))
    return StudentCalendar(head(""), student(1, "Ada Lovelace"), tuple(entries), by_course)


def day(classes: int = 2) -> SchoolDay:
    """Classes of a day, the last of them still open."""
    held = []
    for place in range(classes):
        start = FIRST + timedelta(hours=place)
        end = None if place == classes - 1 else start + timedelta(minutes=90)
        meeting = Meeting(place, place, start, end, AttendanceCount(present=20, absent=5))
        held.append(HeldClass(meeting, f"CS {place}", "R 1", 25, "Tom Berger"))
    return SchoolDay(head(""), FIRST.date(), tuple(held))


def sample(kind: ReportKind) -> Report:
    """One of the kind."""
    made: dict[ReportKind, Report] = {
        ReportKind.REGISTER: register(),
        ReportKind.WEEKS: weeks(),
        ReportKind.ARRIVALS: arrivals(),
        ReportKind.METHODS: methods(),
        ReportKind.BELOW_LIMIT: below(),
        ReportKind.STUDENT: calendar(),
        ReportKind.DAY: day(),
    }
    return made[kind]


def empty(kind: ReportKind) -> Report:
    """One with nothing in it."""
    made: dict[ReportKind, Report] = {
        ReportKind.REGISTER: CourseRegister(head(), (), ()),
        ReportKind.WEEKS: AttendanceOverWeeks(head(), ()),
        ReportKind.ARRIVALS: ArrivalTimes(head(), (), None, None, 0),
        ReportKind.METHODS: HowMarked(head(), ()),
        ReportKind.BELOW_LIMIT: BelowLimit(head(), (), 4),
        ReportKind.STUDENT: StudentCalendar(head(), student(1), (), ()),
        ReportKind.DAY: SchoolDay(head(), FIRST.date(), ()),
    }
    return made[kind]

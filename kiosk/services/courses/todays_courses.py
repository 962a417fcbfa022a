"""The courses as *Today* lists them: what is open, what the timetable says, and which one is likely to be next."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.courses.courses import Course
from kiosk.domain.courses.day_states import DayLine, course_of_the_hour, day_lines
from kiosk.domain.courses.timetable import likely_course
from kiosk.services.courses.course_teachers import teacher_queries
from kiosk.services.courses.timetables import timetable_queries
from kiosk.storage.store import Repositories

LOOK_BACK: Final = timedelta(days=56)
ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CourseToday:
    """A course as *Today* lists it.

    Attributes:
        students: How many are registered today.
        likely: Whether it is the one to preselect.
        open_session: A session that is still open, to go on with.
        is_elsewhere: Whether that is held in another room, by another kiosk on the same database.
        last_started_at: Aware UTC; None when it never met.
        day: What the timetable says of it today, and which classes were held, by time.
        is_own: Whether it is taught by whoever asks.
        is_planned: Whether it is the likely one because the timetable says so, and not by a guess.
    """

    course: Course
    students: int
    likely: bool
    open_session: ClassSession | None
    last_started_at: datetime | None
    is_elsewhere: bool = False
    day: tuple[DayLine, ...] = ()
    is_own: bool = False
    is_planned: bool = False


class TodaysCourses:
    """Lists them within a transaction; `is_elsewhere` says which sessions another kiosk holds."""

    def __init__(
        self,
        repositories: Repositories,
        zone: ZoneInfo,
        is_elsewhere: Callable[[ClassSession | None], bool],
    ) -> None:
        self._repositories = repositories
        self._zone = zone
        self._is_elsewhere = is_elsewhere

    def listed(self, now: datetime, *, user_id: int | None) -> list[CourseToday]:
        """All that are not archived, in the order in which they are shown; those that `user_id` teaches are own."""
        recent = self._repositories.class_sessions.latest(now - LOOK_BACK)
        courses = self._repositories.courses.active()
        own = self._taught_by(user_id)
        lines = self._day_lines(recent, now)
        planned = course_of_the_hour(lines, now, own)
        likely = planned or self._guess(courses, recent, now, own)
        open_ones = {one.course_id: one for one in self._repositories.class_sessions.open_ones()}
        sizes = self._repositories.courses.sizes(self._day(now))
        last_met = {one.course_id: one.started_at for one in reversed(recent) if one.counts}
        by_course: defaultdict[int, list[DayLine]] = defaultdict(list)
        for line in lines:
            by_course[line.course_id].append(line)
        listed = [
            CourseToday(
                course,
                sizes[course.course_id],
                course.course_id == likely,
                open_ones.get(course.course_id),
                last_met.get(course.course_id),
                is_elsewhere=self._is_elsewhere(open_ones.get(course.course_id)),
                day=tuple(by_course[course.course_id]),
                is_own=course.course_id in own,
                is_planned=course.course_id == planned,
            )
            for course in courses
        ]
        return sorted(listed, key=_by_likelihood)

    def _day_lines(self, recent: Sequence[ClassSession], now: datetime) -> list[DayLine]:
        day = self._day(now)
        first = datetime.combine(day, time(), tzinfo=self._zone)
        timetable = timetable_queries(self._repositories).timetable(
            self._zone, since=first, until=first + ONE_DAY
        )
        held = [one for one in recent if self._day(one.started_at) == day]
        return day_lines(timetable.on(day), held, now)

    def _guess(
        self, courses: Sequence[Course], recent: Sequence[ClassSession], now: datetime, own: frozenset[int]
    ) -> int | None:
        """The course that was most often begun at this hour, the own ones first; any if none was ever begun."""
        known = {one.course_id for one in courses}
        for among in (known & own, known):
            started = [
                (one.course_id, one.started_at.astimezone(self._zone))
                for one in recent
                if one.course_id in among
            ]
            likely = likely_course(now.astimezone(self._zone), started)
            if likely is not None:
                return likely
        first = next((one for one in courses if one.course_id in own), courses[0] if courses else None)
        return first.course_id if first is not None else None

    def _taught_by(self, user_id: int | None) -> frozenset[int]:
        if user_id is None:
            return frozenset()
        return teacher_queries(self._repositories).taught_by(user_id)

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self._zone).date()


def _by_likelihood(one: CourseToday) -> tuple[bool, bool, bool, str]:
    """What can be gone on with in this room first, then the likely course, then one's own."""
    return one.open_session is None or one.is_elsewhere, not one.likely, not one.is_own, one.course.code

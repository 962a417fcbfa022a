"""Timetables from calendars: looked at, taken, and read again each night. Worker threads: files and networks are waited for."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from kiosk.domain.courses.calendars import AHEAD, CalendarChanges, CalendarMeeting, CalendarReading, compared
from kiosk.domain.courses.courses import Course
from kiosk.domain.courses.meetings import DateOrigin, SingleDate
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import FileFormatError, KioskError, NotFoundError
from kiosk.services.core import Core
from kiosk.services.courses.going_on import archived
from kiosk.services.courses.timetables import timetable_queries
from kiosk.services.ports.calendars import CalendarFetcher, CalendarReader
from kiosk.services.trust.rights import require, require_within
from kiosk.storage.store import Repositories
from kiosk.translation import _

if TYPE_CHECKING:
    from kiosk.services.courses.calendar_queries import CalendarQueries, KeptCalendar

ACTOR: Final = "the kiosk"
READ_AT: Final = time(3)
"""By the school's clock: nobody is in class, and what was changed in the evening is there in the morning."""

SCHEMES: Final = ("http://", "https://", "webcal://", "webcals://")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CalendarOpinion:
    """What a calendar says, and what taking it would change; nothing is written yet.

    Attributes:
        address: Where it came from; None for a file.
    """

    course: Course
    reading: CalendarReading
    changes: CalendarChanges
    address: str | None = None


def is_address(source: str) -> bool:
    """Whether it is an address, and no file."""
    return source.strip().lower().startswith(SCHEMES)


class CourseCalendars:
    """Looks at calendars, and takes what somebody agreed to."""

    def __init__(self, core: Core, *, read: CalendarReader, fetch: CalendarFetcher) -> None:
        self._core = core
        self._read = read
        self._fetch = fetch

    def of_course(self, course_id: int) -> "KeptCalendar | None":
        """The calendar that is read each night, if there is one."""
        return self._core.store.read(lambda repositories: _queries(repositories).of_course(course_id))

    def look(self, course: Course, source: str, *, actor: Actor) -> CalendarOpinion:
        """Read a file or an address and say what would change. Nothing is written.

        Raises:
            FileFormatError: It is no calendar, or too much of one.
            SourceError: The address cannot be read.
            NotFoundError: There is no such file.
        """
        require(self._core.store, actor, Right.MANAGE_COURSES)
        source = source.strip()
        address = source if is_address(source) else None
        reading = self._reading(self._fetch(source) if address is not None else _content(Path(source)))
        now = self._core.clock.now()
        known = self._core.store.read(lambda repositories: _known(repositories, course.course_id, now))
        return CalendarOpinion(course, reading, compared(known, reading, now), address)

    def take(self, opinion: CalendarOpinion, *, actor: Actor, nightly: bool = False) -> CalendarChanges:
        """Write what was looked at; with `nightly` its address is read again each night from now on.

        What changed meanwhile is compared anew, so that nothing is written twice.

        Raises:
            ConflictError: The course is archived, or meets at one of these times by hand.
            NotFoundError: The course does not exist any more.
        """
        now = self._core.clock.now()

        def work(repositories: Repositories) -> CalendarChanges:
            require_within(repositories, actor, Right.MANAGE_COURSES)
            course = repositories.courses.hold(opinion.course.course_id)
            if course is None:
                raise NotFoundError(_("That course does not exist any more."))
            if course.is_archived:
                raise archived(course)
            changes = compared(_known(repositories, course.course_id, now), opinion.reading, now)
            _write(repositories, course, changes)
            if nightly and opinion.address is not None:
                _queries(repositories).keep(_agreed(course.course_id, opinion.address, at=now, by=actor.name))
            repositories.audit.add(
                now, actor.name, "timetable.calendar", course.code, _said(changes, opinion.address)
            )
            return changes

        return self._core.store.write(work)

    def forget(self, course: Course, *, actor: Actor) -> None:
        """Read a course's calendar no more; the dates that came from it stay."""

        def work(repositories: Repositories) -> None:
            require_within(repositories, actor, Right.MANAGE_COURSES)
            if _queries(repositories).forget(course.course_id):
                repositories.audit.add(
                    self._core.clock.now(), actor.name, "timetable.calendar_forgotten", course.code
                )

        self._core.store.write(work)

    def due(self) -> list[int]:
        """Courses whose calendar was not read since three o'clock in the last night."""
        now = self._core.clock.now().astimezone(self._core.zone)
        last = datetime.combine(now.date(), READ_AT, tzinfo=self._core.zone)
        if last > now:
            last -= timedelta(days=1)
        return self._core.store.read(lambda repositories: _queries(repositories).due(last))

    def read_due(self, is_stopped: Callable[[], bool] = lambda: False) -> int:
        """Read what is due, one after the other; returns how many. What goes wrong is noted and changes nothing."""
        number = 0
        for course_id in self.due():
            if is_stopped():
                break
            self._read_again(course_id)
            number += 1
        return number

    def _read_again(self, course_id: int) -> None:
        kept = self.of_course(course_id)
        if kept is None:
            return
        try:
            reading = self._reading(self._fetch(kept.address))
        except KioskError as error:
            log.info("the calendar of course %d could not be read: %s", course_id, error.user_text)
            self._note(course_id, problem=error.user_text)
            return
        now = self._core.clock.now()

        def work(repositories: Repositories) -> None:
            course = repositories.courses.hold(course_id)
            queries = _queries(repositories)
            if course is None or course.is_archived or queries.of_course(course_id) != kept:
                return  # somebody decided otherwise meanwhile
            changes = compared(_known(repositories, course_id, now), reading, now)
            if changes.is_doubtful:
                queries.note(course_id, now, waits=True)
                return
            _write(repositories, course, changes)
            queries.note(course_id, now)
            if changes.any:
                said = _said(changes, kept.address)
                repositories.audit.add(now, ACTOR, "timetable.calendar", course.code, said)

        try:
            self._core.store.write(work)
        except KioskError as error:
            self._note(course_id, problem=error.user_text)

    def _note(self, course_id: int, *, problem: str) -> None:
        now = self._core.clock.now()
        self._core.store.write(
            lambda repositories: _queries(repositories).note(course_id, now, problem=problem)
        )

    def _reading(self, content: bytes) -> CalendarReading:
        now = self._core.clock.now()
        return self._read(content, since=now, until=now + AHEAD, zone=self._core.zone)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise NotFoundError(_("There is no file {path}.", path=path), _("Check the name.")) from error
    except OSError as error:
        raise FileFormatError(
            _("{path} cannot be read.", path=path), _("Check that the file may be read, or copy it.")
        ) from error


def _known(repositories: Repositories, course_id: int, now: datetime) -> list[SingleDate]:
    since = now - timedelta(days=1)  # one that is on now began before
    return timetable_queries(repositories).dates([course_id], since=since)


def _write(repositories: Repositories, course: Course, changes: CalendarChanges) -> None:
    queries = timetable_queries(repositories)
    gone = [one.date_id for one in changes.gone] + [before.date_id for before, _after in changes.changed]
    queries.remove_dates(gone)
    fresh = [*changes.new, *(after for _before, after in changes.changed)]
    queries.add_dates(_date(course.course_id, one) for one in fresh)


def _date(course_id: int, one: CalendarMeeting) -> SingleDate:
    return SingleDate(*(0, course_id, one.begins_at, one.minutes, one.room, DateOrigin.CALENDAR, one.uid))


def _agreed(course_id: int, address: str, *, at: datetime, by: str) -> "KeptCalendar":
    from kiosk.services.courses.calendar_queries import KeptCalendar

    return KeptCalendar(course_id, address, agreed_at=at, agreed_by=by, read_at=at)


def _said(changes: CalendarChanges, address: str | None) -> str:
    """For the log; of an address the host alone, because whoever knows the rest can read the calendar."""
    host = urlsplit(address).hostname if address is not None else "a file"
    return f"{len(changes.new)} new, {len(changes.changed)} changed, {len(changes.gone)} gone; {host}"


def _queries(repositories: Repositories) -> "CalendarQueries":
    from kiosk.services.courses.calendar_queries import CalendarQueries

    return CalendarQueries(db_session=repositories.db_session)

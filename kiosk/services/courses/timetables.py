"""When a course meets: its weekly slots and single dates, and the week that they come to."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from kiosk.domain.courses.courses import Course
from kiosk.domain.courses.meetings import Meeting, SingleDate, Timetable, WeeklySlot
from kiosk.domain.courses.terms import Holiday
from kiosk.domain.people.students import clean_text
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.core import Core
from kiosk.services.courses.going_on import going_on
from kiosk.services.trust.rights import require_within
from kiosk.storage.store import Repositories
from kiosk.translation import _
from kiosk.wording.dates import day_and_time, weekday_and_time

if TYPE_CHECKING:
    from kiosk.services.courses.timetable_queries import TimetableQueries

PAST: Final = timedelta(days=14)
"""How far back single dates are listed."""

WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class CourseTimetable:
    """What says when one course meets; single dates are those that are coming or not long past."""

    course: Course
    slots: tuple[WeeklySlot, ...]
    dates: tuple[SingleDate, ...]


@dataclass(frozen=True, slots=True)
class SavedSlot:
    """A slot as it was written, and what else is in its room at that time: a word to say, no reason to refuse."""

    slot: WeeklySlot
    same_room: tuple[Course, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """Meetings of seven days, by time, and the holidays in them."""

    monday: date
    meetings: tuple[Meeting, ...]
    holidays: tuple[Holiday, ...]


class Timetables:
    """Shows and changes when courses meet."""

    def __init__(self, core: Core) -> None:
        self._store = core.store
        self._clock = core.clock
        self._zone = core.zone

    def of_course(self, course_id: int) -> CourseTimetable:
        """What says when a course meets. Raises NotFoundError: it does not exist any more."""
        since = self._clock.now() - PAST

        def query(repositories: Repositories) -> CourseTimetable:
            course = _course(repositories.courses.get(course_id))
            queries = timetable_queries(repositories)
            dates = queries.dates([course_id], since=since)
            return CourseTimetable(course, tuple(queries.slots([course_id])), tuple(dates))

        return self._store.read(query)

    def week(self, monday: date, *, course_id: int | None = None) -> Week:
        """The week that begins on a day, of one course or of all that are not archived."""
        first = datetime.combine(monday, time(), tzinfo=self._zone)
        only = [course_id] if course_id is not None else None

        def query(repositories: Repositories) -> Timetable:
            return timetable_queries(repositories).timetable(
                self._zone, since=first, until=first + WEEK, course_ids=only
            )

        found = self._store.read(query)
        sunday = monday + timedelta(days=6)
        holidays = [
            one for one in found.holidays if one.span.first_day <= sunday and one.span.last_day >= monday
        ]
        return Week(monday, tuple(found.between(monday, sunday)), tuple(holidays))

    def save_slot(self, slot: WeeklySlot, *, actor: Actor, seen: WeeklySlot | None = None) -> SavedSlot:
        """Make a weekly slot (with the id 0) or change one; `seen` is how it stood when somebody looked, None: whatever it is.

        Raises:
            ConflictError: It overlaps another of the course or is too long, somebody else changed it meanwhile, or the course is
                archived.
            NotFoundError: The course or the slot is gone.
        """
        slot = WeeklySlot(
            *(slot.slot_id, slot.course_id, slot.weekday, slot.begins, slot.minutes), clean_text(slot.room)
        ).checked()

        def work(repositories: Repositories) -> SavedSlot:
            require_within(repositories, actor, Right.MANAGE_COURSES)
            course = going_on(repositories, slot.course_id)
            queries = timetable_queries(repositories)
            for other in queries.slots([slot.course_id]):
                if seen is not None and other.slot_id == seen.slot_id and other != seen:
                    raise ConflictError(
                        _("Somebody else changed this weekly time meanwhile: {now}.", now=_in_words(other)),
                        _("Nothing was saved. Close this and look at the timetable again."),
                    )
                if other.slot_id != slot.slot_id and other.overlaps(slot):
                    raise ConflictError(
                        _(
                            "{code} meets at that time already: {when}.",
                            code=course.code,
                            when=weekday_and_time(other.weekday, other.begins),
                        ),
                        _("Choose another time, or change that one."),
                    )
            saved = queries.put_slot(slot)
            repositories.audit.add(self._clock.now(), actor.name, "timetable.slot", course.code, _said(saved))
            return SavedSlot(saved, _in_same_room(repositories, queries, course, saved))

        return self._store.write(work)

    def remove_slot(self, slot: WeeklySlot, *, actor: Actor) -> None:
        """Take a weekly slot away; saving it again with the id 0 brings it back."""

        def work(repositories: Repositories) -> None:
            require_within(repositories, actor, Right.MANAGE_COURSES)
            course = _course(repositories.courses.get(slot.course_id))
            gone = timetable_queries(repositories).remove_slot(slot.slot_id)
            if gone is not None:
                repositories.audit.add(
                    self._clock.now(), actor.name, "timetable.slot_removed", course.code, _said(gone)
                )

        self._store.write(work)

    def add_date(self, date_: SingleDate, *, actor: Actor) -> SingleDate:
        """Let a course meet once more, or not at all where the week says so (`called_off`).

        Raises:
            ConflictError: It is a holiday, the course meets at that time already, or is archived.
            NotFoundError: The course does not exist any more.
        """
        date_ = SingleDate(
            *(0, date_.course_id, date_.begins_at, date_.minutes, clean_text(date_.room)),
            called_off=date_.called_off,
        ).checked()

        def work(repositories: Repositories) -> SingleDate:
            require_within(repositories, actor, Right.MANAGE_COURSES)
            course = going_on(repositories, date_.course_id)
            queries = timetable_queries(repositories)
            if not date_.called_off:
                self._refuse_busy(queries, course, date_)
            (saved,) = queries.add_dates([date_])
            action = "timetable.called_off" if saved.called_off else "timetable.date"
            when = day_and_time(saved.begins_at, self._zone)
            repositories.audit.add(self._clock.now(), actor.name, action, course.code, when)
            return saved

        return self._store.write(work)

    def remove_date(self, date_: SingleDate, *, actor: Actor) -> None:
        """Take a single date away; adding it again brings it back."""

        def work(repositories: Repositories) -> None:
            require_within(repositories, actor, Right.MANAGE_COURSES)
            course = _course(repositories.courses.get(date_.course_id))
            for gone in timetable_queries(repositories).remove_dates([date_.date_id]):
                when = day_and_time(gone.begins_at, self._zone)
                repositories.audit.add(
                    self._clock.now(), actor.name, "timetable.date_removed", course.code, when
                )

        self._store.write(work)

    def _refuse_busy(self, queries: "TimetableQueries", course: Course, date_: SingleDate) -> None:
        day = date_.begins_at.astimezone(self._zone).date()
        first = datetime.combine(day, time(), tzinfo=self._zone)
        known = queries.timetable(
            self._zone, since=first, until=first + timedelta(days=1), course_ids=[course.course_id]
        )
        holiday = known.holiday_on(day)
        if holiday is not None:
            raise ConflictError(
                _("That day is a holiday: {name}.", name=holiday.name),
                _("Choose another day. A class can be started on a holiday all the same."),
            )
        for other in known.on(day):
            if other.overlaps(date_.meeting):
                raise ConflictError(
                    _(
                        "{code} meets at that time already: {when}.",
                        code=course.code,
                        when=day_and_time(other.begins_at, self._zone),
                    ),
                    _("Choose another time."),
                )


def timetable_queries(repositories: Repositories) -> "TimetableQueries":
    """The queries of a transaction; imported at the first use, so that the window comes without SQL."""
    from kiosk.services.courses.timetable_queries import TimetableQueries

    return TimetableQueries(db_session=repositories.db_session)


def _in_same_room(
    repositories: Repositories, queries: "TimetableQueries", course: Course, slot: WeeklySlot
) -> tuple[Course, ...]:
    room = (slot.room or course.room).casefold()
    if not room:
        return ()
    courses = {one.course_id: one for one in repositories.courses.active()}
    there = {
        other.course_id
        for other in queries.slots()
        if other.course_id != slot.course_id
        and other.overlaps(slot)
        and (other.room or courses[other.course_id].room).casefold() == room
        and _same_term(courses[other.course_id], course)
    }
    return tuple(one for one in courses.values() if one.course_id in there)


def _same_term(one: Course, other: Course) -> bool:
    return None in (one.term_id, other.term_id) or one.term_id == other.term_id


def _course(found: Course | None) -> Course:
    if found is None:
        raise NotFoundError(_("That course does not exist any more."))
    return found


def _in_words(slot: WeeklySlot) -> str:
    when = weekday_and_time(slot.weekday, slot.begins)
    return _("{when}, {minutes} min, {room}", when=when, minutes=slot.minutes, room=slot.room or "–")


def _said(slot: WeeklySlot) -> str:
    return f"{weekday_and_time(slot.weekday, slot.begins)}, {slot.minutes} min"

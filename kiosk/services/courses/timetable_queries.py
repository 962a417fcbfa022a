"""When courses meet, in the database. Runs inside the caller's transaction."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, delete, func
from sqlmodel import col, select

from kiosk.domain.courses.meetings import DateOrigin, SingleDate, Timetable, WeeklySlot
from kiosk.domain.courses.terms import Holiday, Span, Term
from kiosk.domain.people.students import fold
from kiosk.errors import ConflictError, NotFoundError
from kiosk.storage.database.course_tables import CourseDateRow, CourseSlotRow, HolidayRow, TermRow
from kiosk.storage.database.tables import CourseRow
from kiosk.storage.repositories.repository import R, Repository
from kiosk.translation import _


class TimetableQueries(Repository):
    """Slots and single dates of courses, terms and holidays of the school."""

    def terms(self) -> list[Term]:
        """The newest first."""
        wanted = select(TermRow).order_by(col(TermRow.first_day).desc(), col(TermRow.id).desc())
        return [_term(row) for row in self._db_session.exec(wanted)]

    def put_term(self, term: Term) -> Term:
        """Write a term, a new one with the id 0. Raises ConflictError: another has its name; NotFoundError: it is gone."""
        taken = select(TermRow.id).where(TermRow.name_folded == fold(term.name), TermRow.id != term.term_id)
        if self._db_session.exec(taken).first() is not None:
            raise ConflictError(
                _("There is a term “{name}” already.", name=term.name), _("Choose another name.")
            )
        values = {"name": term.name, "name_folded": fold(term.name), **_days(term.span)}
        return _term(self._put(TermRow, term.term_id, values))

    def courses_in(self, term_id: int) -> int:
        """How many courses belong to a term; archived ones, too."""
        counted = select(func.count()).select_from(CourseRow).where(CourseRow.term_id == term_id)
        return self._db_session.exec(counted).one()

    def remove_term(self, term_id: int) -> None:
        self._db_session.execute(delete(TermRow).where(col(TermRow.id) == term_id))

    def holidays(self, *, since: date | None = None) -> list[Holiday]:
        """By first day; those that are not over on a day."""
        wanted = select(HolidayRow).order_by(col(HolidayRow.first_day), col(HolidayRow.id))
        if since is not None:
            wanted = wanted.where(HolidayRow.last_day >= since)
        return [_holiday(row) for row in self._db_session.exec(wanted)]

    def put_holiday(self, holiday: Holiday) -> Holiday:
        """Write one, a new one with the id 0. Raises NotFoundError: it is gone."""
        values = {"name": holiday.name, **_days(holiday.span)}
        return _holiday(self._put(HolidayRow, holiday.holiday_id, values))

    def remove_holiday(self, holiday_id: int) -> Holiday | None:
        """Take one away; returns it, or None when it is gone already."""
        row = self._db_session.get(HolidayRow, holiday_id)
        if row is None:
            return None
        found = _holiday(row)
        self._db_session.delete(row)
        self._db_session.flush()
        return found

    def slots(self, course_ids: Collection[int] | None = None) -> list[WeeklySlot]:
        """Of these courses, or of all that are not archived; by weekday and time."""
        wanted = select(CourseSlotRow).order_by(
            col(CourseSlotRow.weekday), col(CourseSlotRow.begins), col(CourseSlotRow.id)
        )
        return [_slot(row) for row in self._db_session.exec(wanted.where(_of(CourseSlotRow, course_ids)))]

    def dates(
        self,
        course_ids: Collection[int] | None = None,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[SingleDate]:
        """Of these courses, or of all that are not archived, that begin in [since, until); by time."""
        wanted = select(CourseDateRow).order_by(col(CourseDateRow.begins_at), col(CourseDateRow.id))
        wanted = wanted.where(_of(CourseDateRow, course_ids))
        if since is not None:
            wanted = wanted.where(CourseDateRow.begins_at >= since)
        if until is not None:
            wanted = wanted.where(CourseDateRow.begins_at < until)
        return [_date(row) for row in self._db_session.exec(wanted)]

    def timetable(
        self,
        zone: ZoneInfo,
        *,
        since: datetime,
        until: datetime | None = None,
        course_ids: Collection[int] | None = None,
    ) -> Timetable:
        """What says when these courses (or all that are not archived) meet from one moment to another."""
        terms = {one.term_id: one for one in self.terms()}
        belongs = select(CourseRow.id, CourseRow.term_id).where(col(CourseRow.term_id).is_not(None))
        of_course = {
            course_id: terms[term_id]
            for course_id, term_id in self._db_session.exec(belongs)
            if term_id in terms
        }
        return Timetable(
            zone,
            self.slots(course_ids),
            self.dates(course_ids, since=since, until=until),
            of_course,
            self.holidays(since=since.astimezone(zone).date()),
        )

    def put_slot(self, slot: WeeklySlot) -> WeeklySlot:
        """Write one, a new one with the id 0. Raises NotFoundError: it is gone."""
        values = {
            "course_id": slot.course_id,
            "weekday": slot.weekday,
            "begins": slot.begins.hour * 60 + slot.begins.minute,
            "minutes": slot.minutes,
            "room": slot.room,
        }
        return _slot(self._put(CourseSlotRow, slot.slot_id, values))

    def remove_slot(self, slot_id: int) -> WeeklySlot | None:
        """Take one away; returns it, or None when it is gone already."""
        row = self._db_session.get(CourseSlotRow, slot_id)
        if row is None:
            return None
        found = _slot(row)
        self._db_session.delete(row)
        self._db_session.flush()
        return found

    def add_dates(self, dates: Iterable[SingleDate]) -> list[SingleDate]:
        """Write new ones. Raises ConflictError: the course has one at that moment; NotFoundError: there is no such course."""
        rows = [
            CourseDateRow(
                course_id=one.course_id,
                begins_at=one.begins_at,
                minutes=one.minutes,
                room=one.room,
                origin=one.origin.value,
                uid=one.uid,
                called_off=one.called_off,
            )
            for one in dates
        ]
        taken = ConflictError(
            _("This course has a date at that time already."),
            _("Remove that one first, or choose another time."),
        )
        self._insert_all(rows, *((CourseRow, row.course_id) for row in rows), taken=taken)
        return [_date(row) for row in rows]

    def remove_dates(self, date_ids: Collection[int]) -> list[SingleDate]:
        """Take some away; returns those that were there."""
        rows = self._db_session.exec(select(CourseDateRow).where(col(CourseDateRow.id).in_(date_ids))).all()
        found = [_date(row) for row in rows]
        for row in rows:
            self._db_session.delete(row)
        self._db_session.flush()
        return found

    def _put(self, kind: type[R], row_id: int, values: Mapping[str, Any]) -> R:
        """Write a new row (with the id 0) or change one. Raises NotFoundError: it is gone."""
        row = self._db_session.get(kind, row_id) if row_id else kind(**values)
        if row is None:
            raise _gone()
        for name, value in values.items():
            setattr(row, name, value)
        self._db_session.add(row)
        self._db_session.flush()
        return row


def _days(span: Span) -> dict[str, date]:
    return {"first_day": span.first_day, "last_day": span.last_day}


def _of(kind: Any, course_ids: Collection[int] | None) -> ColumnElement[bool]:
    if course_ids is not None:
        return col(kind.course_id).in_(course_ids)
    return col(kind.course_id).in_(select(CourseRow.id).where(col(CourseRow.archived_at).is_(None)))


def _term(row: TermRow) -> Term:
    return Term(row.id, Span(row.name, row.first_day, row.last_day))


def _holiday(row: HolidayRow) -> Holiday:
    return Holiday(row.id, Span(row.name, row.first_day, row.last_day))


def _slot(row: CourseSlotRow) -> WeeklySlot:
    begins = time(row.begins // 60, row.begins % 60)
    return WeeklySlot(row.id, row.course_id, row.weekday, begins, row.minutes, row.room)


def _date(row: CourseDateRow) -> SingleDate:
    return SingleDate(
        *(row.id, row.course_id, row.begins_at, row.minutes, row.room, DateOrigin(row.origin), row.uid),
        called_off=row.called_off,
    )


def _gone() -> NotFoundError:
    return NotFoundError(_("Somebody else removed this meanwhile."), _("The list is read again."))

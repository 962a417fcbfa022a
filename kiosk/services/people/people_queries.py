"""Everybody as a list, in the database: who is meant, in which order, and what a page of it says. Inside the caller's transaction."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, SQLColumnExpression, func, or_, select
from sqlmodel import col

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.record import AttendanceCount, AttendanceRecord
from kiosk.domain.attendance.school_status import SchoolStatus
from kiosk.domain.people.consents import ConsentKind, Standing
from kiosk.domain.people.people_list import PeopleColumn, PeopleFilter
from kiosk.domain.people.students import Student, fold
from kiosk.storage.database.tables import (
    AttendanceRecordRow,
    ClassSessionRow,
    ConsentRow,
    CourseRow,
    FaceSampleRow,
    RecordHistoryRow,
    RegistrationRow,
    StudentRow,
)
from kiosk.storage.repositories.class_sessions import do_not_count
from kiosk.storage.repositories.consents import Consents
from kiosk.storage.repositories.records import AttendanceRecords
from kiosk.storage.repositories.repository import Repository
from kiosk.storage.repositories.school_statuses import SchoolStatuses
from kiosk.storage.repositories.students import list_students

_ATTENDED: Final = tuple(status.value for status in Status if status.attended)


@dataclass(frozen=True, slots=True)
class Figures:
    """How often a student came, and when last."""

    count: AttendanceCount = field(default_factory=AttendanceCount)
    seen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who is asked for.

    Attributes:
        seen: Courses of whose students the list is; None: of all, also those in no course.
        course_id: Of one course alone.
    """

    today: date
    search: str = ""
    filters: frozenset[PeopleFilter] = frozenset()
    seen: frozenset[int] | None = None
    course_id: int | None = None


class PeopleQueries(Repository):
    """Reads ids first, which are few even in a large school, and all else for a page of them alone."""

    NO_FIGURES: Final = Figures()

    def ids(self, wanted: Wanted, order: PeopleColumn, *, descending: bool) -> list[int]:
        """Ids of those who are asked for, in an order that the database knows; others than `order` come as by name."""
        found = select(col(StudentRow.id)).where(
            col(StudentRow.deleted_at).is_(None), col(StudentRow.merged_into_id).is_(None)
        )
        found = found.where(*_searched(wanted.search), *_filtered(wanted))
        if wanted.seen is not None:
            found = found.where(_registered(col(RegistrationRow.course_id).in_(wanted.seen)))
        if wanted.course_id is not None:
            found = found.where(
                _registered(col(RegistrationRow.course_id) == wanted.course_id, covers(wanted.today))
            )
        by, has_none = _order(order, wanted.today)
        tie = (col(StudentRow.sort_name_folded), col(StudentRow.student_no_folded))
        nothing_last = [has_none] if has_none is not None else []
        found = found.order_by(*nothing_last, by.desc() if descending else by, *tie)
        return list(self._db_session.scalars(found))

    def students(self, ids: Sequence[int]) -> dict[int, Student]:
        """Those of a page, by id."""
        return {one.student_id: one for one in list_students(self._db_session, col(StudentRow.id).in_(ids))}

    def states(self, ids: Sequence[int]) -> dict[int, tuple[bool, date | None]]:
        """Whether each has a PIN, and since when they are inactive."""
        wanted = select(
            col(StudentRow.id), col(StudentRow.pin_hash).is_not(None), col(StudentRow.inactive_from)
        ).where(col(StudentRow.id).in_(ids))
        return {one: (bool(has_pin), since) for one, has_pin, since in self._db_session.execute(wanted)}

    def courses(
        self, ids: Sequence[int], today: date, seen: frozenset[int] | None
    ) -> dict[int, tuple[str, ...]]:
        """Codes of the courses that each is in on a day."""
        wanted = (
            select(col(RegistrationRow.student_id), col(CourseRow.code))
            .join(CourseRow, col(CourseRow.id) == col(RegistrationRow.course_id))
            .where(col(RegistrationRow.student_id).in_(ids), covers(today))
            .order_by(col(CourseRow.code_folded))
        )
        if seen is not None:
            wanted = wanted.where(col(RegistrationRow.course_id).in_(seen))
        found: defaultdict[int, list[str]] = defaultdict(list)
        for student_id, code in self._db_session.execute(wanted):
            found[student_id].append(code)
        return {one: tuple(codes) for one, codes in found.items()}

    def faces(self, ids: Sequence[int]) -> dict[int, int]:
        """How many pictures are stored of each."""
        counted = select(col(FaceSampleRow.student_id), func.count()).where(
            col(FaceSampleRow.student_id).in_(ids)
        )
        counted = counted.group_by(col(FaceSampleRow.student_id))
        return dict(self._db_session.execute(counted).all())

    def standings(self, ids: Collection[int] | None = None) -> dict[int, Standing]:
        """What was answered about faces: about a few, or about everybody."""
        consents, kind = Consents(db_session=self._db_session), ConsentKind.FACE_RECOGNITION
        return consents.standings(kind) if ids is None else consents.standings_of(ids, kind)

    def newest_record(self) -> tuple[int, int, int]:
        """Ids of the newest record and of the newest change of one, and which sessions and own statuses count how, added up.

        While they stay, hardly anything has changed.
        """
        newest = (
            select(func.coalesce(func.max(col(kind.id)), 0))
            for kind in (AttendanceRecordRow, RecordHistoryRow)
        )
        record, change = (self._db_session.scalars(one).one() for one in newest)
        apart = self._db_session.scalars(do_not_count()).all()
        # Of a class that is open again, nobody is counted on whom nobody has decided.
        is_open = col(ClassSessionRow.ended_at).is_(None)
        going_on = self._db_session.scalars(select(col(ClassSessionRow.id)).where(is_open)).all()
        own = SchoolStatuses(db_session=self._db_session).all()
        said = tuple((one.status_id, one.version) for one in own)
        return record, change, hash((tuple(sorted(apart)), tuple(sorted(going_on)), said))

    def newest_word(self) -> int:
        """Id of the newest answer about faces."""
        return self._db_session.scalars(select(func.coalesce(func.max(col(ConsentRow.id)), 0))).one()

    def figures(self, seen: frozenset[int] | None, ids: Collection[int] | None = None) -> dict[int, Figures]:
        """How often students came to classes that count: a few, read by their index, or everybody, from the index alone.

        One query with an index that holds all that it asks for; a million records take it a fraction of a second.
        """
        record = AttendanceRecordRow
        wanted = select(
            col(record.student_id), col(record.status), func.count(), func.max(col(record.marked_at))
        ).group_by(col(record.student_id), col(record.status))
        wanted = wanted.where(col(record.session_id).not_in(do_not_count()))
        if seen is not None:
            theirs = select(col(ClassSessionRow.id)).where(col(ClassSessionRow.course_id).in_(seen))
            wanted = wanted.where(col(record.session_id).in_(theirs))
        if ids is not None:
            wanted = wanted.where(col(record.student_id).in_(ids))
        found: dict[int, Figures] = {}
        for student_id, status, number, marked_at in self._db_session.execute(wanted):
            known = found.get(student_id, Figures())
            seen_at = known.seen_at
            if status in _ATTENDED:
                last = marked_at.astimezone(UTC)
                seen_at = max(seen_at, last) if seen_at is not None else last
            found[student_id] = Figures(known.count.plus(Status(status), number), seen_at)
        for absence in self._undecided(seen, ids):
            known = found[absence.student_id]
            found[absence.student_id] = Figures(known.count.plus(absence.status, -1), known.seen_at)
        for student_id, own, number in self._refinements(seen, ids):
            known = found[student_id]
            found[student_id] = Figures(known.count.refined(own, number), known.seen_at)
        return found

    def _refinements(
        self, seen: frozenset[int] | None, ids: Collection[int] | None
    ) -> Iterator[tuple[int, SchoolStatus, int]]:
        """Who has how many records with which status of the school's own."""
        record = AttendanceRecordRow
        where = [col(record.session_id).not_in(do_not_count())]
        if seen is not None:
            where.append(col(ClassSessionRow.course_id).in_(seen))
        if ids is not None:
            where.append(col(record.student_id).in_(ids))
        found = AttendanceRecords(db_session=self._db_session).refinements([col(record.student_id)], *where)
        for (student_id,), own, number in found:
            yield student_id, own, number

    def _undecided(self, seen: frozenset[int] | None, ids: Collection[int] | None) -> list[AttendanceRecord]:
        """Absences of classes that are open again: nobody is counted by them yet."""
        where: list[ColumnElement[bool]] = []
        if seen is not None:
            where.append(col(ClassSessionRow.course_id).in_(seen))
        if ids is not None:
            where.append(col(AttendanceRecordRow.student_id).in_(ids))
        return AttendanceRecords(db_session=self._db_session).undecided(*where)


def covers(day: date) -> ColumnElement[bool]:
    """Whether a registration is in force on a day."""
    until = col(RegistrationRow.until)
    return (col(RegistrationRow.since) <= day) & or_(until.is_(None), until > day)


def _searched(text: str) -> list[ColumnElement[bool]]:
    """Each word in the name, number, address or the name that is called; without case, and where folded without accents."""
    conditions: list[ColumnElement[bool]] = []
    for word in fold(text).split():
        places = (
            col(StudentRow.full_name_folded),
            col(StudentRow.student_no_folded),
            func.lower(func.coalesce(col(StudentRow.email), "")),
            func.lower(col(StudentRow.called)),
        )
        conditions.append(or_(*(place.contains(word, autoescape=True) for place in places)))
    return conditions


def _filtered(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    inactive = col(StudentRow.inactive_from)
    is_inactive = inactive.is_not(None) & (inactive <= wanted.today)
    if PeopleFilter.INACTIVE in wanted.filters:
        conditions.append(is_inactive)
    elif not wanted.search.strip():
        conditions.append(~is_inactive)
    if PeopleFilter.NO_PIN in wanted.filters:
        conditions.append(col(StudentRow.pin_hash).is_(None))
    if PeopleFilter.NO_PICTURES in wanted.filters:
        conditions.append(col(StudentRow.id).not_in(select(col(FaceSampleRow.student_id))))
    return conditions


def _registered(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return col(StudentRow.id).in_(select(col(RegistrationRow.student_id)).where(*conditions))


def _order(order: PeopleColumn, today: date) -> tuple[SQLColumnExpression[Any], ColumnElement[bool] | None]:
    """What to order by, and whether there is nothing to order by, which comes last in both directions."""
    student = col(StudentRow.id)
    match order:
        case PeopleColumn.NUMBER:
            return col(StudentRow.student_no_folded), None
        case PeopleColumn.EMAIL:
            email = col(StudentRow.email)
            return func.lower(email), email.is_(None)
        case PeopleColumn.PIN:
            return col(StudentRow.pin_hash).is_(None), None
        case PeopleColumn.FACES:
            counted = select(func.count()).where(col(FaceSampleRow.student_id) == student)
            return counted.correlate(StudentRow).scalar_subquery(), None
        case PeopleColumn.COURSES:
            first = (
                select(func.min(col(CourseRow.code_folded)))
                .join(RegistrationRow, col(RegistrationRow.course_id) == col(CourseRow.id))
                .where(col(RegistrationRow.student_id) == student, covers(today))
                .correlate(StudentRow)
                .scalar_subquery()
            )
            return first, first.is_(None)
        case PeopleColumn.NAME | PeopleColumn.CONSENT | PeopleColumn.ATTENDANCE | PeopleColumn.SEEN:
            return col(StudentRow.sort_name_folded), None

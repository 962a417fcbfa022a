"""The SQL of the list of all records: how long it is, and one page of it. Runs inside the caller's view.

Counting reads one index alone (`ix_attendance_records_list`), whatever is asked for, so that it takes a fraction of a second
for a million records; a page reads the records of a few class sessions.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from typing import Any, Final, assert_never
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, func, or_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.courses.courses import Course
from kiosk.domain.people.students import Student, fold
from kiosk.domain.records.filters import Days
from kiosk.domain.records.record_list import (
    Outline,
    Part,
    RecordLine,
    RecordOrder,
    RecordQuestion,
    Stretch,
)
from kiosk.storage.database.tables import (
    AttendanceRecordRow,
    ClassSessionRow,
    CourseRow,
    IncidentRow,
    ObjectionRow,
    StudentRow,
)
from kiosk.storage.repositories.class_sessions import is_there
from kiosk.storage.repositories.courses import course_of
from kiosk.storage.repositories.repository import Repository
from kiosk.storage.repositories.school_statuses import OwnStatuses, SchoolStatuses

_RECORD: Final = AttendanceRecordRow
_SESSION: Final = ClassSessionRow
_NONE: Final = ""
"""Group of the records without a method."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose records somebody is shown (None: of all courses), and the zone that days are reckoned in."""

    course_ids: frozenset[int] | None
    zone: ZoneInfo


class RecordListQueries(Repository):
    """Counts and pages of all records."""

    def __init__(self, *, db_session: Session, scope: Scope) -> None:
        super().__init__(db_session=db_session)
        self._scope = scope

    def outline(self, asked: RecordQuestion) -> Outline:
        """How long the list is, and its stretches in order."""
        conditions = self._conditions(asked)
        match asked.order:
            case RecordOrder.DAY | RecordOrder.COURSE:
                lengths = self._lengths((col(_RECORD.session_id),), conditions)
                order = self._session_order(asked)
                found = [Stretch(one, lengths[one,]) for one in order if (one,) in lengths]
            case RecordOrder.STUDENT:
                lengths = self._lengths((col(_RECORD.student_id),), conditions)
                found = [Stretch(one, lengths[one,]) for one in self._student_order() if (one,) in lengths]
                found = found[::-1] if asked.descending else found
            case RecordOrder.STATUS:
                found = self._grouped(asked, col(_RECORD.status), [one.value for one in Status], conditions)
            case RecordOrder.METHOD:
                groups = [*(one.value for one in Method), _NONE]
                method = func.coalesce(col(_RECORD.method), _NONE)
                found = self._grouped(asked, method, groups, conditions)
            case _:
                assert_never(asked.order)
        return Outline(asked, found)

    def page(self, asked: RecordQuestion, parts: Sequence[Part]) -> list[RecordLine]:
        """The lines of these parts, in their order."""
        by_student = asked.order is RecordOrder.STUDENT
        owner = col(_RECORD.student_id) if by_student else col(_RECORD.session_id)
        conditions = [*self._conditions(asked), owner.in_([one.stretch.of for one in parts])]
        rows: dict[tuple[int, str | None], list[RecordLine]] = {}
        names: dict[int, str] = {}
        for line, name in self._lines(conditions):
            names[line.student.student_id] = name
            group: str | None = None
            if asked.order is RecordOrder.STATUS:
                group = line.status.value
            elif asked.order is RecordOrder.METHOD:
                group = line.method.value if line.method else _NONE
            of = line.student.student_id if by_student else line.session_id
            rows.setdefault((of, group), []).append(line)
        lines: list[RecordLine] = []
        for part in parts:
            those = rows.get((part.stretch.of, part.stretch.group), [])
            those.sort(key=_newest_first if by_student else _by_name(names))
            lines.extend(those[part.skipped : part.skipped + part.taken])
        return self._with_doubts(lines)

    def lines_of(self, record_ids: Iterable[int]) -> list[RecordLine]:
        """Those of these records that exist and may be seen, in no order."""
        conditions = self._of_sessions(RecordQuestion())
        lines = self._lines([*conditions, col(_RECORD.id).in_(list(record_ids))])
        return self._with_doubts([line for line, _name in lines])

    def starters(self) -> list[str]:
        """Who ever began a class session that is seen, by name."""
        conditions = self._session_conditions(RecordQuestion())
        wanted = select(_SESSION.started_by).where(is_there(), *conditions).distinct()
        return sorted(self._db_session.exec(wanted), key=fold)

    def _lengths(
        self, by: tuple[SQLColumnExpression[Any], ...], conditions: Sequence[ColumnElement[bool]]
    ) -> dict[tuple[Any, ...], int]:
        counted = select_columns(*by, func.count()).where(*conditions).group_by(*by)
        return {tuple(row[:-1]): row[-1] for row in self._db_session.connection().execute(counted)}

    def _grouped(
        self,
        asked: RecordQuestion,
        group: SQLColumnExpression[Any],
        groups: list[str],
        conditions: Sequence[ColumnElement[bool]],
    ) -> list[Stretch]:
        lengths = self._lengths((col(_RECORD.session_id), group), conditions)
        newest_first = self._session_order(RecordQuestion())
        return [
            Stretch(session_id, lengths[session_id, name], name)
            for name in (groups[::-1] if asked.descending else groups)
            for session_id in newest_first
            if (session_id, name) in lengths
        ]

    def _session_order(self, asked: RecordQuestion) -> list[int]:
        started = (col(_SESSION.started_at).desc(), col(_SESSION.id).desc())
        wanted = select_columns(col(_SESSION.id))
        if asked.order is RecordOrder.COURSE:
            code = col(CourseRow.code_folded)
            wanted = wanted.join(CourseRow, col(CourseRow.id) == _SESSION.course_id)
            wanted = wanted.order_by(code.desc() if asked.descending else code, *started)
        elif asked.descending:
            wanted = wanted.order_by(*started)
        else:
            wanted = wanted.order_by(col(_SESSION.started_at), col(_SESSION.id))
        return list(self._db_session.connection().execute(wanted).scalars())

    def _student_order(self) -> list[int]:
        wanted = select_columns(col(StudentRow.id)).order_by(
            col(StudentRow.sort_name_folded), col(StudentRow.student_no_folded)
        )
        return list(self._db_session.connection().execute(wanted).scalars())

    def _lines(self, conditions: Sequence[ColumnElement[bool]]) -> Iterable[tuple[RecordLine, str]]:
        """Records in no order, each with what its student is sorted by."""
        wanted: Select[*tuple[Any, ...]] = (
            select_columns(
                *(col(_RECORD.id), col(_RECORD.version), col(_RECORD.status), col(_RECORD.method)),
                *(col(_RECORD.marked_at), col(_SESSION.id).label("session_id")),
                *(col(_SESSION.started_at), col(_SESSION.started_by), col(_SESSION.course_id)),
                *(col(_SESSION.cancelled_at), col(_RECORD.school_status_id)),
                *(col(StudentRow.id).label("student_id"), col(StudentRow.student_no)),
                *(col(StudentRow.full_name), col(StudentRow.email)),
                *(col(StudentRow.family_name), col(StudentRow.called), col(StudentRow.sort_name_folded)),
            )
            .join(_SESSION, col(_SESSION.id) == _RECORD.session_id)
            .join(StudentRow, col(StudentRow.id) == _RECORD.student_id)
            .where(*conditions)
        )
        rows = self._db_session.connection().execute(wanted).all()
        courses = self._courses({row.course_id for row in rows})
        own = OwnStatuses(db_session=self._db_session)
        for row in rows:
            method = Method(row.method) if row.method else None
            line = RecordLine(
                record_id=row.id,
                version=row.version,
                session_id=row.session_id,
                student=Student(
                    row.student_id,
                    row.student_no,
                    row.full_name,
                    row.email,
                    row.family_name,
                    row.called,
                ),
                course=courses[row.course_id],
                started_at=row.started_at.astimezone(UTC),
                started_by=row.started_by,
                status=Status(row.status),
                method=method,
                marked_at=row.marked_at.astimezone(UTC),
                is_changed=row.version > 1 or method is Method.MANUAL,
                has_message=False,
                has_incident=False,
                is_cancelled=row.cancelled_at is not None,
                own=own.of(row.school_status_id),
            )
            yield line, row.sort_name_folded

    def _courses(self, course_ids: set[int]) -> dict[int, Course]:
        wanted = select(CourseRow).where(col(CourseRow.id).in_(course_ids))
        return {row.id: course_of(row) for row in self._db_session.exec(wanted)}

    def _with_doubts(self, lines: list[RecordLine]) -> list[RecordLine]:
        waiting = select(ObjectionRow.record_id).where(
            col(ObjectionRow.record_id).in_([line.record_id for line in lines]),
            col(ObjectionRow.outcome).is_(None),
        )
        messages = set(self._db_session.exec(waiting))
        noticed = select(IncidentRow.session_id, IncidentRow.student_id, IncidentRow.other_id).where(
            col(IncidentRow.session_id).in_({line.session_id for line in lines})
        )
        named = set()
        for session_id, student_id, other_id in self._db_session.exec(noticed):
            named |= {(session_id, student_id), (session_id, other_id)}
        return [
            replace(
                line,
                has_message=line.record_id in messages,
                has_incident=(line.session_id, line.student.student_id) in named,
            )
            for line in lines
        ]

    def _conditions(self, asked: RecordQuestion) -> list[ColumnElement[bool]]:
        conditions = self._of_sessions(asked)
        if asked.student_id is not None:
            conditions.append(col(_RECORD.student_id) == asked.student_id)
        if asked.statuses:
            conditions.append(col(_RECORD.status).in_(sorted(asked.statuses)))
        if asked.methods:
            named = [one.value for one in asked.methods if one is not None]
            of_method = col(_RECORD.method).in_(named)
            without = col(_RECORD.method).is_(None)
            conditions.append(or_(of_method, without) if None in asked.methods else of_method)
        if asked.only_changed:
            conditions.append(or_(col(_RECORD.version) > 1, col(_RECORD.method) == Method.MANUAL.value))
        if asked.only_messages:
            conditions.append(_has_message())
        if asked.only_doubtful:
            conditions.append(or_(_has_message(), _has_incident()))
        own = SchoolStatuses(db_session=self._db_session).all()
        for word in fold(asked.search).split():
            said = self._said(word)
            with_it = [one.status_id for one in own if word in fold(one.name)]
            if said and with_it:
                said = [or_(*said, col(_RECORD.school_status_id).in_(with_it))]
            conditions.extend(said)
        return conditions

    def _of_sessions(self, asked: RecordQuestion) -> list[ColumnElement[bool]]:
        conditions = self._session_conditions(asked)
        if conditions:
            chosen = select_columns(col(_SESSION.id)).where(is_there(), *conditions)
            return [col(_RECORD.session_id).in_(chosen)]
        deleted = list(self._db_session.exec(select(_SESSION.id).where(~is_there())))
        # Few or none: a million records are not each compared with an empty list.
        return [col(_RECORD.session_id).not_in(deleted)] if deleted else []

    def _session_conditions(self, asked: RecordQuestion) -> list[ColumnElement[bool]]:
        days = Days(asked.course_id, asked.first, asked.last).filter(self._scope.zone)
        conditions: list[ColumnElement[bool]] = []
        if days.course_id is not None:
            conditions.append(col(_SESSION.course_id) == days.course_id)
        if days.since is not None:
            conditions.append(col(_SESSION.started_at) >= days.since)
        if days.until is not None:
            conditions.append(col(_SESSION.started_at) < days.until)
        if self._scope.course_ids is not None:
            conditions.append(col(_SESSION.course_id).in_(sorted(self._scope.course_ids)))
        if asked.started_by is not None:
            conditions.append(col(_SESSION.started_by) == asked.started_by)
        return conditions

    def _said(self, word: str) -> list[ColumnElement[bool]]:
        """That a word is in the student, the course or who began the class; nothing where all students have it."""
        in_student = or_(
            col(StudentRow.full_name_folded).contains(word, autoescape=True),
            col(StudentRow.student_no_folded).contains(word, autoescape=True),
        )
        known, having = self._db_session.exec(
            select(func.count(), func.count().filter(in_student)).select_from(StudentRow)
        ).one()
        if known == having:
            return []
        students = select_columns(col(StudentRow.id)).where(in_student)
        courses = [
            row.id
            for row in self._db_session.exec(select(CourseRow))
            if word in row.code_folded or word in fold(row.title)
        ]
        starters = [one for one in self.starters() if word in fold(one)]
        if not courses and not starters:
            return [col(_RECORD.student_id).in_(students)]
        sessions = select_columns(col(_SESSION.id)).where(
            or_(col(_SESSION.course_id).in_(courses), col(_SESSION.started_by).in_(starters))
        )
        of_session = col(_RECORD.session_id).in_(sessions)
        return [or_(col(_RECORD.student_id).in_(students), of_session) if having else of_session]


def _has_message() -> ColumnElement[bool]:
    waiting = select_columns(col(ObjectionRow.record_id)).where(col(ObjectionRow.outcome).is_(None))
    return col(_RECORD.id).in_(waiting)


def _has_incident() -> ColumnElement[bool]:
    named = (
        select_columns(col(IncidentRow.id))
        .where(
            col(IncidentRow.session_id) == _RECORD.session_id,
            or_(
                col(IncidentRow.student_id) == _RECORD.student_id,
                col(IncidentRow.other_id) == _RECORD.student_id,
            ),
        )
        .exists()
    )
    sessions = select_columns(col(IncidentRow.session_id))
    return and_(col(_RECORD.session_id).in_(sessions), named)


def _by_name(names: Mapping[int, str]) -> Callable[[RecordLine], tuple[str, str, int]]:
    def key(line: RecordLine) -> tuple[str, str, int]:
        return names[line.student.student_id], fold(line.student.student_no), line.record_id

    return key


def _newest_first(line: RecordLine) -> tuple[float, int]:
    return -line.started_at.timestamp(), -line.record_id

"""The SQL of the log as a list. Runs inside the caller's view."""

import re
from collections.abc import Sequence
from datetime import UTC
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, or_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from kiosk.domain.people.students import Student, fold
from kiosk.domain.records.filters import Days
from kiosk.domain.trust.audit import AuditEntry, AuditLine, AuditQuestion
from kiosk.storage.database.tables import AuditRow, ClassSessionRow, CourseRow, StudentRow
from kiosk.storage.repositories.audit import RECORDS_SEALED
from kiosk.storage.repositories.class_sessions import class_session_of
from kiosk.storage.repositories.courses import course_of
from kiosk.storage.repositories.repository import Repository
from kiosk.storage.repositories.students import student_of

_CLASS: Final = re.compile(r"#(\d+)\s*$")
"""How the subject of an entry names a class session."""
_MOST_NAMED: Final = 200
"""Students whose names have a searched word in them and whose entries are looked for."""


class AuditListQueries(Repository):
    """Entries that people made; what the records of a class come to is the log's own business and left out."""

    def __init__(self, *, db_session: Session, zone: ZoneInfo) -> None:
        super().__init__(db_session=db_session)
        self._zone = zone

    def ids(self, asked: AuditQuestion) -> list[int]:
        """All that are asked for, newest first."""
        wanted = select_columns(col(AuditRow.id)).where(*self._conditions(asked))
        found = self._db_session.connection().execute(wanted.order_by(col(AuditRow.id).desc()))
        return list(found.scalars())

    def page(self, ids: Sequence[int]) -> list[AuditLine]:
        """These entries, in this order."""
        rows = self._db_session.exec(select(AuditRow).where(col(AuditRow.id).in_(ids))).all()
        entries = {
            row.id: AuditEntry(row.id, row.at.astimezone(UTC), row.actor, row.action, row.subject, row.detail)
            for row in rows
        }
        return self._named([entries[one] for one in ids if one in entries])

    def actors(self) -> list[str]:
        """Everybody who stands in the log, by name."""
        return sorted(self._db_session.exec(select(AuditRow.actor).distinct()), key=fold)

    def _named(self, entries: Sequence[AuditEntry]) -> list[AuditLine]:
        session_ids = {one for one in map(_class_of, entries) if one is not None}
        sessions = {
            row.id: row
            for row in self._db_session.exec(
                select(ClassSessionRow).where(col(ClassSessionRow.id).in_(session_ids))
            )
        }
        course_ids = {row.course_id for row in sessions.values()}
        courses = {
            row.id: row
            for row in self._db_session.exec(select(CourseRow).where(col(CourseRow.id).in_(course_ids)))
        }
        students = self._students(entries)
        lines = []
        for entry in entries:
            session = sessions.get(_class_of(entry) or 0)
            lines.append(
                AuditLine(
                    entry,
                    students.get(fold(_number_of(entry))),
                    class_session_of(session) if session is not None else None,
                    course_of(courses[session.course_id]) if session is not None else None,
                )
            )
        return lines

    def _students(self, entries: Sequence[AuditEntry]) -> dict[str, Student]:
        numbers = {fold(_number_of(entry)) for entry in entries} - {""}
        wanted = select(StudentRow).where(col(StudentRow.student_no_folded).in_(numbers))
        return {row.student_no_folded: student_of(row) for row in self._db_session.exec(wanted)}

    def _conditions(self, asked: AuditQuestion) -> list[ColumnElement[bool]]:
        conditions: list[ColumnElement[bool]] = [col(AuditRow.action) != RECORDS_SEALED]
        if asked.group is not None:
            first_words = [
                col(AuditRow.action).startswith(f"{word}.", autoescape=True)
                for word in asked.group.first_words
            ]
            conditions.append(or_(*first_words))
        if asked.by is not None:
            conditions.append(col(AuditRow.actor) == asked.by)
        days = Days(None, asked.first, asked.last).filter(self._zone)
        if days.since is not None:
            conditions.append(col(AuditRow.at) >= days.since)
        if days.until is not None:
            conditions.append(col(AuditRow.at) < days.until)
        conditions.extend(or_(*self._said(word)) for word in asked.search.split())
        return conditions

    def _said(self, word: str) -> list[ColumnElement[bool]]:
        columns: tuple[Any, ...] = (AuditRow.actor, AuditRow.subject, AuditRow.detail)
        said = [col(one).icontains(word, autoescape=True) for one in columns]
        named = select(StudentRow.student_no).where(
            col(StudentRow.full_name_folded).contains(fold(word), autoescape=True)
        )
        for number in self._db_session.exec(named.limit(_MOST_NAMED)):
            about = col(AuditRow.subject).startswith(f"{number} ", autoescape=True)
            said.extend((col(AuditRow.subject) == number, about))
        return said


def _class_of(entry: AuditEntry) -> int | None:
    found = _CLASS.search(entry.subject)
    return int(found.group(1)) if found is not None else None


def _number_of(entry: AuditEntry) -> str:
    """What may be a student's number: the subject without the class."""
    return _CLASS.sub("", entry.subject).strip()

"""Courses and registrations in the database. Runs inside the caller's transaction.

Periods of one student in one course never overlap and never touch needlessly: registering before a later
period moves that period's beginning.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_
from sqlmodel import col, select

from kiosk.domain.courses.courses import Course
from kiosk.domain.people.students import Student, fold
from kiosk.errors import ConflictError
from kiosk.storage.database.tables import CourseRow, FaceSampleRow, RegistrationRow, StudentRow
from kiosk.storage.repositories.repository import Repository, unknown
from kiosk.storage.repositories.students import is_active, list_students
from kiosk.translation import _


def course_of(row: CourseRow) -> Course:
    """The domain value of a row."""
    return Course(
        *(row.id, row.code, row.title, row.room),
        term_id=row.term_id,
        is_archived=row.archived_at is not None,
        version=row.version,
    )


class Courses(Repository):
    """Courses and who is registered in them. Codes are compared without regard to case."""

    def get(self, course_id: int) -> Course | None:
        row = self._db_session.get(CourseRow, course_id)
        return course_of(row) if row else None

    def by_code(self, code: str) -> Course | None:
        wanted = select(CourseRow).where(CourseRow.code_folded == fold(code))
        row = self._db_session.exec(wanted).one_or_none()
        return course_of(row) if row else None

    def hold(self, course_id: int) -> Course | None:
        """The course, a session of which nobody else begins until this transaction ends; held before the log."""
        row = self._db_session.get(
            CourseRow, course_id, with_for_update={"key_share": True}, populate_existing=True
        )
        return course_of(row) if row else None

    def all(self) -> list[Course]:
        """By code; archived ones, too."""
        ordered = select(CourseRow).order_by(col(CourseRow.code_folded))
        return [course_of(row) for row in self._db_session.exec(ordered)]

    def active(self) -> list[Course]:
        """Those that are not archived, by code."""
        ordered = select(CourseRow).order_by(col(CourseRow.code_folded))
        return [
            course_of(row)
            for row in self._db_session.exec(ordered.where(col(CourseRow.archived_at).is_(None)))
        ]

    def add(self, *, code: str, title: str, room: str = "") -> Course:
        """Raises ConflictError when the code exists."""
        row = CourseRow(code=code, code_folded=fold(code), title=title, room=room)
        self._insert(row, taken=_conflict(code))
        return course_of(row)

    def update(self, course: Course) -> Course:
        """Write code, title, room and term of a course that was read before; returns it as it stands now.

        Raises:
            NotFoundError: There is no such course.
            ConflictError: The new code is another's, or somebody changed the course since it was read.
        """
        if self.hold(course.course_id) is None:
            raise unknown(CourseRow)
        row = self._get(CourseRow, course.course_id)
        if row.version != course.version:
            raise ConflictError(
                _("Somebody else changed {code} meanwhile.", code=row.code),
                _("Nothing was saved. Look at it again, then change it."),
            )
        owner = self.by_code(course.code)
        if owner is not None and owner.course_id != course.course_id:
            raise _conflict(course.code)
        row.code = course.code
        row.code_folded = fold(course.code)
        row.title = course.title
        row.room = course.room
        row.term_id = course.term_id
        row.version += 1
        self._db_session.flush()
        return course_of(row)

    def set_archived(self, course_id: int, at: datetime | None) -> Course:
        """Archive a course, or open it again with None; returns it. Raises NotFoundError: there is none."""
        if self.hold(course_id) is None:
            raise unknown(CourseRow)
        row = self._get(CourseRow, course_id)
        row.archived_at = at
        row.version += 1
        self._db_session.flush()
        return course_of(row)

    def roster(self, course_id: int, on: date) -> list[Student]:
        """Students registered on that day, by family name."""
        registered = select(RegistrationRow.student_id).where(
            RegistrationRow.course_id == course_id, _covers(on)
        )
        return list_students(self._db_session, col(StudentRow.id).in_(registered), is_active(on))

    def sizes(self, on: date, *, enrolled: bool = False) -> Counter[int]:
        """How many students each course has on that day, or how many of them have a picture enrolled, by course id."""
        inactive = select(StudentRow.id).where(~is_active(on))
        counted = select(RegistrationRow.course_id, func.count()).where(
            _covers(on), col(RegistrationRow.student_id).not_in(inactive)
        )
        if enrolled:
            counted = counted.where(
                col(RegistrationRow.student_id).in_(select(FaceSampleRow.student_id).distinct())
            )
        return Counter(dict(self._db_session.exec(counted.group_by(col(RegistrationRow.course_id))).all()))

    def next_beginning(self, course_id: int, after: date) -> date | None:
        """The first day after `after` on which somebody's registration begins; None where none does."""
        wanted = select(func.min(RegistrationRow.since)).where(
            RegistrationRow.course_id == course_id, RegistrationRow.since > after
        )
        return self._db_session.exec(wanted).one()

    def is_registered(self, course_id: int, student_id: int, on: date) -> bool:
        """Whether `roster` has this student."""
        if self._period(course_id, student_id, on) is None:
            return False
        wanted = select(StudentRow.id).where(StudentRow.id == student_id, is_active(on))
        return self._db_session.exec(wanted).first() is not None

    def register(self, course_id: int, student_id: int, since: date) -> bool:
        """Register a student; False (and no change) when already registered on `since`."""
        if self._period(course_id, student_id, since) is not None:
            return False
        later = self._db_session.exec(
            select(RegistrationRow)
            .where(
                RegistrationRow.course_id == course_id,
                RegistrationRow.student_id == student_id,
                RegistrationRow.since > since,
            )
            .order_by(col(RegistrationRow.since))
            .limit(1)
        ).one_or_none()
        if later is not None:
            later.since = since
            self._db_session.flush()
            return True
        row = RegistrationRow(course_id=course_id, student_id=student_id, since=since)
        self._insert(row, (CourseRow, course_id), (StudentRow, student_id))
        return True

    def register_all(self, course_id: int, student_ids: Sequence[int], since: date) -> set[int]:
        """Register many as `register` does, with as many queries as for one; returns who was not registered before.

        Raises NotFoundError: there is no such course or student.
        """
        periods = self._db_session.exec(
            select(RegistrationRow)
            .where(
                RegistrationRow.course_id == course_id,
                or_(col(RegistrationRow.until).is_(None), col(RegistrationRow.until) > since),
            )
            .order_by(col(RegistrationRow.since).desc())
        ).all()
        next_one = {row.student_id: row for row in periods}
        fresh: list[RegistrationRow] = []
        registered: set[int] = set()
        for student_id in dict.fromkeys(student_ids):
            period = next_one.get(student_id)
            if period is not None and period.since <= since:
                continue
            registered.add(student_id)
            if period is None:
                fresh.append(RegistrationRow(course_id=course_id, student_id=student_id, since=since))
            else:
                period.since = since
        needs = [(StudentRow, one.student_id) for one in fresh]
        self._insert_all(fresh, (CourseRow, course_id), *needs)
        return registered

    def unregister(self, course_id: int, student_id: int, until: date) -> bool:
        """End a registration; False when there was none on `until`."""
        row = self._period(course_id, student_id, until)
        if row is None:
            return False
        if row.since == until:
            self._db_session.delete(row)
        else:
            row.until = until
        self._db_session.flush()
        return True

    def _period(self, course_id: int, student_id: int, on: date) -> RegistrationRow | None:
        wanted = select(RegistrationRow).where(
            RegistrationRow.course_id == course_id, RegistrationRow.student_id == student_id, _covers(on)
        )
        return self._db_session.exec(wanted).one_or_none()


def _covers(day: date) -> ColumnElement[bool]:
    return (col(RegistrationRow.since) <= day) & or_(
        col(RegistrationRow.until).is_(None), col(RegistrationRow.until) > day
    )


def _conflict(code: str) -> ConflictError:
    return ConflictError(
        _("The course code {code} exists already.", code=code), _("Change the course that has it.")
    )

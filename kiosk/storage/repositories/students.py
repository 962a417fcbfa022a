"""Students in the database. Runs inside the caller's transaction."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, or_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from kiosk.domain.courses.courses import RosterRow
from kiosk.domain.people.names import sort_name
from kiosk.domain.people.students import Student, fold
from kiosk.errors import ConflictError, NotFoundError
from kiosk.storage.database.tables import StudentMergeRow, StudentRow
from kiosk.storage.repositories.repository import Repository
from kiosk.translation import _

_STUDENT: Final[tuple[ColumnElement[Any], ...]] = tuple(
    StudentRow.metadata.tables["students"].c[name]
    for name in ("id", "student_no", "full_name", "email", "family_name", "called", "system_id")
)


def student_of(row: StudentRow) -> Student:
    """The domain value of a row."""
    return Student(
        row.id, row.student_no, row.full_name, row.email, row.family_name, row.called, row.system_id
    )


def list_students(db_session: Session, *conditions: ColumnElement[bool]) -> list[Student]:
    """All students that meet the conditions, by family name, then number.

    Selects columns, not rows to be tracked: a check-in reads a whole roster, and this takes a tenth of the time.
    """
    wanted = (
        select_columns(*_STUDENT)
        .where(*conditions)
        .order_by(col(StudentRow.sort_name_folded), col(StudentRow.student_no_folded))
    )
    return [Student(*columns) for columns in db_session.connection().execute(wanted)]


def is_active(on: date) -> ColumnElement[bool]:
    """Whether a student may be marked on a day and stands in rosters: not inactive by then, and nobody's former self."""
    return or_(col(StudentRow.inactive_from).is_(None), col(StudentRow.inactive_from) > on) & col(
        StudentRow.merged_into_id
    ).is_(None)


class Students(Repository):
    """Everybody who can be marked. Student numbers are compared without regard to case."""

    def get(self, student_id: int) -> Student | None:
        row = self._db_session.get(StudentRow, student_id)
        return student_of(row) if row else None

    def present(self, student_id: int) -> Student:
        """One about whom something may be written. Raises NotFoundError: unknown, deleted, or somebody else by now."""
        row = self._db_session.get(StudentRow, student_id)
        if row is None or row.deleted_at is not None or row.merged_into_id is not None:
            raise NotFoundError(_("That student does not exist any more."))
        return student_of(row)

    def by_no(self, student_no: str) -> Student | None:
        """Who has a number, or had it before being merged into somebody."""
        row = self._row_of_no(student_no)
        while row is not None and row.merged_into_id is not None:
            row = self._db_session.get(StudentRow, row.merged_into_id)
        return student_of(row) if row else None

    def former_numbers(self) -> dict[str, Student]:
        """Numbers of those who were merged, as compared, with whom they are now."""
        wanted = select(StudentRow.student_no).where(
            col(StudentRow.merged_into_id).is_not(None), col(StudentRow.deleted_at).is_(None)
        )
        found = {number: self.by_no(number) for number in self._db_session.exec(wanted)}
        return {fold(number): student for number, student in found.items() if student is not None}

    def all(self) -> list[Student]:
        """By family name, then number; not those who were deleted, of whom past classes keep a nameless count, or merged."""
        return list_students(
            self._db_session, col(StudentRow.deleted_at).is_(None), col(StudentRow.merged_into_id).is_(None)
        )

    def add(self, *, student_no: str, full_name: str, email: str | None) -> Student:
        """Raises ConflictError when the number exists."""
        row = _row_of(RosterRow(0, student_no, full_name, email))
        self._insert(row, taken=_conflict(student_no))
        return student_of(row)

    def add_all(self, people: Sequence[RosterRow]) -> list[Student]:
        """Many at once, in their order. Raises ConflictError when a number exists; none is added then."""
        rows = [_row_of(one) for one in people]
        self._insert_all(rows, taken=_conflict(", ".join(one.student_no for one in people[:3])))
        return [student_of(row) for row in rows]

    def update(self, student: Student) -> None:
        """Raises NotFoundError for an unknown id, ConflictError when the new number is another's."""
        row = self._get(StudentRow, student.student_id)
        owner = self._row_of_no(student.student_no)
        if owner is not None and owner.id != student.student_id:
            raise _conflict(student.student_no)
        row.student_no = student.student_no
        row.student_no_folded = fold(student.student_no)
        row.full_name = student.full_name
        row.full_name_folded = fold(student.full_name)
        row.email = student.email
        row.family_name = student.family_name
        row.called = student.called
        row.system_id = student.system_id
        row.sort_name_folded = sort_name(student.full_name, student.family_name)
        self._db_session.flush()

    def inactive_from(self, student_id: int) -> date | None:
        """The first day on which the student is in no roster; None: is active. Raises NotFoundError for an unknown id."""
        return self._get(StudentRow, student_id).inactive_from

    def set_inactive(self, student_id: int, since: date | None) -> None:
        """Keep everything and leave the student out of rosters from a day on; None: let him or her in again.

        Raises NotFoundError for an unknown id.
        """
        self._get(StudentRow, student_id).inactive_from = since
        self._db_session.flush()

    def _row_of_no(self, student_no: str) -> StudentRow | None:
        wanted = select(StudentRow).where(StudentRow.student_no_folded == fold(student_no))
        return self._db_session.exec(wanted).one_or_none()

    def pin_hash(self, student_id: int) -> str | None:
        """Raises NotFoundError for an unknown id."""
        return self._get(StudentRow, student_id).pin_hash

    def pin_hashes(self, among: Collection[int] | None = None) -> dict[int, str]:
        """Of everybody who has a PIN (or of those `among` these), by student id."""
        having = select(StudentRow.id, StudentRow.pin_hash).where(col(StudentRow.pin_hash).is_not(None))
        if among is not None:
            having = having.where(col(StudentRow.id).in_(among))
        return {student_id: known for student_id, known in self._db_session.exec(having) if known is not None}

    def set_pin_hash(self, student_id: int, pin_hash: str | None) -> None:
        """Raises NotFoundError for an unknown id."""
        self._get(StudentRow, student_id).pin_hash = pin_hash
        self._db_session.flush()


def _row_of(one: RosterRow) -> StudentRow:
    return StudentRow(
        student_no=one.student_no,
        student_no_folded=fold(one.student_no),
        full_name=one.full_name,
        full_name_folded=fold(one.full_name),
        family_name=one.family_name,
        sort_name_folded=sort_name(one.full_name, one.family_name),
        email=one.email,
        system_id=one.system_id,
    )


def _conflict(student_no: str) -> ConflictError:
    return ConflictError(
        _("The student number {student_no} exists already.", student_no=student_no),
        _("Change the student who has it."),
    )


def forget_in_merges(db_session: Session, session_id: int) -> None:
    """Forget what merges wrote down of records of a class session that is removed, so that no undo brings them back."""
    for row in db_session.exec(select(StudentMergeRow).where(col(StudentMergeRow.undone_at).is_(None))):
        both = row.moved.get("both", [])
        stay = [one for one in both if one["session"] != session_id]
        if len(stay) < len(both):
            row.moved = {**row.moved, "both": stay}
    db_session.flush()

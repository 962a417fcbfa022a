"""What repositories and the queries of single use cases are made of. Runs inside the caller's transaction."""

from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from kiosk.errors import KioskError, NotFoundError
from kiosk.storage.database.row import Row
from kiosk.storage.database.schema import take_turns
from kiosk.storage.database.tables import (
    ApiTokenRow,
    AttendanceRecordRow,
    ClassSessionRow,
    CourseRow,
    EnrolledPhoneRow,
    FacePairRow,
    StudentRow,
    UserRow,
)
from kiosk.translation import _

R = TypeVar("R", bound=Row)


class Repository:
    """Queries on the database session of one transaction."""

    def __init__(self, *, db_session: Session) -> None:
        self._db_session = db_session

    def _get(self, kind: type[R], row_id: int) -> R:
        """Raises NotFoundError for an unknown id."""
        row = self._db_session.get(kind, row_id)
        if row is None:
            raise unknown(kind)
        return row

    def _take_turns(self, what: str) -> None:
        """Let no other kiosk's transaction go on that takes its turn at the same thing, until this one ends.

        For what has no row that could be locked. SQLite has one writer anyway.
        """
        take_turns(self._db_session.connection(), what)

    def _insert(self, row: Row, *needs: tuple[type[Row], int], taken: KioskError | None = None) -> None:
        """Write a row at once; see `_insert_all`."""
        self._insert_all([row], *needs, taken=taken)

    def _insert_all(
        self, rows: Sequence[Row], *needs: tuple[type[Row], int], taken: KioskError | None = None
    ) -> None:
        """Write rows at once.

        A constraint that fails undoes only these rows (savepoint), also when another process was faster by a moment.

        Args:
            rows: The new ones.
            needs: Rows that it refers to, by kind and id.
            taken: What to raise when there is such a row already.

        Raises:
            NotFoundError: One of `needs` does not exist.
            KioskError: It is `taken`.
            IntegrityError: There is nothing to be said in words: the fault is in our own code.
        """
        try:
            with self._db_session.begin_nested():
                self._db_session.add_all(rows)
                self._db_session.flush()
        except IntegrityError as error:
            for kind, row_id in needs:
                if self._db_session.get(kind, row_id) is None:
                    raise unknown(kind) from error
            if taken is None:
                raise
            raise taken from error


def unknown(kind: type[Row]) -> NotFoundError:
    """What to say of a row that does not exist."""
    words = {
        ApiTokenRow: _("There is no such token."),
        AttendanceRecordRow: _("This record does not exist."),
        ClassSessionRow: _("This class session does not exist."),
        CourseRow: _("This course does not exist."),
        EnrolledPhoneRow: _("This phone is not enrolled any more."),
        FacePairRow: _("This pair is not noted any more."),
        StudentRow: _("This student does not exist."),
        UserRow: _("This user does not exist."),
    }
    return NotFoundError(words[kind], _("The list may be older than the database."))

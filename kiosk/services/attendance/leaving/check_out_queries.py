"""Check-outs in the database. Runs inside the caller's transaction."""

from datetime import UTC

from sqlmodel import col, delete, select

from kiosk.domain.attendance.choices import Method
from kiosk.domain.attendance.stays import CheckOut
from kiosk.storage.database.check_out_tables import CheckOutRow
from kiosk.storage.database.evidence import from_json, to_json
from kiosk.storage.database.tables import ClassSessionRow, StudentRow
from kiosk.storage.repositories.repository import Repository


class CheckOutQueries(Repository):
    """Reads and writes them; at most one for each student and session."""

    def find(self, session_id: int, student_id: int) -> CheckOut | None:
        row = self._row(session_id, student_id)
        return _check_out_of(row) if row is not None else None

    def of_session(self, session_id: int) -> dict[int, CheckOut]:
        """By student."""
        wanted = select(CheckOutRow).where(CheckOutRow.session_id == session_id)
        return {row.student_id: _check_out_of(row) for row in self._db_session.exec(wanted)}

    def put(self, out: CheckOut) -> None:
        """Write it, in place of the student's former one. Raises NotFoundError: no such session or student."""
        row = self._row(out.session_id, out.student_id)
        known = row is not None
        if row is None:
            row = CheckOutRow(session_id=out.session_id, student_id=out.student_id, evidence=[])
        row.left_at, row.minutes = out.left_at, out.minutes
        row.method = out.method.value if out.method is not None else None
        row.evidence = to_json(one.only_kind_and_time() for one in out.evidence)
        row.entered_by, row.reason, row.set_version = out.by, out.reason, out.set_version
        if known:
            self._db_session.flush()
        else:
            self._insert(row, (ClassSessionRow, out.session_id), (StudentRow, out.student_id))

    def remove(self, session_id: int, student_id: int) -> None:
        """Does nothing where there is none."""
        self._db_session.exec(
            delete(CheckOutRow).where(
                col(CheckOutRow.session_id) == session_id, col(CheckOutRow.student_id) == student_id
            )
        )

    def _row(self, session_id: int, student_id: int) -> CheckOutRow | None:
        wanted = select(CheckOutRow).where(
            CheckOutRow.session_id == session_id, CheckOutRow.student_id == student_id
        )
        return self._db_session.exec(wanted).one_or_none()


def _check_out_of(row: CheckOutRow) -> CheckOut:
    return CheckOut(
        session_id=row.session_id,
        student_id=row.student_id,
        left_at=row.left_at.astimezone(UTC) if row.left_at else None,
        method=Method(row.method) if row.method else None,
        evidence=from_json(row.evidence),
        minutes=row.minutes,
        by=row.entered_by,
        reason=row.reason,
        set_version=row.set_version,
    )

"""Pending claims in the database. Runs inside the caller's transaction."""

from datetime import UTC

from sqlalchemy import delete
from sqlmodel import col, select

from kiosk.domain.attendance.claims import Awaited, PendingClaim
from kiosk.storage.database.evidence import from_json, to_json
from kiosk.storage.database.tables import ClassSessionRow, PendingClaimRow, StudentRow
from kiosk.storage.repositories.repository import Repository


class PendingClaims(Repository):
    """First proofs that wait for a second one; at most one for each student and session."""

    def find(self, session_id: int, student_id: int) -> PendingClaim | None:
        row = self._row(session_id, student_id)
        return _claim_of(row) if row else None

    def of_session(self, session_id: int) -> list[PendingClaim]:
        """Those that have expired, too; oldest first."""
        wanted = (
            select(PendingClaimRow)
            .where(PendingClaimRow.session_id == session_id)
            .order_by(col(PendingClaimRow.made_at), col(PendingClaimRow.id))
        )
        return [_claim_of(row) for row in self._db_session.exec(wanted)]

    def put(self, claim: PendingClaim) -> None:
        """Write a claim, in place of the student's former one in that session.

        Raises NotFoundError when the session or the student does not exist.
        """
        row = self._row(claim.session_id, claim.student_id)
        if row is None:
            needs = (ClassSessionRow, claim.session_id), (StudentRow, claim.student_id)
            self._insert(_row_of(claim), *needs)
            return
        row.evidence = to_json([claim.evidence])
        row.awaits = claim.awaits.value
        row.made_at = claim.made_at
        row.expires_at = claim.expires_at
        self._db_session.flush()

    def remove(self, session_id: int, student_id: int) -> bool:
        """False when there was none."""
        gone = self._db_session.exec(
            delete(PendingClaimRow).where(
                col(PendingClaimRow.session_id) == session_id, col(PendingClaimRow.student_id) == student_id
            )
        )
        return gone.rowcount == 1

    def clear(self, session_id: int) -> int:
        """Remove all of a session; returns how many there were."""
        gone = self._db_session.exec(
            delete(PendingClaimRow).where(col(PendingClaimRow.session_id) == session_id)
        )
        return gone.rowcount

    def _row(self, session_id: int, student_id: int) -> PendingClaimRow | None:
        wanted = select(PendingClaimRow).where(
            PendingClaimRow.session_id == session_id, PendingClaimRow.student_id == student_id
        )
        return self._db_session.exec(wanted).one_or_none()


def _row_of(claim: PendingClaim) -> PendingClaimRow:
    return PendingClaimRow(
        session_id=claim.session_id,
        student_id=claim.student_id,
        evidence=to_json([claim.evidence]),
        awaits=claim.awaits.value,
        made_at=claim.made_at,
        expires_at=claim.expires_at,
    )


def _claim_of(row: PendingClaimRow) -> PendingClaim:
    (evidence,) = from_json(row.evidence)
    return PendingClaim(
        session_id=row.session_id,
        student_id=row.student_id,
        evidence=evidence,
        awaits=Awaited(row.awaits),
        made_at=row.made_at.astimezone(UTC),
        expires_at=row.expires_at.astimezone(UTC) if row.expires_at else None,
    )

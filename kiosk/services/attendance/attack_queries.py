"""Suspected attacks in the database: only ever added to. Runs inside the caller's transaction."""

from sqlmodel import col, select

from kiosk.domain.faces.liveness import SuspectedAttack
from kiosk.storage.database.tables import ClassSessionRow, SuspectedAttackRow
from kiosk.storage.repositories.repository import Repository


class AttackQueries(Repository):
    """Pictures held up instead of faces; only ever added to. No name and no picture is kept."""

    def add(self, attack: SuspectedAttack) -> None:
        """Raises NotFoundError when the session does not exist."""
        row = SuspectedAttackRow(session_id=attack.session_id, at=attack.at, liveness=attack.liveness)
        self._insert(row, (ClassSessionRow, attack.session_id))

    def of_session(self, session_id: int) -> list[SuspectedAttack]:
        """Oldest first."""
        wanted = (
            select(SuspectedAttackRow)
            .where(SuspectedAttackRow.session_id == session_id)
            .order_by(col(SuspectedAttackRow.at), col(SuspectedAttackRow.id))
        )
        return [
            SuspectedAttack(row.session_id, row.at, row.liveness) for row in self._db_session.exec(wanted)
        ]

"""Suspected attacks in the database: only ever added to. Runs inside the caller's transaction."""

from functools import partial

from sqlmodel import Session, col, select

from kiosk.domain.faces.liveness import SuspectedAttack
from kiosk.errors import NotFoundError
from kiosk.storage.database.tables import ClassSessionRow, SuspectedAttackRow
from kiosk.storage.repositories.inserting import insert
from kiosk.translation import _


class AttackQueries:
    """Pictures held up instead of faces; only ever added to. No name and no picture is kept."""

    def __init__(self, *, db_session: Session) -> None:
        self._db_session = db_session

    def add(self, attack: SuspectedAttack) -> None:
        """Raises NotFoundError when the session does not exist."""
        row = SuspectedAttackRow(session_id=attack.session_id, at=attack.at, liveness=attack.liveness)
        insert(self._db_session, row, refused=partial(self._no_session, attack.session_id))

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

    def _no_session(self, session_id: int) -> NotFoundError | None:
        if self._db_session.get(ClassSessionRow, session_id):
            return None
        return NotFoundError(
            _("This class session does not exist."), _("The list may be older than the database.")
        )

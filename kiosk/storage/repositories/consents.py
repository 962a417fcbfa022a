"""Consents in the database: only ever added to. Runs inside the caller's transaction."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, func
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from kiosk.domain.people.consents import Consent, ConsentKind
from kiosk.storage.database.tables import ConsentRow
from kiosk.storage.repositories.repository import Repository


class Consents(Repository):
    """What students allowed; the word that was written last counts, whatever the PC's clock said then."""

    def newest(self, student_id: int, kind: ConsentKind) -> Consent | None:
        wanted = (
            select(ConsentRow)
            .where(ConsentRow.student_id == student_id, ConsentRow.kind == kind.value)
            .order_by(col(ConsentRow.id).desc())
            .limit(1)
        )
        row = self._db_session.exec(wanted).one_or_none()
        if row is None:
            return None
        return Consent(row.student_id, ConsentKind(row.kind), row.given, row.recorded_at, row.recorded_by)

    def given_by(
        self, student_ids: Iterable[int], kind: ConsentKind, *, since: datetime | None = None
    ) -> set[int]:
        """Those of `student_ids` whose newest word is yes, and was recorded at `since` or later."""
        ranked = _ranked(kind).where(col(ConsentRow.student_id).in_(set(student_ids))).subquery()
        willing = select_columns(ranked.c.student_id).where(ranked.c.rank == 1, ranked.c.given)
        if since is not None:
            willing = willing.where(ranked.c.recorded_at >= since)
        return set(self._db_session.scalars(willing))

    def newest_words(self, kind: ConsentKind) -> dict[int, bool]:
        """The newest word of everybody who ever gave one, by student id."""
        ranked = _ranked(kind).subquery()
        newest = select_columns(ranked.c.student_id, ranked.c.given).where(ranked.c.rank == 1)
        return {student_id: bool(given) for student_id, given in self._db_session.execute(newest)}

    def add(self, consent: Consent) -> None:
        self._db_session.add(
            ConsentRow(
                student_id=consent.student_id,
                kind=consent.kind.value,
                given=consent.given,
                recorded_at=consent.recorded_at,
                recorded_by=consent.recorded_by,
            )
        )
        self._db_session.flush()


def _ranked(kind: ConsentKind) -> Select[tuple[int, bool, datetime, int]]:
    """Every word of one kind, numbered for each student from the newest."""
    rank = (
        func.row_number()
        .over(
            partition_by=col(ConsentRow.student_id),
            order_by=col(ConsentRow.id).desc(),
        )
        .label("rank")
    )
    return select_columns(
        col(ConsentRow.student_id), col(ConsentRow.given), col(ConsentRow.recorded_at), rank
    ).where(col(ConsentRow.kind) == kind.value)

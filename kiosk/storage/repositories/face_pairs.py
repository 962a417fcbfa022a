"""Pairs of people whom the face alone does not tell apart, in the database. Runs inside the caller's transaction."""

from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, and_, delete, or_, update
from sqlmodel import col, select

from kiosk.domain.faces.lookalikes import FacePair, PairOrigin
from kiosk.errors import ConflictError
from kiosk.storage.database.tables import FacePairRow, StudentRow
from kiosk.storage.repositories.repository import Repository
from kiosk.translation import _


class FacePairs(Repository):
    """Pairs between whom the face alone does not decide: look-alikes, and corrections by a teacher."""

    def get(self, pair_id: int) -> FacePair | None:
        row = self._db_session.get(FacePairRow, pair_id)
        return _pair_of(row) if row else None

    def all(self) -> list[FacePair]:
        """The closest first, those without a distance last."""
        return self._listed()

    def of(self, student_ids: Iterable[int]) -> list[FacePair]:
        """Pairs in which at least one of these stands on either side, as in `all`."""
        ids = set(student_ids)
        return self._listed(or_(col(FacePairRow.student_id).in_(ids), col(FacePairRow.other_id).in_(ids)))

    def between(self, student_ids: Iterable[int]) -> list[FacePair]:
        """Pairs of two of these, or of one of these and somebody unknown, as in `all`."""
        ids = set(student_ids)
        other = col(FacePairRow.other_id)
        return self._listed(and_(col(FacePairRow.student_id).in_(ids), or_(other.is_(None), other.in_(ids))))

    def add(
        self,
        *,
        student_id: int,
        other_id: int | None,
        origin: PairOrigin,
        model: str,
        distance: float | None,
        same_person: bool,
        found_at: datetime,
        found_by: str,
    ) -> FacePair:
        """Raises ConflictError when there is this very pair already, NotFoundError for an unknown student."""
        row = FacePairRow(
            student_id=student_id,
            other_id=other_id,
            origin=origin.value,
            model=model,
            distance=distance,
            same_person=same_person,
            found_at=found_at,
            found_by=found_by,
        )
        if self._known(row):
            raise _conflict()
        people = [one for one in (student_id, other_id) if one is not None]
        self._insert(row, *((StudentRow, one) for one in people), taken=_conflict())
        return _pair_of(row)

    def update(self, pair: FacePair) -> None:
        """Raises NotFoundError for an unknown id. Who, and how it was found, never change."""
        row = self._get(FacePairRow, pair.pair_id)
        row.distance, row.same_person = pair.distance, pair.same_person
        row.found_at, row.found_by = pair.found_at, pair.found_by
        row.lifted_at, row.lifted_by = pair.lifted_at, pair.lifted_by
        self._db_session.add(row)
        self._db_session.flush()

    def remove(self, pair_id: int) -> bool:
        """False when there was none."""
        gone = self._db_session.exec(delete(FacePairRow).where(col(FacePairRow.id) == pair_id))
        return gone.rowcount == 1

    def forget_distances(self, student_id: int) -> None:
        """Delete what was measured on a student's face: look-alike pairs, and the distances of corrections."""
        concerned = or_(col(FacePairRow.student_id) == student_id, col(FacePairRow.other_id) == student_id)
        lookalike = col(FacePairRow.origin) == PairOrigin.LOOKALIKE.value
        self._db_session.exec(delete(FacePairRow).where(concerned, lookalike))
        self._db_session.exec(update(FacePairRow).where(concerned).values(distance=None))

    def _listed(self, wanted: ColumnElement[bool] | None = None) -> list[FacePair]:
        distance = col(FacePairRow.distance)
        ordered = select(FacePairRow).order_by(distance.is_(None), distance, col(FacePairRow.id))
        chosen = ordered if wanted is None else ordered.where(wanted)
        return [_pair_of(row) for row in self._db_session.exec(chosen)]

    def _known(self, row: FacePairRow) -> bool:
        """Looked up and not left to the constraint: to a database, two unknown people are never the same."""
        other = col(FacePairRow.other_id)
        same = select(FacePairRow.id).where(
            FacePairRow.student_id == row.student_id,
            other.is_(None) if row.other_id is None else other == row.other_id,
            FacePairRow.origin == row.origin,
            FacePairRow.model == row.model,
        )
        return self._db_session.exec(same).first() is not None


def _conflict() -> ConflictError:
    return ConflictError(_("This pair is noted already."), _("Nothing more to do."))


def _pair_of(row: FacePairRow) -> FacePair:
    return FacePair(
        pair_id=row.id,
        student_id=row.student_id,
        other_id=row.other_id,
        origin=PairOrigin(row.origin),
        model=row.model,
        distance=row.distance,
        same_person=row.same_person,
        found_at=row.found_at.astimezone(UTC),
        found_by=row.found_by,
        lifted_at=row.lifted_at.astimezone(UTC) if row.lifted_at else None,
        lifted_by=row.lifted_by,
    )

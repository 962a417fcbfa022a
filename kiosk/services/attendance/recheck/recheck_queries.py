"""Re-checks in the database. Runs inside the caller's transaction."""

from collections.abc import Collection
from datetime import UTC, datetime

from sqlmodel import col, delete, select

from kiosk.domain.attendance.choices import Method
from kiosk.domain.attendance.rechecks import Asked, Disturbance, Recheck, RecheckMeaning
from kiosk.domain.people.students import Student
from kiosk.errors import NotFoundError
from kiosk.storage.database.evidence import from_json, to_json
from kiosk.storage.database.recheck_tables import RecheckRow, RecheckStudentRow
from kiosk.storage.database.tables import ClassSessionRow, StudentRow
from kiosk.storage.repositories.repository import Repository
from kiosk.storage.repositories.students import student_of
from kiosk.translation import _


class RecheckQueries(Repository):
    """Reads and writes them."""

    def get(self, recheck_id: int) -> Recheck:
        """Raises NotFoundError: there is none."""
        return _recheck_of(self._known(recheck_id))

    def of_session(self, session_id: int) -> list[Recheck]:
        """All of a class, the oldest first; one that waits for its moment, too."""
        wanted = select(RecheckRow).where(RecheckRow.session_id == session_id).order_by(col(RecheckRow.id))
        return [_recheck_of(row) for row in self._db_session.exec(wanted)]

    def of_student(self, session_id: int, student_id: int) -> list[tuple[Recheck, Asked]]:
        """Those of a class that asked a student, the oldest first."""
        wanted = (
            select(RecheckRow, RecheckStudentRow)
            .join(RecheckStudentRow, col(RecheckStudentRow.recheck_id) == RecheckRow.id)
            .where(RecheckRow.session_id == session_id, RecheckStudentRow.student_id == student_id)
            .order_by(col(RecheckRow.id))
        )
        return [(_recheck_of(recheck), _asked_of(row)) for recheck, row in self._db_session.exec(wanted)]

    def open_of(self, session_id: int) -> Recheck | None:
        """The one whose window is open or not judged yet."""
        wanted = select(RecheckRow).where(
            RecheckRow.session_id == session_id,
            col(RecheckRow.began_at).is_not(None),
            col(RecheckRow.ended_at).is_(None),
        )
        row = self._db_session.exec(wanted).first()
        return _recheck_of(row) if row is not None else None

    def add(self, recheck: Recheck) -> Recheck:
        """Its id is made here. Raises NotFoundError: no such session."""
        row = RecheckRow(
            session_id=recheck.session_id,
            meaning=recheck.meaning.value,
            started_by=recheck.by,
            disturbance="",
            taken_back_by="",
        )
        _fill(row, recheck)
        self._insert(row, (ClassSessionRow, recheck.session_id))
        return _recheck_of(row)

    def save(self, recheck: Recheck) -> Recheck:
        """Write down what changed. Raises NotFoundError: there is none."""
        row = self._known(recheck.recheck_id)
        _fill(row, recheck)
        self._db_session.flush()
        return _recheck_of(row)

    def forget_planned(self, session_id: int) -> None:
        """Forget what has not begun in a class."""
        self._db_session.exec(
            delete(RecheckRow).where(
                col(RecheckRow.session_id) == session_id, col(RecheckRow.began_at).is_(None)
            )
        )

    # -- whom it asks --------------------------------------------------------------------------------------------

    def ask(self, recheck_id: int, student_ids: Collection[int]) -> None:
        """Ask these to show up."""
        rows = [RecheckStudentRow(recheck_id=recheck_id, student_id=one, evidence=[]) for one in student_ids]
        self._insert_all(rows, *((StudentRow, one) for one in student_ids))

    def asked(self, recheck_id: int) -> list[tuple[Student, Asked]]:
        """All whom it asks, by name."""
        wanted = (
            select(StudentRow, RecheckStudentRow)
            .join(RecheckStudentRow, col(RecheckStudentRow.student_id) == StudentRow.id)
            .where(RecheckStudentRow.recheck_id == recheck_id)
            .order_by(col(StudentRow.sort_name_folded), col(StudentRow.id))
        )
        return [(student_of(student), _asked_of(row)) for student, row in self._db_session.exec(wanted)]

    def find(self, recheck_id: int, student_id: int) -> Asked | None:
        """None for somebody whom it does not ask."""
        row = self._row(recheck_id, student_id)
        return _asked_of(row) if row is not None else None

    def note(self, asked: Asked) -> None:
        """Write down that a student showed up, or what it set. Does nothing for somebody whom it does not ask."""
        row = self._row(asked.recheck_id, asked.student_id)
        if row is None:
            return
        row.shown_at = asked.shown_at
        row.method = asked.method.value if asked.method is not None else None
        row.evidence = to_json(one.only_kind_and_time() for one in asked.evidence)
        row.set_version = asked.set_version
        self._db_session.flush()

    def _known(self, recheck_id: int) -> RecheckRow:
        row = self._db_session.get(RecheckRow, recheck_id)
        if row is None:
            raise NotFoundError(_("This re-check does not exist any more."), _("Look at the roster again."))
        return row

    def _row(self, recheck_id: int, student_id: int) -> RecheckStudentRow | None:
        wanted = select(RecheckStudentRow).where(
            RecheckStudentRow.recheck_id == recheck_id, RecheckStudentRow.student_id == student_id
        )
        return self._db_session.exec(wanted).one_or_none()


def _fill(row: RecheckRow, recheck: Recheck) -> None:
    row.due_at, row.began_at = recheck.due_at, recheck.began_at
    row.closes_at, row.ended_at = recheck.closes_at, recheck.ended_at
    row.disturbance = recheck.disturbance.value if recheck.disturbance is not None else ""
    row.taken_back_at, row.taken_back_by = recheck.taken_back_at, recheck.taken_back_by


def _moment(value: datetime | None) -> datetime | None:
    return value.astimezone(UTC) if value is not None else None


def _recheck_of(row: RecheckRow) -> Recheck:
    return Recheck(
        recheck_id=row.id,
        session_id=row.session_id,
        due_at=_moment(row.due_at),
        began_at=_moment(row.began_at),
        closes_at=_moment(row.closes_at),
        ended_at=_moment(row.ended_at),
        meaning=RecheckMeaning(row.meaning),
        by=row.started_by,
        disturbance=Disturbance(row.disturbance) if row.disturbance else None,
        taken_back_at=_moment(row.taken_back_at),
        taken_back_by=row.taken_back_by,
    )


def _asked_of(row: RecheckStudentRow) -> Asked:
    return Asked(
        recheck_id=row.recheck_id,
        student_id=row.student_id,
        shown_at=_moment(row.shown_at),
        method=Method(row.method) if row.method else None,
        evidence=from_json(row.evidence),
        set_version=row.set_version,
    )

"""Statuses of the school's own in the database. Runs inside the caller's transaction."""

from typing import Any, Final

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.school_status import SchoolStatus, StatusColour
from kiosk.domain.people.students import fold
from kiosk.errors import ConflictError, NotFoundError
from kiosk.storage.database.status_tables import SchoolStatusRow
from kiosk.storage.database.tables import AttendanceRecordRow, RecordHistoryRow
from kiosk.storage.repositories.repository import Repository
from kiosk.translation import _

_KNOWN: Final = "kiosk_school_statuses"
"""In a database session's `info` the statuses that its transaction has read, by id."""


class SchoolStatuses(Repository):
    """Reads and writes them; a handful in any school."""

    def all(self) -> list[SchoolStatus]:
        """Retired ones last, each in the order of the four and then of names."""
        rows = self._db_session.exec(select(SchoolStatusRow))
        order = list(Status)
        return sorted(
            (_status_of(row) for row in rows),
            key=lambda one: (one.is_retired, order.index(one.base), fold(one.name)),
        )

    def get(self, status_id: int) -> SchoolStatus | None:
        """As it stands now."""
        row = self._db_session.get(SchoolStatusRow, status_id, populate_existing=True)
        return _status_of(row) if row else None

    def taken_by(self, status: SchoolStatus) -> SchoolStatus | None:
        """Another one with this name or letter; retired ones, too."""
        wanted = select(SchoolStatusRow).where(
            or_(
                col(SchoolStatusRow.name_folded) == fold(status.name),
                col(SchoolStatusRow.letter_folded) == fold(status.letter),
            ),
            SchoolStatusRow.id != status.status_id,
        )
        row = self._db_session.exec(wanted).first()
        return _status_of(row) if row else None

    def uses(self, status_id: int) -> int:
        """How many records have it now, or had it once."""
        now, once = AttendanceRecordRow, RecordHistoryRow
        numbers = (
            self._db_session.exec(
                select(func.count()).select_from(kind).where(col(kind.school_status_id) == status_id)
            ).one()
            for kind in (now, once)
        )
        return sum(numbers)

    def put(self, status: SchoolStatus) -> SchoolStatus:
        """Write one, a new one with the id 0; its version is counted up.

        Raises:
            ConflictError: Somebody else changed it since, or another has its name or letter.
            NotFoundError: It is gone.
        """
        self._take_turns("school statuses")
        values = _values(status)
        if status.status_id:
            row = self._row(status.status_id, status.version)
            for name, value in values.items():
                setattr(row, name, value)
            row.version = status.version + 1
        else:
            row = SchoolStatusRow(**values)
        taken = ConflictError(
            _("There is a status with this name or letter already."), _("Please choose another.")
        )
        self._insert(row, taken=taken)
        self._db_session.info.pop(_KNOWN, None)
        return _status_of(row)

    def remove(self, status: SchoolStatus) -> None:
        """Take one away that no record has. Raises as `put`."""
        self._db_session.delete(self._row(status.status_id, status.version))
        self._db_session.flush()
        self._db_session.info.pop(_KNOWN, None)

    def _row(self, status_id: int, version: int) -> SchoolStatusRow:
        row = self._db_session.get(SchoolStatusRow, status_id, populate_existing=True)
        if row is None:
            raise NotFoundError(_("Somebody removed this status meanwhile."), _("Look at the list again."))
        if row.version != version:
            raise ConflictError(
                _("Somebody else changed this status meanwhile."), _("Look at it again, then decide.")
            )
        return row


class OwnStatuses:
    """Which status of the school's own a record's column names; asks the database once a transaction, if at all."""

    def __init__(self, *, db_session: Session) -> None:
        self._db_session = db_session

    def of(self, status_id: int | None) -> SchoolStatus | None:
        """None for records that have one of the four and nothing more."""
        return self._known().get(status_id) if status_id is not None else None

    def exist(self) -> bool:
        """Whether the school has any, retired ones among them."""
        return bool(self._known())

    def _known(self) -> dict[int, SchoolStatus]:
        info = self._db_session.info
        if _KNOWN not in info:
            found = SchoolStatuses(db_session=self._db_session).all()
            info[_KNOWN] = {one.status_id: one for one in found}
        known: dict[int, SchoolStatus] = info[_KNOWN]
        return known


def _status_of(row: SchoolStatusRow) -> SchoolStatus:
    return SchoolStatus(
        row.id,
        row.name,
        row.letter,
        StatusColour(row.colour),
        Status(row.base),
        row.percent,
        row.version,
        row.retired,
    )


def _values(status: SchoolStatus) -> dict[str, Any]:
    return {
        "name": status.name,
        "name_folded": fold(status.name),
        "letter": status.letter,
        "letter_folded": fold(status.letter),
        "colour": status.colour.value,
        "base": status.base.value,
        "percent": status.percent,
        "retired": status.is_retired,
    }

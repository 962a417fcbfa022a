"""Moving what is about one student over to another, and back. Runs inside the caller's transaction.

What moved is written down as JSON, row by row, so that the way back needs no memory: `Moved` is its shape.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, NotRequired, TypedDict

from sqlalchemy import Table, delete, func, or_, select, update
from sqlmodel import col

from kiosk.domain.attendance.choices import Status
from kiosk.domain.people.merging import BothMarked
from kiosk.services.people.merged_contacts import MovedContact
from kiosk.services.people.merged_days import Days
from kiosk.storage.database.absence_tables import PlannedAbsenceRow
from kiosk.storage.database.check_out_tables import CheckOutRow
from kiosk.storage.database.columns import UtcDateTime
from kiosk.storage.database.evidence import TRACES
from kiosk.storage.database.message_tables import MessageRow
from kiosk.storage.database.recheck_tables import RecheckStudentRow
from kiosk.storage.database.row import Row
from kiosk.storage.database.tables import (
    AttendanceRecordRow,
    ClassSessionRow,
    ConsentCodeRow,
    ConsentRow,
    CourseRow,
    DeviceUseRow,
    EnrolledPhoneRow,
    FacePairRow,
    IncidentRow,
    ObjectionRow,
    RecordHistoryRow,
    StudentMergeRow,
    StudentRow,
)
from kiosk.storage.repositories.courses import course_of
from kiosk.storage.repositories.repository import Repository

_OWNED: Final[dict[str, type[Row]]] = {
    "consents": ConsentRow,
    "consent_codes": ConsentCodeRow,
    "enrolled_phones": EnrolledPhoneRow,
    "planned_absences": PlannedAbsenceRow,
    "messages": MessageRow,
    "recheck_students": RecheckStudentRow,
    "check_outs": CheckOutRow,
}
"""Tables whose rows simply change hands."""

_ONE_EACH: Final[dict[type[Row], str]] = {RecheckStudentRow: "recheck_id", CheckOutRow: "session_id"}
"""Of these those in which a student has one row for each of something."""

Json = dict[str, Any]


class Moved(TypedDict):
    """What a merge moved: ids of rows, and whole rows of those that had to go because both had one."""

    records: list[int]
    both: list[Json]
    days: list[Days]
    owned: dict[str, list[int]]
    uses: list[int]
    named: dict[str, list[int]]
    pictures: list[int]
    takes_pin: bool
    contact: NotRequired[MovedContact | str]


class MergeQueries(Repository):
    """Two students by their ids: `kept` stays, `gone` gives."""

    USES: Final = DeviceUseRow

    def sessions_of(self, student_id: int) -> list[int]:
        """Ids of the classes in which a student has a record."""
        wanted = select(col(AttendanceRecordRow.session_id)).where(
            col(AttendanceRecordRow.student_id) == student_id
        )
        return sorted(self._db_session.scalars(wanted))

    def session_of(self, record_id: int) -> int:
        """The class of a record."""
        return self._get(AttendanceRecordRow, record_id).session_id

    def sessions_among(self, record_ids: Sequence[int]) -> list[int]:
        """The classes of some records."""
        wanted = select(col(AttendanceRecordRow.session_id)).where(
            col(AttendanceRecordRow.id).in_(record_ids)
        )
        return sorted(self._db_session.scalars(wanted))

    def both_marked(self, kept: int, gone: int) -> list[tuple[BothMarked, int, int]]:
        """Classes in which both have a record, oldest first, with the ids of these records."""
        mine, others = AttendanceRecordRow.__table__.alias(), AttendanceRecordRow.__table__.alias()  # type: ignore[attr-defined]  # SQLModel declares no __table__
        wanted = (
            select(
                CourseRow,
                col(ClassSessionRow.started_at),
                mine.c.status,
                others.c.status,
                mine.c.id,
                others.c.id,
            )
            .join(ClassSessionRow, col(ClassSessionRow.course_id) == col(CourseRow.id))
            .join(mine, mine.c.session_id == col(ClassSessionRow.id))
            .join(others, others.c.session_id == col(ClassSessionRow.id))
            .where(mine.c.student_id == kept, others.c.student_id == gone)
            .order_by(col(ClassSessionRow.started_at), col(ClassSessionRow.id))
        )
        return [
            (BothMarked(course_of(course), at.astimezone(UTC), Status(one), Status(other)), kept_id, gone_id)
            for course, at, one, other, kept_id, gone_id in self._db_session.execute(wanted)
        ]

    def number_of(self, kind: type[Row], student_id: int) -> int:
        """How many rows of a table are a student's."""
        table = _table(kind)
        wanted = select(func.count()).select_from(table).where(table.c.student_id == student_id)
        return self._db_session.scalars(wanted).one()

    def messages_of(self, student_id: int) -> int:
        """How many messages a student wrote."""
        mine = select(col(AttendanceRecordRow.id)).where(col(AttendanceRecordRow.student_id) == student_id)
        wanted = select(func.count()).select_from(ObjectionRow).where(col(ObjectionRow.record_id).in_(mine))
        return self._db_session.scalars(wanted).one()

    # -- records ----------------------------------------------------------------------------------------------------

    def take_out(self, record_id: int) -> Json:
        """Take a record out of the database with its history and messages; returns all of it but which phone it was.

        Traces of phones are deleted in time, and what is written down here would outlive them.
        """
        found: Json = {}
        for name, kind in (("history", RecordHistoryRow), ("messages", ObjectionRow)):
            table = _table(kind)
            found[name] = self._rows(table, table.c.record_id == record_id)
            self._db_session.execute(delete(table).where(table.c.record_id == record_id))
        table = _table(AttendanceRecordRow)
        found["record"] = self._rows(table, table.c.id == record_id)[0]
        self._db_session.execute(delete(table).where(table.c.id == record_id))
        return found

    def put_back(self, taken: Mapping[str, Any], student_id: int) -> bool:
        """Write down again what was taken out; False where the class is gone or has such a record by now."""
        record = dict(taken["record"])
        session_id = record["session_id"]
        is_gone = self._db_session.get(ClassSessionRow, session_id) is None
        table = _table(AttendanceRecordRow)
        known = select(table.c.id).where(table.c.session_id == session_id, table.c.student_id == student_id)
        if is_gone or self._db_session.execute(known).first() is not None:
            return False
        record.pop("id")
        record_id = self._insert_json(table, {**record, "student_id": student_id})
        for name, kind in (("history", RecordHistoryRow), ("messages", ObjectionRow)):
            for row in taken[name]:
                self._insert_json(
                    _table(kind),
                    {**{key: value for key, value in row.items() if key != "id"}, "record_id": record_id},
                )
        return True

    def hand_over(
        self, kind: type[Row], ids: Iterable[int] | None, *, of: int, to: int, column: str = "student_id"
    ) -> list[int]:
        """Make rows of a table another student's: all, or those of `ids` that are still `of`'s; returns their ids."""
        table = _table(kind)
        wanted = select(table.c.id).where(table.c[column] == of)
        if ids is not None:
            wanted = wanted.where(table.c.id.in_(list(ids)))
        found = list(self._db_session.scalars(wanted))
        self._db_session.execute(update(table).where(table.c.id.in_(found)).values({column: to}))
        return found

    def hand_over_owned(
        self, owned: Mapping[str, list[int]] | None, *, of: int, to: int
    ) -> dict[str, list[int]]:
        """The same with answers, codes of letters and phones."""
        moved = {}
        for name, kind in _OWNED.items():
            ids = None if owned is None else owned.get(name, [])
            if kind in _ONE_EACH:
                free = self._free(kind, _ONE_EACH[kind], of, to)
                ids = free if ids is None else sorted(set(ids) & set(free))
            moved[name] = self.hand_over(kind, ids, of=of, to=to)
        return moved

    def _free(self, kind: type[Row], where: str, of: int, to: int) -> list[int]:
        """Rows of who gives, where the other has none."""
        table, mine = _table(kind), _table(kind).alias()
        same = select(mine.c.id).where(mine.c.student_id == to, mine.c[where] == table.c[where])
        return list(
            self._db_session.scalars(select(table.c.id).where(table.c.student_id == of, ~same.exists()))
        )

    def hand_over_uses(self, *, of: int, to: int) -> list[int]:
        """Which phone was used in which class; where both used the same one in the same class, it stays `of`'s."""
        uses, mine = DeviceUseRow, DeviceUseRow.__table__.alias()  # type: ignore[attr-defined]  # SQLModel declares no __table__
        same = select(mine.c.id).where(
            mine.c.student_id == to,
            mine.c.session_id == col(uses.session_id),
            mine.c.device == col(uses.device),
        )
        free = select(col(uses.id)).where(col(uses.student_id) == of, ~same.exists())
        return self.hand_over(uses, list(self._db_session.scalars(free)), of=of, to=to)

    def hand_over_names(self, *, of: int, to: int) -> dict[str, list[int]]:
        """Where a student is named beside another: notes about classes, and pairs that the camera confuses."""
        named = {}
        for column, other in (("student_id", "other_id"), ("other_id", "student_id")):
            table = _table(IncidentRow)
            free = select(table.c.id).where(
                table.c[column] == of, or_(table.c[other].is_(None), table.c[other] != to)
            )
            ids = list(self._db_session.scalars(free))
            named[f"incidents.{column}"] = self.hand_over(IncidentRow, ids, of=of, to=to, column=column)
            named[f"face_pairs.{column}"] = self.hand_over(
                FacePairRow, self._free_pairs(of, to, column, other), of=of, to=to, column=column
            )
        return named

    def hand_back_names(self, named: Mapping[str, list[int]], *, of: int, to: int) -> None:
        """The way back of `hand_over_names`."""
        for name, ids in named.items():
            table, column = name.split(".")
            kind = IncidentRow if table == "incidents" else FacePairRow
            self.hand_over(kind, ids, of=of, to=to, column=column)

    def _free_pairs(self, of: int, to: int, column: str, other: str) -> list[int]:
        """Pairs that `to` has not with the same other person already, and not with `of`."""
        table, mine = _table(FacePairRow), _table(FacePairRow).alias()
        same = select(mine.c.id).where(
            mine.c[column] == to,
            func.coalesce(mine.c[other], 0) == func.coalesce(table.c[other], 0),
            mine.c.origin == table.c.origin,
            mine.c.model == table.c.model,
        )
        free = select(table.c.id).where(
            table.c[column] == of, or_(table.c[other].is_(None), table.c[other] != to), ~same.exists()
        )
        return list(self._db_session.scalars(free))

    # -- merges themselves ------------------------------------------------------------------------------------------

    def note(self, kept: int, gone: int, moved: Moved, *, at: datetime, by: str) -> int:
        """Write a merge down, and that `gone` is `kept` from now on; returns its id."""
        row = StudentMergeRow(kept_id=kept, gone_id=gone, merged_at=at, merged_by=by, moved=dict(moved))
        self._db_session.add(row)
        self._get(StudentRow, gone).merged_into_id = kept
        self._db_session.flush()
        return row.id

    def merge(self, merge_id: int) -> StudentMergeRow | None:
        """One that was not taken back."""
        row = self._db_session.get(StudentMergeRow, merge_id)
        return row if row is not None and row.undone_at is None else None

    def take_back(self, row: StudentMergeRow, *, at: datetime, by: str) -> None:
        """Note that it was; what moved is not needed any more."""
        row.undone_at, row.undone_by, row.moved = at, by, {}
        self._get(StudentRow, row.gone_id).merged_into_id = None
        self._db_session.flush()

    def merges_into(self, kept: int) -> list[StudentMergeRow]:
        """Those that were not taken back, newest first."""
        wanted = select(StudentMergeRow).where(
            col(StudentMergeRow.kept_id) == kept, col(StudentMergeRow.undone_at).is_(None)
        )
        return list(self._db_session.scalars(wanted.order_by(col(StudentMergeRow.id).desc())))

    def to_take_back_first(self, row: StudentMergeRow) -> StudentMergeRow | None:
        """The newest merge in which who stayed took part after this one; None: nothing stands in the way."""
        wanted = select(StudentMergeRow).where(
            col(StudentMergeRow.id) > row.id,
            or_(col(StudentMergeRow.kept_id) == row.kept_id, col(StudentMergeRow.gone_id) == row.kept_id),
            col(StudentMergeRow.undone_at).is_(None),
        )
        return self._db_session.scalars(wanted.order_by(col(StudentMergeRow.id).desc()).limit(1)).first()

    # -- rows as JSON -----------------------------------------------------------------------------------------------

    def _rows(self, table: Table, where: Any) -> list[Json]:
        rows = (
            self._db_session.connection().execute(select(table).where(where).order_by(table.c.id)).mappings()
        )
        return [{name: _kept(name, value) for name, value in row.items()} for row in rows]

    def _insert_json(self, table: Table, row: Mapping[str, Any]) -> int:
        values = {
            name: datetime.fromisoformat(value)
            if isinstance(table.c[name].type, UtcDateTime) and value is not None
            else value
            for name, value in row.items()
            if name in table.c
        }
        written = table.insert().values(values).returning(table.c.id)
        return int(self._db_session.connection().execute(written).scalar_one())


def _table(kind: type[Row]) -> Table:
    return Row.metadata.tables[str(kind.__tablename__)]


def _kept(column: str, value: Any) -> Any:
    if column == "evidence":
        return [{name: one for name, one in proof.items() if name not in TRACES} for proof in value]
    return _plain(value)


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value

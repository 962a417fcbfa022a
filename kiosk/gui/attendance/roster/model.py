"""The roster as Qt's list model, and the filter over it. Main thread.

The model holds rows that are ready to draw, so that a delegate paints 300 of them without asking anybody anything;
the searchable form of each name is folded once, not at each keystroke.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final, assert_never, cast
from zoneinfo import ZoneInfo

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.record import AttendanceCount, AttendanceRecord
from kiosk.domain.people.students import Student, fold
from kiosk.services.attendance.sessions import RosterEntry
from kiosk.wording.attendance import proof_words, state_title

Index = QModelIndex | QPersistentModelIndex
LINE_ROLE: Final = int(Qt.ItemDataRole.UserRole)


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One row, ready to draw.

    Attributes:
        state: Such as ``Present`` or ``Not here yet``.
        proof: Such as ``09:02 · face``; may be empty.
        searchable: Name and number without case and accents.
    """

    student: Student
    record: AttendanceRecord | None
    state: str
    proof: str
    searchable: str

    @classmethod
    def of(cls, student: Student, record: AttendanceRecord | None, zone: ZoneInfo) -> "RosterLine":
        """Work out the words of a row."""
        searchable = f"{fold(student.full_name)} {fold(student.student_no)}"
        return cls(student, record, state_title(record), proof_words(record, zone), searchable)

    @property
    def order(self) -> tuple[str, str]:
        """Rows stand by name, as the service lists them."""
        return self.student.full_name.casefold(), self.student.student_no

    @property
    def spoken(self) -> str:
        """What a screen reader says."""
        parts = (self.student.full_name, self.student.student_no, self.state, self.proof)
        return ", ".join(part for part in parts if part)


class RosterModel(QAbstractListModel):
    """Everybody in one class session."""

    def __init__(self, *, zone: ZoneInfo, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._zone = zone
        self._lines: list[RosterLine] = []
        self._rows: dict[int, int] = {}

    def show(self, entries: Sequence[RosterEntry]) -> None:
        """Replace everything."""
        self.beginResetModel()
        self._lines = [RosterLine.of(entry.student, entry.record, self._zone) for entry in entries]
        self._number()
        self.endResetModel()

    def apply(self, student: Student, record: AttendanceRecord) -> None:
        """Show one student's new record; somebody who was not listed is put in by name."""
        line = RosterLine.of(student, None if record.is_taken_back else record, self._zone)
        row = self._rows.get(student.student_id)
        if row is None:
            row = sum(other.order < line.order for other in self._lines)
            self.beginInsertRows(QModelIndex(), row, row)
            self._lines.insert(row, line)
            self._number()
            self.endInsertRows()
            return
        known = self._lines[row].record
        if known is not None and known.version > record.version:
            return
        self._lines[row] = line
        index = self.index(row)
        self.dataChanged.emit(index, index)

    def line_of(self, student_id: int) -> RosterLine | None:
        """A student's row, or None."""
        row = self._rows.get(student_id)
        return None if row is None else self._lines[row]

    def index_of(self, student_id: int) -> QModelIndex:
        """Where a student stands; invalid when not listed."""
        row = self._rows.get(student_id)
        return QModelIndex() if row is None else self.index(row)

    def records(self) -> list[AttendanceRecord]:
        """All records that are shown."""
        return [line.record for line in self._lines if line.record is not None]

    def students(self) -> list[Student]:
        """Everybody, by name."""
        return [line.student for line in self._lines]

    def count(self) -> AttendanceCount:
        """How many of each status."""
        count = AttendanceCount()
        for record in self.records():
            count = count.plus(record.status)
        return count

    def number(self, chosen: "RosterFilter") -> int:
        """How many rows a filter lets through."""
        return sum(chosen.lets(line.record) for line in self._lines)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or not 0 <= index.row() < len(self._lines):
            return None
        line = self._lines[index.row()]
        if role == LINE_ROLE:
            return line
        if role == Qt.ItemDataRole.DisplayRole:
            return line.student.full_name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return line.spoken
        return None

    def _number(self) -> None:
        self._rows = {line.student.student_id: row for row, line in enumerate(self._lines)}


class RosterFilter(Enum):
    """Which rows are shown."""

    ALL = "All"
    MISSING = "Not here"
    PRESENT = "Present"
    LATE = "Late"

    def lets(self, record: AttendanceRecord | None) -> bool:
        """Whether a student with this record is shown; "not here" includes excused and absent."""
        match self:
            case RosterFilter.ALL:
                return True
            case RosterFilter.MISSING:
                return record is None or not record.status.attended
            case RosterFilter.PRESENT:
                return record is not None and record.status is Status.PRESENT
            case RosterFilter.LATE:
                return record is not None and record.status is Status.LATE
            case _:
                assert_never(self)


class RosterProxy(QSortFilterProxyModel):
    """The rows that fit the chip and the search text."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._chosen = RosterFilter.ALL
        self._words: tuple[str, ...] = ()

    def choose(self, chosen: RosterFilter) -> None:
        """Show only rows of one kind."""
        self._chosen = chosen
        self.invalidate()

    def search(self, text: str) -> None:
        """Show only rows that contain every word, without regard to case and accents."""
        self._words = tuple(fold(text).split())
        self.invalidate()

    def filterAcceptsRow(self, source_row: int, source_parent: Index) -> bool:
        line = cast(RosterLine, self.sourceModel().index(source_row, 0, source_parent).data(LINE_ROLE))
        return self._chosen.lets(line.record) and all(word in line.searchable for word in self._words)

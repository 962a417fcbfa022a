"""The rows of the roster that are shown, as Qt's list model. Main thread.

The model holds rows that are ready to draw, so that a delegate paints 300 of them without asking anybody anything.
"""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from kiosk.gui.attendance.roster.state import RosterLine
from kiosk.gui.widgets.surfaces import tool_tip

Index = QModelIndex | QPersistentModelIndex
LINE_ROLE: Final = int(Qt.ItemDataRole.UserRole)


class RosterModel(QAbstractListModel):
    """Some or all of one class session, by name."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: list[RosterLine] = []

    def show(self, lines: Sequence[RosterLine]) -> None:
        """Show these rows; those that stay keep their selection and place."""
        if not self._lines or not lines:
            self.beginResetModel()
            self._lines = list(lines)
            self.endResetModel()
            return
        wanted = {line.student.student_id for line in lines}
        for row in reversed(range(len(self._lines))):
            if self._lines[row].student.student_id not in wanted:
                self.beginRemoveRows(QModelIndex(), row, row)
                del self._lines[row]
                self.endRemoveRows()
        for row, line in enumerate(lines):
            known = self._lines[row] if row < len(self._lines) else None
            if known is None or known.student.student_id != line.student.student_id:
                self.beginInsertRows(QModelIndex(), row, row)
                self._lines.insert(row, line)
                self.endInsertRows()
            elif known != line:
                self._lines[row] = line
                self.dataChanged.emit(self.index(row), self.index(row))

    def index_of(self, student_id: int) -> QModelIndex:
        """Where a student stands; invalid when not shown."""
        for row, line in enumerate(self._lines):
            if line.student.student_id == student_id:
                return self.index(row)
        return QModelIndex()

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
        if role == Qt.ItemDataRole.ToolTipRole:
            return tool_tip(line.student.full_name)  # a row may have no room for all of it
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return line.spoken
        return None

"""Tables of an import that may be ten thousand rows long: models that make a cell when it is looked at. Main thread."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from kiosk.domain.courses.list_questions import ANSWERS, Answer, Question
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.surfaces import tool_tip
from kiosk.translation import _
from kiosk.wording.class_lists import answer_words, kind_words

Index = QModelIndex | QPersistentModelIndex
ROW_PX: Final = 40
NO_PARENT: Final = QModelIndex()
_ROLE: Final = Qt.ItemDataRole


class RowsModel(QAbstractTableModel):
    """Rows of plain words; the first cell of each row has a tone."""

    def __init__(self, theme: Theme, headings: Sequence[str]) -> None:
        super().__init__()
        self._theme = theme
        self._headings = tuple(headings)
        self.rows: Sequence[tuple[Tone, tuple[str, ...]]] = ()

    def show_rows(self, rows: Sequence[tuple[Tone, tuple[str, ...]]]) -> None:
        """Replace everything."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._headings)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole) -> object:
        if role == _ROLE.DisplayRole and orientation is Qt.Orientation.Horizontal:
            return self._headings[section]
        return None

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> object:
        tone, cells = self.rows[index.row()]
        if role == _ROLE.DisplayRole:
            return cells[index.column()]
        if role == _ROLE.ToolTipRole:
            return tool_tip(cells[index.column()])
        if role == _ROLE.ForegroundRole and index.column() == 0:
            return self._theme.colour(tone)
        return None


class QuestionsModel(QAbstractTableModel):
    """Questions with a tick for each answer; `answered` follows each tick. Two answers to one question exclude each other."""

    answered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.questions: list[Question] = []

    def show_questions(self, questions: Sequence[Question]) -> None:
        """Replace everything."""
        self.beginResetModel()
        self.questions = list(questions)
        self.endResetModel()

    def tick(self, row: int, column: int, *, is_on: bool) -> None:
        """Give or take back an answer; nothing where that column has none."""
        answer = self._answer(row, column)
        if answer is None:
            return
        self.questions[row] = replace(self.questions[row], answer=answer if is_on else None)
        self.dataChanged.emit(self.index(row, 0), self.index(row, self.columnCount() - 1))
        self.answered.emit()

    def tick_alike(self, row: int, column: int) -> None:
        """Give all questions of this kind the answer of this column."""
        answer = self._answer(row, column)
        if answer is None:
            return
        kind = self.questions[row].kind
        self.questions = [replace(one, answer=answer) if one.kind is kind else one for one in self.questions]
        self.dataChanged.emit(self.index(0, 0), self.index(len(self.questions) - 1, self.columnCount() - 1))
        self.answered.emit()

    def _answer(self, row: int, column: int) -> Answer | None:
        answers = ANSWERS[self.questions[row].kind]
        return answers[column - 3] if 0 <= column - 3 < len(answers) else None

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.questions)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else 5

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole) -> object:
        if role == _ROLE.DisplayRole and orientation is Qt.Orientation.Horizontal:
            return (_("Question"), _("Until now"), _("In the list"), _("Answer"), _("Or"))[section]
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        if self._answer(index.row(), index.column()) is not None:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> object:
        question, column = self.questions[index.row()], index.column()
        answer = self._answer(index.row(), column)
        if role in {_ROLE.DisplayRole, _ROLE.ToolTipRole}:
            if answer is not None:
                return answer_words(answer)
            return (kind_words(question.kind), question.old, question.new, "", "")[column]
        if role == _ROLE.CheckStateRole and answer is not None:
            return Qt.CheckState.Checked if question.answer is answer else Qt.CheckState.Unchecked
        return None

    def setData(self, index: Index, value: object, role: int = _ROLE.EditRole) -> bool:
        if role != _ROLE.CheckStateRole:
            return False
        self.tick(index.row(), index.column(), is_on=Qt.CheckState(value) is Qt.CheckState.Checked)
        return True


class LongTable(QTableView):
    """A table without a border of its own whose rows are all equally high, so that only those in sight are measured."""

    def __init__(
        self,
        theme: Theme,
        model: QAbstractTableModel,
        *,
        name: str,
        widths: Sequence[int],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setModel(model)
        model.setParent(self)
        self.setAccessibleName(name)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(theme.px(ROW_PX))
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        header.setStyleSheet("QHeaderView, QHeaderView::section { background: transparent; }")
        for column, width in enumerate(widths):
            self.setColumnWidth(column, theme.px(width))

    def texts(self) -> list[tuple[str, ...]]:
        """What is shown, row by row."""
        model = self.model()
        return [
            tuple(str(model.index(row, column).data() or "") for column in range(model.columnCount()))
            for row in range(model.rowCount())
        ]


def column_choice(headings: Sequence[str], place: Callable[[int], str]) -> list[tuple[str, str]]:
    """Headings to choose from with what each is called; the same heading twice is told apart by its place."""
    return [
        (f"{heading} ({number + 1})" if headings.count(heading) > 1 else heading, place(number))
        for number, heading in enumerate(headings)
    ]

"""Text that needs more room than it has."""

import re
from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QStyle,
    QStyleOptionComboBox,
    QTableView,
    QWidget,
)

from tests.world.screens.checker.findings import Fault, Finding, everything_in, name_of

SLACK_PX: Final = 1
TALL_ENOUGH: Final = 1.0
"""Heights of the font that a line of text needs."""


def cut_text(root: QWidget) -> Iterator[Finding]:
    """Every text that does not fit where it stands."""
    for one in everything_in(root):
        detail = _cut(one)
        if detail:
            yield Finding(Fault.CUT, name_of(one), detail)


def _cut(widget: QWidget) -> str:
    match widget:
        case QLabel():
            return _label(widget)
        case QPushButton() | QCheckBox() | QRadioButton():
            return _sized(widget) if widget.text() else ""
        case QComboBox():
            return _combo(widget)
        case QLineEdit() if not isinstance(widget.parentWidget(), QComboBox | QAbstractSpinBox):
            return _line(widget)
        case QAbstractSpinBox() | QPlainTextEdit():
            return _lines(widget)
        case QHeaderView() if widget.orientation() is Qt.Orientation.Horizontal:
            return _headings(widget)
        case QTableView() | QListView():
            return _cells(widget)
        case _:
            return ""


def _label(label: QLabel) -> str:
    if not label.text() or not label.pixmap().isNull():
        return ""
    room = label.contentsRect()
    if label.wordWrap():
        needed = label.heightForWidth(label.width())
        if needed > label.height() + SLACK_PX:
            return f"{label.height()} px high, needs {needed}"
        longest = max(
            (label.fontMetrics().horizontalAdvance(word) for word in re.split(r"[\s\-/]+", label.text())),
            default=0,
        )
        return f"{room.width()} px wide, a word needs {longest}" if longest > room.width() + SLACK_PX else ""
    wanted = label.sizeHint()
    if wanted.width() > label.width() + SLACK_PX:
        return f"{label.width()} px wide, needs {wanted.width()}"
    return (
        f"{label.height()} px high, needs {wanted.height()}"
        if wanted.height() > label.height() + SLACK_PX
        else ""
    )


def _sized(button: QAbstractButton) -> str:
    wanted = button.sizeHint()
    if wanted.width() > button.width() + SLACK_PX:
        return f"{button.width()} px wide, needs {wanted.width()}"
    return (
        f"{button.height()} px high, needs {wanted.height()}"
        if wanted.height() > button.height() + SLACK_PX
        else ""
    )


def _combo(box: QComboBox) -> str:
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    room = box.style().subControlRect(
        QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, box
    )
    needed = box.fontMetrics().horizontalAdvance(box.currentText())
    if not box.toolTip() and needed > room.width() + SLACK_PX:
        return f"{room.width()} px for {box.currentText()!r}, needs {needed}"
    return _lines(box)


def _line(edit: QLineEdit) -> str:
    words = "" if edit.text() else edit.placeholderText()
    room = edit.contentsRect().width() - 2 * edit.fontMetrics().averageCharWidth()
    if words and edit.fontMetrics().horizontalAdvance(words) > room:
        return f"{room} px for {words!r}, needs {edit.fontMetrics().horizontalAdvance(words)}"
    return _lines(edit)


def _lines(widget: QWidget) -> str:
    """A field that is lower than a line of text and its border."""
    needed = min(widget.sizeHint().height(), round(2 * widget.fontMetrics().height()))
    return f"{widget.height()} px high, needs {needed}" if needed > widget.height() + SLACK_PX else ""


def _headings(header: QHeaderView) -> str:
    model = header.model()
    short = [
        str(model.headerData(section, Qt.Orientation.Horizontal))
        for section in range(header.count())
        if not header.isSectionHidden(section)
        and model.headerData(section, Qt.Orientation.Horizontal)
        and header.sectionSizeHint(section) > header.sectionSize(section) + SLACK_PX
    ]
    if short:
        return f"headings {short}"
    view = header.parentWidget()
    if isinstance(view, QAbstractItemView) and header.length() > header.width() + SLACK_PX:
        off = view.horizontalScrollBarPolicy() is Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        return f"columns need {header.length()} px, have {header.width()}" if off else ""
    return ""


def _cells(view: QTableView | QListView) -> str:
    """Cells whose words are cut and said nowhere else."""
    model = view.model()
    for row in range(min(model.rowCount(), 30)):
        for column in range(model.columnCount() if isinstance(view, QTableView) else 1):
            place: QModelIndex = model.index(row, column)
            text, tip = place.data(Qt.ItemDataRole.DisplayRole), place.data(Qt.ItemDataRole.ToolTipRole)
            rect = view.visualRect(place)
            if not isinstance(text, str) or tip or rect.isEmpty() or isinstance(view, QListView):
                continue
            if view.sizeHintForIndex(place).width() > rect.width() + SLACK_PX and not view.wordWrap():
                return f"cell {text[:40]!r} has {rect.width()} px and no tool tip"
    return ""

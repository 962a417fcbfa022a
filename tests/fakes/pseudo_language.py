"""A language that puts each English text in brackets, and what of a text stands outside of them.

What is inside came through `kiosk.translation`, so a catalogue can say it in another language; a letter outside of all
brackets is either data (a name, a number, a code) or a text that no catalogue will ever reach.
"""

import re
from collections.abc import Iterable, Iterator
from gettext import NullTranslations
from typing import Final

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QGroupBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QProgressBar,
    QTableView,
    QTabWidget,
    QTreeView,
    QWidget,
)

_MARKUP: Final = re.compile(r"<[^>]*>|&(?=\w)")
_LETTER: Final = re.compile(r"[^\W\d_]")
_SPOKEN: Final = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.AccessibleDescriptionRole,
)


class PseudoLanguage(NullTranslations):
    """Says ``⟦Save⟧`` for ``Save``."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"


def outside(text: str, data: Iterable[str] = ()) -> str:
    """What of a text stands outside of all brackets and is no data; empty when no letter is left."""
    depth, left = 0, ""
    for letter in text:
        depth -= letter == "⟧"
        if depth == 0 and letter not in "⟦⟧":
            left += letter
        depth += letter == "⟦"
    left = _MARKUP.sub("", left)
    for known in sorted(data, key=len, reverse=True):
        left = re.sub(rf"(?<!\w){re.escape(known)}(?!\w)", "", left)
    return " ".join(left.split()) if _LETTER.search(left) else ""


def shown_texts(root: QWidget) -> Iterator[tuple[str, str]]:
    """(where, text) of everything that a widget and those inside it show or tell a screen reader, hidden ones too."""
    for widget in (root, *root.findChildren(QWidget)):
        where = f"{type(root).__name__}: {type(widget).__name__}"
        for text in _texts_of(widget):
            if text:
                yield where, text
    for action in root.findChildren(QAction):
        for text in (action.text(), action.toolTip()):
            yield f"{type(root).__name__}: an action", text


def _texts_of(widget: QWidget) -> Iterator[str]:
    yield from (
        widget.windowTitle(),
        widget.toolTip(),
        widget.accessibleName(),
        widget.accessibleDescription(),
    )
    match widget:
        case QLabel() | QAbstractButton():
            yield widget.text()
        case QGroupBox() | QMenu():
            yield widget.title()
        case QLineEdit() | QPlainTextEdit():
            yield widget.placeholderText()
        case QComboBox():
            yield from _model_texts(widget.model())
            yield widget.placeholderText()
        case QTabWidget():
            for place in range(widget.count()):
                yield from (widget.tabText(place), widget.tabToolTip(place))
        case QProgressBar() if widget.isTextVisible():
            yield widget.format().replace("%p", "")
        case QAbstractItemView():
            yield from _view_texts(widget)
        case _:
            pass
    if isinstance(widget, QAbstractSpinBox):
        yield widget.specialValueText()
        yield from (str(widget.property("prefix") or ""), str(widget.property("suffix") or ""))


def _view_texts(view: QAbstractItemView) -> Iterator[str]:
    model = view.model()
    yield from _model_texts(model)
    if isinstance(view, QTableView | QTreeView):
        for column in range(model.columnCount()):
            yield str(model.headerData(column, Qt.Orientation.Horizontal) or "")


def _model_texts(model: QAbstractItemModel) -> Iterator[str]:
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount()
    for row in range(model.rowCount()):
        for column in range(columns):
            for role in _SPOKEN:
                text = model.index(row, column).data(role)
                if isinstance(text, str):
                    yield text

from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from kiosk.gui.theme import Theme
from kiosk.gui.widgets.fields import LineField
from kiosk.gui.widgets.scrolled import Scrolled


def test_a_page_that_is_too_high_is_scrolled_and_not_squeezed(qtbot: QtBot, theme: Theme) -> None:
    theme.apply()
    held = QWidget()
    column = QVBoxLayout(held)
    fields = [LineField(theme, f"Field {number}") for number in range(12)]
    for field in fields:
        column.addWidget(field)
    page = Scrolled(held)
    qtbot.addWidget(page)
    page.resize(400, 300)
    page.show()
    qtbot.waitUntil(lambda: page.verticalScrollBar().maximum() > 0)
    assert all(field.edit.height() >= field.edit.sizeHint().height() for field in fields)
    fields[-1].edit.setFocus()
    page.ensureWidgetVisible(fields[-1].edit)
    assert page.verticalScrollBar().value() > 0

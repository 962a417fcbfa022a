"""A page with one card in the middle. Main thread."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from kiosk.gui.theme import Theme
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.scrolled import Scrolled
from kiosk.gui.widgets.surfaces import Card


class CentredPage(QWidget):
    """Put widgets into `card.body`; `width` is in pixels at 1080p."""

    def __init__(self, theme: Theme, *, width: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.card = Card(theme, padding=5)
        self.card.setFixedWidth(theme.px(width))
        held = QWidget()
        row = horizontal(1, self.card, 1)
        vertical(2, row, 3, on=held, edges=theme.space(1))
        vertical(Scrolled(held), on=self)

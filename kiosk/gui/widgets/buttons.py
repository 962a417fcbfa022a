"""Buttons: one primary on a page, the rest secondary or quiet."""

from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from kiosk.gui.icons import icon
from kiosk.gui.palettes import Palette
from kiosk.gui.theme import Theme
from kiosk.gui.widgets.access_keys import AccessButton

RING_PX: Final = 2
RING_INSET_PX: Final = 4


class _Button(AccessButton):
    """A push button that carries its kind for the style sheet; may show an icon in the colour of its text."""

    kind = "secondary"
    filled = False
    """Whether its surface has a strong colour of its own."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setProperty("kind", self.kind)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)

    def set_icon(self, name: str, theme: Theme) -> None:
        """Show an icon of ``assets/icons`` before the text, following the theme."""

        def draw() -> None:
            self.setIcon(icon(name, self._text_colour(theme.palette), theme.px(24)))
            self.setIconSize(QSize(theme.px(24), theme.px(24)))

        draw()
        theme.changed.connect(draw)
        self.destroyed.connect(lambda: theme.changed.disconnect(draw))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.filled and self.hasFocus():
            # A line of another colour around a filled surface is hardly seen; one inside of it is.
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self.palette().buttonText().color(), RING_PX))
            inset = RING_INSET_PX
            painter.drawRoundedRect(self.rect().adjusted(inset, inset, -inset, -inset), 6, 6)
            painter.end()

    def _text_colour(self, palette: Palette) -> str:
        return palette.text


class SecondaryButton(_Button):
    """The usual button."""


class PrimaryButton(_Button):
    """What a page is for."""

    kind = "primary"
    filled = True

    def _text_colour(self, palette: Palette) -> str:
        return palette.on_accent


class DangerButton(_Button):
    """Something that ends or deletes."""

    kind = "danger"
    filled = True

    def _text_colour(self, palette: Palette) -> str:
        return palette.on_solid


class QuietButton(_Button):
    """Something beside the point, such as *Sign out*."""

    kind = "quiet"

    def _text_colour(self, palette: Palette) -> str:
        return palette.accent


class PlaceButton(_Button):
    """One of several that stand in a bar: where somebody is, and where else to go."""

    kind = "place"

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setCheckable(True)

    def _text_colour(self, palette: Palette) -> str:
        return palette.muted

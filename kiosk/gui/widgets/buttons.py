"""Buttons: one primary on a page, the rest secondary or quiet."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QPushButton, QWidget

from kiosk.gui.icons import icon
from kiosk.gui.theme import Palette, Theme


class _Button(QPushButton):
    """A push button that carries its kind for the style sheet; may show an icon in the colour of its text."""

    kind = "secondary"

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

    def _text_colour(self, palette: Palette) -> str:
        return palette.text


class SecondaryButton(_Button):
    """The usual button."""


class PrimaryButton(_Button):
    """What a page is for."""

    kind = "primary"

    def _text_colour(self, palette: Palette) -> str:
        return palette.on_accent


class DangerButton(_Button):
    """Something that ends or deletes."""

    kind = "danger"

    def _text_colour(self, palette: Palette) -> str:
        return palette.on_solid


class QuietButton(_Button):
    """Something beside the point, such as *Sign out*."""

    kind = "quiet"

    def _text_colour(self, palette: Palette) -> str:
        return palette.accent

"""A code that stands still, as on a card or in a dialog. Main thread only."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from kiosk.gui.attendance.kiosk_screen.code_picture import CodePicture
from kiosk.gui.theme import Theme

RADIUS = 12


class PlainCode(QWidget):
    """A square of a fixed size, always black on white; nothing while there is no text."""

    def __init__(
        self, theme: Theme, picture: CodePicture, *, side_px: int, name: str, parent: QWidget | None = None
    ) -> None:
        """Show nothing yet.

        Args:
            theme: Scales the side.
            picture: Draws the text.
            side_px: Side of the square at 1080 lines.
            name: What a screen reader says.
            parent: The widget that owns it.
        """
        super().__init__(parent)
        self._picture = picture
        self._text = ""
        self.setFixedSize(theme.px(side_px), theme.px(side_px))
        self.setAccessibleName(name)

    @property
    def text(self) -> str:
        """What the code says."""
        return self._text

    def show_text(self, text: str) -> None:
        """Show another code; does nothing when it is the same."""
        if text != self._text:
            self._text = text
            self._picture.show(text)
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._text:
            return
        ratio = self.devicePixelRatioF()
        side = self._picture.side(float(self.width()), ratio)
        edge = int((self.width() - side) / 2 * ratio) / ratio
        self._picture.paint(QPainter(self), QRectF(edge, edge, side, side), RADIUS)

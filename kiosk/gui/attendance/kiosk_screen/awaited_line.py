"""The line above the camera where a class demands phone and face: who is awaited, or else what to do. Main thread.

Everybody reads it, so it says a first name and an initial, and never names anybody whom the camera does not know.
"""

from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from kiosk.domain.attendance.choices import ProofPolicy
from kiosk.domain.school.face_rule import FaceRule
from kiosk.gui.attendance.kiosk_screen.drawing import draw_card, text_width, write
from kiosk.gui.attendance.kiosk_screen.speaking import describe
from kiosk.gui.icons import draw_icon
from kiosk.gui.theme import Theme, sans
from kiosk.translation import N_, _
from kiosk.wording.attendance import policy_words

HEIGHT: Final = 64.0
"""In pixels at 1080p."""

_BLIND: Final = N_("The camera cannot see anybody now: scan the code, and your teacher confirms you.")

_LEAD: Final = N_("Look at the camera, please:")


class AwaitedLine(QWidget):
    """Hidden in classes that demand one proof only."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._scale = 1.0
        self._names = ""
        self._how = ""
        self._blind = False
        self.hide()

    @property
    def text(self) -> str:
        """What it says; empty while it is hidden."""
        if self.isHidden():
            return ""
        return f"{_(_LEAD)} {self._names}" if self._names else self._instruction

    def set_scale(self, scale: float) -> None:
        """Pixels for one pixel at 1080p."""
        self._scale = scale

    def show_policy(self, policy: ProofPolicy | None, faces: FaceRule = FaceRule.WALK_PAST) -> None:
        """Stand there for a class under this policy, or go."""
        self._how = policy_words(policy).instruction if policy is not None else ""
        if policy is ProofPolicy.FACE and faces is FaceRule.VERIFY_ONLY:
            self._how = _("Scan the code or hold your pass up, then look at the camera.")
        elif policy is not None and not faces.uses_faces:
            self._how = _("Scan the code, or hold your pass up to the camera.")
        self._names = ""
        self.setVisible(bool(self._how))
        self._say()

    def call(self, names: str, *, can_see: bool) -> None:
        """Ask for these people (empty: for nobody), unless the camera cannot see them."""
        wanted = (names if can_see else "", not can_see)
        if wanted != (self._names, self._blind):
            self._names, self._blind = wanted
            self._say()

    @property
    def _instruction(self) -> str:
        return _(_BLIND) if self._blind else self._how

    def paintEvent(self, _event: QPaintEvent) -> None:
        s, palette = self._scale, self._theme.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QRectF(self.rect())
        fill, line = (palette.tint_accent, palette.accent) if self._names else (palette.card, palette.line)
        draw_card(painter, whole, 16 * s, fill, line)
        side = 30 * s
        colour = palette.accent if self._names else palette.muted
        draw_icon(painter, "camera", QRectF(24 * s, (whole.height() - side) / 2, side, side), colour)
        left = 24 * s + side + 16 * s
        lead, font = (_(_LEAD), sans(26 * s, 500)) if self._names else (self._instruction, sans(24 * s, 400))
        room = whole.width() - left - 24 * s
        write(painter, QRectF(left, 0, room, whole.height()), lead, font, palette.text)
        if self._names:
            used = text_width(lead, font) + 10 * s
            place = QRectF(left + used, 0, max(0.0, room - used), whole.height())
            write(painter, place, self._names, sans(28 * s, 700), palette.text)
        painter.end()

    def _say(self) -> None:
        describe(self, self.text)
        self.update()

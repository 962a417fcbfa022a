"""Choosing a camera by its name, with its live picture beside. Main thread; listing and opening run in tasks."""

from typing import Final

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QWidget

from kiosk.domain.faces.frames import Frame
from kiosk.domain.trust.rights import NOBODY, Actor
from kiosk.errors import KioskError
from kiosk.gui.attendance.kiosk_screen.camera_painting import paint_picture
from kiosk.gui.attendance.kiosk_screen.drawing import round_corners
from kiosk.gui.attendance.kiosk_screen.framing import Framing
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.buttons import SecondaryButton
from kiosk.gui.widgets.fields import Field, LineField
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.surfaces import Text, tool_tip
from kiosk.services.ports.cameras import CameraTrial, FoundCamera
from kiosk.services.school.camera_choice import CameraChoice
from kiosk.translation import _

POLL_MS: Final = 40
WIDTH_PX: Final = 480
HEIGHT_PX: Final = 270
TYPED_MS: Final = 600
"""So long after the last letter of an address it is tried."""


class LivePicture(QWidget):
    """The newest frame that it is handed; a name for it is not known."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._frame: Frame | None = None
        self.setFixedSize(theme.px(WIDTH_PX), theme.px(HEIGHT_PX))
        self.setAccessibleName(_("Picture of the camera"))

    @property
    def has_picture(self) -> bool:
        """Whether there is something to be seen."""
        return self._frame is not None

    def show_frame(self, frame: Frame | None) -> None:
        """Show it; None shows an empty ground."""
        if frame is not self._frame:
            self._frame = frame
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room, frame = QRectF(self.rect()), self._frame
        size = (room.width(), room.height())
        framing = Framing.of((frame.width, frame.height), size, mirrored=True) if frame else None
        paint_picture(painter, room, frame, framing)
        round_corners(painter, room, self._theme.px(16), self._theme.palette.card)
        painter.end()


class CameraPicker(QWidget):
    """Lists the cameras there are; what is not among them, such as a network camera, is typed.

    Signals:
        changed: Another one is chosen.
    """

    changed = Signal()

    def __init__(self, cameras: CameraChoice, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cameras = cameras
        self._tasks = Tasks(self, threads=1)
        self._actor = NOBODY
        self._trial: CameraTrial | None = None
        self._tried = ""
        self.box = QComboBox()
        self.box.currentTextChanged.connect(self.box.setToolTip)  # beside the picture it may be cut off
        self.address = LineField(
            theme,
            _("Address, file or folder"),
            help_text=_("Such as rtsp://… or http://… of a camera in the network."),
        )
        self.again_button = SecondaryButton(_("Look again"))
        self.words = Text(style=TextStyle.CAPTION, tone=Tone.MUTED, wrap=True)
        self.picture = LivePicture(theme)
        field = Field(theme, _("Camera"), self.box)
        left = vertical(field, self.address, self.words, self.again_button, 1, spacing=theme.space(1.5))
        horizontal((left, 1), (self.picture, 0, Qt.AlignmentFlag.AlignTop), on=self, spacing=theme.space(3))
        self.address.hide()
        self._poll = QTimer(self, interval=POLL_MS)
        self._poll.timeout.connect(self._look)
        self._typed = QTimer(self, interval=TYPED_MS, singleShot=True)
        self._typed.timeout.connect(self._try)
        self.box.currentIndexChanged.connect(lambda _place: self._choose())
        self.address.edit.textEdited.connect(lambda _text: self._typed.start())
        self.again_button.clicked.connect(self.list_again)

    @property
    def source(self) -> str:
        """What the settings call the chosen one; empty for none."""
        chosen = self.box.currentData()
        return self.address.text.strip() if chosen is None and self.box.count() else str(chosen or "")

    def begin(self, actor: Actor) -> None:
        """List the cameras for somebody who may choose one."""
        self._actor = actor
        self.list_again()

    def list_again(self) -> None:
        """Look for cameras; somebody may have plugged one in."""
        self.words.setText(_("Looking for cameras…"))
        self.again_button.setEnabled(False)
        self._tasks.run(self._cameras.found, then=self._fill, failed=self._fail)

    def end(self) -> None:
        """Let go of the camera."""
        self._poll.stop()
        self._trial, self._tried = None, ""
        self.picture.show_frame(None)
        self._tasks.run(self._cameras.close, then=lambda _none: None, failed=self._fail)

    def hideEvent(self, event: QHideEvent) -> None:
        self.end()
        super().hideEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.box.count():
            self._choose()

    def _fill(self, found: list[FoundCamera]) -> None:
        self.again_button.setEnabled(True)
        chosen = self._cameras.chosen()
        self.box.blockSignals(True)
        self.box.clear()
        for one in found:
            self.box.addItem(one.name, one.source)
        self.box.addItem(_("Another one, by its address…"), None)
        place = self.box.findData(chosen)
        if place < 0 and found and chosen == "0":
            place = 0
        self.box.setCurrentIndex(place if place >= 0 else self.box.count() - 1)
        if place < 0 and chosen != "0":
            self.address.edit.setText(chosen)
        self.box.blockSignals(False)
        self.box.setToolTip(tool_tip(self.box.currentText()))
        self.words.setText(
            "" if found else _("No camera is plugged in. Everything but faces works without one.")
        )
        self._choose()

    def _choose(self) -> None:
        self.address.setVisible(self.box.currentData() is None)
        self._try()

    def _try(self) -> None:
        source = self.source
        self.changed.emit()
        if not self.isVisible() or source == self._tried:
            return
        self._tried = source
        self._trial = None
        self.picture.show_frame(None)
        if not source:
            self._tasks.run(self._cameras.close, then=lambda _none: None, failed=self._fail)
            return
        self.words.setText(_("The camera is being started…"))
        actor = self._actor
        self._tasks.run(
            lambda: self._cameras.look_through(source, actor=actor), then=self._begun, failed=self._fail
        )

    def _begun(self, trial: CameraTrial) -> None:
        self._trial = trial
        self._poll.start()

    def _look(self) -> None:
        trial = self._trial
        if trial is None:
            return
        frame, trouble = trial.frame(), trial.trouble()
        if trouble is not None:
            self.picture.show_frame(None)
            self._fail(trouble)
        elif frame is not None:
            self.words.setText("")
            self.picture.show_frame(frame)

    def _fail(self, error: KioskError) -> None:
        self.again_button.setEnabled(True)
        self.words.setText(str(error))

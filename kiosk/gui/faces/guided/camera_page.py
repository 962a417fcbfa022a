"""The page of a sitting: mirror, instruction, advice, steps and pictures. Main thread; polls 30 times a second."""

from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QLabel, QWidget

from kiosk.gui.faces.guided.mirror import Mirror
from kiosk.gui.faces.guided.steps import THUMB_PX, StepList, Thumbnails
from kiosk.gui.faces.guided.wording import CalmAdvice, Saying, instruction, loading, saying
from kiosk.gui.icons import pixmap
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.surfaces import Text
from kiosk.services.events import CameraState
from kiosk.services.faces.guided_enrolment import GuidedRun, SittingView
from kiosk.services.ports.clock import Clock
from kiosk.translation import _

POLL_MS: Final = 33
MIRROR_PX: Final = (700, 484)
ICON_PX: Final = 36
INSTRUCTION_LINES: Final = 3


class CameraPage(QWidget):
    """Shows one run.

    Signals:
        changed: Something that decides about buttons changed; read `view`.
    """

    changed = Signal()

    def __init__(self, theme: Theme, clock: Clock, *, mirrored: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._clock = clock
        self._run: GuidedRun | None = None
        self._calm = CalmAdvice()
        self._said = loading()
        self.view = SittingView()
        self.mirror = Mirror(theme, mirrored=mirrored)
        self.who = Text(style=TextStyle.BODY, tone=Tone.MUTED, wrap=True)
        self.instruction = Text(style=TextStyle.TITLE, wrap=True)
        self._icon = QLabel()
        self.advice = Text(style=TextStyle.STRONG, wrap=True)
        self.steps = StepList(theme)
        self.thumbnails = Thumbnails(theme, mirrored=mirrored)
        self.thumbnails.dropped.connect(self._drop)
        self._lay_out()
        self._timer = QTimer(self, interval=POLL_MS)
        self._timer.timeout.connect(self.poll)
        theme.changed.connect(self._draw_icon)

    def begin(self, run: GuidedRun) -> None:
        """Show a run that was started."""
        self._run, self._calm = run, CalmAdvice()
        student = run.student
        self.who.setText(f"{student.full_name} · {student.student_no}")
        self.poll()
        self._timer.start()

    def end(self) -> None:
        """Show nothing any more."""
        self._timer.stop()
        self._run = None
        self.view = SittingView()
        self.thumbnails.show_taken(())
        self.mirror.show_sitting(None, self.view, Tone.MUTED)

    def poll(self) -> None:
        """Take over the newest of everything."""
        run = self._run
        if run is None:
            return
        before, view = self.view, run.view()
        self.view = view
        self._say(self._saying(view))
        text = instruction(view.step)
        if text != self.instruction.text():
            self.instruction.setText(text)
        self.steps.show_view(view)
        self.thumbnails.show_taken(view.taken)
        self.mirror.show_sitting(run.frame(), view, self._said.tone)
        if (before.complete, before.over, len(before.taken)) != (view.complete, view.over, len(view.taken)):
            self.changed.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        super().hideEvent(event)

    def _lay_out(self) -> None:
        px, space = self._theme.px, self._theme.space
        self.mirror.setFixedSize(px(MIRROR_PX[0]), px(MIRROR_PX[1]))
        line = self.instruction.fontMetrics().lineSpacing()
        self.instruction.setMinimumHeight(INSTRUCTION_LINES * max(line, px(44)))
        self.instruction.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.advice.setMinimumHeight(px(84))
        self._icon.setFixedSize(px(ICON_PX), px(ICON_PX))
        advice = horizontal(self._icon, (self.advice, 1), spacing=space(1.5))
        right = vertical(self.who, self.instruction, advice, 1, self.steps, spacing=space(2))
        top = horizontal(self.mirror, (right, 1), spacing=space(4))
        vertical(top, self.thumbnails, on=self, spacing=space(2))
        self.thumbnails.setMinimumWidth(px(THUMB_PX))

    def _saying(self, view: SittingView) -> Saying:
        if view.complete:
            return saying(view.advice)
        if view.camera is not CameraState.RUNNING:
            return Saying(_("Waiting for the camera…"), "camera", Tone.MUTED)
        if not view.ready:
            return loading()
        return saying(self._calm.at(view.advice, self._clock.monotonic()))

    def _say(self, said: Saying) -> None:
        if said == self._said and self.advice.text():
            return
        self._said = said
        self.advice.setText(said.words)
        self.advice.set_tone(said.tone)
        self._draw_icon()

    def _draw_icon(self) -> None:
        said = self._said
        self._icon.setPixmap(pixmap(said.icon, self._theme.colour(said.tone), self._theme.px(ICON_PX)))

    def _drop(self, number: int) -> None:
        if self._run is not None:
            self._run.drop(number)
            self.poll()

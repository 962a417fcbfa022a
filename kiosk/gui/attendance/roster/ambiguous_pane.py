"""One ambiguous face at a time: its picture, who it may be, and what to do with it. Main thread. The pane only asks."""

from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel

from kiosk.domain.people.students import Student
from kiosk.gui.attendance.roster.question_pane import QuestionPane
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.buttons import PrimaryButton, QuietButton, SecondaryButton
from kiosk.gui.widgets.fields import Field
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.surfaces import Text
from kiosk.services.faces.ambiguous_faces import WaitingFaces
from kiosk.services.faces.ambiguous_memory import AmbiguousFace
from kiosk.translation import N_, _
from kiosk.wording.dates import clock_time

PICTURE_PX = 190
CHOOSE = N_("Choose a student")
NOT_KEPT = N_("No consent to face recognition: nothing of this picture is kept.")
FORGOTTEN = N_("The picture is forgotten when it is settled, after ten minutes, and when the class ends.")


class AmbiguousPane(QuestionPane):
    """Shows the oldest face first.

    Signals:
        confirmed: Number of the face, id of the student, whether to learn the picture.
        dismissed: Number of the face.
        closed: Later.
    """

    confirmed = Signal(int, int, bool)
    dismissed = Signal(int)

    def __init__(self, theme: Theme, zone: ZoneInfo) -> None:
        self.who = QComboBox()
        super().__init__(theme, Field(theme, _("Who is this?"), self.who))
        self._zone = zone
        self._waiting = WaitingFaces((), (), frozenset())
        self._face: AmbiguousFace | None = None
        self._title = Text(style=TextStyle.STRONG, wrap=True)
        self.next_button = SecondaryButton(_("Next"))
        self.close_button = QuietButton(_("Close"))
        self.picture = QLabel()
        self.learn = QCheckBox(_("Also learn this picture"))
        self._note = Text(style=TextStyle.CAPTION, tone=Tone.MUTED, wrap=True)
        self.confirm_button = PrimaryButton(_("It is …"))
        self.dismiss_button = SecondaryButton(_("Nobody of this class"))
        self._lay_out()
        self.who.currentIndexChanged.connect(self._chosen)
        self.next_button.clicked.connect(self._turn)
        self.close_button.clicked.connect(self.closed)
        self.confirm_button.clicked.connect(self._confirm)
        self.dismiss_button.clicked.connect(self._dismiss)

    @property
    def face(self) -> AmbiguousFace | None:
        """The one that is shown."""
        return self._face

    def take(self, waiting: WaitingFaces) -> None:
        """Show what waits now; the face that is looked at stays as long as it waits, with what was chosen."""
        self._waiting = waiting
        known = next((one for one in waiting.faces if self._face and one.face_id == self._face.face_id), None)
        if known is None:
            self._show(waiting.faces[0] if waiting.faces else None)
        else:
            chosen, learn = self.who.currentData(), self.learn.isChecked()
            self._fill(known, chosen)
            self.learn.setChecked(learn and not self.learn.isHidden())
        self._retitle()

    def _lay_out(self) -> None:
        space, side = self._theme.space, self._theme.px(PICTURE_PX)
        self.picture.setFixedSize(side, side)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        head = horizontal((self._title, 1), self.next_button, self.close_button)
        self.body.addLayout(head)
        right = vertical(self._field, self.learn, self._note, 1, spacing=space(1))
        row = horizontal((self.picture, 0, Qt.AlignmentFlag.AlignTop), (right, 1), spacing=space(2))
        self.body.addLayout(row)
        buttons = horizontal(self.dismiss_button, (self.confirm_button, 1), spacing=space(1))
        self.body.addLayout(buttons)

    def _show(self, face: AmbiguousFace | None) -> None:
        self._face = face
        self._field.clear_error()
        shown = QPixmap()
        if face is None:
            self.picture.clear()
            self.who.clear()
            return
        shown.loadFromData(face.picture)
        self.picture.setPixmap(
            shown.scaled(
                self.picture.size(),
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
        )
        self.picture.setAccessibleName(
            _("Face seen at {seen_at}", seen_at=clock_time(face.seen_at, self._zone))
        )
        self._fill(face, face.candidate_id)
        self._retitle()

    def _fill(self, face: AmbiguousFace, chosen: object) -> None:
        closest = [one for one in self._waiting.candidates if one.student_id == face.candidate_id]
        others = [one for one in self._waiting.candidates if one.student_id != face.candidate_id]
        self.who.blockSignals(True)
        self.who.clear()
        self.who.addItem(_(CHOOSE), None)
        for student in (*closest, *others):
            who = f"{student.full_name} · {student.student_no}"
            if student.student_id == face.candidate_id:
                who = _("{who} (closest)", who=who)
            self.who.addItem(who, student.student_id)
        self.who.setCurrentIndex(max(0, self.who.findData(chosen)))
        self.who.blockSignals(False)
        self._chosen()

    def _chosen(self) -> None:
        student = self._student()
        self.confirm_button.setEnabled(student is not None)
        name = student.full_name.replace("&", "&&") if student is not None else "…"
        self.confirm_button.setText(_("It is {name}", name=name))
        self.learn.setChecked(False)
        self.learn.setVisible(student is not None and student.student_id in self._waiting.consenting)
        self._note.setText(_(NOT_KEPT) if student is not None and self.learn.isHidden() else _(FORGOTTEN))

    def _student(self) -> Student | None:
        chosen = self.who.currentData()
        return next((one for one in self._waiting.candidates if one.student_id == chosen), None)

    def _retitle(self) -> None:
        if self._face is None:
            return
        place = [one.face_id for one in self._waiting.faces].index(self._face.face_id) + 1
        count = len(self._waiting.faces)
        parts = [_("Unsure at {seen_at}", seen_at=clock_time(self._face.seen_at, self._zone))]
        if count > 1:
            parts.insert(0, _("{place} of {count}", place=place, count=count))
        self._title.setText(" · ".join(parts))
        self.next_button.setVisible(count > 1)

    def _turn(self) -> None:
        faces = self._waiting.faces
        if self._face is not None and faces:
            place = [one.face_id for one in faces].index(self._face.face_id)
            self._show(faces[(place + 1) % len(faces)])

    def _confirm(self) -> None:
        student = self._student()
        if self._face is not None and student is not None:
            self.confirmed.emit(self._face.face_id, student.student_id, self.learn.isChecked())

    def _dismiss(self) -> None:
        if self._face is not None:
            self.dismissed.emit(self._face.face_id)

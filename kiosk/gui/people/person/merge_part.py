"""Who was merged into a person, the way back, and merging with another. Main thread; reading and writing run in tasks."""

from functools import partial

from PySide6.QtWidgets import QComboBox, QWidget

from kiosk.domain.people.merging import DoneMerge
from kiosk.domain.people.person import Person
from kiosk.domain.people.students import Student
from kiosk.gui.dialog_opener import DialogOpener
from kiosk.gui.people.person.merge_dialog import MergeDialog
from kiosk.gui.people.person.part import PersonPart, empty
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.buttons import QuietButton, SecondaryButton
from kiosk.gui.widgets.dialogs import ConfirmDialog
from kiosk.gui.widgets.fields import Field
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.surfaces import Text
from kiosk.services.app import KioskApp
from kiosk.translation import _
from kiosk.wording.actors import actor_name
from kiosk.wording.dates import day_of


class MergePart(PersonPart):
    """A card; who does not manage people does not see it."""

    def __init__(self, app: KioskApp, theme: Theme, opener: DialogOpener) -> None:
        super().__init__(app, theme, opener)
        self._student: Student | None = None
        card = self.card(_("Two entries of one person"))
        words = _("When this person is in the list twice, under two numbers.")
        card.body.addWidget(Text(words, tone=Tone.MUTED, wrap=True))
        self.rows = vertical(spacing=theme.space(1))
        card.body.addLayout(self.rows)
        self.merge_button = SecondaryButton(_("Merge with another entry…"))
        self.merge_button.clicked.connect(self._ask_with_whom)
        card.body.addLayout(horizontal(self.merge_button, 1))
        self.undo_buttons: dict[int, QuietButton] = {}
        self.other = QComboBox()
        self.dialog: MergeDialog | None = None

    def fill(self, person: Person) -> None:
        student = self._student = person.student
        if not self.isHidden():
            read = partial(self.app.people.merging.of_student, student.student_id, actor=self.actor)
            self.start(read, partial(self._show, student))

    def _show(self, student: Student, merges: list[DoneMerge]) -> None:
        if student != self._student:
            return
        empty(self.rows)
        self.undo_buttons = {}
        for one in merges:
            row, undo = QWidget(), QuietButton(_("Take back…"))
            day = day_of(one.at, self.app.core.zone)
            title = f"{one.gone.full_name}, {one.gone.student_no}"
            texts = vertical(
                Text(title, TextStyle.STRONG, wrap=True),
                Text(
                    _("merged on {day} by {who}", day=day, who=actor_name(one.by)),
                    TextStyle.CAPTION,
                    Tone.MUTED,
                ),
                spacing=0,
            )
            horizontal((texts, 1), undo, on=row, spacing=self.theme.space(2))
            undo.setAccessibleName(_("Take the merge with {name} back", name=title))
            undo.clicked.connect(partial(self._ask_to_undo, one))
            self.undo_buttons[one.merge_id] = undo
            self.rows.addWidget(row)

    def _ask_with_whom(self) -> None:
        self.start(self.app.courses.lists.students, self._offer)

    def _offer(self, students: list[Student]) -> None:
        student = self._student
        if student is None:
            return
        self.other = QComboBox()
        self.other.setEditable(True)
        self.other.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        for one in students:
            if one.student_id != student.student_id:
                self.other.addItem(f"{one.full_name}, {one.student_no}", one.student_id)
        self.other.setCurrentIndex(-1)
        self.other.setEditText("")
        self.question = ConfirmDialog(
            self.theme,
            self,
            title=_("Which entry is {name}, too?", name=student.full_name),
            text=_("What would move is shown before anything is done."),
            action=_("Look"),
        )
        self.question.body.addWidget(Field(self.theme, _("Student"), self.other))
        self.question.accepted.connect(partial(self._look, student))
        self.other.setFocus()

    def _look(self, student: Student) -> None:
        place = self.other.findText(self.other.currentText())
        other = self.other.itemData(place) if place >= 0 else None
        if isinstance(other, int):
            pair = (student.student_id, other)
            self.dialog = MergeDialog(self.app.core, self.app.people, self.theme, self.actor, pair, self)
            self.dialog.merged.connect(self._merged)
            self.opener.hold(self.dialog)
            self.dialog.open()

    def _merged(self, kept_id: int) -> None:
        student = self._student
        words = _("The two entries are one.")
        if student is not None and student.student_id == kept_id:
            self.changed.emit(words)
        else:
            self.gone.emit(words)

    def _ask_to_undo(self, merge: DoneMerge) -> None:
        self.question = ConfirmDialog(
            self.theme,
            self,
            title=_("Make two entries again?"),
            text=_(
                "What came from {name}, {number}, goes back. What was changed since stays here.",
                name=merge.gone.full_name,
                number=merge.gone.student_no,
            ),
            action=_("Take the merge back"),
        )
        self.question.accepted.connect(partial(self._undo, merge))

    def _undo(self, merge: DoneMerge) -> None:
        words = _(
            "{name}, {number}, is in the list again.", name=merge.gone.full_name, number=merge.gone.student_no
        )
        work = partial(self.app.people.merging.undo, merge.merge_id, actor=self.actor)
        self.start(work, lambda _done: self.changed.emit(words))

"""*Phones of students*: enrol a student's own phone by a code that is good once, see which are enrolled, and remove them.

Main thread; reading and writing run in tasks. How the code stands is asked twice a second.
"""

from functools import partial
from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QComboBox, QPushButton, QVBoxLayout, QWidget

from kiosk.domain.people.students import Student
from kiosk.domain.phones.enrolled import EnrolledPhone
from kiosk.domain.trust.rights import Actor
from kiosk.gui.attendance.kiosk_screen.code_picture import CodePicture, PlainCode
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.banner import Banner
from kiosk.gui.widgets.buttons import PrimaryButton, QuietButton
from kiosk.gui.widgets.fields import Field
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.surfaces import Text
from kiosk.gui.widgets.work_dialog import WorkDialog
from kiosk.services.app import PhoneCases
from kiosk.services.core import Core
from kiosk.services.phones.phone_enrolment import CODE_S, EnrolmentState
from kiosk.translation import _, ngettext
from kiosk.wording.dates import day_of
from kiosk.wording.phones import key_sentence, phone_title

TICK_MS: Final = 500
CODE_PX: Final = 300


class StudentPhonesDialog(WorkDialog):
    """One student at a time; `student` is chosen first, where it is known who is meant."""

    def __init__(
        self,
        core: Core,
        phones: PhoneCases,
        theme: Theme,
        actor: Actor,
        parent: QWidget | None = None,
        *,
        student: Student | None = None,
    ) -> None:
        super().__init__(theme, _("Phones of students"), parent, width=960)
        self._core = core
        self._enrolments = phones.enrolments
        self._actor = actor
        self._wanted = student
        self._told: object = None
        self.student = QComboBox()
        self.student.setEditable(True)
        self.student.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.code = PlainCode(theme, CodePicture(phones.qr), side_px=CODE_PX, name=_("Code to enrol a phone"))
        self.card = Banner(theme)
        self.none = Text(tone=Tone.MUTED, wrap=True)
        self.rows = QVBoxLayout()
        self.remove_buttons: list[QPushButton] = []
        self._lay_out()
        self.enrol_button = self.add_button(PrimaryButton(_("Show a code")), self._begin)
        self.student.currentTextChanged.connect(lambda _text: self._on_choice())
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        self.finished.connect(self._over)
        self._on_choice()
        self.tasks.run(
            partial(self._enrolments.choices, actor=actor), then=self._fill, failed=self.banner.show_error
        )

    @property
    def chosen(self) -> Student | None:
        """Whose line is chosen; what is typed half is nobody."""
        place = self.student.findText(self.student.currentText())
        data = self.student.itemData(place) if place >= 0 else None
        return data if isinstance(data, Student) else None

    def look(self) -> None:
        """Draw how the code stands."""
        state = self._enrolments.state()
        self.code.show_text(state.url.upper())
        chosen = self.chosen
        if chosen is None or not state.is_begun:
            return
        sentence, hint, tone = _words(state, chosen)
        if self.card.text != f"{sentence} {hint}".strip():
            self.card.say(sentence, hint, tone)
        if state.done is not None and state.done is not self._told:
            self._told = state.done
            self._read(chosen)

    def _lay_out(self) -> None:
        words = _(
            "Where the school asks for it, only phones that were enrolled here mark their student. Choose the student, who stands "
            "before you; the phone scans the code within a minute and asks for the PIN. The code is good for one phone."
        )
        self.form.addWidget(Text(words, tone=Tone.MUTED, wrap=True))
        self.form.addWidget(Field(self.theme, _("Student"), self.student))
        self.rows.setSpacing(self.theme.space(0.5))
        column = vertical(self.card, self.none, spacing=self.theme.space(1.5))
        column.addLayout(self.rows)
        column.addStretch(1)
        row = horizontal((self.code, 0, Qt.AlignmentFlag.AlignTop), spacing=self.theme.space(4))
        row.addLayout(column, 1)
        self.form.addLayout(row)

    def _fill(self, students: list[Student]) -> None:
        for one in students:
            self.student.addItem(_line(one), one)
        self.student.setCurrentIndex(-1)
        self.student.setEditText(_line(self._wanted) if self._wanted is not None else "")
        self.student.setFocus()

    def _on_choice(self) -> None:
        chosen = self.chosen
        self._enrolments.end()
        self.code.show_text("")
        self.card.clear()
        self.enrol_button.setEnabled(chosen is not None)
        self.none.hide()
        self._show([])
        if chosen is not None:
            self._read(chosen)

    def _read(self, student: Student) -> None:
        def then(phones: list[EnrolledPhone]) -> None:
            if self.chosen == student:
                self._show(phones)
                self.none.setText(
                    _("No phone of {name} is enrolled.", name=student.full_name)
                    if not phones
                    else _("Enrolled for {name}:", name=student.full_name)
                )
                self.none.show()

        read = partial(self._enrolments.of_student, student, actor=self._actor)
        self.tasks.run(read, then=then, failed=self.banner.show_error)

    def _show(self, phones: list[EnrolledPhone]) -> None:
        while (item := self.rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        self.remove_buttons = []
        for phone in phones:
            words = _(
                "{phone}, on {day} by {who}",
                phone=phone_title(phone),
                day=day_of(phone.enrolled_at, self._core.zone),
                who=phone.enrolled_by,
            )
            button = QuietButton(_("Remove"))
            button.setAccessibleName(_("Remove {phone}", phone=words))
            button.clicked.connect(partial(self._remove, phone))
            self.remove_buttons.append(button)
            line = QWidget()
            told = f"{words}. {key_sentence(phone)}" if phone.key is not None else words
            horizontal((Text(told, wrap=True), 1), button, on=line)
            self.rows.addWidget(line)

    def _begin(self) -> None:
        chosen = self.chosen
        if chosen is None:
            return
        work = partial(self._enrolments.begin, chosen, actor=self._actor)
        self.start(work, words=_("Making a code…"), then=lambda _none: self.look())

    def _remove(self, phone: EnrolledPhone) -> None:
        chosen = self.chosen
        if chosen is None:
            return
        work = partial(self._enrolments.remove, chosen, phone.phone_id, actor=self._actor)
        words = _("{phone} of {name} is removed.", phone=phone_title(phone), name=chosen.full_name)

        def then(_none: None) -> None:
            self.card.say(words, tone=Tone.PRESENT)
            self._enrolments.end()
            self._read(chosen)

        self.start(work, words=_("Removing…"), then=then)

    def _over(self) -> None:
        self._timer.stop()
        self._enrolments.end()


def _line(student: Student) -> str:
    return f"{student.full_name}, {student.student_no}"


def _words(state: EnrolmentState, student: Student) -> tuple[str, str, Tone]:
    done = state.done
    if done is not None:
        sentence = _("{phone} is enrolled for {name}.", phone=phone_title(done.phone), name=student.full_name)
        if done.before is None:
            return sentence, key_sentence(done.phone), Tone.PRESENT
        hint = _("Until now it was enrolled for {name}, and is not any more.", name=done.before.full_name)
        return sentence, hint, Tone.LATE
    if state.is_scanned and state.remaining_s:
        return (
            _("A phone has scanned the code."),
            _("{name} types the PIN on it now.", name=student.full_name),
            Tone.ACCENT,
        )
    if not state.remaining_s:
        return _("The code is over."), _("Show another one."), Tone.LATE
    if not state.url:
        return _("Phones cannot connect now."), _("Test with a phone says why."), Tone.REFUSED
    left = min(round(state.remaining_s), round(CODE_S))
    words = ngettext(
        "The phone of {name} can scan it for {n} more second.",
        "The phone of {name} can scan it for {n} more seconds.",
        left,
        name=student.full_name,
        n=left,
    )
    return words, "", Tone.ACCENT

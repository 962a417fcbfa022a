"""A person's PIN and enrolled phones. Main thread; writing runs in tasks."""

from functools import partial

from PySide6.QtWidgets import QWidget

from kiosk.domain.people.person import Person
from kiosk.domain.people.students import Student
from kiosk.domain.phones.enrolled import EnrolledPhone
from kiosk.domain.trust.rights import Right
from kiosk.gui.dialog_opener import DialogOpener
from kiosk.gui.people.person.part import PersonPart, empty
from kiosk.gui.people.pin_slips import PinSlipsDialog
from kiosk.gui.phones.student_phones import StudentPhonesDialog
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.buttons import QuietButton, SecondaryButton
from kiosk.gui.widgets.dialogs import ConfirmDialog
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.surfaces import Text, tool_tip
from kiosk.services.app import KioskApp
from kiosk.translation import _
from kiosk.wording.dates import day_of
from kiosk.wording.phones import key_sentence, phone_title


class PhonePart(PersonPart):
    """Whether there is a PIN, a slip with a new one, and phones that may mark the student."""

    def __init__(self, app: KioskApp, theme: Theme, opener: DialogOpener) -> None:
        super().__init__(app, theme, opener)
        self._person: Person | None = None
        pin = self.pin_card = self.card(_("PIN"))
        self.pin = Text(wrap=True)
        self.pin_button = SecondaryButton(_("New PIN slip…"))
        self.pin_button.clicked.connect(self._new_pin)
        pin.body.addWidget(self.pin)
        pin.body.addLayout(horizontal(self.pin_button, 1))
        phones = self.card(_("Enrolled phones"))
        self.none = Text(_("No phone is enrolled."), tone=Tone.MUTED)
        self.rows = vertical(spacing=theme.space(1))
        self.remove_buttons: list[QuietButton] = []
        self.enrol_button = SecondaryButton(_("Enrol a phone…"))
        self.enrol_button.clicked.connect(self._enrol)
        phones.body.addWidget(self.none)
        phones.body.addLayout(self.rows)
        phones.body.addLayout(horizontal(self.enrol_button, 1))

    def fill(self, person: Person) -> None:
        self._person = person
        manages = self.actor.may(Right.MANAGE_PEOPLE)
        self.pin.setText(
            _("A PIN is set. The kiosk itself cannot show it; a new slip replaces it.")
            if person.has_pin
            else _("No PIN yet: the student cannot sign in on a phone.")
        )
        self.pin.set_tone(Tone.TEXT if person.has_pin else Tone.LATE)
        today = self.app.core.today()
        in_course = any(one.until is None or one.until > today for one in person.courses)
        self.pin_card.setVisible(manages)
        self.pin_button.setEnabled(in_course)
        self.pin_button.setToolTip(tool_tip("" if in_course else _("Put the student into a course first.")))
        self.enrol_button.setVisible(self.actor.may(Right.CORRECT))
        empty(self.rows)
        self.remove_buttons = []
        self.none.setVisible(not person.phones)
        for phone in person.phones:
            self.rows.addWidget(self._row(person.student, phone))

    def _row(self, student: Student, phone: EnrolledPhone) -> QWidget:
        row = QWidget()
        day = day_of(phone.enrolled_at, self.app.core.zone)
        words = _("enrolled on {day} by {who}", day=day, who=phone.enrolled_by)
        caption = " ".join(part for part in (words + ".", key_sentence(phone)) if part)
        texts = vertical(
            Text(phone_title(phone), TextStyle.STRONG),
            Text(caption, TextStyle.CAPTION, Tone.MUTED, wrap=True),
            spacing=0,
        )
        line = horizontal((texts, 1), on=row, spacing=self.theme.space(2))
        if self.actor.may(Right.CORRECT):
            remove = QuietButton(_("Remove…"))
            remove.setAccessibleName(_("Remove {phone}", phone=phone_title(phone)))
            remove.clicked.connect(partial(self._ask_to_remove, student, phone))
            self.remove_buttons.append(remove)
            line.addWidget(remove)
        return row

    def _ask_to_remove(self, student: Student, phone: EnrolledPhone) -> None:
        self.question = ConfirmDialog(
            self.theme,
            self,
            title=_("Remove {phone} of {name}?", phone=phone_title(phone), name=student.full_name),
            text=_("It no longer counts as the student’s phone. It can be enrolled again at the kiosk."),
            action=_("Remove"),
            danger=True,
        )
        self.question.accepted.connect(partial(self._remove, student, phone))

    def _remove(self, student: Student, phone: EnrolledPhone) -> None:
        work = partial(self.app.phones.enrolments.remove, student, phone.phone_id, actor=self.actor)
        self.start(work, lambda _done: self.changed.emit(_("The phone is removed.")))

    def _new_pin(self) -> None:
        person, today = self._person, self.app.core.today()
        if person is None:
            return
        course = next(one.course for one in person.courses if one.until is None or one.until > today)
        parts = (self.app.core, self.app.courses.lists, self.app.people, self.theme, self.actor, self)
        self.open_dialog(PinSlipsDialog(*parts, only=(course, person.student)))

    def _enrol(self) -> None:
        if self._person is not None:
            parts = (self.app.core, self.app.phones, self.theme, self.actor, self)
            self.open_dialog(StudentPhonesDialog(*parts, student=self._person.student))

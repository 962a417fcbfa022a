"""E-mail of one student: a guardian's address, the stop, what was sent. Main thread; reading and writing run in tasks."""

from functools import partial

from PySide6.QtWidgets import QCheckBox, QWidget

from kiosk.domain.messages.mail import SendingOutcome, SentMessage, StudentContact
from kiosk.domain.people.students import Student
from kiosk.domain.trust.rights import NOBODY, Actor, Right
from kiosk.errors import ForbiddenError, KioskError
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.banner import Banner
from kiosk.gui.widgets.buttons import SecondaryButton
from kiosk.gui.widgets.fields import LineField
from kiosk.gui.widgets.layouts import horizontal
from kiosk.gui.widgets.surfaces import Card, Text
from kiosk.services.app import KioskApp
from kiosk.services.messages.contacts import ContactChangedError
from kiosk.translation import _
from kiosk.wording.actors import actor_name
from kiosk.wording.dates import date_and_time

SHOWN = 12


class ContactCard(Card):
    """Shows one student at a time."""

    def __init__(self, app: KioskApp, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._app = app
        self._tasks = Tasks(self)
        self._actor: Actor = NOBODY
        self._student: Student | None = None
        self._known: StudentContact | None = None
        self.guardian = LineField(theme, _("E-mail of a parent or guardian"))
        self.stopped = QCheckBox(_("No messages by e-mail (somebody answered STOP)"))
        self.save_button = SecondaryButton(_("Save"))
        self.banner = Banner(theme)
        self.sent = Text(style=TextStyle.CAPTION, tone=Tone.MUTED, wrap=True)
        self.body.addWidget(Text(_("Messages by e-mail"), TextStyle.HEADING))
        self.body.addWidget(self.banner)
        self.body.addWidget(self.guardian)
        self.body.addWidget(self.stopped)
        self.body.addLayout(horizontal(self.save_button, 1))
        self.body.addWidget(self.sent)
        self.save_button.clicked.connect(self._save)

    def show_student(self, student: Student, actor: Actor) -> None:
        """Show what is known of a student."""
        self._student, self._actor, self._known = student, actor, None
        self.banner.clear()
        may = actor.may(Right.MANAGE_PEOPLE)
        self.setVisible(may)  # whether it is shown to a teacher is the school's rule
        for widget in (self.guardian, self.stopped):
            widget.setEnabled(may)
        self.save_button.setVisible(may)
        self._tasks.run(
            partial(self._app.messages.contacts.of_student, student.student_id, actor=actor),
            then=partial(self._fill, student.student_id),
            failed=self._not_read,
        )

    def _not_read(self, error: KioskError) -> None:
        self.setVisible(not isinstance(error, ForbiddenError))  # of nobody's concern here
        self.banner.show_error(error)

    def _fill(self, student_id: int, found: tuple[StudentContact, list[SentMessage]]) -> None:
        if self._student is None or self._student.student_id != student_id:
            return
        self.show()
        contact, messages = found
        self._known = contact
        self.guardian.edit.setText(contact.guardian_email)
        self.stopped.setChecked(contact.stopped_at is not None)
        lines = [self._line(one) for one in messages[:SHOWN]]
        self.sent.setText("\n".join(lines) or _("Nothing was sent yet."))

    def _line(self, one: SentMessage) -> str:
        when = date_and_time(one.at, self._app.core.zone)
        words = _(
            "{when}, to {address} ({whom}), by {who}",
            when=when,
            address=one.to,
            whom=_(one.recipient.value),
            who=actor_name(one.sent_by),
        )
        if one.outcome is SendingOutcome.REFUSED:
            words += " " + _("– refused: {why}", why=one.detail)
        if one.outcome is SendingOutcome.SENDING:
            words += " " + _("– may have been sent: the mail server has not answered")
        return words

    def _save(self) -> None:
        known = self._known
        if known is None:
            return
        self._tasks.run(
            partial(
                self._app.messages.contacts.change,
                known,
                guardian_email=self.guardian.text,
                stopped=self.stopped.isChecked(),
                actor=self._actor,
            ),
            then=self._saved,
            failed=partial(self._refused, known),
        )

    def _saved(self, contact: StudentContact) -> None:
        if self._known is not None and self._known.student_id == contact.student_id:
            self._known = contact
            self.banner.say(_("Saved."), tone=Tone.PRESENT)

    def _refused(self, known: StudentContact, error: KioskError) -> None:
        if self._known is not known:
            return
        self.banner.show_error(error)
        if isinstance(error, ContactChangedError):
            # What was typed stays, and is saved by pressing again; a stop that was said meanwhile is not lost by that.
            self._known = error.now
            self.stopped.setChecked(self.stopped.isChecked() or error.now.stopped_at is not None)

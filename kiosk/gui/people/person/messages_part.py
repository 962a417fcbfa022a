"""What a person wrote about records of the own and what was answered; e-mail to the person and guardians. Main thread."""

from kiosk.domain.people.person import MessageOfPerson, Person
from kiosk.domain.records.objections import ObjectionOutcome
from kiosk.gui.dialog_opener import DialogOpener
from kiosk.gui.messages.contact_card import ContactCard
from kiosk.gui.people.person.part import PersonPart, empty
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.layouts import vertical
from kiosk.gui.widgets.surfaces import Card, Text
from kiosk.services.app import KioskApp
from kiosk.translation import _
from kiosk.wording.actors import actor_name
from kiosk.wording.dates import date_and_time


class MessagesPart(PersonPart):
    """Newest first. Those that wait are answered in the class, where the record can be changed with it."""

    def __init__(self, app: KioskApp, theme: Theme, opener: DialogOpener) -> None:
        super().__init__(app, theme, opener)
        self.rows = vertical(spacing=theme.space(2))
        self.contact = ContactCard(app, theme)
        self.column.addWidget(self.contact)
        self.column.addLayout(self.rows)

    def fill(self, person: Person) -> None:
        empty(self.rows)
        self.contact.show_student(person.student, self.actor)
        if not person.messages:
            card = Card(self.theme)
            words = _("No messages. Students write on their phone when they think that a record is wrong.")
            card.body.addWidget(Text(words, tone=Tone.MUTED, wrap=True))
            self.rows.addWidget(card)
        for one in person.messages:
            self.rows.addWidget(self._card(one))

    def _card(self, one: MessageOfPerson) -> Card:
        objection, zone, card = one.objection, self.app.core.zone, Card(self.theme)
        title = _("{course}, class of {day}", course=one.course.code, day=date_and_time(one.started_at, zone))
        card.body.addWidget(Text(title, TextStyle.STRONG))
        card.body.addWidget(Text(objection.reason, wrap=True))
        written = _("Written {day}.", day=date_and_time(objection.made_at, zone))
        card.body.addWidget(Text(written, TextStyle.CAPTION, Tone.MUTED))
        if objection.outcome is None:
            card.body.addWidget(
                Text(_("Waits for an answer, under Records in that class."), tone=Tone.LATE, wrap=True)
            )
            return card
        outcome = (
            _("The record was changed by {who}.", who=actor_name(objection.answered_by or ""))
            if objection.outcome is ObjectionOutcome.CHANGED
            else _("The record stayed as it was, says {who}.", who=actor_name(objection.answered_by or ""))
        )
        card.body.addWidget(Text(f"{outcome} {objection.answer}".strip(), tone=Tone.MUTED, wrap=True))
        return card

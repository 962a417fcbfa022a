"""The list of people in words: its columns, its filters, its rows. Rows are made on a worker's thread; holds no widget."""

from collections.abc import Sequence
from datetime import tzinfo
from typing import Final

from kiosk.domain.attendance.attendance_rates import whole_percent
from kiosk.domain.listing import ListQuestion
from kiosk.domain.people.consents import ConsentState
from kiosk.domain.people.people_list import ListedPerson, PeopleColumn, PeopleFilter
from kiosk.domain.trust.rights import Actor, Right
from kiosk.gui.people.consents import STATES
from kiosk.gui.theme import Tone
from kiosk.gui.widgets.lists.rows import Cell, ListColumn, ListFilter, ListRow
from kiosk.services.people.people_list import PeopleList
from kiosk.translation import N_, _
from kiosk.wording.attendance import credited
from kiosk.wording.dates import date_and_time, day_of, short_day

_COLUMNS: Final = {
    PeopleColumn.NAME: (N_("Name"), 0),
    PeopleColumn.NUMBER: (N_("Number"), 150),
    PeopleColumn.COURSES: (N_("Courses"), 210),
    PeopleColumn.CONSENT: (N_("Consent"), 220),
    PeopleColumn.FACES: (N_("Pictures"), 130),
    PeopleColumn.PIN: (N_("PIN"), 90),
    PeopleColumn.ATTENDANCE: (N_("Attendance"), 160),
    PeopleColumn.SEEN: (N_("Last seen"), 170),
}
_NUMBERS: Final = {PeopleColumn.FACES, PeopleColumn.ATTENDANCE}

_FILTERS: Final = {
    PeopleFilter.NO_CONSENT: N_("No consent"),
    PeopleFilter.NO_PICTURES: N_("No pictures"),
    PeopleFilter.NO_PIN: N_("No PIN"),
    PeopleFilter.BELOW_LIMIT: N_("Below the limit"),
    PeopleFilter.INACTIVE: N_("Inactive"),
}

_CONSENT_TONES: Final = {
    ConsentState.YES: Tone.PRESENT,
    ConsentState.RENEW: Tone.LATE,
    ConsentState.OBJECTED: Tone.REFUSED,
    ConsentState.NO: Tone.REFUSED,
    ConsentState.UNANSWERED: Tone.MUTED,
}


def columns_for(actor: Actor) -> tuple[ListColumn, ...]:
    """What somebody is shown of each person."""
    return tuple(
        ListColumn(column.value, _(heading), width=width, is_number=column in _NUMBERS)
        for column, (heading, width) in _COLUMNS.items()
        if actor.may(Right.ENROL) or not column.is_of_enrolment
    )


def filters_for(actor: Actor) -> tuple[ListFilter, ...]:
    """What somebody can narrow the list down to."""
    return tuple(
        ListFilter(one.value, _(words))
        for one, words in _FILTERS.items()
        if actor.may(Right.ENROL) or not one.is_of_enrolment
    )


class PeopleSource:
    """People as rows, keyed by student id; implements `ListSource`."""

    def __init__(self, listing: PeopleList, zone: tzinfo, actor: Actor) -> None:
        self._listing = listing
        self._zone = zone
        self._actor = actor
        self._shown = tuple(column.name for column in columns_for(actor))

    def count(self, asked: ListQuestion) -> int:
        return self._listing.count(asked, actor=self._actor)

    def rows(self, asked: ListQuestion, *, first: int, most: int) -> Sequence[ListRow]:
        found = self._listing.page(asked, first=first, most=most, actor=self._actor)
        return [ListRow(one.student.student_id, self._cells(one)) for one in found]

    def _cells(self, one: ListedPerson) -> tuple[Cell, ...]:
        cells = {
            PeopleColumn.NAME: _name(one),
            PeopleColumn.NUMBER: Cell(one.student.student_no),
            PeopleColumn.COURSES: Cell(", ".join(one.courses)),
            PeopleColumn.CONSENT: Cell(_(STATES[one.standing.state]), _CONSENT_TONES[one.standing.state]),
            PeopleColumn.FACES: Cell(str(one.faces) if one.faces else "–", _tone(one.faces > 0)),
            PeopleColumn.PIN: Cell(_("Yes") if one.has_pin else _("None"), _tone(one.has_pin)),
            PeopleColumn.ATTENDANCE: attendance_cell(one),
            PeopleColumn.SEEN: self._seen(one),
        }
        return tuple(cells[PeopleColumn(name)] for name in self._shown)

    def _seen(self, one: ListedPerson) -> Cell:
        if one.seen_at is None:
            return Cell(_("Never"), Tone.MUTED)
        return Cell(day_of(one.seen_at, self._zone), tip=date_and_time(one.seen_at, self._zone))


def attendance_cell(one: ListedPerson) -> Cell:
    """The share of classes, in words that also say when it is too small."""
    percent = whole_percent(one.count)
    if percent is None:
        return Cell("–", Tone.MUTED, _("No class has counted yet."))
    tip = _("{attended} of {expected} classes", attended=credited(one.count), expected=one.count.counting)
    if one.is_below:
        return Cell(f"▼ {percent} %", Tone.REFUSED, _("{share}: below the school’s limit", share=tip))
    return Cell(f"{percent} %", Tone.TEXT, tip)


def _name(one: ListedPerson) -> Cell:
    if one.inactive_from is None:
        return Cell(one.student.full_name, picture=one.picture)
    words = _("{name} (inactive)", name=one.student.full_name)
    tip = _("Inactive since {day}.", day=short_day(one.inactive_from))
    return Cell(words, Tone.MUTED, tip, one.picture)


def _tone(there_is: bool) -> Tone:
    return Tone.TEXT if there_is else Tone.MUTED

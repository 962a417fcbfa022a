"""Announcing that students will be away; what ended classes wrote already is shown first. Main thread; work runs in tasks."""

from collections.abc import Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import QDate, Signal
from PySide6.QtWidgets import QCheckBox, QDateEdit, QWidget

from kiosk.domain.attendance.planned_absence import MAX_REASON, PlannedAbsence
from kiosk.domain.trust.rights import Actor
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.buttons import PrimaryButton
from kiosk.gui.widgets.fields import Field, LineField
from kiosk.gui.widgets.layouts import horizontal
from kiosk.gui.widgets.parts import ResultTable
from kiosk.gui.widgets.surfaces import Text
from kiosk.gui.widgets.work_dialog import WorkDialog
from kiosk.services.app import KioskApp
from kiosk.services.attendance.planned_absences import Announcement, WrittenAbsence
from kiosk.translation import _, ngettext
from kiosk.wording.dates import day_and_time
from kiosk.wording.lists import listed

NAMED = 5
"""So many names are shown; of more, the number."""


class AnnounceAbsenceDialog(WorkDialog):
    """From, to and why, for one student or several. Signal `announced`: how many."""

    announced = Signal(int)

    def __init__(
        self,
        app: KioskApp,
        theme: Theme,
        actor: Actor,
        students: Sequence[tuple[int, str]],
        parent: QWidget | None = None,
    ) -> None:
        """`students`: ids and names."""
        super().__init__(theme, _("Announce an absence"), parent, width=760)
        self._app = app
        self._actor = actor
        self._ids = tuple(student_id for student_id, _name in students)
        self._looked: Announcement | None = None
        names = [name for _id, name in students]
        who = (
            listed(names)
            if len(names) <= NAMED
            else ngettext("{n} student", "{n} students", len(names), n=len(names))
        )
        self.form.addWidget(Text(who, wrap=True))
        explained = _(
            "Whoever does not come on these days is excused at the end of class instead of absent. Whoever comes is marked as ever."
        )
        self.form.addWidget(Text(explained, tone=Tone.MUTED, wrap=True))
        self.first_day, self.last_day = self._day_edit(), self._day_edit()
        days = horizontal(
            (Field(theme, _("First day"), self.first_day), 1),
            (Field(theme, _("Last day"), self.last_day), 1),
            spacing=theme.space(2),
        )
        self.form.addLayout(days)
        self.reason = LineField(
            theme,
            _("Reason"),
            placeholder=_("Such as: ill, or school trip"),
            help_text=_("Teachers and the student can read it."),
        )
        self.reason.edit.setMaxLength(MAX_REASON)
        self.form.addWidget(self.reason)
        self.words = Text(tone=Tone.MUTED, wrap=True)
        headings = (_("Student"), _("Course"), _("Session"))
        self.written = ResultTable(
            theme, headings, name=_("Absences that are recorded already"), height=200, wide=0
        )
        self.follow = QCheckBox(_("Excuse these, too"))
        self.follow.setChecked(True)
        for part in (self.words, self.written, self.follow):
            self.form.addWidget(part)
        self.close_button.setText(_("Cancel"))
        self.look_button = self.add_button(PrimaryButton(_("&Announce")), self._look)
        self.announce_button = self.add_button(PrimaryButton(_("&Announce")), self._announce)
        self._show_written(None, [])
        self.first_day.dateChanged.connect(self._follow_first)
        self.last_day.dateChanged.connect(lambda: self._show_written(None, []))
        self.reason.edit.setFocus()

    def _day_edit(self) -> QDateEdit:
        today = self._app.core.today()
        edit = QDateEdit(QDate(today.year, today.month, today.day))
        edit.setDisplayFormat("ddd d MMM yyyy")
        edit.setCalendarPopup(True)
        return edit

    def _follow_first(self, first: QDate) -> None:
        if self.last_day.date() < first:
            self.last_day.setDate(first)
        self._show_written(None, [])

    def _look(self) -> None:
        """What is recorded already; where nothing is, it is announced at once."""
        if not self.reason.text.strip():
            self.reason.set_error(_("Please say why, in a word."))
            self.reason.edit.setFocus()
            return
        said = Announcement(self._ids, _date_of(self.first_day), _date_of(self.last_day), self.reason.text)

        def then(found: list[WrittenAbsence]) -> None:
            self._show_written(said, found)
            if not found:
                self._announce()

        look = partial(self._app.attendance.absences.written, said, actor=self._actor)
        self.start(look, words=_("Looking what is recorded already…"), then=then)

    def _show_written(self, said: Announcement | None, found: Sequence[WrittenAbsence]) -> None:
        self._looked, zone = said, self._app.core.zone
        for part in (self.words, self.written, self.follow, self.announce_button):
            part.setVisible(bool(found))
        self.look_button.setVisible(not found)
        (self.announce_button if found else self.look_button).setDefault(True)
        self.words.setText(
            ngettext(
                "{n} absence of these days is recorded already.",
                "{n} absences of these days are recorded already.",
                len(found),
                n=len(found),
            )
        )
        self.written.show_rows(
            [
                (
                    Tone.TEXT,
                    (one.student.full_name, one.course.code, day_and_time(one.session.started_at, zone)),
                )
                for one in found
            ]
        )
        self.centre()

    def _announce(self) -> None:
        said = self._looked
        if said is None:
            return

        def then(made: list[PlannedAbsence]) -> None:
            self.announced.emit(len(made))
            self.accept()

        announce = partial(
            self._app.attendance.absences.announce,
            said,
            with_written=self.follow.isChecked(),
            actor=self._actor,
        )
        self.start(announce, words=_("Saving…"), then=then)


def _date_of(edit: QDateEdit) -> date:
    chosen = edit.date()
    return date(chosen.year(), chosen.month(), chosen.day())

"""The absences that are announced, with the way back. Main thread; reading and writing run in tasks."""

from functools import partial

from PySide6.QtWidgets import QWidget

from kiosk.domain.attendance.planned_absence import PlannedAbsence
from kiosk.domain.people.students import Student
from kiosk.domain.trust.rights import Actor
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.buttons import SecondaryButton
from kiosk.gui.widgets.dialogs import ConfirmDialog
from kiosk.gui.widgets.parts import ResultTable
from kiosk.gui.widgets.surfaces import Text
from kiosk.gui.widgets.work_dialog import WorkDialog
from kiosk.services.app import KioskApp
from kiosk.translation import _, ngettext
from kiosk.wording.actors import actor_name
from kiosk.wording.dates import short_day


class AbsencesDialog(WorkDialog):
    """Everybody who is announced to be away from today on."""

    def __init__(self, app: KioskApp, theme: Theme, actor: Actor, parent: QWidget | None = None) -> None:
        super().__init__(theme, _("Announced absences"), parent, width=980)
        self._app = app
        self._actor = actor
        self._lines: list[tuple[Student, PlannedAbsence]] = []
        self.question: ConfirmDialog | None = None
        self.words = Text(tone=Tone.MUTED, wrap=True)
        headings = (_("Student"), _("Number"), _("From"), _("To"), _("By"), _("Reason"))
        self.table = ResultTable(theme, headings, name=_("Announced absences"), height=360, wide=5)
        self.form.addWidget(self.words)
        self.form.addWidget(self.table)
        self.take_back_button = self.add_button(SecondaryButton(_("&Take back…")), self._ask)
        self.take_back_button.setEnabled(False)
        self.table.itemSelectionChanged.connect(self._allow)
        self._read()

    def _read(self) -> None:
        read = partial(self._app.attendance.absences.coming, actor=self._actor)
        self.tasks.run(read, then=self._show, failed=self.banner.show_error)

    def _show(self, lines: list[tuple[Student, PlannedAbsence]]) -> None:
        self._lines = lines
        self.table.show_rows(
            [
                (
                    Tone.TEXT,
                    (
                        student.full_name,
                        student.student_no,
                        short_day(one.first_day),
                        short_day(one.last_day),
                        actor_name(one.made_by),
                        one.reason,
                    ),
                )
                for student, one in lines
            ]
        )
        self.table.setVisible(bool(lines))
        self.words.setText(
            _("To announce one, choose students in People and press “Absence…”.")
            if lines
            else _("Nobody is announced to be away. Choose students in People and press “Absence…”.")
        )
        self._allow()
        self.centre()

    def _allow(self) -> None:
        self.take_back_button.setEnabled(self.table.chosen(self._lines) is not None)

    def _ask(self) -> None:
        chosen = self.table.chosen(self._lines)
        if chosen is None:
            return
        student, absence = chosen
        self.question = ConfirmDialog(
            self.theme,
            self,
            title=_("Take this absence back?"),
            text=_(
                "{name}, {first} to {last}. Whom it has excused already is absent again.",
                name=student.full_name,
                first=short_day(absence.first_day),
                last=short_day(absence.last_day),
            ),
            action=_("&Take back"),
        )
        self.question.accepted.connect(partial(self._take_back, absence.absence_id))

    def _take_back(self, absence_id: int) -> None:
        def then(records: int) -> None:
            said = ngettext(
                "Taken back; {n} record is absent again.",
                "Taken back; {n} records are absent again.",
                records,
                n=records,
            )
            self.banner.say(said if records else _("Taken back."), tone=Tone.PRESENT)
            self._read()

        take_back = partial(self._app.attendance.absences.take_back, absence_id, actor=self._actor)
        self.start(take_back, words=_("Saving…"), then=then)

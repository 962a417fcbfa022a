"""Taking in answers about face recognition from a file: pick it, see what would happen, import it. Main thread."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QWidget

from kiosk.domain.trust.rights import Actor
from kiosk.errors import KioskError
from kiosk.gui.people.consent_words import who_words
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.buttons import PrimaryButton
from kiosk.gui.widgets.parts import ResultTable
from kiosk.gui.widgets.path_field import PathField, PathKind
from kiosk.gui.widgets.surfaces import Text
from kiosk.gui.widgets.work_dialog import WorkDialog
from kiosk.services.app import PeopleCases
from kiosk.services.people.answer_import import AnswersReport, TakenAnswer
from kiosk.translation import _
from kiosk.wording.dates import numeric_day

WIDTH_PX = 1360
TABLE_PX = 330


class ConsentImportDialog(WorkDialog):
    """Shows a rehearsal first; only the file that was rehearsed can be imported."""

    def __init__(
        self, people: PeopleCases, theme: Theme, actor: Actor, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, _("Import answers about consent"), parent, width=WIDTH_PX)
        self._people = people
        self._actor = actor
        self._rehearsed: Path | None = None
        self.file = PathField(
            theme,
            _("Answers"),
            PathKind.FILE,
            pattern=_("Tables (*.csv *.xlsx)"),
            help_text=_(
                "CSV or Excel with the columns student_no, answer (yes, no), by (student, guardian), date, and, if you like, "
                "guardian_name."
            ),
        )
        self.summary = Text(style=TextStyle.STRONG, wrap=True)
        self.summary.setText(_("Choose a file to see what would happen."))
        self.table = ResultTable(
            theme,
            (_("What"), _("Student"), _("By whom"), _("Date"), _("Line"), _("Why")),
            name=_("What the import does"),
            height=TABLE_PX,
        )
        for part in (self.file, self.summary, self.table):
            self.form.addWidget(part)
        self.import_button = self.add_button(PrimaryButton(_("Import")), self._import)
        self.import_button.setEnabled(False)
        self.file.chosen.connect(self._rehearse)
        self.file.edit.textEdited.connect(self._forget)

    def _forget(self) -> None:
        self._rehearsed = None
        self.import_button.setEnabled(False)

    def _rehearse(self) -> None:
        path = self.file.path
        if path is None or path == self._rehearsed or self.busy:
            return
        self._forget()

        def then(report: AnswersReport) -> None:
            self._rehearsed = path
            self._show(report)
            self.import_button.setEnabled(bool(report.taken))

        self._call(path, then, dry_run=True)

    def _import(self) -> None:
        path = self.file.path
        if path is None or path != self._rehearsed:
            self._rehearse()
            return

        def then(report: AnswersReport) -> None:
            self._show(report)
            self._forget()
            self.banner.say(self.summary.text(), tone=Tone.PRESENT)

        self._call(path, then, dry_run=False)

    def _call(self, path: Path, then: Callable[[AnswersReport], None], *, dry_run: bool) -> None:
        take = partial(self._people.answers.take, path, actor=self._actor, dry_run=dry_run)
        self.start(take, words=_("Reading the answers…"), then=then, failed=self._refused)

    def _refused(self, error: KioskError) -> None:
        self._forget()
        self.summary.setText(_("Nothing was imported."))
        self.table.show_rows(())
        self.banner.show_error(error)

    def _show(self, report: AnswersReport) -> None:
        numbers = {
            "yes": sum(one.row.given for one in report.taken),
            "no": sum(not one.row.given for one in report.taken),
            "refused": len(report.refused),
            "deleted": sum(one.deleted for one in report.taken),
        }
        self.summary.setText(
            _(
                "{yes} times yes, {no} times no, {refused} lines refused; {deleted} pictures would be deleted.",
                **numbers,
            )
            if report.dry_run
            else _(
                "{yes} times yes, {no} times no, {refused} lines refused; {deleted} pictures were deleted.",
                **numbers,
            )
        )
        refused = [
            (Tone.REFUSED, (_("Refused"), "", "", "", str(one.line), one.reason)) for one in report.refused
        ]
        self.table.show_rows(refused + [_row(one) for one in report.taken])


def _row(one: TakenAnswer) -> tuple[Tone, tuple[str, ...]]:
    what = _("Yes") if one.row.given else _("No")
    why = _("Somebody objects, so it does not count.") if one.row.given and not one.counts else ""
    student = f"{one.student.full_name}, {one.student.student_no}"
    return (
        Tone.PRESENT if one.counts else Tone.TEXT,
        (
            *(what, student, who_words(one.row.answerer)),
            *(numeric_day(one.row.answered_on), str(one.row.line), why),
        ),
    )

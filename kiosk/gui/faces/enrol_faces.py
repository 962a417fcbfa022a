"""Enrolling faces from a folder of pictures, with consent. Main thread; recognition runs in a task."""

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QWidget

from kiosk.domain.trust.rights import Actor
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.buttons import PrimaryButton
from kiosk.gui.widgets.parts import ResultTable
from kiosk.gui.widgets.path_field import PathField, PathKind
from kiosk.gui.widgets.surfaces import Text
from kiosk.gui.widgets.work_dialog import WorkDialog
from kiosk.services.app import FaceCases
from kiosk.services.faces.enrolment import EnrolmentReport
from kiosk.translation import N_, _, ngettext

WIDTH_PX = 960
TABLE_PX = 296
CONSENT = N_("The school holds each student's written consent")


class EnrolFacesDialog(WorkDialog):
    """Starts only with a folder and the word on consent; shows each picture that was taken or refused."""

    def __init__(
        self,
        faces: FaceCases,
        theme: Theme,
        actor: Actor,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, _("Enrol faces from a folder"), parent, width=WIDTH_PX)
        self._faces = faces
        self._actor = actor
        self.folder = PathField(
            theme,
            _("Folder"),
            PathKind.FOLDER,
            help_text=_(
                "One folder for each student inside it, named by the student number, with pictures of one face."
            ),
        )
        self.consent = QCheckBox(_(CONSENT))
        self.summary = Text(style=TextStyle.STRONG, wrap=True)
        self.table = ResultTable(
            theme, (_("What"), _("Student"), _("Picture"), _("Why")), name=_("Pictures"), height=TABLE_PX
        )
        self.enrol_button = self.add_button(PrimaryButton(_("Enrol")), self._enrol)
        self.form.addWidget(self.folder)
        self.form.addWidget(self.consent)
        self.form.addWidget(
            Text(
                _(
                    "Without a recorded consent no face is measured. A consent that was withdrawn stays withdrawn."
                ),
                TextStyle.CAPTION,
                Tone.MUTED,
                wrap=True,
            )
        )
        self.form.addWidget(self.summary)
        self.form.addWidget(self.table)
        self.summary.setText(_("No picture was looked at yet."))
        self.folder.edit.textChanged.connect(self._allow)
        self.consent.toggled.connect(self._allow)
        self._allow()

    def _allow(self) -> None:
        self.enrol_button.setEnabled(self.consent.isChecked() and self.folder.path is not None)

    def _enrol(self) -> None:
        folder = self.folder.path
        if folder is None:
            return
        self.start(
            partial(self._call, folder), words=_("Getting ready to look at the pictures…"), then=self._show
        )

    def _call(self, folder: Path) -> EnrolmentReport:
        return self._faces.enrolments.build().enrol_folder(
            folder, consent_recorded=True, actor=self._actor, progress=self.progress
        )

    def _show(self, report: EnrolmentReport) -> None:
        students = len({one.student_no for one in report.accepted})
        self.summary.setText(
            ngettext(
                "{accepted} picture of {students} students enrolled, {known} known already, {refused} refused.",
                "{accepted} pictures of {students} students enrolled, {known} known already, {refused} refused.",
                len(report.accepted),
                accepted=len(report.accepted),
                students=students,
                known=len(report.known),
                refused=len(report.refused),
            )
        )
        rows: list[tuple[Tone, tuple[str, ...]]] = [
            (Tone.REFUSED, (_("Refused"), one.student_no, one.picture, one.reason)) for one in report.refused
        ]
        rows += [
            (
                Tone.LATE,
                (
                    _("Doubtful"),
                    one.student_no,
                    _("{pictures} enrolled before", pictures=one.pictures),
                    one.reason,
                ),
            )
            for one in report.odd
        ]
        rows += [(Tone.LATE, (_("Alike"), one.student_no, "", one.reason)) for one in report.alike]
        rows += [
            (
                Tone.LATE,
                (_("Look-alike"), one.student_no, _("and {other_no}", other_no=one.other_no), one.text),
            )
            for one in report.warnings
        ]
        rows += [(Tone.PRESENT, (_("Enrolled"), one.student_no, one.picture, "")) for one in report.accepted]
        rows += [(Tone.MUTED, (_("Known"), one.student_no, one.picture, "")) for one in report.known]
        self.table.show_rows(rows)
        self.close_button.setFocus()

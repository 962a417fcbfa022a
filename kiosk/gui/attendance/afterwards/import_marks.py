"""Marks of one session from a file, shown before they are written. Main thread; reading and writing run in tasks."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QWidget

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.trust.rights import Actor
from kiosk.errors import KioskError
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.buttons import PrimaryButton
from kiosk.gui.widgets.parts import ResultTable
from kiosk.gui.widgets.path_field import PathField, PathKind
from kiosk.gui.widgets.surfaces import Text
from kiosk.gui.widgets.work_dialog import WorkDialog
from kiosk.services.app import KioskApp
from kiosk.services.attendance.afterwards.mark_imports import ImportedMark, MarkPreview
from kiosk.services.events import RecordCorrected
from kiosk.translation import _, ngettext
from kiosk.wording.attendance import status_letter, status_title, status_word
from kiosk.wording.dates import clock_time


class ImportMarksDialog(WorkDialog):
    """Shows what a file would change; `accepted` once it is written."""

    def __init__(
        self,
        app: KioskApp,
        theme: Theme,
        actor: Actor,
        session: ClassSession,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, _("Import marks"), parent, width=980)
        self._app = app
        self._actor = actor
        self._session = session
        self._looked: MarkPreview | None = None
        known = ", ".join(
            f"{status_word(one)} ({status_letter(one)})"
            for one in (*Status, *app.attendance.statuses.offered())
        )
        self.file = PathField(
            theme,
            _("Marks"),
            PathKind.FILE,
            pattern=_("Tables (*.csv *.xlsx *.ods)"),
            help_text=_(
                "A table with the columns student_no and status, and time, if you like. A status is: {known}.",
                known=known,
            ),
        )
        self.summary = Text(_("Choose a file to see what would happen."), TextStyle.STRONG, wrap=True)
        headings = (_("Line"), _("Student"), _("Now"), _("Then"), _("Came at"), _("Why not"))
        self.table = ResultTable(theme, headings, name=_("What the import does"), height=320)
        for part in (self.file, self.summary, self.table):
            self.form.addWidget(part)
        self.import_button = self.add_button(PrimaryButton(_("&Import")), self._write)
        self.import_button.setEnabled(False)
        self.file.chosen.connect(self._look)
        self.file.edit.textEdited.connect(self._forget)

    def _forget(self) -> None:
        self._looked = None
        self.import_button.setEnabled(False)

    def _look(self) -> None:
        path: Path | None = self.file.path
        if path is None or self.busy:
            return
        self._forget()
        look = partial(
            self._app.attendance.afterwards.imports.look, self._session.session_id, path, actor=self._actor
        )
        self.start(look, words=_("Reading the marks…"), then=self._show, failed=self._refuse)

    def _show(self, preview: MarkPreview) -> None:
        self._looked = preview
        self.import_button.setEnabled(bool(preview.marks))
        number = len(preview.marks)
        said = [
            ngettext("{n} record would change", "{n} records would change", number, n=number),
            ngettext(
                "{n} line says what is recorded already",
                "{n} lines say what is recorded already",
                preview.same,
                n=preview.same,
            ),
            ngettext("{n} line refused", "{n} lines refused", len(preview.refused), n=len(preview.refused)),
        ]
        self.summary.setText(" · ".join(said))
        refused = [(Tone.REFUSED, (str(one.line), "", "", "", "", one.reason)) for one in preview.refused]
        self.table.show_rows([*refused, *self._rows(preview.marks)])

    def _rows(self, marks: Sequence[ImportedMark]) -> list[tuple[Tone, tuple[str, ...]]]:
        return [
            (
                Tone.TEXT,
                (
                    str(one.line),
                    f"{one.student.full_name}, {one.student.student_no}",
                    status_title(one.before.shown) if one.before is not None else "–",
                    status_title(one.status),
                    clock_time(one.at, self._app.core.zone) if one.at is not None else "",
                    "",
                ),
            )
            for one in marks
        ]

    def _refuse(self, error: KioskError) -> None:
        self._forget()
        self.summary.setText(_("Nothing was imported."))
        self.table.show_rows(())
        self.banner.show_error(error)

    def _write(self) -> None:
        preview = self._looked
        if preview is None:
            self._look()
            return

        def then(_done: list[RecordCorrected]) -> None:
            self.accept()

        write = partial(self._app.attendance.afterwards.imports.write, preview, actor=self._actor)
        self.start(write, words=_("Importing the marks…"), then=then, failed=self._refuse)

"""Enrolling a face before the camera: choose the student, follow the words, look at the pictures, save.

Main thread; opening the camera, storing and letting go of it run in tasks.
"""

from enum import Enum
from functools import partial

from PySide6.QtWidgets import QStackedWidget, QWidget

from kiosk.domain.people.students import Student
from kiosk.domain.trust.rights import Actor
from kiosk.gui.faces.guided.camera_page import CameraPage
from kiosk.gui.faces.guided.student_page import StudentPage
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.buttons import PrimaryButton, SecondaryButton
from kiosk.gui.widgets.dialogs import ConfirmDialog
from kiosk.gui.widgets.work_dialog import WorkDialog
from kiosk.services.app import FaceCases, PeopleCases
from kiosk.services.core import Core
from kiosk.services.faces.guided_enrolment import GuidedRun, SavedSitting
from kiosk.services.people.consents import StudentFaces
from kiosk.translation import _, ngettext

WIDTH_PX = 1240


class _Page(Enum):
    STUDENT = 0
    CAMERA = 1


class GuidedEnrolmentDialog(WorkDialog):
    """Nobody is looked at before a student with a recorded consent was chosen."""

    def __init__(
        self,
        core: Core,
        faces: FaceCases,
        people: PeopleCases,
        theme: Theme,
        actor: Actor,
        parent: QWidget | None = None,
        *,
        student: Student | None = None,
    ) -> None:
        """`student` is chosen first, where it is known who is meant."""
        super().__init__(theme, _("Enrol faces with the camera"), parent, width=WIDTH_PX)
        self._faces = faces
        self._people = people
        self._actor = actor
        self._run: GuidedRun | None = None
        self.question: ConfirmDialog | None = None
        self.students = StudentPage(theme)
        self.camera = CameraPage(theme, core.clock, mirrored=core.settings.camera.mirror)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.students)
        self._pages.addWidget(self.camera)
        self.form.addWidget(self._pages)
        self.cancel_button = self.add_button(SecondaryButton(_("Cancel")), self.reject)
        self.start_button = self.add_button(PrimaryButton(_("Start camera")), self._start)
        self.save_button = self.add_button(PrimaryButton(_("Save")), self._save)
        self.students.chosen_changed.connect(self._allow)
        self.students.start_wanted.connect(self._start)
        self.students.consent_wanted.connect(self._ask_consent)
        self.camera.changed.connect(self._on_camera)
        self._turn(_Page.STUDENT)
        if student is not None:
            self.students.search.edit.setText(student.student_no)
        self._reload()

    # -- choosing ------------------------------------------------------------------------------------------------

    def _reload(self) -> None:
        self.tasks.run(
            lambda: self._people.consents.overview(actor=self._actor),
            then=self.students.show_students,
            failed=self.banner.show_error,
        )

    def _allow(self) -> None:
        chosen = self.students.chosen
        self.start_button.setEnabled(chosen is not None and chosen.consents and not self.busy)
        self.save_button.setEnabled(self.camera.view.complete and not self.busy)

    def _ask_consent(self) -> None:
        chosen = self.students.chosen
        if chosen is None:
            return
        self.question = ConfirmDialog(
            self.theme,
            self,
            title=_("Record the consent of {full_name}?", full_name=chosen.student.full_name),
            text=_(
                "Only when the school holds the student's written consent to face recognition (for children: the "
                "parents'). It is written down with your name and can be withdrawn at any time, which deletes the pictures."
            ),
            action=_("The school holds it"),
        )
        self.question.accepted.connect(partial(self._record_consent, chosen))

    def _record_consent(self, chosen: StudentFaces) -> None:
        self.start(
            partial(self._people.consents.record, chosen.student.student_id, given=True, actor=self._actor),
            words=_("Writing it down…"),
            then=lambda _done: self._reload(),
        )

    # -- the camera ----------------------------------------------------------------------------------------------

    def _start(self) -> None:
        chosen = self.students.chosen
        if chosen is None or not chosen.consents or self.busy or self._run is not None:
            return

        def work() -> GuidedRun:
            run = self._faces.guided.open(chosen.student.student_id)
            run.start()
            return run

        self.start(work, words=_("Starting the camera…"), then=self._started)

    def _started(self, run: GuidedRun) -> None:
        self._run = run
        self._turn(_Page.CAMERA)
        self.camera.begin(run)

    def _on_camera(self) -> None:
        self._allow()
        over = self.camera.view.over
        if over is not None:
            self._leave_camera()
            self.banner.show_error(over)
        elif self.camera.view.complete:
            self.save_button.setFocus()

    def _save(self) -> None:
        run = self._run
        if run is None:
            return
        name = run.student.full_name
        self.start(
            partial(run.save, actor=self._actor),
            words=_("Storing the pictures…"),
            then=lambda saved: self._saved(name, saved),
        )

    def _saved(self, name: str, saved: SavedSitting) -> None:
        self._leave_camera()
        if saved.warnings:
            self.banner.say(
                _("{name} is enrolled, with a doubt.", name=name),
                " ".join(one.text for one in saved.warnings),
                Tone.LATE,
            )
        elif saved.kept:
            tone = Tone.LATE if saved.alike else Tone.PRESENT
            self.banner.say(_enrolled(name, saved), saved.alike, tone)
        else:
            self.banner.say(
                _("Nothing new was kept: {name} has enough pictures already.", name=name), tone=Tone.ACCENT
            )

    def _leave_camera(self) -> None:
        run, self._run = self._run, None
        self.camera.end()
        self._turn(_Page.STUDENT)
        if run is not None:
            self.tasks.run(run.stop, then=lambda _stuck: None, failed=self.banner.show_error)
        self._reload()

    # -- leaving -------------------------------------------------------------------------------------------------

    def reject(self) -> None:
        if self.busy:
            return
        if self._run is None:
            super().reject()
        elif self.camera.view.taken:
            self.question = ConfirmDialog(
                self.theme,
                self,
                title=_("Throw the pictures away?"),
                text=_("Nothing of this sitting was stored yet."),
                action=_("Throw away"),
                danger=True,
            )
            self.question.accepted.connect(self._leave_camera)
        else:
            self._leave_camera()

    def done(self, result: int) -> None:
        run, self._run = self._run, None
        self.camera.end()
        if run is not None:
            self.tasks.run(run.stop, then=lambda _stuck: None, failed=lambda _error: None)
        super().done(result)

    def _turn(self, page: _Page) -> None:
        self._pages.setCurrentIndex(page.value)
        choosing = page is _Page.STUDENT
        self.close_button.setVisible(choosing)
        self.start_button.setVisible(choosing)
        self.cancel_button.setVisible(not choosing)
        self.save_button.setVisible(not choosing)
        (self.start_button if choosing else self.save_button).setDefault(True)
        self._allow()
        (self.students.search.edit if choosing else self.cancel_button).setFocus()


def _enrolled(name: str, saved: SavedSitting) -> str:
    words = (
        ngettext(
            "{name} is enrolled with {kept} picture.", "{name} is enrolled with {kept} pictures.", saved.kept
        )
        if saved.kept == saved.taken
        else ngettext(
            "{name} is enrolled with {kept} new picture; the others told nothing more.",
            "{name} is enrolled with {kept} new pictures; the others told nothing more.",
            saved.kept,
        )
    )
    return words.format(name=name, kept=saved.kept)

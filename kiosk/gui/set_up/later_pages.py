"""The later pages of the assistant: camera, recognition, first course, phone, and what is left. Main thread."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from kiosk.domain.school.set_up import SetUpProgress, SetUpStep, StepState
from kiosk.domain.trust.rights import Actor
from kiosk.gui.courses.import_class_list import ImportClassListDialog
from kiosk.gui.models.models_dialog import ModelsDialog
from kiosk.gui.phones.phone_card import PhoneCard
from kiosk.gui.phones.phone_test import PhoneTestDialog
from kiosk.gui.set_up.camera_picker import CameraPicker
from kiosk.gui.set_up.set_up_words import step_words
from kiosk.gui.set_up.step_page import StepPage
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.buttons import SecondaryButton
from kiosk.gui.widgets.dialogs import Dialog
from kiosk.gui.widgets.surfaces import Text
from kiosk.services.app import KioskApp
from kiosk.services.school.camera_choice import CameraChoice
from kiosk.translation import _, ngettext

TICK_MS = 1000


class CameraPage(StepPage):
    """Works with none, too."""

    step = SetUpStep.CAMERA

    def __init__(self, cameras: CameraChoice, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(
            theme,
            _("The camera"),
            _(
                "It should see faces of people who come in, from the front and in good light. Without a camera, skip this."
            ),
            parent,
        )
        self._cameras = cameras
        self.picker = CameraPicker(cameras, theme)
        self.picker.changed.connect(self.changed)
        self.body.addWidget(self.picker)
        self.body.addStretch(1)

    @property
    def next_words(self) -> str:
        return _("Use this camera")

    @property
    def may_go_on(self) -> bool:
        return bool(self.picker.source)

    def enter(self, actor: Actor) -> None:
        super().enter(actor)
        self.picker.begin(actor)

    def leave(self) -> None:
        self.picker.end()

    def save(self) -> None:
        self.tasks.run(
            partial(self._cameras.choose, self.picker.source, actor=self.actor),
            then=lambda _none: self.finished.emit(StepState.DONE),
            failed=self.refuse,
        )


class DialogPage(StepPage):
    """A page whose work is done in a dialog that is there anyhow; says how it stands."""

    def __init__(
        self,
        step: SetUpStep,
        theme: Theme,
        *,
        title: str,
        text: str,
        button: str,
        make: Callable[[Actor, QWidget], Dialog],
        say: Callable[[], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, title, text, parent)
        self.step = step
        self._make = make
        self._say = say
        self.dialog: Dialog | None = None
        self.state = Text(style=TextStyle.STRONG, wrap=True)
        self.button = SecondaryButton(button)
        self.button.clicked.connect(self._open)
        self.body.addWidget(self.state)
        self.body.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addStretch(1)

    def enter(self, actor: Actor) -> None:
        super().enter(actor)
        self._look()

    def _open(self) -> None:
        self.dialog = self._make(self.actor, self)
        self.dialog.finished.connect(self._look)
        self.dialog.open()

    def _look(self) -> None:
        self.tasks.run(self._say, then=self.state.show_if_any, failed=self.banner.show_error)


def model_page(app: KioskApp, theme: Theme) -> DialogPage:
    """Which network recognises faces."""

    def say() -> str:
        titles = (
            one.title for one in app.models.installing.choices() if one.in_use and one.task == "recognition"
        )
        return _("In use: {model}.", model=next(titles, app.models.in_use.model_name()))

    return DialogPage(
        SetUpStep.MODEL,
        theme,
        title=_("Recognition"),
        text=_(
            "The built-in model works at once and with no internet. Others err less and are downloaded when you want them; a "
            "later change prepares the kept pictures by itself."
        ),
        button=_("Recognition models…"),
        make=lambda actor, parent: ModelsDialog(app.models, app.faces.calibrating, theme, actor, parent),
        say=say,
    )


def course_page(app: KioskApp, theme: Theme) -> DialogPage:
    """The first course with its students."""

    def say() -> str:
        courses, students = len(app.courses.lists.courses()), len(app.courses.lists.students())
        if not courses:
            return _("There is no course yet.")
        return _(
            "{courses} with {students}.",
            courses=ngettext("{n} course", "{n} courses", courses, n=courses),
            students=ngettext("{n} student", "{n} students", students, n=students),
        )

    return DialogPage(
        SetUpStep.COURSE,
        theme,
        title=_("The first course and its class list"),
        text=_(
            "A table of student numbers and names, as Excel or your learning platform saves it (XLSX, ODS or CSV). It is shown "
            "before anything is taken, and the course is made when it is new."
        ),
        button=_("Import class list…"),
        make=lambda actor, parent: ImportClassListDialog(app.core, app.courses.lists, theme, actor, parent),
        say=say,
    )


class PhonePage(StepPage):
    """Whether phones reach this kiosk is found out with a phone."""

    step = SetUpStep.PHONE

    def __init__(self, app: KioskApp, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(
            theme,
            _("Test with a phone"),
            _("Scan a code with any phone in the school's network, as students will. It marks nobody."),
            parent,
        )
        self._app = app
        self.dialog: PhoneTestDialog | None = None
        self.card = PhoneCard(app.core, app.phones, app.attendance, theme)
        self.card.enlarge_wanted.connect(self._enlarge)
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self.card.look)
        self.body.addWidget(self.card)
        self.body.addStretch(1)

    def enter(self, actor: Actor) -> None:
        super().enter(actor)
        self.card.show_for(actor)
        self._timer.start()

    def leave(self) -> None:
        self._timer.stop()

    def save(self) -> None:
        reached = self._app.phones.test.state().reached is not None
        self.finished.emit(StepState.DONE if reached else StepState.SKIPPED)

    def _enlarge(self) -> None:
        self.dialog = PhoneTestDialog(
            self._app.core, self._app.phones, self._app.attendance, self.theme, self.actor, self
        )
        self.dialog.open()


class LastPage(StepPage):
    """What was done and what is left."""

    again = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, _("Ready"), _("The kiosk can be used now."), parent)
        self.left = Text(wrap=True)
        self.body.addWidget(self.left)
        self.body.addStretch(1)

    @property
    def next_words(self) -> str:
        return _("Go to Today")

    def show_progress(self, progress: SetUpProgress) -> None:
        """Say what is left."""
        if not progress.left:
            self.left.setText(_("Everything is done."))
            return
        self.left.set_tone(Tone.TEXT)
        lines = [f"•  {step_words(step).title}" for step in progress.left]
        self.left.setText("\n".join([_("Left for later, and found on Today:"), *lines]))

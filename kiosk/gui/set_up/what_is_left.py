"""What is left of setting up: on Today for admins until it is dismissed, and in the settings always. Main thread."""

from functools import partial
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kiosk.domain.school.set_up import SetUpProgress, SetUpStep, StepState
from kiosk.domain.trust.rights import NOBODY, Actor, Right
from kiosk.errors import KioskError
from kiosk.gui.set_up.set_up_words import step_words
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.buttons import QuietButton, SecondaryButton
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.surfaces import Card, Text
from kiosk.gui.widgets.work_dialog import WorkDialog
from kiosk.services.school.set_up import SetUp
from kiosk.translation import _

WIDTH_PX: Final = 900


class WhatIsLeft(Card):
    """One line a step that nobody did.

    Signals:
        wanted: Somebody wants to do a step now.
    """

    wanted = Signal(object)

    def __init__(
        self, set_up: SetUp, theme: Theme, *, always: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, parent, padding=2)
        self._set_up = set_up
        self._theme = theme
        self._always = always
        self._actor = NOBODY
        self._tasks = Tasks(self)
        self.lines: dict[SetUpStep, tuple[SecondaryButton, QuietButton]] = {}
        self.title = Text(_("Left of setting up"), TextStyle.STRONG)
        self.words = Text(tone=Tone.MUTED, wrap=True)
        self.dismiss_button = QuietButton(_("Do not remind me"))
        self.dismiss_button.setToolTip(_("It stays in the settings, under School and late rule."))
        self.dismiss_button.clicked.connect(self._dismiss)
        self._rows = QWidget()
        self._list = vertical(on=self._rows, spacing=theme.space(1))
        self.body.setSpacing(theme.space(1))
        self.body.addLayout(horizontal((self.title, 1), self.dismiss_button))
        self.body.addWidget(self.words)
        self.body.addWidget(self._rows)
        self.dismiss_button.setVisible(not always)
        self.words.hide()
        self.hide()

    def show_for(self, actor: Actor) -> None:
        """Read how it stands, for an admin; others see nothing."""
        self._actor = actor
        if not actor.may(Right.ADMINISTER):
            self.hide()
            return
        self._tasks.run(self._set_up.progress, then=self._show, failed=self._fail)

    def _show(self, progress: SetUpProgress) -> None:
        self._rows.hide()
        self._rows.deleteLater()
        self._rows = QWidget()
        rows = vertical(on=self._rows, spacing=self._theme.space(1))
        self.lines.clear()
        for step in progress.left:
            words = step_words(step)
            now, done = SecondaryButton(_("Do it now…")), QuietButton(_("Done"))
            now.setAccessibleName(_("Do it now: {step}", step=words.title))
            done.setAccessibleName(_("Done: {step}", step=words.title))
            now.clicked.connect(partial(self.wanted.emit, step))
            done.clicked.connect(partial(self._note_done, step))
            self.lines[step] = (now, done)
            rows.addLayout(
                horizontal((Text(words.to_do, wrap=True), 1), done, now, spacing=self._theme.space(1))
            )
        self.body.addWidget(self._rows)
        self.words.show_if_any(_("Everything is done.") if self._always and not progress.left else "")
        self.setVisible(self._always or progress.shows_list)

    def _note_done(self, step: SetUpStep) -> None:
        self._do(partial(self._set_up.note, step, StepState.DONE, actor=self._actor))

    def _dismiss(self) -> None:
        self._do(partial(self._set_up.dismiss, actor=self._actor))

    def _do(self, work: partial[None]) -> None:
        def then_read() -> SetUpProgress:
            work()
            return self._set_up.progress()

        self._tasks.run(then_read, then=self._show, failed=self._fail)

    def _fail(self, error: KioskError) -> None:
        self.words.show_if_any(str(error))


class WhatIsLeftDialog(WorkDialog):
    """The same from the settings, also where nobody wants to be reminded.

    Attributes:
        chosen: The step that somebody wants to do now, once it was closed for that.
    """

    step_wanted = Signal(object)

    def __init__(self, set_up: SetUp, theme: Theme, actor: Actor, parent: QWidget | None = None) -> None:
        super().__init__(theme, _("Steps of setting up"), parent, width=WIDTH_PX)
        self.list = WhatIsLeft(set_up, theme, always=True)
        self.form.addWidget(self.list)
        self.list.wanted.connect(self._go)
        self.list.show_for(actor)

    def _go(self, step: SetUpStep) -> None:
        self.accept()
        self.step_wanted.emit(step)

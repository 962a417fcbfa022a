"""Setting a new school up: one question after the other, each saved before the next. Main thread; work in tasks.

After a power cut it goes on where it was: before there is an admin at the start of the program, afterwards when an admin signs in.
"""

from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QWidget

from kiosk.domain.people.staff import User
from kiosk.domain.school.set_up import CANNOT_BE_SKIPPED, SetUpProgress, SetUpStep, StepState
from kiosk.domain.trust.rights import Actor
from kiosk.errors import KioskError
from kiosk.gui.set_up.first_pages import AdminPage, SchoolPage, WelcomePage
from kiosk.gui.set_up.later_pages import CameraPage, LastPage, PhonePage, course_page, model_page
from kiosk.gui.set_up.passphrase_page import PassphrasePage
from kiosk.gui.set_up.set_up_words import step_words
from kiosk.gui.set_up.step_page import StepPage
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.buttons import PrimaryButton, QuietButton, SecondaryButton
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.surfaces import Card, Text
from kiosk.services.app import KioskApp
from kiosk.translation import _

WIDTH_PX: Final = 1440
SIDE_PX: Final = 300
FIRST: Final = Actor.system("first start")
"""Who acts while there is no admin."""

_SIGNS: Final = {
    StepState.DONE: ("✓", Tone.PRESENT),
    StepState.SKIPPED: ("–", Tone.MUTED),
    StepState.OPEN: ("•", Tone.MUTED),
}


class SetUpAssistant(QWidget):
    """`done` carries the admin who walked through it."""

    done = Signal(User)

    def __init__(
        self, app: KioskApp, theme: Theme, user: User | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._app = app
        self._theme = theme
        self._tasks = Tasks(self)
        self.user = user
        core, people, trust, school = app.core, app.people, app.trust, app.school
        self.welcome = WelcomePage(core, trust, theme, FIRST)
        self.school = SchoolPage(school, theme)
        self.admin = AdminPage(people, theme, FIRST)
        self.passphrase = PassphrasePage(trust.recovery, theme, trust.recovery_passphrase)
        self.camera = CameraPage(school.camera, theme)
        self.model = model_page(app, theme)
        self.course = course_page(app, theme)
        self.phone = PhonePage(app, theme)
        self.last = LastPage(theme)
        self.pages: list[StepPage] = [
            *(self.welcome, self.school, self.admin, self.passphrase, self.camera),
            *(self.model, self.course, self.phone, self.last),
        ]
        if user is not None:
            self.admin.know(user)
        self.stack = QStackedWidget()
        self.back_button = QuietButton(_("Back"))
        self.skip_button = SecondaryButton(_("Skip"))
        self.next_button = PrimaryButton(_("Next"))
        self._marks = {step: Text(step_words(step).title, wrap=True) for step in SetUpStep}
        self._lay_out()
        self._connect()
        self._begin()

    @property
    def page(self) -> StepPage:
        """The one in front."""
        return self.pages[self.stack.currentIndex()]

    @property
    def actor(self) -> Actor:
        """Who acts: the admin, once there is one."""
        return Actor.of(self.user) if self.user is not None else FIRST

    # -- going on and back -----------------------------------------------------------------------------------------

    def _begin(self) -> None:
        """Go on where it was."""
        self._show(self.welcome)
        self._tasks.run(self._app.school.set_up.progress, then=self._resume, failed=self._refuse)

    def _resume(self, progress: SetUpProgress) -> None:
        self._mark(progress)
        if progress.is_running:
            wanted = progress.next
            self._show(
                next((one for one in self.pages if one.step is wanted), self.last) if wanted else self.last
            )

    def _show(self, page: StepPage) -> None:
        if self.page is not page:
            self.page.leave()
        self.stack.setCurrentWidget(page)
        self._follow()
        page.enter(self.actor)
        self._tasks.run(self._app.school.set_up.progress, then=self._mark, failed=self._refuse)

    def _follow(self) -> None:
        """The buttons, for the page in front."""
        page = self.page
        self.next_button.setText(page.next_words)
        self.next_button.setEnabled(page.may_go_on)
        place = self.stack.currentIndex()
        self.back_button.setVisible(place > 0)
        self.skip_button.setVisible(page.step is not None and page.step not in CANNOT_BE_SKIPPED)
        self.skip_button.setEnabled(True)
        self.back_button.setEnabled(True)

    def _next(self) -> None:
        if self.next_button.isEnabled():
            for button in (self.back_button, self.skip_button, self.next_button):
                button.setEnabled(False)
            self.page.save()

    def _back(self) -> None:
        self._show(self.pages[max(0, self.stack.currentIndex() - 1)])

    def _skip(self) -> None:
        self._finish_page(StepState.SKIPPED)

    def _finish_page(self, state: StepState) -> None:
        """Note what became of the page, then bring the next one to the front."""
        set_up, actor, page = self._app.school.set_up, self.actor, self.page
        if page is self.welcome:
            work = partial(set_up.begin, actor=actor)
        elif page.step is not None:
            work = partial(set_up.note, page.step, state, actor=actor)
        else:
            work = partial(set_up.finish, actor=actor)
        self._tasks.run(work, then=lambda _none: self._go_on(page), failed=self._refuse)

    def _go_on(self, page: StepPage) -> None:
        if page is self.last:
            if self.user is not None:
                self.done.emit(self.user)
            return
        self._show(self.pages[self.pages.index(page) + 1])

    def _refuse(self, error: KioskError) -> None:
        self.page.banner.show_error(error)
        self._follow()

    def _take_admin(self, user: User) -> None:
        self.user = user

    def _mark(self, progress: SetUpProgress) -> None:
        """Say at the side what is done, skipped and to come."""
        for step, mark in self._marks.items():
            sign, tone = _SIGNS[progress.steps[step]]
            mark.setText(f"{sign}  {step_words(step).title}")
            mark.set_tone(Tone.ACCENT if step is self.page.step else tone)
        if self.page is self.last:
            self.last.show_progress(progress)

    # -- inside ----------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        self.admin.made.connect(self._take_admin)
        self.admin.again.edit.returnPressed.connect(self._next)
        self.school.name.edit.returnPressed.connect(self._next)
        for page in self.pages:
            page.finished.connect(self._finish_page)
            page.changed.connect(self._follow)
        self.next_button.setAutoDefault(True)
        self.next_button.clicked.connect(self._next)
        self.skip_button.clicked.connect(self._skip)
        self.back_button.clicked.connect(self._back)

    def _lay_out(self) -> None:
        px, space = self._theme.px, self._theme.space
        self.setProperty("surface", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        for page in self.pages:
            self.stack.addWidget(page)
        side = QWidget()
        side.setFixedWidth(px(SIDE_PX))
        vertical(*self._marks.values(), 1, on=side, spacing=space(2))
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self.stack)
        buttons = horizontal(self.back_button, 1, self.skip_button, self.next_button, spacing=space(1.5))
        card = Card(self._theme, padding=5)
        card.setMaximumWidth(px(WIDTH_PX))
        right = vertical((scroll, 1), buttons, spacing=space(2))
        card.body.addLayout(horizontal(side, (right, 1), spacing=space(4)), 1)
        horizontal(1, (card, 100), 1, on=self, edges=space(6))

"""Today: the courses, the likely one in front, and what is to be done. Main thread; reading runs in tasks."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from kiosk.domain.attendance.choices import LivenessMode, ProofPolicy
from kiosk.domain.school.face_rule import FaceChoice, FaceRule
from kiosk.domain.school.set_up import SetUpStep
from kiosk.domain.trust.rights import NOBODY, Actor, Right
from kiosk.errors import KioskError
from kiosk.gui.attendance.course_cards import CourseCard
from kiosk.gui.attendance.course_list import CourseList
from kiosk.gui.attendance.facts import CourseLine, courses_today
from kiosk.gui.attendance.lesson.lesson_pin_row import LessonPinRow
from kiosk.gui.attendance.take_over import ask_to_take_over
from kiosk.gui.bridge import Bridge
from kiosk.gui.dialog_catalogue import (
    CALIBRATE,
    IMPORT,
    MODELS,
    PHONE_TEST,
    Entry,
)
from kiosk.gui.dialog_opener import DialogOpener
from kiosk.gui.faces.earlier_calibration import EarlierCalibration
from kiosk.gui.models.model_offer import ModelOffer
from kiosk.gui.models.preparing import PreparingStrip
from kiosk.gui.people.locked_numbers import LockedNumbers
from kiosk.gui.phones.phone_card import PhoneCard
from kiosk.gui.school.face_rule_dialog import FaceRuleDialog
from kiosk.gui.school.retention_words import retention_words
from kiosk.gui.set_up.what_is_left import WhatIsLeft
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.banner import Banner
from kiosk.gui.widgets.layouts import vertical
from kiosk.gui.widgets.store_banner import StoreBanner
from kiosk.gui.widgets.surfaces import PageTitle, Text
from kiosk.services.app import KioskApp
from kiosk.services.courses.todays_courses import CourseToday
from kiosk.translation import _
from kiosk.wording.dates import clock_time, long_day

TICK_MS = 1000


class TodayView(QWidget):
    """What a signed-in teacher or admin sees between classes."""

    start_requested = Signal(int, object, object)
    resume_requested = Signal(int)
    course_requested = Signal(int)
    settings_wanted = Signal()

    def __init__(
        self,
        app: KioskApp,
        theme: Theme,
        bridge: Bridge | None = None,
        opener: DialogOpener | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._app = app
        self.opener = opener or DialogOpener(app, theme, self)
        self._theme = theme
        self._tasks = Tasks(self)
        self._choices = Tasks(self, threads=1)
        self._actor = NOBODY
        self.face_rule: FaceRuleDialog | None = None
        self.trouble = StoreBanner(theme, app.core.store, bridge)
        self.banner = Banner(theme)
        self.preparing = PreparingStrip(theme, bridge)
        self.offer = ModelOffer(app.models, theme, app.core.zone)
        self.locked = LockedNumbers(app.people.pins, theme, bridge)
        self.earlier = EarlierCalibration(app.faces.calibrating, theme)
        self.phones = PhoneCard(app.core, app.phones, app.attendance, theme)

        self.left = WhatIsLeft(app.school.set_up, theme)
        self._when = Text(style=TextStyle.HEADING, tone=Tone.MUTED)
        self.courses = CourseList(theme, app.core.zone)
        self.lesson_pin = LessonPinRow(theme)
        self._lay_out()
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._connect()

    @property
    def cards(self) -> list[CourseCard]:
        """The courses that are shown, the likely one first."""
        return self.courses.cards

    def show_for(self, actor: Actor) -> None:
        """Begin anew for a person who signed in, or came back from a class or from another place."""
        self._actor = actor
        self.banner.clear()
        self.lesson_pin.clear()
        self._tasks.run(
            self._app.people.lesson_pins.is_offered, then=self.lesson_pin.setVisible, failed=self._say
        )
        self.left.show_for(self._actor)
        self.offer.show_for(self._actor)
        self.earlier.show_for(self._actor)
        self.locked.show_for(self._actor)
        self.phones.show_for(self._actor)
        if warning := self._app.models.in_use.warning:
            self.banner.say(_("The chosen recognition model cannot be used."), warning, Tone.LATE)
        self._tasks.run(partial(self._problem, self._actor), then=self._warn, failed=self._say)
        if self._actor.may(Right.ADMINISTER) and self.face_rule is None:
            rules = self._app.school.faces
            self._tasks.run(
                lambda: (rules.must_ask(), rules.choice(), rules.offered()),
                then=self._ask_for_rule,
                failed=self._say,
            )
        self.preparing.show_progress(self._app.models.in_use.preparing)
        self._tick()
        self.reload()

    def _ask_for_rule(self, found: tuple[bool, FaceChoice, tuple[FaceRule, ...]]) -> None:
        must_ask, choice, offered = found
        if must_ask and self.isVisible() and self._actor.may(Right.ADMINISTER):
            dialog = FaceRuleDialog(
                self._app.school.faces, self._theme, self._actor, self, choice=choice, offered=offered
            )
            dialog.finished.connect(self._asked)
            self.face_rule = dialog
            dialog.open()

    def _asked(self) -> None:
        self.face_rule = None
        self.reload()

    def reload(self) -> None:
        """Read the courses again."""
        app, user_id = self._app, self._actor.user_id
        self._tasks.run(
            lambda: courses_today(app.core, app.attendance, app.faces.liveness, user_id=user_id),
            then=self._show,
            failed=self._say,
        )

    def show_error(self, error: KioskError) -> None:
        """Say why a class could not be started; it may be open all the same, to go on with."""
        self._say(error)
        self.reload()

    def _say(self, error: KioskError) -> None:
        if not self.trouble.says(error):
            self.banner.show_error(error)

    def _recover(self) -> None:
        """The store works again: what could not be read is read now."""
        if self._actor is not NOBODY:
            self.show_for(self._actor)

    def _problem(self, actor: Actor) -> KioskError | None:
        """What an admin should know first; on a worker's thread."""
        app = self._app
        known = app.trust.backups.overdue() or app.phones.certificate.problem()
        if known is None and actor.may(Right.ENROL):
            return app.people.consents.wanting_enrolment(actor=actor)
        return known

    def _warn(self, problem: KioskError | None) -> None:
        if self.banner.text:
            return
        newest = self._app.school.rounds.newest
        if problem is not None:
            self.banner.say(problem.user_text, problem.hint, Tone.LATE)
        elif newest is not None and self._actor.may(Right.DELETE_FACES):
            self.banner.say(*retention_words(newest))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tick()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        super().hideEvent(event)

    def _connect(self) -> None:
        self.trouble.over.connect(self._recover)
        self.courses.pressed.connect(self.banner.clear)
        self.courses.start_requested.connect(
            lambda *chosen: self._with_pin(partial(self.start_requested.emit, *chosen))
        )
        self.courses.resume_requested.connect(
            lambda session_id: self._with_pin(partial(self.resume_requested.emit, session_id))
        )
        self.lesson_pin.done.connect(self.courses.focus_first)
        self.courses.take_over_requested.connect(self._ask_to_take_over)
        self.courses.course_requested.connect(self.course_requested)
        self.courses.liveness_chosen.connect(self._remember_liveness)
        self.courses.policy_chosen.connect(self._remember_policy)
        self.courses.import_requested.connect(lambda: self.opener.open(IMPORT))
        self.offer.wanted.connect(lambda model: self.opener.open(MODELS, model=model))
        self.earlier.wanted.connect(lambda: self.opener.open(CALIBRATE))
        self.phones.enlarge_wanted.connect(lambda: self.opener.open(PHONE_TEST))
        self.opener.closed.connect(self._follow)
        self.left.wanted.connect(self._do_step)

    def _lay_out(self) -> None:
        space = self._theme.space
        self.setProperty("surface", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = vertical(on=self, edges=(space(6), space(3), space(6), space(3)), spacing=space(3))
        column.addLayout(vertical(PageTitle(_("Today")), self._when, spacing=space(0.5)))
        column.addWidget(self.trouble)
        column.addWidget(self.banner)
        column.addWidget(self.locked)
        column.addWidget(self.left)
        column.addWidget(self.preparing)
        column.addWidget(self.earlier)
        column.addWidget(self.offer)
        column.addWidget(self.lesson_pin)
        column.addWidget(self.courses, 1)
        column.addWidget(self.phones)  # below the courses: it must never push Start away

    def _tick(self) -> None:
        now = self._app.core.clock.now()
        local = now.astimezone(self._app.core.zone)
        self.phones.look()
        damage = self._app.trust.database.damage
        if damage is not None and not self.banner.text:
            self.banner.show_error(damage)
        self._when.setText(f"{long_day(local)} · {clock_time(now, self._app.core.zone)}")

    def _show(self, lines: list[CourseLine]) -> None:
        self.courses.show_lines(lines, may_import=IMPORT.is_for(self._actor))
        if self.isVisible():
            self.courses.focus_first()

    def _with_pin(self, begin: Callable[[], None]) -> None:
        """Begin a class once its PIN is taken, where one was typed; one that is no good holds the class back."""
        pins = self._app.people.lesson_pins
        if not self.lesson_pin.is_usable():
            return
        if typed := self.lesson_pin.take():
            work = partial(pins.choose, typed, actor=self._actor)
            self._tasks.run(work, then=lambda _done: begin(), failed=self._say)
        else:
            pins.forget()
            begin()

    def _remember_liveness(self, course_id: int, mode: LivenessMode) -> None:
        self._choices.run(
            lambda: self._app.faces.liveness.remember(course_id, mode, actor=self._actor),
            then=lambda _done: None,
            failed=self._say,
        )

    def _remember_policy(self, course_id: int, policy: ProofPolicy) -> None:
        self._choices.run(
            lambda: self._app.attendance.policies.remember(course_id, policy, actor=self._actor),
            then=lambda _done: None,
            failed=self._say,
        )

    def _do_step(self, step: SetUpStep) -> None:
        if step is SetUpStep.SCHOOL:
            self.settings_wanted.emit()
        else:
            self.opener.open_step(step)

    def _follow(self, entry: Entry) -> None:
        """A dialog was closed: show what may have changed in it."""
        if self._actor is NOBODY:
            return
        self.left.show_for(self._actor)
        if entry.changes_courses:
            self.reload()
        if entry is MODELS:
            self.offer.follow()
        if entry in (MODELS, CALIBRATE):
            self.earlier.show_for(self._actor)

    def _ask_to_take_over(self, today: CourseToday) -> None:
        """A class of another room goes on here only after a question: a wrong press would show its code in two rooms."""
        if (session := today.open_session) is None:
            return
        dialog = ask_to_take_over(self._theme, self, today.course, session, self._app.core.zone)
        dialog.accepted.connect(
            lambda: self._with_pin(partial(self.resume_requested.emit, session.session_id))
        )
        self.opener.hold(dialog)

"""Today: the courses, the likely one in front, and the way to everything else. Main thread; reading runs in tasks."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QHideEvent, QShowEvent
from PySide6.QtWidgets import QMenu, QStackedLayout, QWidget

from kiosk.domain.attendance.choices import LivenessMode, ProofPolicy
from kiosk.domain.people.staff import User
from kiosk.domain.school.face_rule import FaceChoice, FaceRule
from kiosk.domain.trust.rights import NOBODY, Actor, Right
from kiosk.errors import KioskError
from kiosk.gui.attendance.course_cards import CourseCard
from kiosk.gui.attendance.course_list import CourseList
from kiosk.gui.attendance.facts import CourseLine, courses_today
from kiosk.gui.attendance.lesson.lesson_pin_row import LessonPinRow
from kiosk.gui.attendance.take_over import ask_to_take_over
from kiosk.gui.attendance.today_catalogue import (
    CALIBRATE,
    EXPORT,
    IMPORT,
    MODELS,
    PHONE_TEST,
    Entry,
    Opening,
    entries_for,
    fill_menu,
)
from kiosk.gui.bridge import Bridge
from kiosk.gui.faces.earlier_calibration import EarlierCalibration
from kiosk.gui.icons import ICONS
from kiosk.gui.models.model_offer import ModelOffer
from kiosk.gui.models.models_dialog import ModelsDialog
from kiosk.gui.models.preparing import PreparingStrip
from kiosk.gui.people.locked_numbers import LockedNumbers
from kiosk.gui.phones.phone_card import PhoneCard
from kiosk.gui.records.course_records import RecordsView
from kiosk.gui.school.face_rule_dialog import FaceRuleDialog
from kiosk.gui.school.retention_words import retention_words
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.banner import Banner
from kiosk.gui.widgets.buttons import QuietButton, SecondaryButton
from kiosk.gui.widgets.dialogs import Dialog
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.store_banner import StoreBanner
from kiosk.gui.widgets.surfaces import PageTitle, Text
from kiosk.services.app import KioskApp
from kiosk.services.attendance.sessions import CourseToday
from kiosk.translation import _
from kiosk.wording.dates import clock_time, long_day

TICK_MS = 1000


class TodayView(QWidget):
    """What a signed-in teacher or admin sees between classes."""

    start_requested = Signal(int, object, object)
    resume_requested = Signal(int)
    sign_out_requested = Signal()

    def __init__(
        self, app: KioskApp, theme: Theme, bridge: Bridge | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._app = app
        self._theme = theme
        self._tasks = Tasks(self)
        self._choices = Tasks(self, threads=1)
        self._user: User | None = None
        self.dialog: Dialog | None = None
        self.face_rule: FaceRuleDialog | None = None
        self.trouble = StoreBanner(theme, app.core.store, bridge)
        self.banner = Banner(theme)
        self.preparing = PreparingStrip(theme, bridge)
        self.offer = ModelOffer(app.models, theme, app.core.zone)
        self.locked = LockedNumbers(app.people.pins, theme, bridge)
        self.earlier = EarlierCalibration(app.faces.calibrating, theme)
        self.phones = PhoneCard(app.core, app.phones, app.attendance, theme)

        self.records_button = SecondaryButton(_("Records"))
        self.menu_button = SecondaryButton(_("Settings"))
        self.menu = QMenu(self)
        self.sign_out_button = QuietButton(_("Sign out"))
        self._name = Text(tone=Tone.MUTED)
        self._when = Text(style=TextStyle.HEADING, tone=Tone.MUTED)
        self.courses = CourseList(theme, app.core.zone)
        self.lesson_pin = LessonPinRow(theme)
        self.records = RecordsView(app, theme)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._page())
        self._pages.addWidget(self.records)
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._connect()

    @property
    def cards(self) -> list[CourseCard]:
        """The courses that are shown, the likely one first."""
        return self.courses.cards

    def show_for(self, user: User) -> None:
        """Begin anew for a person who signed in or came back from a class."""
        self._user = user
        self._name.setText(user.name)
        fill_menu(self.menu, entries_for(self._actor))
        self.banner.clear()
        self.lesson_pin.clear()
        self._tasks.run(
            self._app.people.lesson_pins.is_offered, then=self.lesson_pin.setVisible, failed=self._say
        )
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
        self._pages.setCurrentIndex(0)
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
        app = self._app
        self._tasks.run(
            lambda: courses_today(app.core, app.attendance, app.faces.liveness),
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
        if self._user is not None:
            self.show_for(self._user)

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
        self.records_button.setAutoDefault(True)
        self.records_button.clicked.connect(self._open_records)
        self.menu_button.setMenu(self.menu)
        self.menu.triggered.connect(self._chosen)
        self.sign_out_button.clicked.connect(self.sign_out_requested)
        self.courses.pressed.connect(self.banner.clear)
        self.courses.start_requested.connect(
            lambda *chosen: self._with_pin(partial(self.start_requested.emit, *chosen))
        )
        self.courses.resume_requested.connect(
            lambda session_id: self._with_pin(partial(self.resume_requested.emit, session_id))
        )
        self.lesson_pin.done.connect(self.courses.focus_first)
        self.courses.take_over_requested.connect(self._ask_to_take_over)
        self.courses.liveness_chosen.connect(self._remember_liveness)
        self.courses.policy_chosen.connect(self._remember_policy)
        self.courses.import_requested.connect(self._open_import)
        self.offer.wanted.connect(self._open_models)
        self.earlier.wanted.connect(lambda: self._open(CALIBRATE))
        self.phones.enlarge_wanted.connect(self._open_phone_test)
        self.records.closed.connect(self._close_records)
        self.records.export_requested.connect(self._open_export)

    def _page(self) -> QWidget:
        space = self._theme.space
        page = QWidget()
        page.setProperty("surface", "page")
        page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = vertical(on=page, edges=(space(6), space(5), space(6), space(3)), spacing=space(3))
        titles = vertical(PageTitle(_("Today")), self._when, spacing=space(0.5))
        head = horizontal((titles, 1), spacing=space(1.5))
        self._style_menu_button()
        self._theme.changed.connect(self._style_menu_button)
        for part in (self.records_button, self.menu_button, self._name, self.sign_out_button):
            head.addWidget(part, 0, Qt.AlignmentFlag.AlignTop)
            if part is self.menu_button:
                head.addSpacing(space(2))
        column.addLayout(head)
        column.addWidget(self.trouble)
        column.addWidget(self.banner)
        column.addWidget(self.locked)
        column.addWidget(self.preparing)
        column.addWidget(self.earlier)
        column.addWidget(self.offer)
        column.addWidget(self.lesson_pin)
        column.addWidget(self.courses, 1)
        column.addWidget(self.phones)  # below the courses: it must never push Start away
        return page

    def _style_menu_button(self) -> None:
        px = self._theme.px
        self._name.setMinimumHeight(px(48))
        chevron = (ICONS / "qss-chevron-down.svg").as_posix()
        self.menu_button.setStyleSheet(
            f'QPushButton {{ padding-right: {px(48)}px; }} QPushButton::menu-indicator {{ image: url("{chevron}"); '
            f"width: {px(18)}px; height: {px(18)}px; subcontrol-origin: padding; "
            f"subcontrol-position: right center; right: {px(18)}px; }}"
        )

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
        if self._pages.currentIndex() == 0:
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

    def _open_records(self) -> None:
        self._pages.setCurrentWidget(self.records)
        self.records.show_for(self._actor)

    def _close_records(self) -> None:
        self._pages.setCurrentIndex(0)
        self.reload()

    def _chosen(self, action: QAction) -> None:
        self._open(action.data())

    def _open_import(self) -> None:
        self._open(IMPORT)

    def _open_export(self, course_id: int) -> None:
        self._open(EXPORT, course_id=course_id or None)

    def _open_models(self, model: str) -> None:
        self._open(MODELS, model=model)

    def _models_closed(self) -> None:
        self.offer.follow()
        self.earlier.show_for(self._actor)

    def _open_phone_test(self) -> None:
        self._open(PHONE_TEST)

    def _ask_to_take_over(self, today: CourseToday) -> None:
        """A class of another room goes on here only after a question: a wrong press would show its code in two rooms."""
        if (session := today.open_session) is None:
            return
        dialog = ask_to_take_over(self._theme, self, today.course, session, self._app.core.zone)
        dialog.accepted.connect(
            lambda: self._with_pin(partial(self.resume_requested.emit, session.session_id))
        )
        self.dialog = dialog
        dialog.finished.connect(self._forget_dialog)

    def _open(self, entry: Entry, *, course_id: int | None = None, model: str = "") -> None:
        if self._user is None:
            return
        dialog = entry.make(
            Opening(self._app, self._theme, self._user, self, course_id=course_id, model=model)
        )
        if entry.changes_courses:
            dialog.finished.connect(self.reload)
        if isinstance(dialog, ModelsDialog):
            dialog.finished.connect(self._models_closed)
            dialog.calibrate_wanted.connect(lambda: self._open(CALIBRATE))
        if entry is CALIBRATE:
            dialog.finished.connect(lambda: self.earlier.show_for(self._actor))
        self.dialog = dialog
        dialog.finished.connect(self._forget_dialog)
        dialog.open()

    @property
    def _actor(self) -> Actor:
        return Actor.of(self._user) if self._user is not None else NOBODY

    def _forget_dialog(self) -> None:
        self.dialog = None

"""Today: the courses, the likely one in front, and the way to everything else. Main thread; reading runs in tasks."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QMenu,
    QScrollArea,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from kiosk.domain.attendance.choices import LivenessMode, ProofPolicy
from kiosk.domain.people.staff import User
from kiosk.domain.trust.rights import NOBODY, Actor, Right
from kiosk.errors import KioskError
from kiosk.gui.attendance.course_cards import CourseCard
from kiosk.gui.attendance.facts import CourseLine, courses_today
from kiosk.gui.attendance.today_menu import MenuEntry, fill_menu
from kiosk.gui.courses.import_class_list import ImportClassListDialog
from kiosk.gui.courses.naming import CoursesDialog
from kiosk.gui.faces.calibrate import CalibrateDialog
from kiosk.gui.faces.enrol_faces import EnrolFacesDialog
from kiosk.gui.faces.enrol_guided import GuidedEnrolmentDialog
from kiosk.gui.faces.lookalikes import LookalikesDialog
from kiosk.gui.icons import ICONS
from kiosk.gui.models.model_offer import ModelOffer
from kiosk.gui.models.models_dialog import ModelsDialog
from kiosk.gui.models.preparing import PreparingStrip
from kiosk.gui.people.change_password import ChangePasswordDialog
from kiosk.gui.people.consents import ConsentsDialog
from kiosk.gui.people.pin_slips import PinSlipsDialog
from kiosk.gui.people.users import UsersDialog
from kiosk.gui.phones.phone_card import PhoneCard
from kiosk.gui.phones.phone_test import PhoneTestDialog
from kiosk.gui.records.course_records import RecordsView
from kiosk.gui.reports.export import ExportDialog
from kiosk.gui.school.retention_words import retention_words
from kiosk.gui.school.settings_dialog import SettingsDialog
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.trust.api_tokens import ApiTokensDialog
from kiosk.gui.widgets.banner import Banner
from kiosk.gui.widgets.buttons import PrimaryButton, QuietButton, SecondaryButton
from kiosk.gui.widgets.dialogs import Dialog
from kiosk.gui.widgets.surfaces import Card, PageTitle, Text
from kiosk.services.app import KioskApp
from kiosk.services.events import Event, ReEmbeddingProgress
from kiosk.wording.dates import clock_time, long_day

COLUMNS = 3
TICK_MS = 1000


class TodayView(QWidget):
    """What a signed-in teacher or admin sees between classes."""

    start_requested = Signal(int, object, object)
    resume_requested = Signal(int)
    sign_out_requested = Signal()

    def __init__(self, app: KioskApp, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._theme = theme
        self._tasks = Tasks(self)
        self._user: User | None = None
        self.cards: list[CourseCard] = []
        self.dialog: Dialog | None = None
        self.banner = Banner(theme)
        self.preparing = PreparingStrip(theme)
        self.offer = ModelOffer(app.models, theme)
        self.phones = PhoneCard(app.core, app.phones, app.attendance, theme)
        self.import_button: PrimaryButton | None = None
        self.records_button = SecondaryButton("Records")
        self.menu_button = SecondaryButton("Settings")
        self.menu = QMenu(self)
        self.sign_out_button = QuietButton("Sign out")
        self._name = Text(tone=Tone.MUTED)
        self._when = Text(style=TextStyle.HEADING, tone=Tone.MUTED)
        self._content = QVBoxLayout()
        self.records = RecordsView(app, theme)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._page())
        self._pages.addWidget(self.records)
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._connect()

    def show_for(self, user: User) -> None:
        """Begin anew for a person who signed in or came back from a class."""
        self._user = user
        self._name.setText(user.name)
        fill_menu(self.menu, self._entries(), self._actor)
        self.banner.clear()
        self.offer.show_for(self._actor)
        self.phones.show_for(self._actor)
        if warning := self._app.models.in_use.warning:
            self.banner.say("The chosen recognition model cannot be used.", warning, Tone.LATE)
        self._tasks.run(
            self._app.phones.certificate.problem,
            then=self._warn_of_certificate,
            failed=self.banner.show_error,
        )
        self.preparing.show_progress(self._app.models.in_use.preparing)
        self._pages.setCurrentIndex(0)
        self._tick()
        self.reload()

    def reload(self) -> None:
        """Read the courses again."""
        app = self._app
        self._tasks.run(
            lambda: courses_today(app.core, app.attendance, app.faces.liveness),
            then=self._show,
            failed=self.banner.show_error,
        )

    def on_event(self, event: Event) -> None:
        """What happens in the background while nobody holds a class."""
        if isinstance(event, ReEmbeddingProgress):
            self.preparing.show_progress(event)

    def show_error(self, error: KioskError) -> None:
        """Say why a class could not be started."""
        self.banner.show_error(error)

    def _warn_of_certificate(self, problem: KioskError | None) -> None:
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
        self.records_button.setAutoDefault(True)
        self.records_button.clicked.connect(self._open_records)
        self.menu_button.setMenu(self.menu)
        self.sign_out_button.clicked.connect(self.sign_out_requested)
        self.offer.wanted.connect(self._open_models)
        self.phones.enlarge_wanted.connect(self._open_phone_test)
        self.records.closed.connect(self._close_records)
        self.records.export_requested.connect(self._open_export)

    def _page(self) -> QWidget:
        space = self._theme.space
        page = QWidget()
        page.setProperty("surface", "page")
        page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(page)
        column.setContentsMargins(space(6), space(5), space(6), space(3))
        column.setSpacing(space(3))
        titles = QVBoxLayout()
        titles.setSpacing(space(0.5))
        titles.addWidget(PageTitle("Today"))
        titles.addWidget(self._when)
        head = QHBoxLayout()
        head.setSpacing(space(1.5))
        head.addLayout(titles, 1)
        self._style_menu_button()
        self._theme.changed.connect(self._style_menu_button)
        for part in (self.records_button, self.menu_button, self._name, self.sign_out_button):
            head.addWidget(part, 0, Qt.AlignmentFlag.AlignTop)
            if part is self.menu_button:
                head.addSpacing(space(2))
        column.addLayout(head)
        column.addWidget(self.banner)
        column.addWidget(self.preparing)
        column.addWidget(self.offer)
        self._content.setSpacing(space(3))
        column.addLayout(self._content, 1)
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
        self._when.setText(f"{long_day(local)} · {clock_time(now, self._app.core.zone)}")

    def _show(self, lines: list[CourseLine]) -> None:
        self._clear()
        if not lines:
            empty = self._empty()
            self._content.addWidget(empty, 0)
            self._content.addStretch(1)
            empty.show()  # what is not visible yet loses the focus when the window becomes active
            if self.import_button is not None:
                self.import_button.setFocus()
            return
        first, *others = lines
        card = self._card(first, large=True)
        self._content.addWidget(card)
        card.show()
        if others:
            self._content.addWidget(Text("Other courses", TextStyle.HEADING))
            self._content.addWidget(self._grid(others), 1)
        else:
            self._content.addStretch(1)
        if self._pages.currentIndex() == 0:
            self.cards[0].button.setFocus()

    def _clear(self) -> None:
        self.cards = []
        self.import_button = None
        while (item := self._content.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _card(self, line: CourseLine, *, large: bool) -> CourseCard:
        card = CourseCard(self._theme, line, self._app.core.zone, large=large)
        card.button.clicked.connect(self.banner.clear)
        card.start_requested.connect(self.start_requested)
        card.liveness_chosen.connect(self._remember_liveness)
        card.policy_chosen.connect(self._remember_policy)
        card.resume_requested.connect(self.resume_requested)
        self.cards.append(card)
        return card

    def _grid(self, lines: list[CourseLine]) -> QWidget:
        inner = QWidget()
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(self._theme.space(2))
        for place, line in enumerate(lines):
            grid.addWidget(self._card(line, large=False), place // COLUMNS, place % COLUMNS)
        for number in range(COLUMNS):
            grid.setColumnStretch(number, 1)
        grid.setRowStretch(len(lines) // COLUMNS + 1, 1)
        area = QScrollArea()
        area.setWidget(inner)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return area

    def _empty(self) -> QWidget:
        card = Card(self._theme, padding=5)
        card.body.addWidget(Text("No course yet", TextStyle.TITLE))
        if self._actor.may(Right.MANAGE_PEOPLE):
            words = "A class list makes the course and its students. It can be a CSV or an Excel file."
            card.body.addWidget(Text(words, tone=Tone.MUTED, wrap=True))
            self.import_button = PrimaryButton("Import a class list…")
            self.import_button.setAutoDefault(True)
            self.import_button.clicked.connect(self._open_import)
            card.body.addWidget(self.import_button, 0, Qt.AlignmentFlag.AlignLeft)
        else:
            words = "Ask your admin to import a class list. Then your courses stand here."
            card.body.addWidget(Text(words, tone=Tone.MUTED, wrap=True))
        return card

    def _entries(self) -> list[MenuEntry]:
        return [
            MenuEntry("Import class list…", 1, Right.MANAGE_PEOPLE, self._open_import),
            MenuEntry("Courses…", 1, Right.MANAGE_COURSES, self._open_courses),
            MenuEntry("Enrol faces with the camera…", 1, Right.ENROL, self._open_guided),
            MenuEntry("Enrol faces from a folder…", 1, Right.ENROL, self._open_enrol),
            MenuEntry("Consent…", 1, Right.ENROL, self._open_consents),
            MenuEntry("Look-alikes…", 1, Right.ADMINISTER, self._open_lookalikes),
            MenuEntry("PIN slips…", 1, Right.MANAGE_PEOPLE, self._open_pins),
            MenuEntry("Export to Excel…", 2, Right.EXPORT, self._open_export),
            MenuEntry("Recognition models…", 3, Right.ADMINISTER, self._open_models),
            MenuEntry("Calibrate recognition…", 3, Right.ADMINISTER, self._open_calibrate),
            MenuEntry("Users…", 3, Right.ADMINISTER, self._open_users),
            MenuEntry("API tokens…", 3, Right.ADMINISTER, self._open_tokens),
            MenuEntry("Change my password…", 3, Right.OWN_ACCOUNT, self._open_password),
            MenuEntry("Test with a phone…", 3, None, self._open_phone_test),
            MenuEntry("Settings…", 3, None, self._open_settings),
        ]

    def _remember_liveness(self, course_id: int, mode: LivenessMode) -> None:
        self._tasks.run(
            lambda: self._app.faces.liveness.remember(course_id, mode, actor=self._actor),
            then=lambda _done: None,
            failed=self.banner.show_error,
        )

    def _remember_policy(self, course_id: int, policy: ProofPolicy) -> None:
        self._tasks.run(
            lambda: self._app.attendance.policies.remember(course_id, policy, actor=self._actor),
            then=lambda _done: None,
            failed=self.banner.show_error,
        )

    def _open_records(self) -> None:
        self._pages.setCurrentWidget(self.records)
        self.records.show_for(self._actor)

    def _close_records(self) -> None:
        self._pages.setCurrentIndex(0)
        self.reload()

    def _open_import(self) -> None:
        app = self._app
        dialog = ImportClassListDialog(app.core, app.courses, self._theme, self._actor, self)
        dialog.imported.connect(self.reload)
        self._open(dialog)

    def _open_courses(self) -> None:
        dialog = CoursesDialog(self._app.courses, self._theme, self._actor, self)
        dialog.changed.connect(self.reload)
        self._open(dialog)

    def _open_enrol(self) -> None:
        app = self._app
        dialog = EnrolFacesDialog(app.faces, app.runtime, self._theme, self._actor, self)
        dialog.finished.connect(self.reload)
        self._open(dialog)

    def _open_consents(self) -> None:
        self._open(ConsentsDialog(self._app.people, self._theme, self._actor, self))

    def _open_lookalikes(self) -> None:
        app = self._app
        self._open(LookalikesDialog(app.core, app.faces, app.runtime, self._theme, self._actor, self))

    def _open_calibrate(self) -> None:
        app = self._app
        self._open(
            CalibrateDialog(app.core, app.faces, app.courses, app.runtime, self._theme, self._actor, self)
        )

    def _open_guided(self) -> None:
        app = self._app
        dialog = GuidedEnrolmentDialog(app.core, app.faces, app.people, self._theme, self._actor, self)
        dialog.finished.connect(self.reload)
        self._open(dialog)

    def _open_pins(self) -> None:
        app = self._app
        self._open(PinSlipsDialog(app.core, app.courses, app.people, self._theme, self._actor, self))

    def _open_export(self, course_id: int = 0) -> None:
        chosen = course_id or None
        app = self._app
        self._open(
            ExportDialog(app.core, app.courses, app.reports, self._theme, self._actor, self, course_id=chosen)
        )

    def _open_models(self, install: str = "") -> None:
        dialog = ModelsDialog(self._app.models, self._theme, self._actor, self, install=install)
        dialog.finished.connect(self.offer.follow)
        self._open(dialog)

    def _open_users(self) -> None:
        self._open(UsersDialog(self._app.people, self._theme, self._actor, self))

    def _open_phone_test(self) -> None:

        app = self._app
        self._open(PhoneTestDialog(app.core, app.phones, app.attendance, self._theme, self._actor, self))

    def _open_tokens(self) -> None:
        app = self._app
        self._open(ApiTokensDialog(app.core, app.trust, self._theme, self._actor, self))

    def _open_password(self) -> None:
        if self._user is not None:
            self._open(ChangePasswordDialog(self._app.people, self._theme, self._user, self))

    def _open_settings(self) -> None:

        app = self._app
        self._open(
            SettingsDialog(app.core, app.school, app.phones, app.attendance, self._theme, self._actor, self)
        )

    @property
    def _actor(self) -> Actor:
        return Actor.of(self._user) if self._user is not None else NOBODY

    def _open(self, dialog: Dialog) -> None:
        self.dialog = dialog
        dialog.finished.connect(self._forget_dialog)
        dialog.open()

    def _forget_dialog(self) -> None:
        self.dialog = None

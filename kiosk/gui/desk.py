"""The desk of somebody who signed in: the bar with the places, and the place in front. Main thread.

A place is made when somebody goes there for the first time, and told whom it is for each time that it comes to the front.
"""

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QStackedWidget, QWidget

from kiosk.domain.people.staff import User
from kiosk.domain.trust.rights import NOBODY, Actor
from kiosk.errors import KioskError
from kiosk.gui.attendance.today import TodayView
from kiosk.gui.bridge import Bridge
from kiosk.gui.dialog_catalogue import EXPORT
from kiosk.gui.dialog_opener import DialogOpener
from kiosk.gui.places import Place
from kiosk.gui.remembered import Remembered
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.buttons import PlaceButton, QuietButton
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.scrolled import Scrolled
from kiosk.gui.widgets.surfaces import Line, Text, tool_tip
from kiosk.services.app import KioskApp
from kiosk.settings import Subject
from kiosk.translation import _


class Desk(QWidget):
    """Signals are those of *Today*, and `sign_out_requested`."""

    start_requested = Signal(int, object, object)
    resume_requested = Signal(int)
    sign_out_requested = Signal()

    def __init__(
        self,
        app: KioskApp,
        theme: Theme,
        bridge: Bridge | None = None,
        *,
        remembered: Remembered | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._app = app
        self._theme = theme
        self._bridge = bridge
        self.remembered = remembered or Remembered()
        self._user: User | None = None
        self.opener = DialogOpener(app, theme, self, remembered=self.remembered)
        self.today = TodayView(app, theme, bridge, self.opener)
        self.stack = QStackedWidget()
        self.pages: dict[Place, Any] = {Place.TODAY: self.today}
        self._frames = {Place.TODAY: Scrolled(self.today)}
        self.stack.addWidget(self._frames[Place.TODAY])
        self.buttons = {place: PlaceButton(_(place.value)) for place in Place}
        self._group = QButtonGroup(self)
        self.sign_out_button = QuietButton(_("Sign out"))
        self._name = Text(tone=Tone.MUTED)
        self._lay_out()
        self._connect()

    @property
    def place(self) -> Place:
        """The place in front."""
        shown = self.stack.currentWidget()
        return next(place for place, frame in self._frames.items() if frame is shown)

    @property
    def actor(self) -> Actor:
        """Who signed in."""
        return Actor.of(self._user) if self._user is not None else NOBODY

    def show_for(self, user: User) -> None:
        """Begin anew, with *Today*, for a person who signed in or came back from a class."""
        self._user = self.opener.user = user
        self._name.setText(user.name)
        self.go_to(Place.TODAY)

    def go_to(self, place: Place) -> None:
        """Bring a place to the front."""
        if self._user is None:
            return
        page = self.pages.get(place)
        if page is None:
            page = self.pages[place] = self._make(place)
            self._frames[place] = Scrolled(page)
            self.stack.addWidget(self._frames[place])
        self.buttons[place].setChecked(True)
        self.stack.setCurrentWidget(self._frames[place])
        page.show_for(self.actor)

    def show_classes_of(self, course_id: int) -> None:
        """Bring a course's page to the front, with what became of its classes."""
        from kiosk.gui.courses.course_page import CLASSES

        self.go_to(Place.COURSES)
        self.pages[Place.COURSES].show_course(course_id, tab=CLASSES)

    def show_settings(self, subject: Subject) -> None:
        """Bring the settings about something to the front."""
        self.go_to(Place.SETTINGS)
        self.pages[Place.SETTINGS].show_subject(subject)

    def show_error(self, error: KioskError) -> None:
        """Say why a class could not be started."""
        self.go_to(Place.TODAY)
        self.today.show_error(error)

    def _make(self, place: Place) -> Any:
        app, theme = self._app, self._theme
        match place:
            case Place.TODAY:
                return self.today
            case Place.PEOPLE:
                from kiosk.gui.people.people_page import PeoplePage

                return PeoplePage(app, theme, self.opener, self.remembered)
            case Place.COURSES:
                from kiosk.gui.courses.courses_page import CoursesPage

                courses = CoursesPage(app, theme, self.opener, self.remembered)
                courses.resume_requested.connect(self.resume_requested)
                return courses
            case Place.RECORDS:
                from kiosk.gui.records.records_page import RecordsPage

                records = RecordsPage(app, theme, self.remembered)
                records.export_requested.connect(
                    lambda course_id: self.opener.open(EXPORT, course_id=course_id or None)
                )
                records.resume_requested.connect(self.resume_requested)
                return records
            case Place.REPORTS:
                from kiosk.gui.reports.reports_page import ReportsPage

                return ReportsPage(app, theme, self.opener, self.remembered)
            case Place.SETTINGS:
                from kiosk.gui.school.settings_page import SettingsPage

                return SettingsPage(app, theme, self.opener)

    def _connect(self) -> None:
        self.today.start_requested.connect(self.start_requested)
        self.today.resume_requested.connect(self.resume_requested)
        self.today.course_requested.connect(self.show_classes_of)
        self.today.settings_wanted.connect(partial(self.go_to, Place.SETTINGS))
        self.sign_out_button.clicked.connect(self.sign_out_requested)
        self.opener.settings_wanted.connect(self.show_settings)
        for number, (place, button) in enumerate(self.buttons.items(), 1):
            button.clicked.connect(partial(self.go_to, place))
            keys = QShortcut(QKeySequence(f"Ctrl+{number}"), self)
            keys.activated.connect(partial(self.go_to, place))
            keys.setWhatsThis(tool_tip(_("Go to {place}", place=_(place.value))))
            button.setToolTip(tool_tip(_("{place} (Ctrl+{number})", place=_(place.value), number=number)))

    def _lay_out(self) -> None:
        space = self._theme.space
        self.setProperty("surface", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        bar = horizontal(edges=(space(6), space(1), space(6), 0), spacing=space(0.5))
        for button in self.buttons.values():
            self._group.addButton(button)
            bar.addWidget(button)
        bar.addStretch(1)
        for part in (self._name, self.sign_out_button):
            bar.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
            bar.addSpacing(space(1))
        vertical(bar, Line(), (self.stack, 1), on=self, spacing=0)

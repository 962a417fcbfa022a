"""Shows whoever ended a class how it went, among the window's pages. Main thread only."""

from typing import Any, Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget

from kiosk.domain.people.staff import User
from kiosk.domain.trust.rights import Actor
from kiosk.gui.bridge import Bridge
from kiosk.gui.theme import Theme
from kiosk.gui.views_in_use import Views
from kiosk.services.app import KioskApp

IDLE_S: Final = 60.0
"""Nobody touched the summary of a class for so long: it goes."""


class AfterClass(QObject):
    """Makes the page anew each time: no names stay on one that somebody else could come to.

    Signals:
        done: The teacher has seen it.
    """

    done = Signal()

    def __init__(
        self, app: KioskApp, theme: Theme, bridge: Bridge, views: Views, pages: QStackedWidget
    ) -> None:
        super().__init__(pages)
        self._app = app
        self._theme = theme
        self._bridge = bridge
        self._views = views
        self._pages = pages
        self._page: Any = None

    def show(self, session_id: int, ender: User) -> None:
        """Put the page of a class in front."""
        self.drop()
        self._page = self._views.summary(self._app, self._theme, self._bridge)
        self._page.done.connect(self.done)
        self._pages.addWidget(self._page)
        self._page.show_class(session_id, Actor.of(ender))
        self._pages.setCurrentWidget(self._page)

    def is_left(self, idle_s: float) -> bool:
        """Whether the page is there and nobody has touched it for long."""
        return self._page is not None and idle_s >= IDLE_S

    def drop(self) -> None:
        """The page goes, once another one is in front."""
        page, self._page = self._page, None
        if page is not None:
            self._pages.removeWidget(page)
            page.deleteLater()

"""The page of the window before somebody is signed in: first start, set-up or sign-in. Main thread only."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QStackedWidget, QWidget

from kiosk.domain.people.staff import User


class EntryPage:
    """Holds one of them at a time among the pages; a new one each time, so that no typed password stays."""

    def __init__(self, pages: QStackedWidget, sign_in: Callable[[User], None]) -> None:
        self._pages = pages
        self._sign_in = sign_in
        self._view: Any = None

    def show(self, view: Any, signal: str) -> None:
        """Show one; its signal of that name tells who is signed in."""
        self.drop()
        getattr(view, signal).connect(self._sign_in)
        self._view = view
        self._pages.addWidget(view)
        self._pages.setCurrentWidget(view)

    def rest(self) -> None:
        """Somebody signed in: it takes no more keys, and goes in a moment."""
        if isinstance(self._view, QWidget):
            self._view.setEnabled(False)

    def drop(self) -> None:
        """Delete what is there, if anything."""
        view, self._view = self._view, None
        if isinstance(view, QWidget):
            self._pages.removeWidget(view)
            view.deleteLater()

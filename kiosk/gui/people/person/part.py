"""What the parts of a person's page have in common. Main thread; reading and writing run in tasks."""

from abc import abstractmethod
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk.domain.people.person import Person
from kiosk.domain.trust.rights import NOBODY, Actor
from kiosk.gui.dialog_opener import DialogOpener
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import TextStyle, Theme
from kiosk.gui.widgets.dialogs import ConfirmDialog, Dialog
from kiosk.gui.widgets.layouts import vertical
from kiosk.gui.widgets.surfaces import Card, Text
from kiosk.services.app import KioskApp

T = TypeVar("T")


class PersonPart(QWidget):
    """One subject of a person's page; put cards into `column`.

    Signals:
        changed: Something was written; carries a sentence about it. The page reads everything anew.
        failed: Something did not work; carries the KioskError.
        gone: The person is not in the list any more; carries a sentence.
    """

    changed = Signal(str)
    failed = Signal(object)
    gone = Signal(str)

    def __init__(self, app: KioskApp, theme: Theme, opener: DialogOpener) -> None:
        super().__init__()
        self.app = app
        self.theme = theme
        self.opener = opener
        self.tasks = Tasks(self)
        self.actor: Actor = NOBODY
        self.question: ConfirmDialog | None = None
        self.column = vertical(on=self, spacing=theme.space(2))

    def show_person(self, person: Person, actor: Actor) -> None:
        """Show what was read of a person."""
        self.actor = actor
        self.fill(person)

    @abstractmethod  # Qt's metaclass does not refuse a part without it, mypy does
    def fill(self, person: Person) -> None:
        """Draw it; each part does this its own way."""

    def start(self, work: Callable[[], T], then: Callable[[T], None]) -> None:
        """Run `work` in a task; what fails is said on the page."""
        self.tasks.run(work, then=then, failed=self.failed.emit)

    def open_dialog(self, dialog: Dialog) -> None:
        """Open a dialog after which the page is read anew."""
        self.opener.hold(dialog)
        dialog.finished.connect(lambda _result: self.changed.emit(""))
        dialog.open()

    def card(self, title: str) -> Card:
        """A card with a title at the end of the part."""
        made = Card(self.theme)
        made.body.addWidget(Text(title, TextStyle.HEADING))
        self.column.addWidget(made)
        return made


def empty(layout: QVBoxLayout) -> None:
    """Take everything out of a layout."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif isinstance(inner, QVBoxLayout):
            empty(inner)


def top_left(widget: QWidget) -> tuple[QWidget, int, Qt.AlignmentFlag]:
    """A widget that takes no more room than it needs."""
    return widget, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop

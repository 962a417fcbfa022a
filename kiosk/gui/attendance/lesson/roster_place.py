"""Where the roster stands: on the teacher's own display where there is one, otherwise beside the kiosk screen. Main thread.

The class sees the display that the kiosk screen fills. When the other one is unplugged, the roster comes back beside the
kiosk screen with names only.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, QRect, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QBoxLayout, QWidget

from kiosk.gui.remembered import Remembered
from kiosk.gui.theme import Theme
from kiosk.gui.widgets.buttons import QuietButton
from kiosk.gui.widgets.layouts import vertical
from kiosk.translation import _

WANTS_APART: Final = "roster.apart"
DISPLAY: Final = "roster.display"
"""What is remembered: whether another display is used where there is one, and which."""


TITLE_PX: Final = 40
"""Height of a window's title bar."""


@dataclass(frozen=True, slots=True)
class Display:
    """A display that shows something else than the kiosk screen."""

    name: str
    room: QRect


def other_displays(owner: QWidget) -> list[Display]:
    """Those beside the one that the kiosk screen is on; one that repeats it is none."""
    own = owner.screen()
    return [
        Display(one.name(), one.availableGeometry())
        for one in QGuiApplication.screens()
        if one is not own and not one.geometry().intersects(own.geometry())
    ]


class RosterWindow(QWidget):
    """A window of its own; `closed` says that somebody closed it."""

    closed = Signal()

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner, Qt.WindowType.Window)
        self.setWindowTitle(_("Roster"))
        self.column = vertical(on=self)

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.closed.emit()


class RosterPlace(QObject):
    """Holds the roster and moves it.

    Signals:
        moved: The roster stands elsewhere now.
        closed: Somebody closed the roster's own window.
    """

    moved = Signal()
    closed = Signal()

    def __init__(
        self,
        owner: QWidget,
        row: QBoxLayout,
        theme: Theme,
        remembered: Remembered,
        displays: Callable[[QWidget], Sequence[Display]] = other_displays,
    ) -> None:
        """`row` is where the kiosk screen stands; `displays` tells which others there are now."""
        super().__init__(owner)
        self._owner = owner
        self._row = row
        self._theme = theme
        self._remembered = remembered
        self._displays = displays
        self._width = 0
        self.is_apart = False
        self.move_button = QuietButton("")
        self.move_button.setAutoDefault(True)
        self.move_button.clicked.connect(self._move)
        self.frame = QWidget()
        self._column = vertical((self.move_button, 0, Qt.AlignmentFlag.AlignRight), on=self.frame)
        self.frame.setProperty("surface", "page")
        self.frame.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.window = RosterWindow(owner)
        self.window.closed.connect(self.closed)
        row.addWidget(self.frame)
        self.frame.hide()
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.screenAdded.connect(self.look)
            application.screenRemoved.connect(self.look)

    def hold(self, roster: QWidget) -> None:
        """Take the roster over; once."""
        self._column.addWidget(roster, 1)

    def show(self, width: int) -> None:
        """Show it where it belongs; `width` is its own beside the kiosk screen."""
        self._width = width
        self._put(self._wanted())

    def hide(self) -> None:
        """Put it away."""
        self.frame.hide()
        self.window.hide()

    def look(self, _screen: object = None) -> None:
        """A display came or went."""
        if self.frame.isHidden():
            return
        if self.is_apart and self._wanted() is None:
            self._put(None)
            self.moved.emit()
        else:
            self._name_button()

    def _wanted(self) -> Display | None:
        """The display to use; None: beside the kiosk screen."""
        displays = self._displays(self._owner)
        if not displays or not self._remembered.get(WANTS_APART, True):
            return None
        known = self._remembered.get(DISPLAY, "")
        return next((one for one in displays if one.name == known), displays[0])

    def _put(self, display: Display | None) -> None:
        self.is_apart = display is not None
        if display is None:
            self.window.hide()
            self._row.addWidget(self.frame)
            self.frame.setFixedWidth(self._width)
            self.frame.show()
        else:
            self._remembered.keep(DISPLAY, display.name)
            self.frame.setMinimumWidth(0)
            self.frame.setMaximumWidth(16_777_215)
            self.window.column.addWidget(self.frame)
            self.window.move(display.room.topLeft())  # with its frame, so that it can be closed there
            self.window.resize(display.room.width(), display.room.height() - self._theme.px(TITLE_PX))
            self.frame.show()
            self.window.show()
            self.window.activateWindow()
        self._name_button()

    def _move(self) -> None:
        self._remembered.keep(WANTS_APART, not self.is_apart)
        self._put(self._wanted())
        self.moved.emit()

    def _name_button(self) -> None:
        self.move_button.setText(
            _("Show it &beside the kiosk screen") if self.is_apart else _("Show it on the &other display")
        )
        self.move_button.setVisible(bool(self._displays(self._owner)))

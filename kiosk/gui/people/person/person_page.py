"""The page of one student: who it is on top, a tab for each subject below. Main thread; reading runs in a task."""

from enum import Enum
from functools import partial

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPixmap
from PySide6.QtWidgets import QButtonGroup, QFrame, QLabel, QScrollArea, QStackedWidget, QWidget

from kiosk.domain.people.person import Person
from kiosk.domain.trust.rights import NOBODY, Actor, Right
from kiosk.errors import KioskError
from kiosk.gui.dialog_opener import DialogOpener
from kiosk.gui.people.person.attendance_part import AttendancePart
from kiosk.gui.people.person.courses_part import CoursesPart
from kiosk.gui.people.person.details import DetailsForm
from kiosk.gui.people.person.face_part import FacePart
from kiosk.gui.people.person.merge_part import MergePart
from kiosk.gui.people.person.messages_part import MessagesPart
from kiosk.gui.people.person.part import PersonPart
from kiosk.gui.people.person.phone_part import PhonePart
from kiosk.gui.people.person.whole_part import WholePart
from kiosk.gui.remembered import Remembered
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.banner import Banner
from kiosk.gui.widgets.buttons import PlaceButton, QuietButton
from kiosk.gui.widgets.dialogs import ConfirmDialog
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.surfaces import Line, PageTitle, Text
from kiosk.services.app import KioskApp
from kiosk.translation import N_, _

PICTURE_PX = 88
MOST_WIDTH = 1240


class Tab(Enum):
    """A subject of the page."""

    DETAILS = N_("Details")
    ATTENDANCE = N_("Attendance")
    FACE = N_("Consent and pictures")
    PHONE = N_("PIN and phones")
    MESSAGES = N_("Messages")


class PersonPage(QWidget):
    """Shows one person at a time; `left` asks for the list again."""

    left = Signal(str)

    def __init__(
        self,
        app: KioskApp,
        theme: Theme,
        opener: DialogOpener,
        remembered: Remembered,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._app = app
        self._theme = theme
        self._tasks = Tasks(self)
        self._actor: Actor = NOBODY
        self._student_id = 0
        self.question: ConfirmDialog | None = None
        self.person: Person | None = None
        self.back_button = QuietButton(_("Back to the list"))
        self.back_button.clicked.connect(self.leave)
        self.picture = QLabel()
        self.title = PageTitle("")
        self.title.setWordWrap(True)
        self.subtitle = Text(tone=Tone.MUTED, wrap=True)
        self.banner = Banner(theme)
        self.details = DetailsForm(app, theme, opener)
        self.courses = CoursesPart(app, theme, opener)
        self.attendance = AttendancePart(app, theme, opener, remembered)
        self.face = FacePart(app, theme, opener)
        self.phone = PhonePart(app, theme, opener)
        self.messages = MessagesPart(app, theme, opener)
        self.merges = MergePart(app, theme, opener)
        self.whole = WholePart(app, theme, opener)
        self.tabs = {tab: PlaceButton(_(tab.value)) for tab in Tab}
        self._group = QButtonGroup(self)
        self.stack = QStackedWidget()
        self._lay_out()

    @property
    def parts(self) -> tuple[PersonPart, ...]:
        """All of them, in their order."""
        whole = (self.details, self.courses, self.merges, self.whole)
        return (*whole, self.attendance, self.face, self.phone, self.messages)

    def show_person(self, student_id: int, actor: Actor) -> None:
        """Read and show somebody, beginning with the details."""
        self._student_id, self._actor, self.person = student_id, actor, None
        self.details.discard()
        self.banner.clear()
        self.title.setText("…")
        self.subtitle.setText("")
        self.picture.hide()
        self.tabs[Tab.FACE].setVisible(actor.may(Right.ENROL))
        for part in (self.whole, self.merges):
            part.setVisible(actor.may(Right.MANAGE_PEOPLE))
        self.turn(Tab.DETAILS)
        self.stack.setEnabled(False)
        self.back_button.setFocus()
        self.reload()

    def reload(self) -> None:
        """Read the same person again."""
        wanted = self._student_id

        def then(person: Person) -> None:
            if self._student_id == wanted:
                self._show(person)

        read = partial(self._app.people.persons.read, wanted, actor=self._actor)
        self._tasks.run(read, then=then, failed=self._refused)

    def turn(self, tab: Tab) -> None:
        """Show a subject."""
        self.tabs[tab].setChecked(True)
        self.stack.setCurrentIndex(list(Tab).index(tab))

    def leave(self) -> None:
        """Go back to the list; what was typed and not saved is asked about."""
        if not self.details.holds_work:
            self.left.emit("")
            return
        self.question = ConfirmDialog(
            self._theme,
            self,
            title=_("Discard what you changed?"),
            text=_("It is not saved yet."),
            action=_("Discard"),
            danger=True,
        )
        self.question.cancel_button.setText(_("Go on editing"))
        self.question.accepted.connect(self._discard_and_leave)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def _discard_and_leave(self) -> None:
        self.details.discard()
        self.left.emit("")

    def _show(self, person: Person) -> None:
        self.person = person
        student = person.student
        self.title.setText(student.full_name)
        called = _("called {name}", name=student.called) if student.called else ""
        inactive = _("inactive") if person.inactive_from is not None else ""
        said = (student.student_no, called, student.email or "", inactive)
        self.subtitle.setText(" · ".join(part for part in said if part))
        self._show_picture(person.picture)
        waiting = sum(one.objection.is_open for one in person.messages)
        words = _(Tab.MESSAGES.value)
        self.tabs[Tab.MESSAGES].setText(f"{words} ({waiting})" if waiting else words)
        for part in self.parts:
            part.show_person(person, self._actor)
        self.stack.setEnabled(True)

    def _show_picture(self, data: bytes | None) -> None:
        pixmap = QPixmap()
        self.picture.setVisible(data is not None and pixmap.loadFromData(QByteArray(data)))
        if not pixmap.isNull():
            side = self._theme.px(PICTURE_PX)
            self.picture.setPixmap(
                pixmap.scaled(
                    side,
                    side,
                    Qt.AspectRatioMode.KeepAspectRatio,
                    Qt.TransformationMode.SmoothTransformation,
                )
            )

    def _changed(self, words: str) -> None:
        if words:
            self.banner.say(words, tone=Tone.PRESENT)
        self.reload()

    def _refused(self, error: KioskError) -> None:
        self.banner.show_error(error)

    def _lay_out(self) -> None:
        space = self._theme.space
        for part in self.parts:
            part.changed.connect(self._changed)
            part.failed.connect(self._refused)
            part.gone.connect(self._gone)
        bar = horizontal(spacing=space(0.5))
        for tab, button in self.tabs.items():
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            button.clicked.connect(partial(self.turn, tab))
            self._group.addButton(button)
            bar.addWidget(button)
        bar.addStretch(1)
        shown: dict[Tab, tuple[QWidget, ...]] = {
            Tab.DETAILS: (self.details, self.courses, self.merges, self.whole),
            Tab.ATTENDANCE: (self.attendance,),
            Tab.FACE: (self.face,),
            Tab.PHONE: (self.phone,),
            Tab.MESSAGES: (self.messages,),
        }
        for tab in Tab:
            self.stack.addWidget(_scrolled(self._theme, *shown[tab]))
        names = vertical(self.title, self.subtitle, spacing=0)
        head = horizontal(self.picture, (names, 1), spacing=space(2))
        vertical(
            horizontal(self.back_button, 1),
            head,
            self.banner,
            bar,
            Line(),
            (self.stack, 1),
            on=self,
            edges=(space(6), space(2), space(6), space(2)),
            spacing=space(1.5),
        )

    def _gone(self, words: str) -> None:
        self.details.discard()
        self.left.emit(words)


def _scrolled(theme: Theme, *parts: QWidget) -> QScrollArea:
    """Parts from top to bottom, no wider than is good to read."""
    held, area = QWidget(), QScrollArea()
    held.setMaximumWidth(theme.px(MOST_WIDTH))
    vertical(
        *parts, 1, on=held, edges=(0, theme.space(1), theme.space(1), theme.space(2)), spacing=theme.space(2)
    )
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(held)
    return area

"""Records: all of them as one list, or a course at a time; one of them on a page of its own. Main thread."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QStackedWidget, QWidget

from kiosk.domain.people.students import Student
from kiosk.domain.trust.rights import NOBODY, Actor
from kiosk.gui.records.course_records import RecordsView
from kiosk.gui.records.record_page import RecordPage
from kiosk.gui.records.records_list import RecordsList
from kiosk.gui.remembered import Remembered
from kiosk.gui.theme import Theme
from kiosk.gui.widgets.chip import Chip
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.surfaces import PageTitle
from kiosk.services.app import KioskApp
from kiosk.translation import _


class RecordsPage(QWidget):
    """The place. Signals: `export_requested`, the course that is looked at, 0 for all; `resume_requested`, a class session."""

    export_requested = Signal(int)
    resume_requested = Signal(int)

    def __init__(
        self, app: KioskApp, theme: Theme, remembered: Remembered, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._actor = NOBODY
        self.list = RecordsList(app, theme, remembered)
        self.by_course = RecordsView(app, theme)
        self.record = RecordPage(app, theme)
        self.list_chip, self.course_chip = Chip(theme, _("&All records")), Chip(theme, _("By &course"))
        self._group = QButtonGroup(self)
        self.tabs = QStackedWidget()
        self.stack = QStackedWidget()
        self._lay_out(theme)
        self.list_chip.clicked.connect(self._show_list)
        self.course_chip.clicked.connect(self._show_course)
        self.list.opened.connect(self.open_record)
        self.record.closed.connect(self._back)
        self.record.student_wanted.connect(self._narrow_to)
        self.by_course.export_requested.connect(self.export_requested)
        self.by_course.resume_requested.connect(self.resume_requested)
        self.by_course.tools.hide()

    def show_for(self, actor: Actor) -> None:
        """It came to the front for this person: the list for somebody else, and what was shown for the same one."""
        if actor != self._actor:
            self.stack.setCurrentIndex(0)
            self.list_chip.setChecked(True)
            self.tabs.setCurrentWidget(self.list)
        self._actor = actor
        if self.stack.currentWidget() is self.record:
            return
        self._refresh()

    def open_record(self, record_id: int) -> None:
        """Show one record."""
        self.stack.setCurrentWidget(self.record)
        self.record.show_record(record_id, self._actor)

    def _refresh(self) -> None:
        is_list = self.tabs.currentWidget() is self.list
        self.list.views.setVisible(is_list)
        self.by_course.tools.setVisible(not is_list)
        if is_list:
            self.list.show_for(self._actor)
        else:
            self.by_course.show_for(self._actor)

    def _show_list(self) -> None:
        self.tabs.setCurrentWidget(self.list)
        self._refresh()

    def _show_course(self) -> None:
        self.tabs.setCurrentWidget(self.by_course)
        self._refresh()

    def _back(self) -> None:
        self.stack.setCurrentIndex(0)
        self._refresh()
        self.list.list.table.setFocus()

    def _narrow_to(self, student: Student) -> None:
        self.stack.setCurrentIndex(0)
        self.list_chip.setChecked(True)
        self.tabs.setCurrentWidget(self.list)
        self.list.bar.choose_student(student)

    def _lay_out(self, theme: Theme) -> None:
        space = theme.space
        self.setProperty("surface", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        for chip in (self.list_chip, self.course_chip):
            self._group.addButton(chip)
        self.list_chip.setChecked(True)
        self.tabs.addWidget(self.list)
        self.tabs.addWidget(self.by_course)
        overview = QWidget()
        head = horizontal(
            *(PageTitle(_("Records")), self.list_chip, self.course_chip, 1),
            *(self.list.views, self.by_course.tools),
            spacing=space(1.5),
        )
        vertical(head, (self.tabs, 1), on=overview, spacing=space(1.5))
        self.stack.addWidget(overview)
        self.stack.addWidget(self.record)
        vertical((self.stack, 1), on=self, edges=(space(6), space(3), space(6), space(3)))

"""The head of a course's page: which course it is, how it stands, and what may be done with all of it. Main thread."""

from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QWidget

from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.buttons import QuietButton, SecondaryButton
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.surfaces import PageTitle, Text
from kiosk.services.courses.course_listing import CourseLine
from kiosk.translation import _, ngettext
from kiosk.wording.dates import day_and_time


class CourseHead(QWidget):
    """Owns a course's title, its facts in a line, and the buttons to leave, change, copy and archive it."""

    def __init__(self, theme: Theme, zone: ZoneInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._zone = zone
        self.back_button = QuietButton(_("All courses"))
        self.edit_button = SecondaryButton(_("Change…"))
        self.copy_button = SecondaryButton(_("Copy…"))
        self.archive_button = SecondaryButton(_("Archive"))
        self.title = PageTitle("")
        self.facts = Text(tone=Tone.MUTED, wrap=True)
        space = theme.space(1.5)
        bar = horizontal(
            self.back_button,
            (self.title, 1),
            self.edit_button,
            self.copy_button,
            self.archive_button,
            spacing=space,
        )
        vertical(bar, self.facts, on=self, spacing=space)

    def allow(self, may: bool) -> None:
        """Whether who looks at it may change the course."""
        for button in (self.edit_button, self.copy_button, self.archive_button):
            button.setVisible(may)

    def _enable(self, is_read: bool) -> None:
        """A press that nothing would follow is not taken: nobody knows yet which course it would be for."""
        for button in (self.edit_button, self.copy_button, self.archive_button):
            button.setEnabled(is_read)

    def clear(self) -> None:
        """Name no course until one is read."""
        self.title.setText("…")
        self.facts.setText("")
        self._enable(False)

    def show_line(self, line: CourseLine) -> None:
        """Say which course it is and how it stands."""
        course, meeting = line.course, line.next_meeting
        self._enable(True)
        self.title.setText(course.label)
        self.archive_button.setText(_("Reopen") if course.is_archived else _("Archive"))
        facts = [
            _("archived: only its records are shown elsewhere") if course.is_archived else "",
            line.teacher_names or _("no teacher assigned"),
            ngettext("{n} student", "{n} students", line.students, n=line.students),
            course.room,
            line.term.name if line.term is not None else "",
            _("next: {when}", when=day_and_time(meeting.begins_at, self._zone)) if meeting else "",
        ]
        self.facts.setText(" · ".join(one for one in facts if one))

"""The question before a class of another room goes on here. Main thread."""

from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QWidget

from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.courses.courses import Course
from kiosk.gui.theme import Theme
from kiosk.gui.widgets.dialogs import ConfirmDialog
from kiosk.translation import _
from kiosk.wording.actors import actor_name
from kiosk.wording.dates import clock_time


def ask_to_take_over(
    theme: Theme, parent: QWidget, course: Course, session: ClassSession, zone: ZoneInfo
) -> ConfirmDialog:
    """The open dialog; it is accepted where the class shall go on here, too."""
    return ConfirmDialog(
        theme,
        parent,
        title=_("{course} is open in another room", course=course.label),
        text=_(
            "{name} started it at {when}. It then goes on here with this PC's camera and code. The other PC shows it as well, "
            "until one of the two ends it; each student is marked once, wherever they come.",
            name=actor_name(session.started_by),
            when=clock_time(session.started_at, zone),
        ),
        action=_("Take over"),
    )

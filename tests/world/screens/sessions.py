"""What is done to class sessions afterwards, and absences that are announced, over a made-up school."""

from datetime import timedelta
from pathlib import Path
from typing import Final, cast

from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.trust.rights import Actor
from kiosk.gui.attendance.absences.absences_dialog import AbsencesDialog
from kiosk.gui.attendance.absences.announce_dialog import AnnounceAbsenceDialog
from kiosk.gui.attendance.afterwards.add_session import AddSessionDialog
from kiosk.gui.attendance.afterwards.cancel_session import CancelSessionDialog
from kiosk.gui.attendance.afterwards.deleted_sessions import DeletedSessionsDialog
from kiosk.gui.attendance.afterwards.import_marks import ImportMarksDialog
from kiosk.gui.attendance.afterwards.reopen_session import ReopenSessionDialog
from kiosk.gui.attendance.afterwards.times_dialog import SessionTimesDialog
from kiosk.gui.courses.courses_page import CoursesPage
from kiosk.gui.places import Place
from kiosk.services.app import AfterwardsCases
from kiosk.services.attendance.afterwards.adding import NewSession
from kiosk.services.attendance.planned_absences import Announcement
from tests.world.screens.office import Office, over_today
from tests.world.screens.shot import Screen, wait_until


def _held(at: Office) -> ClassSession:
    """A class of the week before, in which some came late."""
    course = at.school.courses[0]
    return next(
        one for one in at.school.app.attendance.sessions.of_course(course.course_id) if not one.is_open
    )


def _actor(at: Office) -> Actor:
    return Actor.of(at.school.admin)


def _cases(at: Office) -> AfterwardsCases:
    return at.school.app.attendance.afterwards


def add(at: Office) -> None:
    course_id = at.school.courses[0].course_id
    dialog = AddSessionDialog(
        at.school.app, at.theme, _actor(at), at.desk, course_id=course_id, started_at=_held(at).started_at
    )
    dialog.open()
    wait_until(lambda: "There already" in dialog.found.text())


def times(at: Office) -> None:
    dialog = SessionTimesDialog(at.school.app, at.theme, _actor(at), _held(at), at.desk)
    dialog.open()
    dialog.moment.begins.setTime(dialog.moment.begins.time().addSecs(-20 * 60))
    dialog.look_button.click()
    wait_until(dialog.change_button.isVisible)


def cancel(at: Office) -> None:
    CancelSessionDialog(_cases(at).cancelling, at.theme, _actor(at), _held(at), at.desk).open()


def open_again(at: Office) -> None:
    ReopenSessionDialog(_cases(at).reopening, at.theme, _actor(at), _held(at), at.desk).open()


def deleted(at: Office) -> None:
    _cases(at).deleting.delete(_held(at).session_id, actor=_actor(at))
    dialog = DeletedSessionsDialog(at.school.app, at.theme, _actor(at), at.desk)
    dialog.open()
    wait_until(dialog.restore_button.isEnabled)


def import_marks(at: Office) -> None:
    path = Path(at.school.app.core.directories.data) / "marks.csv"
    numbers = [one.student_no for one in at.school.students[:6]]
    lines = [f"{number},{status}" for number, status in zip(numbers, "PLEA", strict=False)]
    path.write_text("\n".join(["number,status", *lines, "S9999,late", f"{numbers[5]},maybe"]) + "\n")
    dialog = ImportMarksDialog(at.school.app, at.theme, _actor(at), _held(at), at.desk)
    dialog.open()
    dialog.file.set_path(path)
    wait_until(dialog.import_button.isEnabled)


def announce(at: Office) -> None:
    students = [(one.student_id, one.full_name) for one in at.school.students[:3]]
    AnnounceAbsenceDialog(at.school.app, at.theme, _actor(at), students, at.desk).open()


def absences(at: Office) -> None:
    app = at.school.app
    ids = tuple(one.student_id for one in at.school.students[:3])
    first = app.core.today()
    said = Announcement(ids, first, first + timedelta(days=400), "school trip to the sea")
    app.attendance.absences.announce(said, with_written=False, actor=_actor(at))
    dialog = AbsencesDialog(app, at.theme, _actor(at), at.desk)
    dialog.open()
    wait_until(dialog.table.isVisible)


def page(at: Office) -> None:
    session = _held(at)
    _cases(at).held.describe(session.session_id, note="Group B", room="Lab 1", actor=_actor(at))
    _cases(at).cancelling.cancel(session.session_id, reason="fire alarm", actor=_actor(at))
    at.desk.go_to(Place.COURSES)
    courses = cast(CoursesPage, at.desk.pages[Place.COURSES])
    courses.show_course(session.course_id)
    courses.page.session_wanted.emit(session.session_id)
    wait_until(
        lambda: courses.session.menu.isEnabled() and courses.session.register.state.session is not None
    )


def added_page(at: Office) -> None:
    """A session that was written down afterwards, in which nobody is marked yet."""
    began = _held(at).started_at - timedelta(hours=3)
    new = NewSession(at.school.courses[0].course_id, began, timedelta(minutes=45))
    session = _cases(at).adding.add(new, actor=_actor(at))
    at.desk.go_to(Place.COURSES)
    courses = cast(CoursesPage, at.desk.pages[Place.COURSES])
    courses.show_course(session.course_id)
    courses.page.session_wanted.emit(session.session_id)
    wait_until(lambda: courses.session.menu.isEnabled() and courses.session.banner.isVisible())


SCREENS: Final[dict[str, Screen]] = {
    "session-page": over_today(page),
    "session-added-page": over_today(added_page),
    "session-add": over_today(add),
    "session-times": over_today(times),
    "session-cancel": over_today(cancel),
    "session-open-again": over_today(open_again),
    "session-marks": over_today(import_marks),
    "sessions-deleted": over_today(deleted),
    "absence-announce": over_today(announce),
    "absences": over_today(absences),
}

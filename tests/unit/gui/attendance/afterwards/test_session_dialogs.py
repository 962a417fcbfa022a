"""Adding, describing, moving, cancelling and opening a session again, and putting a deleted one back, in real dialogs."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from PySide6.QtCore import QTime
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.record import AttendanceRecord, Evidence
from kiosk.gui.attendance.afterwards.add_session import AddSessionDialog
from kiosk.gui.attendance.afterwards.cancel_session import CancelSessionDialog
from kiosk.gui.attendance.afterwards.deleted_sessions import DeletedSessionsDialog
from kiosk.gui.attendance.afterwards.describe_session import DescribeSessionDialog
from kiosk.gui.attendance.afterwards.import_marks import ImportMarksDialog
from kiosk.gui.attendance.afterwards.moment_fields import MomentFields
from kiosk.gui.attendance.afterwards.reopen_session import ReopenSessionDialog
from kiosk.gui.attendance.afterwards.times_dialog import SessionTimesDialog
from kiosk.gui.theme import Theme
from kiosk.services.attendance.afterwards.adding import NewSession
from tests.fakes.actors import teacher
from tests.world.gui_kiosk import GuiKiosk
from tests.world.open_dialog import opened

HOUR = timedelta(hours=1)


def record_of_first(kiosk: GuiKiosk, session: ClassSession) -> AttendanceRecord | None:
    """Of the first student of the class list; the roster stands by family name."""
    entries = kiosk.app.attendance.sessions.roster(session.session_id)
    return next(one.record for one in entries if one.student == kiosk.students[0])


def held(kiosk: GuiKiosk) -> ClassSession:
    """A session of three hours ago that lasted an hour."""
    now = kiosk.app.core.clock.now().replace(second=0, microsecond=0)
    new = NewSession(kiosk.course.course_id, now - 3 * HOUR, HOUR)
    return kiosk.app.attendance.afterwards.adding.add(new, actor=teacher())


def of(kiosk: GuiKiosk, session: ClassSession) -> ClassSession:
    return kiosk.app.attendance.sessions.session(session.session_id)


def test_a_session_is_added_for_a_course_and_says_whose_it_is(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme
) -> None:
    dialog = opened(qtbot, AddSessionDialog(kiosk.app, theme, teacher(), course_id=kiosk.course.course_id))
    qtbot.waitUntil(lambda: dialog.found.text().startswith("6 students were in the course"))
    began = kiosk.app.core.clock.now() - 5 * HOUR
    dialog.moment.show_times(began, HOUR)
    QTest.keyClicks(dialog.note.edit, "Group B")
    with qtbot.waitSignal(dialog.added) as added:
        dialog.add_session_button.click()
    session = added.args[0]
    assert (session.note, session.added_at is not None) == ("Group B", True)
    assert abs(session.started_at - began) < timedelta(minutes=1)
    assert not dialog.isVisible()


def test_what_cannot_be_added_stays_to_be_corrected(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> None:
    dialog = opened(qtbot, AddSessionDialog(kiosk.app, theme, teacher(), course_id=kiosk.course.course_id))
    qtbot.waitUntil(lambda: dialog.add_session_button.isEnabled() and dialog.course.count() == 1)
    dialog.moment.show_times(kiosk.app.core.clock.now() + HOUR, HOUR)
    dialog.add_session_button.click()
    qtbot.waitUntil(lambda: "not over yet" in dialog.banner.text)
    assert dialog.isVisible()


def test_a_session_of_the_day_that_is_there_already_is_named(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme
) -> None:
    session = held(kiosk)
    dialog = opened(
        qtbot,
        AddSessionDialog(
            kiosk.app,
            theme,
            teacher(),
            course_id=kiosk.course.course_id,
            started_at=session.started_at,
        ),
    )
    qtbot.waitUntil(lambda: "There already:" in dialog.found.text())


def test_room_and_note_are_kept(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> None:
    session = held(kiosk)
    cases = kiosk.app.attendance.afterwards
    dialog = opened(qtbot, DescribeSessionDialog(cases.held, theme, teacher(), session))
    QTest.keyClicks(dialog.room.edit, "L 1")
    with qtbot.waitSignal(dialog.accepted):
        dialog.save_button.click()
    assert of(kiosk, session).room == "L 1"


def test_a_cancellation_asks_for_the_reason(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> None:
    session = held(kiosk)
    cases = kiosk.app.attendance.afterwards
    dialog = opened(qtbot, CancelSessionDialog(cases.cancelling, theme, teacher(), session))
    dialog.cancel_button.click()
    assert "say why" in dialog.reason.error
    QTest.keyClicks(dialog.reason.edit, "fire alarm")
    with qtbot.waitSignal(dialog.accepted):
        dialog.cancel_button.click()
    cancelled = of(kiosk, session).cancelled
    assert cancelled is not None
    assert cancelled.reason == "fire alarm"


def test_new_times_show_who_would_count_otherwise_before_anything_changes(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme
) -> None:
    app, clock = kiosk.app, kiosk.app.core.clock
    session = kiosk.start()
    kiosk.check_in(session, kiosk.students[0], Evidence(Method.PHONE, clock.now()))
    app.attendance.sessions.end(session.session_id, actor=teacher(), at=clock.now())
    times = app.attendance.afterwards.times
    moved = times.change(
        times.look(session.session_id, session.started_at - HOUR, clock.now(), actor=teacher()),
        with_records=False,
        actor=teacher(),
    )
    dialog = opened(qtbot, SessionTimesDialog(app, theme, teacher(), moved))
    dialog.moment.minutes.setValue(dialog.moment.minutes.value() - 5)
    dialog.look_button.click()
    qtbot.waitUntil(dialog.change_button.isVisible)
    assert [row[2:] for row in dialog.changes.texts()] == [("Present", "Late")]
    record = record_of_first(kiosk, session)
    assert record is not None
    assert record.status is Status.PRESENT
    dialog.follow.setChecked(True)
    with qtbot.waitSignal(dialog.accepted):
        dialog.change_button.click()
    record = record_of_first(kiosk, session)
    assert record is not None
    assert record.status is Status.LATE


def test_times_that_change_no_record_are_changed_at_once(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> None:
    session = held(kiosk)
    dialog = opened(qtbot, SessionTimesDialog(kiosk.app, theme, teacher(), session))
    dialog.moment.minutes.setValue(30)
    with qtbot.waitSignal(dialog.accepted):
        dialog.look_button.click()
    changed = of(kiosk, session)
    assert changed.ended_at == changed.started_at + HOUR / 2


def test_a_class_is_opened_again_for_some_minutes(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> None:
    session = kiosk.start()
    kiosk.runtime.end_class(actor=teacher())
    reopening = kiosk.app.attendance.afterwards.reopening
    dialog = opened(qtbot, ReopenSessionDialog(reopening, theme, teacher(), of(kiosk, session)))
    dialog.minutes.setValue(5)
    with qtbot.waitSignal(dialog.opened_again):
        dialog.open_button.click()
    assert of(kiosk, session).is_open


def test_a_deleted_session_is_put_back_from_the_list(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> None:
    session = held(kiosk)
    kiosk.app.attendance.afterwards.deleting.delete(session.session_id, actor=teacher())
    dialog = opened(qtbot, DeletedSessionsDialog(kiosk.app, theme, teacher()))
    qtbot.waitUntil(dialog.restore_button.isEnabled)
    assert "by Tom" in dialog.table.texts()[0][3]
    with qtbot.waitSignal(dialog.restored):
        dialog.restore_button.click()
    qtbot.waitUntil(lambda: dialog.words.text() == "No session was deleted lately.")
    assert of(kiosk, session) == session


def test_marks_are_imported_after_a_look(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme, tmp_path: Path) -> None:
    session, path = held(kiosk), tmp_path / "marks.csv"
    path.write_text("number,status\nS001,present\nS999,late\n", encoding="utf-8")
    dialog = opened(qtbot, ImportMarksDialog(kiosk.app, theme, teacher(), session))
    dialog.file.set_path(path)
    qtbot.waitUntil(dialog.import_button.isEnabled)
    assert [row[0] for row in dialog.table.texts()] == ["3", "2"]
    assert "There is no student S999" in dialog.table.texts()[0][5]
    with qtbot.waitSignal(dialog.accepted):
        dialog.import_button.click()
    record = record_of_first(kiosk, session)
    assert record is not None
    assert record.status is Status.PRESENT


def test_times_that_nobody_changes_stay_also_in_an_hour_that_was_there_twice(
    qtbot: QtBot, theme: Theme
) -> None:
    fields = MomentFields(theme, ZoneInfo("Europe/Berlin"))
    qtbot.addWidget(fields)
    second = datetime(2025, 10, 26, 1, 30, 20, tzinfo=UTC)  # 02:30 for the second time
    fields.show_times(second, timedelta(minutes=90))
    assert (fields.started_at, fields.ended_at) == (second, second + timedelta(minutes=90))
    fields.begins.setTime(QTime(1, 30))
    assert fields.ended_at - fields.started_at.astimezone(UTC) == timedelta(minutes=90)

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.domain.attendance.choices import Status
from kiosk.domain.trust.audit import AuditGroup
from kiosk.domain.trust.rights import Actor
from kiosk.gui.remembered import Remembered
from kiosk.gui.theme import Theme
from kiosk.gui.trust.audit_dialog import AuditDialog
from kiosk.storage.repositories.repositories import Repositories
from tests.fakes.actors import admin
from tests.world.gui_kiosk import GuiKiosk

LEFT = Qt.MouseButton.LeftButton
OpenLog = Callable[[], AuditDialog]


@pytest.fixture
def open_log(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> OpenLog:
    session = kiosk.start()
    kiosk.app.attendance.marks.mark(
        session.session_id,
        kiosk.students[0].student_id,
        Status.EXCUSED,
        actor=admin("Tom"),
        reason="dentist",
    )
    kiosk.runtime.end_class(actor=admin("Tom"))

    def made() -> AuditDialog:
        app = kiosk.app
        actor = Actor.of(kiosk.admin)
        dialog = AuditDialog(app.core, app.trust, app.reports.lists, Remembered(), theme, actor)
        qtbot.addWidget(dialog)
        dialog.show()
        qtbot.waitUntil(lambda: dialog.list.model.rowCount() > 0)
        return dialog

    return made


def test_entries_are_said_in_plain_words_newest_first(open_log: OpenLog) -> None:
    rows = open_log().list.texts()
    assert [row[2] for row in rows[:3]] == ["Class ended", "Marked by hand", "Class started"]
    marked = rows[1]
    assert marked[1] == "Tom"
    assert marked[3].startswith("Anita Rao (S001) · CS 101, ")
    assert marked[4] == "excused: dentist"


def test_the_log_is_narrowed_by_what_by_whom_and_by_words(open_log: OpenLog, qtbot: QtBot) -> None:
    dialog = open_log()
    dialog.group.setCurrentIndex(dialog.group.findData(AuditGroup.MARKS.value))
    qtbot.waitUntil(lambda: [row[2] for row in dialog.list.texts()] == ["Marked by hand"])
    dialog.group.setCurrentIndex(0)
    qtbot.waitUntil(lambda: dialog.by.findData("Tom") > 0)
    dialog.by.setCurrentIndex(dialog.by.findData("Tom"))
    qtbot.waitUntil(lambda: len(dialog.list.texts()) == 3)
    QTest.keyClicks(dialog.list.search, "rao")
    qtbot.waitUntil(lambda: len(dialog.list.texts()) == 1)


def test_days_that_end_before_they_begin_are_said(open_log: OpenLog, qtbot: QtBot) -> None:
    dialog = open_log()
    days = dialog.days
    days.period.setCurrentIndex(days.period.findData("some"))
    days.first.setDate(days.last.date().addDays(1))
    qtbot.waitUntil(lambda: "last day is before the first" in dialog.list.banner.text)


def test_a_whole_log_is_said_to_be_whole(open_log: OpenLog, qtbot: QtBot) -> None:
    dialog = open_log()
    QTest.mouseClick(dialog.check_button, LEFT)
    qtbot.waitUntil(lambda: "the log is whole" in dialog.banner.text)
    assert dialog.check_button.isEnabled()
    assert not dialog.stop_button.isVisible()


def test_records_that_were_changed_beside_the_program_are_named(
    open_log: OpenLog, kiosk: GuiKiosk, qtbot: QtBot
) -> None:
    dialog = open_log()
    change = "UPDATE attendance_records SET status = 'present'"

    def work(repositories: Repositories) -> None:
        repositories.db_session.connection().exec_driver_sql(change)

    kiosk.app.core.store.write(work)
    QTest.mouseClick(dialog.check_button, LEFT)
    qtbot.waitUntil(lambda: "records of 1 class were changed" in dialog.banner.text)
    assert "classes 1" in dialog.banner.text


def test_what_is_shown_is_saved_as_a_table(open_log: OpenLog, tmp_path: Path, qtbot: QtBot) -> None:
    dialog = open_log()
    dialog.list.output.save_to(tmp_path / "log.csv")
    qtbot.waitUntil(lambda: "were written" in dialog.list.banner.text)
    assert "Marked by hand" in (tmp_path / "log.csv").read_text(encoding="utf-8-sig")

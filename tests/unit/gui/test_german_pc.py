"""On a PC that speaks German everything is still said in English: no line mixes two languages."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QDate, QLocale, Qt
from PySide6.QtWidgets import QDoubleSpinBox, QLabel
from pytestqt.qtbot import QtBot

from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.attendance.record import AttendanceRecord, Correction
from kiosk.domain.courses.courses import Course
from kiosk.domain.records.stored import StudentRecord
from kiosk.domain.trust.api_tokens import Scope
from kiosk.domain.trust.rights import Actor
from kiosk.gui.application import prepare_application
from kiosk.gui.attendance.roster.wording import correction_words
from kiosk.gui.attendance.today import TodayView
from kiosk.gui.reports.export import ExportDialog
from kiosk.gui.theme import Theme
from kiosk.gui.trust.api_tokens import ApiTokensDialog
from kiosk.web.pages.my_words import record_line
from tests.fakes.actors import admin
from tests.world.gui_kiosk import GuiKiosk

AT = datetime(2026, 10, 5, 7, 2, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
GERMAN = "Okt"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _german_strftime(_pattern: str, *_moment: object) -> str:
    return f"Mo 05 {GERMAN}"


@pytest.fixture(autouse=True)
def _german_pc(monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> Iterator[None]:
    """German as Qt leaves it behind: the names of the C library, Qt's own, and what the environment says."""
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.German))
    monkeypatch.setattr(time, "strftime", _german_strftime)
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert f"{AT:%A}" == f"Mo 05 {GERMAN}"
    assert QLocale().toString(QDate(2026, 10, 5), "MMM").startswith(GERMAN)
    prepare_application([])
    yield
    QLocale.setDefault(before)


def test_the_window_says_days_in_english(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> None:
    kiosk.app.trust.api_tokens.make(name="Timetable", scopes=[Scope.RECORDS_READ], actor=admin("Ada"))
    today = TodayView(kiosk.app, theme)
    tokens = ApiTokensDialog(kiosk.app.core, kiosk.app.trust, theme, admin("Ada"))
    tokens.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    for window in (today, tokens):
        qtbot.addWidget(window)
        window.show()
    today.show_for(Actor.of(kiosk.admin))
    qtbot.waitUntil(lambda: tokens.table.rowCount() == 1)
    said = [label.text() for label in today.findChildren(QLabel)] + list(tokens.table.texts()[0])
    assert any(text.startswith(f"{WEEKDAYS[kiosk.app.core.today().weekday()]}, ") for text in said)
    assert not any(GERMAN in text for text in said)


def test_dates_and_numbers_that_qt_writes_are_english(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> None:
    dialog = ExportDialog(kiosk.app.core, kiosk.app.courses, kiosk.app.reports.exports, theme, admin("Ada"))
    qtbot.addWidget(dialog)
    dialog.first_day.setDate(QDate(2026, 10, 5))
    assert dialog.first_day.text() == "5 Oct 2026"
    assert QDoubleSpinBox().textFromValue(0.5) == "0.50"


def test_phones_and_the_history_of_a_record_are_english() -> None:
    record = AttendanceRecord(1, 1, 1, Status.PRESENT, Method.PHONE, AT)
    assert (
        record_line(StudentRecord(record, Course(1, "CS 101", ""), AT), BERLIN).day == "Mon 5 Oct 2026, 09:02"
    )
    changed = correction_words(Correction(record, AT, "Tom", "Left early"), BERLIN)
    assert changed == "Was present (09:02 · phone); Tom changed it on Mon 5 Oct 2026, 09:02: Left early"

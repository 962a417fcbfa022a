"""A school year in small, in the real window, by somebody who finds everything by what is written on it.

A new school is set up; three lists as other systems write them come in; a parent says yes and a face is enrolled; courses get times; a
lesson is held and corrected; a forgotten one is written down afterwards; reports, a workbook; two entries of one person become one; somebody
leaves; the course goes to the archive. Cameras and phones are not here: who comes goes through the one door as they would.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import cv2
import pytest
from openpyxl import load_workbook
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from kiosk.demo.cast import enrolment_pictures
from kiosk.demo.pool import pool
from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.attendance.record import Evidence
from kiosk.gui.bridge import Bridge
from kiosk.gui.theme import Theme
from kiosk.gui.window import MainWindow
from kiosk.services.app import KioskApp
from kiosk.services.attendance.check_in import CheckIn, Claim
from kiosk.settings import KioskSettings, LookSettings, WebSettings
from kiosk.settings import Theme as ThemeChoice
from tests.fakes.app_parts import with_part
from tests.fakes.clock import FakeClock
from tests.world.before_the_window import BeforeTheWindow
from tests.world.by_keys import ByKeys
from tests.world.gui_kiosk import FakeRuntime, window_kiosk

ZONE = ZoneInfo("Europe/Berlin")
PASSWORD = "a quiet sentence of mine"
MOODLE = "First name,Last name,ID number,Email address\nAda,Byron,S001,ada@school.example\nBen,Okafor,S002,\nZoë,Åström,S003,\n"
CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section\n    Points Possible,,,,\n"
    '"Åström, Zoë",8801,S003,zoe,A\n"Hopper, Grace",8802,S004,grace,A\n'
)
GERMAN = "Lfd. Nr.;Name;Vorname;Matrikelnummer\n1;Byron;Ada;S001\n2;Müller;Jörg;S005\n3;Hopper;G.;S006\n"

ACTIONS = {
    "a class list, from People to what came of it": 5,
    "one consent, from the list of people": 5,
    "a weekly time of a course": 4,
    "the class of the hour, from any place": 2,
    "one mark corrected after the class": 4,
    "a forgotten class added, and its students marked at once": 12,
    "a course’s register, from any place": 2,
    "the workbook of a course, from Reports": 3,
    "two entries of one person merged": 5,
    "somebody who left the school": 4,
    "a course to the archive, from any place": 4,
}
"""What each job takes with the mouse: presses, choices, ticks, and fields that are filled."""


class Year:
    """The window, the clock, and who comes in by the door."""

    def __init__(
        self, person: BeforeTheWindow, app: KioskApp, window: MainWindow, clock: FakeClock, tmp_path: Path
    ) -> None:
        self.app = app
        self.window = window
        self.clock = clock
        self.folder = tmp_path
        self.i = person
        self.actions: dict[str, int] = {}

    @contextmanager
    def job(self, name: str) -> Iterator[None]:
        """Count what is done for something that people do again and again."""
        before = self.i.actions
        yield
        self.actions[name] = self.i.actions - before

    def until(self, day: date, at: time) -> None:
        """The clock goes on to a moment of the school's day."""
        wanted = datetime.combine(day, at, tzinfo=ZONE)
        self.clock.advance((wanted - self.clock.now()).total_seconds())

    def comes_in(self, number: str) -> None:
        """A student shows a phone to the open class."""
        session = self.app.attendance.running.current
        assert session is not None
        door = CheckIn(store=self.app.core.store, zone=self.app.core.zone, events=self.app.core.events)
        student = self.app.courses.lists.student(number)
        evidence = Evidence(Method.PHONE, self.app.core.clock.now())
        door.submit(Claim(session.session.session_id, student.student_id, evidence)).result()

    def statuses(self, course: str, place: int) -> dict[str, Status | None]:
        """Of the class in this place, the newest first, by number."""
        known = self.app.courses.lists.course(course)
        session = self.app.attendance.sessions.of_course(known.course_id)[place]
        roster = self.app.attendance.sessions.roster(session.session_id)
        return {one.student.student_no: one.record.status if one.record else None for one in roster}


@pytest.fixture(params=[BeforeTheWindow, ByKeys], ids=["mouse", "keys"])
def year(request: pytest.FixtureRequest, qtbot: QtBot, tmp_path: Path, models_dir: Path) -> Iterator[Year]:
    clock = FakeClock(datetime(2026, 9, 7, 7, 30, tzinfo=ZONE))
    settings = KioskSettings(look=LookSettings(sounds=False), web=WebSettings(enabled=False))
    with window_kiosk(
        tmp_path / "data", settings=settings, clock=clock, zone=ZONE, models_dir=models_dir
    ) as kiosk:
        app = kiosk.app
        runtime = FakeRuntime(
            sessions=app.attendance.sessions, running=app.attendance.running, events=app.core.events
        )
        app = with_part(app, "runtime", runtime)
        theme = Theme(ThemeChoice.LIGHT)
        theme.apply()
        bridge = Bridge(app.core.events)
        window = MainWindow(app, bridge, windowed=True, theme=theme)
        window.resize(1920, 1080)
        window.show()
        qtbot.addWidget(window, before_close_func=lambda shown: shown.close_now())
        yield Year(request.param(qtbot, window), app, window, clock, tmp_path)
        window.hide()
        bridge.close()


def test_a_school_year(year: Year) -> None:
    set_up(year)
    import_lists(year)
    consent_and_enrol(year)
    make_timetable(year)
    hold_lesson(year)
    add_forgotten_session(year)
    look_at_reports(year)
    export(year)
    merge(year)
    somebody_leaves(year)
    archive(year)
    if not isinstance(year.i, ByKeys):
        assert year.actions == ACTIONS, "docs/measurements.md has these, too"


def test_the_document_says_how_many_actions_a_job_takes() -> None:
    document = (Path(__file__).parents[2] / "docs" / "measurements.md").read_text(encoding="utf-8")
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in document.splitlines()
        if line.startswith("|")
    ]
    assert {row[0]: int(row[-1]) for row in rows if row[0] in ACTIONS} == ACTIONS


def set_up(year: Year) -> None:
    i = year.i
    i.press("Set up a new school")
    i.enter("Name of the school", "Hill School")
    i.write("Your name", "Ada Lindgren")
    i.write("Password", PASSWORD)
    i.enter("The same password again", PASSWORD)
    i.sees("Write this down")
    i.press("Copy")
    i.sees("It is copied.")
    assert len(QGuiApplication.clipboard().text()) > 20
    i.press("Next")
    for sentence in ("It should see faces of people who come in", "In use: Built-in model."):
        i.sees(sentence)
        i.press("Skip")
    i.sees("The first course and its class list")


def import_lists(year: Year) -> None:
    i = year.i
    moodle, canvas, german = (year.folder / name for name in ("moodle.csv", "canvas.csv", "german.csv"))
    moodle.write_text(MOODLE, encoding="utf-8")
    canvas.write_text(CANVAS, encoding="utf-8")
    german.write_text(GERMAN, encoding="cp1252")
    i.press("Import class list…")
    take_in(year, moodle, "CS 101", "3 new, 0 changed, 0 known already, 0 refused")
    i.close_dialog()
    i.sees("1 course with 3 students.")
    i.press("Next")
    i.sees("Test with a phone")
    i.press("Skip")
    i.sees("Left for later, and found on Today:")
    i.press("Go to Today")
    i.sees("Today", "CS 101")
    i.press("People")
    for path, expected in (
        (canvas, "1 new, 0 changed, 1 known already"),
        (german, "2 new, 0 changed, 1 known already"),
    ):
        with year.job("a class list, from People to what came of it"):
            i.press("Import class list…")
            take_in(year, path, "MA 2", expected)
            i.close_dialog()
    i.sees_rows(lambda rows: len(rows) == 6)
    assert {row[1] for row in i.rows()} == {f"S00{number}" for number in range(1, 7)}


def take_in(year: Year, path: Path, course: str, expected: str) -> None:
    i = year.i
    i.write("Course code (a new one makes a course)", course)
    i.give_file("Class list", path)
    i.sees(expected)
    i.press("Import")
    i.sees("were registered in")


def consent_and_enrol(year: Year) -> None:
    i = year.i
    with year.job("one consent, from the list of people"):
        i.open_row("S001", name="People")
        i.press("Consent and pictures")
        i.press("Record consent…")
        i.press("Record consent")
    i.sees("Yes")
    pictures = year.folder / "faces" / "S001"
    pictures.mkdir(parents=True)
    for number, picture in enumerate(enrolment_pictures(pool()[0])[:3]):
        cv2.imwrite(str(pictures / f"{number}.jpg"), picture)
    i.press("Settings")
    i.choose_entry("Camera and recognition")
    i.press("Enrol faces from a folder…")
    i.give_file("Folder", pictures.parent)
    i.tick("The school holds")
    i.press("Enrol")
    i.sees("3 pictures of 1 students enrolled")
    i.close_dialog()


def make_timetable(year: Year) -> None:
    i = year.i
    i.press("Courses")
    i.press("Terms and holidays…")
    i.press("Add…")
    i.write("Name", "Autumn")
    i.set_day("First day", date(2026, 9, 1))
    i.set_day("Last day", date(2026, 12, 18))
    i.press("Save")
    i.sees_rows(lambda rows: [row[0] for row in rows] == ["Autumn"], "Terms")
    i.press("All courses")
    i.open_row("CS 101", name="Courses")
    i.press("Change…")
    i.write("Title", "Algorithms")
    i.choose("Term", "Autumn")
    i.press("Save")
    i.sees("CS 101 · Algorithms")
    i.turn_to("Timetable")
    for weekday, at in (("Monday", time(9, 0)), ("Wednesday", time(11, 0))):
        with year.job("a weekly time of a course"):
            i.press("Add a weekly time…")
            i.choose("Weekday", weekday)
            i.set_time("Begins at", at)
            i.press("Save")
    i.sees_rows(lambda rows: len(rows) == 2, "Weekly times and single dates")


def hold_lesson(year: Year) -> None:
    """Monday's class: two come, one is marked by hand, and the summary is corrected."""
    i = year.i
    year.until(date(2026, 9, 7), time(8, 58))
    with year.job("the class of the hour, from any place"):
        i.press("Today")
        i.sees_rows(lambda rows: [row[2] for row in rows] == ["Coming"], "Today’s classes")
        i.press("Start*")
    i.until(lambda: year.window.shows_class)
    year.until(date(2026, 9, 7), time(9, 5))
    year.comes_in("S001")
    year.until(date(2026, 9, 7), time(9, 25))
    year.comes_in("S002")
    year.until(date(2026, 9, 7), time(9, 50))
    i.end_class()
    i.enter("Password", PASSWORD)
    i.sees("The class has ended")
    assert year.statuses("CS 101", 0) == {
        "S001": Status.PRESENT,
        "S002": Status.LATE,
        "S003": Status.ABSENT,
    }
    with year.job("one mark corrected after the class"):
        i.press("Correct…")
        i.press_student("Zoë Åström")
        i.press("Excused")
        i.enter("Reason", "Dentist")
    i.until(lambda: year.statuses("CS 101", 0)["S003"] is Status.EXCUSED)
    i.press("Back to the summary")
    i.press("Done")
    sign_in(year)


def sign_in(year: Year) -> None:
    i = year.i
    i.write("Name", "Ada Lindgren")
    i.enter("Password", PASSWORD)
    i.sees("Today")


def add_forgotten_session(year: Year) -> None:
    """Nobody pressed *Start* on Wednesday."""
    i = year.i
    year.until(date(2026, 9, 9), time(13, 0))
    i.press("Courses")
    i.press("Today")
    i.sees_rows(lambda rows: [row[2] for row in rows] == ["Forgotten"], "Today’s classes")
    with year.job("a forgotten class added, and its students marked at once"):
        i.press("Records")
        i.press("By course")
        i.press("Add session…")
        i.sees("3 students were in the course on that day.")
        i.set_day("Day", date(2026, 9, 9))
        i.set_time("Begins at", time(11, 0))
        i.set_number("Minutes", 45)
        i.write("Note", "Projector broken")
        i.press("Add session")
        i.sees_rows(lambda rows: len(rows) == 2, "Sessions of the course")
        i.press("Not here 3")
        i.press("Mark all*")
        i.press("Present")
        i.enter("Reason", "Paper list")
    i.until(lambda: set(year.statuses("CS 101", 0).values()) == {Status.PRESENT})


def look_at_reports(year: Year) -> None:
    i = year.i
    with year.job("a course’s register, from any place"):
        i.press("Reports")
        i.press("Show as a table")
    i.sees_rows(lambda rows: any("Zoë Åström" in " ".join(row) for row in rows))
    assert len(i.rows()) == 3


def export(year: Year) -> None:
    i = year.i
    path = year.folder / "year.xlsx"
    with year.job("the workbook of a course, from Reports"):
        i.press("Export to Excel…")
        i.write("Workbook", str(path))
        i.press("Export")
    i.sees("records were")
    i.close_dialog()
    summary = load_workbook(path).worksheets[0]
    assert "Hill School" in " ".join(str(cell.value) for row in summary.iter_rows(max_row=4) for cell in row)


def merge(year: Year) -> None:
    """Grace Hopper came by two lists under two numbers."""
    i = year.i
    i.press("People")  # where the page of the one who was enrolled is still open
    i.press("Back to the list")
    with year.job("two entries of one person merged"):
        i.choose_rows("S004", "S006", name="People")
        i.press("Merge two…")
        i.sees("stays: with this name, number and PIN.")
        if "S004, stays" not in i.said():
            i.press("Keep the other one")
        i.sees("S004, stays")
        i.press("Merge")
    i.sees("Grace", "S004")
    i.press("Back to the list")
    i.sees_rows(lambda rows: "S006" not in {row[1] for row in rows}, "People")


def somebody_leaves(year: Year) -> None:
    i = year.i
    with year.job("somebody who left the school"):
        i.open_row("S005", name="People")
        i.press("Deactivate…")
        i.press("Deactivate")
    i.sees("Jörg Müller is inactive from today on.")
    i.press("Back to the list")


def archive(year: Year) -> None:
    i = year.i
    with year.job("a course to the archive, from any place"):
        i.press("Courses")
        i.open_row("CS 101", name="Courses")
        i.press("Archive")
        i.press_if_asked("Archive")
    i.sees("archived: only its records are shown elsewhere")
    i.press("Today")
    i.until(lambda: "CS 101" not in i.said())

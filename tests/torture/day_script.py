"""What happens in a school hour, press by press, in the real window. On its main thread; waits by giving a condition away."""

import sys
import time
from collections import Counter
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QPushButton, QWidget

from kiosk import bootstrap
from kiosk.demo.phones import check_in_by_phone
from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.record import AttendanceRecord
from kiosk.domain.courses.courses import Course
from kiosk.domain.people.students import Student
from kiosk.gui.attendance.kiosk_screen.camera_view import CameraView
from kiosk.gui.attendance.lesson.summary_view import SummaryView
from kiosk.gui.attendance.roster.panel import RosterPanel
from kiosk.gui.automation import WindowHandle
from kiosk.gui.desk import Desk
from kiosk.gui.people.password_dialog import PasswordDialog
from kiosk.gui.people.sign_in import SignInView
from kiosk.gui.places import Place
from kiosk.gui.reports.export import ExportDialog
from kiosk.gui.window import MainWindow
from kiosk.services.events import CameraState, CameraStateChanged
from kiosk.services.ports.outputs import PinSlip
from tests.fakes.steered_clock import SteeredClock
from tests.torture.census import Census, is_quiet, kinds
from tests.torture.day_camera import DayCamera
from tests.world.catalogue import chosen

NAME: Final = "Ada"
PASSWORD: Final = "correct horse battery"

BY_HAND: Final = 2
BY_PASS: Final = 1
ABSENT: Final = 1

HOUR_S: Final = 2700.0
"""From the end of a class to the next one."""
NIGHT_S: Final = 60_000.0
HOURS_A_DAY: Final = 8

Steps = Generator[Callable[[], object], None, None]
W = TypeVar("W", bound=QWidget)


@dataclass(frozen=True, slots=True)
class School:
    """What the script is played with; `slips` are those of everybody who is never drawn."""

    kiosk: bootstrap.Kiosk
    camera: DayCamera
    clock: SteeredClock
    course: Course
    slips: list[PinSlip]


class DayScript:
    """So many school hours."""

    def __init__(self, school: School, *, classes: int, kinds: bool) -> None:
        self._school = school
        self._app = school.kiosk.app
        self._classes = classes
        self._kinds = kinds
        self._painted = 0
        self._cameras: Counter[CameraState] = Counter()
        self._export = self._app.core.directories.data / "records.xlsx"
        by_hand, by_pass = BY_HAND, BY_HAND + BY_PASS
        self._by_hand = school.slips[:by_hand]
        self._by_pass = school.slips[by_hand:by_pass]
        self._by_phone = school.slips[by_pass:-ABSENT]
        self._expected = (
            len(self._app.courses.lists.roster(school.course.course_id, self._app.core.today())) - ABSENT
        )
        school.kiosk.events.subscribe(CameraStateChanged, self._on_camera)

    def steps(self, window: MainWindow, handle: WindowHandle) -> Steps:
        """Everything, from the first class, which was started already; each condition is waited for."""
        self._count_paintings()
        began, before = time.monotonic(), kinds()
        with ThreadPoolExecutor(1, thread_name_prefix="phones") as phones:
            for number in range(self._classes):
                yield from self._hold_class(window, handle, phones)
                marked = self._marked()
                yield from self._look_after_it(window)
                yield from self._close_the_day(window, number)
                took = Census.take(
                    time.monotonic() - began, painted=self._painted, logged=self._logged(), marked=marked
                )
                print(took.line, flush=True)
                if self._kinds:
                    now = kinds()
                    print((now - before).most_common(15), file=sys.stderr, flush=True)
                    before = now
                if number + 1 < self._classes:
                    yield from self._begin_class(window)

    # -- a class ---------------------------------------------------------------------------------------------------

    def _begin_class(self, window: MainWindow) -> Steps:
        yield from self._sign_in(window)
        yield lambda: _button(window, "Start") is not None
        _press(_button(window, "Start"))
        yield lambda: window.shows_class

    def _hold_class(self, window: MainWindow, handle: WindowHandle, phones: ThreadPoolExecutor) -> Steps:
        running = self._app.attendance.running
        yield lambda: (code := running.code()) is not None and code.url
        pages = phones.submit(self._use_phones, handle)
        yield from self._hold_passes()
        lost = self._cameras[CameraState.LOST]
        running_before = self._cameras[CameraState.RUNNING]
        self._school.camera.lose()
        yield lambda: self._cameras[CameraState.LOST] > lost
        yield lambda: self._cameras[CameraState.RUNNING] > running_before
        yield pages.done
        wrong = [page for page in pages.result() if not page.startswith("You are marked")]
        if wrong:
            raise RuntimeError(f"a phone was shown {wrong}")
        yield from self._mark_by_hand(window)
        yield lambda: len(self._records()) >= self._expected  # the rest by face
        yield from self._end_class(window)

    def _use_phones(self, handle: WindowHandle) -> list[str]:
        """Own thread."""
        with closing(bootstrap.open_code_reader()) as reader:
            return [
                check_in_by_phone(slip, picture=handle.picture, reader=reader, wait=_wait)
                for slip in self._by_phone
            ]

    def _hold_passes(self) -> Steps:
        for slip in self._by_pass:
            yield partial(self._is_passed, slip.student)
        self._school.camera.hold(None)

    def _is_passed(self, student: Student) -> bool:
        """Hold the pass of this moment up to the camera, until it was read."""
        shown = self._app.phones.passes.show(student, "phone", address=None, agent=None)
        self._school.camera.hold(shown.modules)
        return self._is_marked(student.student_id)

    def _mark_by_hand(self, window: MainWindow) -> Steps:
        page = window.class_page
        _press(page.screen_view.header.roster_button)
        yield from self._give_password(window)
        yield lambda: page.shows_roster
        roster = page.roster
        assert isinstance(roster, RosterPanel)
        yield lambda: roster.state.lines
        for slip in self._by_hand:
            student = slip.student.student_id
            roster.students.asked.emit(student)
            roster.mark_pane.mark_requested.emit(Status.PRESENT, "without a phone")
            yield partial(self._is_marked, student)
        roster.closed.emit()
        yield lambda: not page.shows_roster

    def _end_class(self, window: MainWindow) -> Steps:
        _press(window.class_page.screen_view.header.end_button)
        yield from self._give_password(window)
        yield lambda: isinstance(window.pages.currentWidget(), SummaryView)
        summary = window.pages.currentWidget()
        assert isinstance(summary, SummaryView)
        _press(summary.done_button)
        yield lambda: isinstance(window.pages.currentWidget(), SignInView)

    # -- after it --------------------------------------------------------------------------------------------------

    def _look_after_it(self, window: MainWindow) -> Steps:
        yield from self._sign_in(window)
        desk = window.pages.currentWidget()
        assert isinstance(desk, Desk)
        _press(desk.buttons[Place.RECORDS])
        page = desk.pages[Place.RECORDS]
        yield lambda: page.list.list.model.rowCount() > 0
        _press(page.course_chip)
        records = page.by_course
        yield lambda: records.sessions.rowCount() > 0
        yield lambda: len(records.register.state.lines) >= self._expected
        yield from self._change_theme(desk)
        yield from self._write_workbook(desk)
        _press(desk.sign_out_button)
        yield lambda: isinstance(window.pages.currentWidget(), SignInView)

    def _change_theme(self, desk: Desk) -> Steps:
        known = desk.pages.get(Place.SETTINGS)
        before = known.rows.get(("look", "theme")) if known is not None else None
        desk.go_to(Place.SETTINGS)
        page = desk.pages[Place.SETTINGS]
        # The rows of the last visit are still there for a moment, as no person is quick enough to see.
        yield lambda: page.rows.get(("look", "theme")) not in (None, before)
        choice = page.rows["look", "theme"].input
        assert isinstance(choice, QComboBox)
        choice.setCurrentIndex(choice.findData("light" if choice.currentData() == "dark" else "dark"))
        _press(page.save_button)
        yield lambda: page.banner.text.startswith("The settings are saved")

    def _write_workbook(self, desk: Desk) -> Steps:
        dialog = chosen(desk, "Export")
        assert isinstance(dialog, ExportDialog)
        yield lambda: dialog.course.count() > 1
        dialog.target.edit.setText(str(self._export))
        _press(dialog.export_button)
        yield lambda: dialog.written is not None
        dialog.reject()
        yield lambda: desk.opener.dialog is None

    def _close_the_day(self, window: MainWindow, number: int) -> Steps:
        """Wait for the backup of the class, and put the clock forward to the next one."""
        backups = self._app.trust.backups
        ended = self._app.attendance.sessions.of_course(self._school.course.course_id)[0].ended_at
        yield lambda: ended is not None and (good := backups.history().good) is not None and good >= ended
        self._school.clock.advance(NIGHT_S if (number + 1) % HOURS_A_DAY == 0 else HOUR_S)
        quiet_since = time.monotonic()

        def is_quiet_for_long() -> bool:
            nonlocal quiet_since
            if not is_quiet():
                quiet_since = time.monotonic()
            return time.monotonic() - quiet_since > 1.0

        yield is_quiet_for_long

    # -- inside ----------------------------------------------------------------------------------------------------

    def _sign_in(self, window: MainWindow) -> Steps:
        view = window.pages.currentWidget()
        assert isinstance(view, SignInView)
        QTest.keyClicks(view.name.edit, NAME)
        QTest.keyClicks(view.password.edit, PASSWORD)
        _press(view.button)
        yield lambda: isinstance(window.pages.currentWidget(), Desk)

    def _give_password(self, window: MainWindow) -> Steps:
        yield lambda: isinstance(window.class_page.dialog, PasswordDialog)
        dialog = window.class_page.dialog
        assert isinstance(dialog, PasswordDialog)
        if not dialog.name_field.text:
            QTest.keyClicks(dialog.name_field.edit, NAME)
        QTest.keyClicks(dialog.password_field.edit, PASSWORD)
        QTest.keyClick(dialog.password_field.edit, Qt.Key.Key_Return)
        yield lambda: window.class_page.dialog is None

    def _is_marked(self, student_id: int) -> bool:
        return student_id in {one.student_id for one in self._records()}

    def _records(self) -> list[AttendanceRecord]:
        sessions = self._app.attendance.sessions
        newest = sessions.of_course(self._school.course.course_id)[0]
        found = (entry.record for entry in sessions.roster(newest.session_id))
        return [record for record in found if record is not None and record.status.attended]

    def _marked(self) -> dict[str, int]:
        return dict(Counter(record.method.value if record.method else "" for record in self._records()))

    def _logged(self) -> dict[str, int]:
        store = self._app.core.store
        entries = store.read(lambda repositories: repositories.audit.entries(1_000_000))
        return dict(Counter(entry.action for entry in entries))

    def _on_camera(self, event: CameraStateChanged) -> None:
        self._cameras[event.state] += 1

    def _count_paintings(self) -> None:
        paint = CameraView.paintEvent

        def counted(view: CameraView, event: QPaintEvent) -> None:
            paint(view, event)
            self._painted += 1

        CameraView.paintEvent = counted  # type: ignore[method-assign, assignment]


def _button(window: MainWindow, words: str) -> QPushButton | None:
    page = window.pages.currentWidget()
    buttons = page.findChildren(QPushButton) if page is not None else []
    return next((one for one in buttons if one.isVisible() and one.text().startswith(words)), None)


def _press(button: QPushButton | None) -> None:
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def _wait(seconds: float) -> bool:
    time.sleep(seconds)
    return False

"""A kiosk with a window that can be looked at: wiring, web server, store and code reader are the real ones."""

import csv
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from kiosk import bootstrap
from kiosk.domain.attendance.choices import ProofPolicy
from kiosk.domain.attendance.record import AttendanceRecord
from kiosk.domain.faces.frames import BgrImage
from kiosk.gui.attendance.kiosk_screen.screen import KioskScreen
from kiosk.gui.bridge import Bridge
from kiosk.gui.theme import Theme
from kiosk.services.app import KioskApp
from kiosk.services.ports.outputs import CodeReader
from kiosk.services.ports.sources import FrameSource
from kiosk.settings import KioskSettings, WebSettings
from tests.fakes.actors import admin
from tests.world.kiosk import build_kiosk

COURSE = "CS 101"
MIA, JONAS = "P1", "P2"
NAMES = {MIA: "Mia Kern", JONAS: "Jonas Bauer"}
LONG_MS = 60_000


@dataclass(slots=True)
class KioskRoom:
    """The class of Mia (P1) and Jonas (P2), open at a kiosk."""

    kiosk: bootstrap.Kiosk
    bridge: Bridge
    screen: KioskScreen
    reader: CodeReader
    address: str
    pins: dict[str, str]
    session_id: int

    @property
    def app(self) -> KioskApp:
        return self.kiosk.app

    def picture(self) -> BgrImage:
        """The window as somebody in front of it sees it."""
        image = self.screen.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
        rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
        whole = rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3)
        return np.ascontiguousarray(whole[:, :, ::-1])

    def photograph(self) -> BgrImage:
        """A picture of the window as it is now."""
        self.screen.poll()
        for _ in range(3):
            self.screen.poll()
        return self.picture()

    def scan(self) -> str:
        """The address that the code in the window says."""
        return self.read(self.photograph())

    def read(self, picture: BgrImage) -> str:
        """The address that the code in a picture says."""
        (text,) = self.reader.read(picture)
        return text

    def records(self) -> list[AttendanceRecord]:
        entries = self.app.attendance.sessions.roster(self.session_id)
        return [entry.record for entry in entries if entry.record is not None]

    def titles(self) -> list[str]:
        """Of the cards over the camera, newest first."""
        return [one.card.title for one in self.screen.cards]


@contextmanager
def open_kiosk_room(
    folder: Path,
    *,
    models_dir: Path,
    qtbot: QtBot,
    source: FrameSource,
    policy: ProofPolicy = ProofPolicy.EITHER,
    names: Mapping[str, str] = NAMES,
    faces: Path | None = None,
    size: tuple[int, int] = (1920, 1080),
) -> Iterator[KioskRoom]:
    """Open the class and show the screen; everything is closed at the end.

    Args:
        folder: Where the data goes.
        models_dir: Where models are.
        qtbot: Waits.
        source: What the camera sees.
        policy: What the class demands.
        names: Full names by student number.
        faces: Pictures of some of them in folders named by student number: those are enrolled.
        size: Of the window, in pixels.
    """
    class_list = folder / "list.csv"
    with class_list.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("student_no", "full_name"), *names.items()])
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    web = WebSettings(host="127.0.0.1", address="127.0.0.1", port=port)
    kiosk = build_kiosk(
        folder / "data", models_dir=models_dir, settings=KioskSettings(web=web), source=source, with_web=True
    )
    bridge = Bridge(kiosk.events)
    app = kiosk.app
    screen = KioskScreen(app.core, app.attendance, app.phones.qr, app.runtime, Theme())
    bridge.arrived.connect(screen.on_event)
    screen.resize(*size)
    qtbot.addWidget(screen)
    reader = bootstrap.open_code_reader()
    kiosk.start()
    try:
        app.courses.lists.import_roster(
            class_list, course_code=COURSE, since=app.core.today(), actor=admin("the test")
        )
        if faces is not None:
            app.faces.enrolments.build().enrol_folder(faces, consent_recorded=True, actor=admin("the test"))
        course_id = app.courses.lists.course(COURSE).course_id
        slips, keep = app.people.pins.prepare(course_id, on=app.core.today(), actor=admin("the test"))
        keep()
        pins = {slip.student.student_no: slip.pin for slip in slips}
        screen.show()
        session = app.runtime.start_class(course_id, actor=admin("the test"), policy=policy)
        qtbot.waitUntil(
            lambda: screen.code.shows_code and len(screen.state.roster) == len(names), timeout=LONG_MS
        )
        yield KioskRoom(kiosk, bridge, screen, reader, f"http://127.0.0.1:{port}", pins, session.session_id)
    finally:
        screen.hide()
        reader.close()
        assert kiosk.stop() == ()
        bridge.close()

"""A real kiosk to be attacked, in a process of its own (`scripts/attack_availability.py` starts it), on loopback only.

It is wired as a school's: real hashes, database, threads and web part; the class in front of its camera is drawn. Written to
its standard input: `stand`, `marks SECONDS`, `unlock` or `staff`; answered each time with one line of JSON.
"""

import argparse
import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from sqlmodel import select

from kiosk.domain.attendance.choices import Method
from kiosk.domain.attendance.incidents import IncidentKind
from kiosk.errors import KioskError, ThrottledError
from kiosk.gui.application import SWITCH_S
from kiosk.services.ports.outputs import PinSlip
from kiosk.storage.database.tables import LoginFailureRow
from kiosk.storage.repositories.repositories import Repositories
from tests.benchmarks.drawn_class import DrawnClass, open_class
from tests.fakes.actors import admin

DRAWN: Final = 8
"""Students before the camera."""

WRITE_EVERY_S: Final = 0.05
ME: Final = admin("attack")


class Writer:
    """Writes to the database all the time, as a busy class does, and counts what fails."""

    def __init__(self, drawn: DrawnClass, session_id: int) -> None:
        self._app = drawn.kiosk.app
        self._session_id = session_id
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._write, name="writer")
        self.written = self.failed = 0
        self.slowest_s = 0.0
        self.why = ""

    @contextmanager
    def running(self) -> Iterator[None]:
        self._thread.start()
        try:
            yield
        finally:
            self._stop.set()
            self._thread.join()

    def _write(self) -> None:
        while not self._stop.wait(WRITE_EVERY_S):
            began = time.monotonic()
            try:
                self._app.core.store.write(
                    lambda repositories: repositories.class_sessions.set_headcount(self._session_id, 1)
                )
                with Path(self._app.core.directories.data, "probe").open("wb"):
                    self.written += 1
            except (KioskError, OSError) as error:
                self.failed += 1
                self.why = str(error)
            self.slowest_s = max(self.slowest_s, time.monotonic() - began)


def students_with_pins(drawn: DrawnClass, count: int, folder: Path) -> list[PinSlip]:
    app = drawn.kiosk.app
    class_list = folder / "class-list.csv"
    rows = [f"P{number:04},Phone Student {number}" for number in range(1, count + 1)]
    class_list.write_text("\n".join(["student_no,full_name", *rows]), encoding="utf-8")
    app.courses.lists.import_roster(
        class_list, course_code=drawn.course.code, since=app.core.today(), actor=ME
    )
    slips, keep = app.people.pins.prepare(drawn.course.course_id, on=app.core.today(), actor=ME)
    keep()
    return slips


def stand(drawn: DrawnClass, session_id: int, writer: Writer) -> dict[str, Any]:
    """How the kiosk is doing."""
    app, run = drawn.kiosk.app, drawn.kiosk.runtime.run
    code = app.attendance.running.code()
    incidents = app.attendance.incidents.of_session(session_id, actor=ME)
    return {
        "at_s": time.monotonic(),
        "url": code.url if code is not None else "",
        "typed": code.typed if code is not None else "",
        "written": writer.written,
        "failed": writer.failed,
        "slowest_s": writer.slowest_s,
        "why": writer.why,
        "frames": run.vision.frames_seen if run is not None else 0,
        "incidents": {kind.value: _times(incidents, kind) for kind in {one.kind for one in incidents}},
    }


def _times(incidents: list[Any], kind: IncidentKind) -> int:
    return sum(one.times for one in incidents if one.kind is kind)


def face_marks(drawn: DrawnClass, session_id: int) -> int:
    """Who was marked by the camera so far."""
    records = drawn.kiosk.app.core.store.read(
        lambda repositories: repositories.records.of_session(session_id)
    )
    return sum(one.method is Method.FACE for one in records)


def camera_marks(drawn: DrawnClass, seconds: float) -> dict[str, Any]:
    """How many students the camera marks in so many seconds, one class after the other: each ends when all drawn ones are marked."""
    app, until, marks, classes = drawn.kiosk.app, time.monotonic() + seconds, 0, 0
    while time.monotonic() < until:
        if app.attendance.running.current is not None:
            app.runtime.end_class(actor=ME)
        session = app.runtime.start_class(drawn.course.course_id, actor=ME)
        marked = 0
        while marked < DRAWN and time.monotonic() < until:
            time.sleep(0.1)
            marked = face_marks(drawn, session.session_id)
        marks, classes = marks + marked, classes + 1
    return {"marks": marks, "classes": classes}


def unlock(drawn: DrawnClass) -> dict[str, Any]:
    """What a teacher does by *Unlock all*."""
    pins = drawn.kiosk.app.people.pins
    blocked = pins.blocked(actor=ME)
    pins.unlock_all(blocked, actor=ME)
    return {"blocked": len(blocked)}


def guess_passwords(drawn: DrawnClass) -> dict[str, Any]:
    """Wrong passwords of one teacher; the waits between them are not sat out but taken off the stored times."""
    app = drawn.kiosk.app
    said = ""
    for _unused in range(40):
        try:
            app.people.accounts.sign_in("Tom", "wrong password")
        except ThrottledError as error:
            said = str(error)
            app.core.store.write(shift_back)
        except KioskError:
            continue
    with suppress(KioskError):
        app.people.accounts.sign_in("Tom", "wrong password")
    return {"said": said}


def shift_back(repositories: Repositories) -> None:
    """Let an hour pass for the throttle."""
    for row in repositories.db_session.exec(select(LoginFailureRow)):
        if row.last_failure_at is not None:
            row.last_failure_at -= timedelta(hours=1)


def answer(line: str, drawn: DrawnClass, session_id: int, writer: Writer) -> dict[str, Any]:
    """Do what was asked for."""
    asked, *rest = line.split()
    match asked:
        case "staff":
            return guess_passwords(drawn)
        case "unlock":
            return unlock(drawn)
        case "marks":
            return camera_marks(drawn, float(rest[0]))
        case _:
            return stand(drawn, session_id, writer)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("--students", type=int, default=40)
    parser.add_argument("--descriptors", type=int, default=1024, help="soft and hard limit")
    chosen = parser.parse_args()
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_NOFILE, (chosen.descriptors, chosen.descriptors))
    sys.setswitchinterval(SWITCH_S)  # as the program does
    with open_class(chosen.data_dir, students=DRAWN) as drawn:
        slips = students_with_pins(drawn, chosen.students, chosen.data_dir)
        app = drawn.kiosk.app
        session = app.runtime.start_class(drawn.course.course_id, actor=ME)
        writer = Writer(drawn, session.session_id)
        with writer.running():
            pins = [(one.student.student_no, one.pin) for one in slips]
            print(json.dumps({"students": pins}), flush=True)
            for line in sys.stdin:
                print(json.dumps(answer(line, drawn, session.session_id, writer)), flush=True)
        app.runtime.end_class(actor=ME)
    return 0


if __name__ == "__main__":
    sys.exit(main())

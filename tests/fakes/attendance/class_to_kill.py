"""A kiosk with a class open, in a process of its own, to be killed: ``python -m tests.fakes.attendance.class_to_kill``.

Its first student is marked, its second scanned and waits for the teacher's eye. It says ``ready`` and the session's id.
"""

import sys
import threading
from pathlib import Path

from kiosk import bootstrap
from kiosk.domain.attendance.choices import Method, ProofPolicy
from kiosk.domain.attendance.record import Evidence
from kiosk.services.attendance.check_in import Claim
from kiosk.settings import KioskSettings, WebSettings
from kiosk.storage.database.instance_lock import InstanceLock
from tests.fakes.actors import admin


def main(data_dir: Path, models_dir: Path, pictures: Path) -> None:
    """Hold the class until somebody kills it."""
    with InstanceLock(data_dir):
        kiosk = bootstrap.build(
            data_dir,
            models_dir=models_dir,
            settings=KioskSettings(web=WebSettings(enabled=False)),
            source=bootstrap.open_source(str(pictures)),
        )
        kiosk.start()
        app, clock = kiosk.app, kiosk.app.core.clock
        (course,) = app.attendance.sessions.today()
        session = kiosk.runtime.start_class(course.course.course_id, actor=admin(), policy=ProofPolicy.BOTH)
        people = [entry.student.student_id for entry in app.attendance.sessions.roster(session.session_id)]
        for student_id, method in zip(people, (Method.MANUAL, Method.PHONE), strict=False):
            claim = Claim(session.session_id, student_id, Evidence(method, clock.now()))
            app.attendance.check_in.submit(claim).result()
        print("ready", session.session_id, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))

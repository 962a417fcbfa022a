"""A kiosk in a process of its own that serves phones as the program does, and says what its screen shows.

    python -m tests.torture.serving DATA_DIR

For each line on standard input it writes one: the number of the class and the address in the QR code. ``next`` ends the class
that is open and begins another one; any other line asks again. Only the hasher of PINs is another one: nobody waits for
argon2 to see what is stored.
"""

import socket
import sys
import threading
from pathlib import Path

from kiosk.services.events import WebStateChanged
from kiosk.settings import KioskSettings, WebSettings
from tests.fakes.actors import admin
from tests.world.kiosk import Parts, QuickHasher, build_kiosk

ACTOR = admin("torture")


def main(data_dir: Path) -> None:
    """Serve until cut off."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    web = WebSettings(host="127.0.0.1", port=port, address="127.0.0.1")
    kiosk = build_kiosk(
        data_dir,
        models_dir=data_dir,
        parts=Parts(hasher=QuickHasher()),
        settings=KioskSettings(web=web),
        with_web=True,
    )
    serving = threading.Event()
    kiosk.events.subscribe(WebStateChanged, lambda _event: serving.set())
    kiosk.start()
    serving.wait()
    attendance, course = kiosk.app.attendance, kiosk.app.courses.lists.courses()[0]
    for line in sys.stdin:
        shown = attendance.running.current
        if line.strip() == "next":
            for one in attendance.sessions.of_course(course.course_id):
                if one.is_open:
                    attendance.sessions.end(one.session_id, actor=ACTOR)
            session = attendance.sessions.start(course.course_id, actor=ACTOR, model="none")
            attendance.running.show(session, course)
            shown = attendance.running.current
        code = attendance.running.code()
        assert shown is not None
        assert code is not None
        print(shown.session.session_id, code.url, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

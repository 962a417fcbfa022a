"""Pictures of the real kiosk window during the real demo, for the README: docs/images/demo-light.jpg and demo-dark.jpg.

    xvfb-run -s "-screen 0 1920x1080x24" .venv/bin/python scripts/screenshot_demo.py [light or dark]

Nothing is put into the window for the picture: camera, recognition, cards and counts are what the demo made of them.
"""

import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path

import cv2

from kiosk.demo.cast import render_cast
from kiosk.demo.classroom import ClassroomCamera
from kiosk.demo.lesson import Lesson
from kiosk.demo.pool import pool
from kiosk.demo.script import plan_class
from kiosk.gui.application import AutoStart, run_window
from kiosk.gui.automation import WindowHandle
from kiosk.services.events import CheckInResult, Event
from kiosk.settings import KioskSettings, LookSettings, Theme, default_models_dir

IMAGES = Path(__file__).parents[1] / "docs" / "images"
SEED = 5
AFTER_MARKS = 7


def main() -> None:
    theme = Theme(sys.argv[1]) if len(sys.argv) > 1 else Theme.LIGHT
    plan = plan_class(SEED, 10, 2, pool())
    camera = ClassroomCamera(walks=plan.walks, cast=render_cast(plan.cast), realtime=True)
    directory = Path(tempfile.mkdtemp(prefix="kiosk-demo-"))
    lesson = Lesson(
        plan=plan,
        camera=camera,
        realtime=True,
        directory=directory,
        models_dir=default_models_dir(),
        say=print,
    )
    kiosk = lesson.build(KioskSettings(look=LookSettings(theme=theme, sounds=False)))
    kiosk.start()
    prepared = lesson.prepare(kiosk)
    marks: list[Event] = []

    def on_event(event: CheckInResult) -> None:
        if event.outcome.is_marked:
            marks.append(event)

    kiosk.events.subscribe(CheckInResult, on_event)

    def attend(window: WindowHandle) -> None:
        with ThreadPoolExecutor(1) as pool_of_one:
            held = pool_of_one.submit(lesson.attend, kiosk, prepared, window.picture)
            while len(marks) < AFTER_MARKS and not held.done():
                time.sleep(0.05)
            time.sleep(0.4)
            picture = window.picture()
            if picture is not None:
                cv2.imwrite(str(IMAGES / f"demo-{theme.value}.jpg"), picture, [cv2.IMWRITE_JPEG_QUALITY, 88])
            held.result()
        window.close_window()

    with ThreadPoolExecutor(1) as beside:

        def shown(window: WindowHandle) -> None:
            beside.submit(attend, window)

        auto = AutoStart(
            user=prepared.teacher, course_id=prepared.course.course_id, locked=False, on_shown=shown
        )
        run_window(nullcontext(kiosk.app), windowed=False, auto=auto)
    kiosk.stop()


if __name__ == "__main__":
    main()

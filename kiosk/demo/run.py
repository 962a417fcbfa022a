"""``kiosk demo``: everything real but the people, the camera and the phones.

People are imported from a class list, consent is recorded, drawn pictures are enrolled, and thresholds that suit drawn
people are set. Then a class session starts, the cast walks past the drawn camera, phones scan the
code, the session ends and the workbook is written. Recognition, check-in and storage do not know that it is a demo.
"""

import tempfile
import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from kiosk import bootstrap
from kiosk.demo.cast import render_cast
from kiosk.demo.classroom import ClassroomCamera
from kiosk.demo.lesson import Lesson, Prepared, Say
from kiosk.demo.pool import pool
from kiosk.demo.script import plan_class
from kiosk.demo.truth import misnamed
from kiosk.domain.faces.frames import BgrImage
from kiosk.domain.trust.rights import Actor
from kiosk.pipeline.replay import ReplayedRecord
from kiosk.storage.keys.key_ring import database_path
from kiosk.translation import _, ngettext

SHOW_END_S: Final = 4.0
"""How long the window stays after the class, so that one sees it end."""


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """What the class should be like."""

    seed: int = 1
    students: int = 10
    unenrolled: int = 2
    headless: bool = False
    data_dir: Path | None = None


@dataclass(frozen=True, slots=True)
class DemoReport:
    """How the class went.

    Attributes:
        expected: Student numbers of everybody who had to be marked.
        records: Everybody who was marked.
        strangers: How many people outside the course walked past.
        strangers_marked: How often a stranger's face was taken for a student's, by where the face was.
        mistaken: How often one student's face was taken for another's.
        seconds: From the command to the workbook.
    """

    seed: int
    expected: tuple[str, ...]
    records: tuple[ReplayedRecord, ...]
    strangers: int
    strangers_marked: int
    mistaken: int
    database: Path
    workbook: Path
    seconds: float

    @property
    def is_right(self) -> bool:
        """Whether everybody expected was marked exactly once, and nobody else."""
        counted = Counter(record.student_no for record in self.records)
        return counted == Counter(self.expected) and not self.strangers_marked and not self.mistaken

    def as_json(self) -> dict[str, Any]:
        """As the stable command prints it."""
        return {
            "expected": list(self.expected),
            "records": [asdict(record) for record in self.records],
            "strangers": self.strangers,
            "strangers_marked": self.strangers_marked,
            "mistaken": self.mistaken,
            "database": str(self.database),
            "workbook": str(self.workbook),
            "seed": self.seed,
            "seconds": round(self.seconds, 1),
        }

    def as_text(self) -> str:
        """For people."""
        methods = Counter(record.method for record in self.records)
        marked = {record.student_no for record in self.records}
        missing = [number for number in self.expected if number not in marked]
        lines = [
            ngettext(
                "{marked} of {n} student marked: {face} by face, {phone} by phone.",
                "{marked} of {n} students marked: {face} by face, {phone} by phone.",
                len(self.expected),
                marked=len(marked),
                n=len(self.expected),
                face=methods["face"],
                phone=methods["phone"],
            ),
            ngettext(
                "{n} stranger walked past; {marked} were marked.",
                "{n} strangers walked past; {marked} were marked.",
                self.strangers,
                n=self.strangers,
                marked=self.strangers_marked,
            ),
            _("Database: {database}", database=self.database),
            _("Workbook: {workbook}", workbook=self.workbook),
        ]
        if missing:
            lines.insert(1, _("Not marked: {missing}.", missing=", ".join(missing)))
        if self.mistaken:
            lines.insert(1, _("Taken for somebody else: {mistaken}.", mistaken=self.mistaken))
        return "\n".join(lines)


def run_demo(options: DemoOptions, *, models_dir: Path, say: Say) -> DemoReport:
    """Run a whole class: in the real window where there is a display, headless elsewhere.

    Raises:
        KioskError: The class could not be held; says why.
    """
    began = time.monotonic()
    headless = options.headless or not bootstrap.has_display()
    plan = plan_class(options.seed, options.students, options.unenrolled, pool())
    directory = bootstrap.prepare_data_dir(options.data_dir or Path(tempfile.mkdtemp(prefix="kiosk-demo-")))
    say(_("Drawing the class…"))
    camera = ClassroomCamera(walks=plan.walks, cast=render_cast(plan.cast), realtime=not headless)
    lesson = Lesson(
        plan=plan, camera=camera, realtime=not headless, directory=directory, models_dir=models_dir, say=say
    )
    kiosk = lesson.build()
    kiosk.start()
    try:
        prepared = lesson.prepare(kiosk)
        say(_("The class begins…"))
        (_headless if headless else _in_window)(lesson, kiosk, prepared)
    finally:
        kiosk.stop()
    strangers_marked, mistaken = misnamed(plan, lesson.log.events, camera.began_s)
    return DemoReport(
        options.seed,
        plan.expected,
        lesson.records,
        len(plan.strangers),
        strangers_marked,
        mistaken,
        database_path(directory),
        lesson.workbook,
        time.monotonic() - began,
    )


def _headless(lesson: Lesson, kiosk: bootstrap.Kiosk, prepared: Prepared) -> None:
    def picture() -> BgrImage | None:
        shown = kiosk.app.attendance.running.code()
        return kiosk.app.phones.qr.picture(shown.qr_text) if shown is not None and shown.url else None

    kiosk.app.runtime.start_class(prepared.course.course_id, actor=Actor.of(prepared.teacher))
    lesson.attend(kiosk, prepared, picture)


def _in_window(lesson: Lesson, kiosk: bootstrap.Kiosk, prepared: Prepared) -> None:
    """The window runs on this thread, the lesson beside it; the phones read the code from the window itself."""
    from kiosk.gui.application import AutoStart, run_window
    from kiosk.gui.automation import WindowHandle

    with ThreadPoolExecutor(1, thread_name_prefix="demo-lesson") as beside:
        held: list[Future[None]] = []

        def attend(window: WindowHandle) -> None:
            try:
                lesson.attend(kiosk, prepared, window.picture)
                time.sleep(SHOW_END_S)
            finally:
                window.close_window()

        auto = AutoStart(
            user=prepared.teacher,
            course_id=prepared.course.course_id,
            locked=False,
            on_shown=lambda window: held.append(beside.submit(attend, window)),
        )
        run_window(nullcontext(kiosk.app), windowed=False, auto=auto)
        lesson.cancel()
        for future in held:
            future.result()

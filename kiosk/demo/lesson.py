"""Holds the demo's class with the services that every kiosk has.

Runs on the thread that calls it; with a window that is a thread beside the main one.
"""

import csv
import secrets
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Final, Protocol

import cv2

from kiosk import bootstrap
from kiosk.demo.cast import enrolment_pictures
from kiosk.demo.drawn_thresholds import drawn_thresholds
from kiosk.demo.phones import TakePicture, check_in_by_phone
from kiosk.demo.script import ClassPlan
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.courses.courses import Course
from kiosk.domain.people.staff import Role, User
from kiosk.domain.records.filters import Days
from kiosk.domain.school.face_rule import FaceRule
from kiosk.domain.trust.rights import Actor
from kiosk.errors import ConflictError, ModelError
from kiosk.pipeline.replay import EventLog, ReplayedRecord, marked_in
from kiosk.services.events import Event, RecognitionReady, SessionEnded
from kiosk.services.ports.outputs import PinSlip
from kiosk.services.ports.sources import FrameSource
from kiosk.settings import KioskSettings, WebSettings
from kiosk.translation import _

COURSE: Final = "CS 101"
TITLE: Final = "Algorithms"
ROOM: Final = "4.12"
TEACHER: Final = Actor.system("Demo teacher")
READY_S: Final = 60.0
SETTLE_S: Final = 30.0
POLL_S: Final = 0.1

Say = Callable[[str], None]


class ClassCamera(FrameSource, Protocol):
    """A source that knows how long the class takes."""

    @property
    def duration_s(self) -> float:
        """Seconds until everybody has walked past."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a class needs to begin; `slips` are the PINs of those who scan."""

    course: Course
    teacher: User
    slips: Sequence[PinSlip]


class Lesson:
    """One class from the class list to the workbook.

    Attributes:
        log: Everything that happened.
        phone_pages: The headings that the phones read in the end.
        records: Everybody who was marked, once the class is over.
        workbook: Where the Excel file goes.
    """

    def __init__(
        self,
        *,
        plan: ClassPlan,
        camera: ClassCamera,
        realtime: bool,
        directory: Path,
        models_dir: Path,
        say: Say,
    ) -> None:
        self._plan = plan
        self._camera = camera
        self._realtime = realtime
        self._directory = directory
        self._models_dir = models_dir
        self._say = say
        self._stop = threading.Event()
        self._ready = threading.Event()
        self.log = EventLog()
        self.phone_pages: list[str] = []
        self.records: tuple[ReplayedRecord, ...] = ()
        self.workbook = directory / "attendance.xlsx"

    def build(self, settings: KioskSettings | None = None) -> bootstrap.Kiosk:
        """A kiosk on the demo's own directory, whose phones are on this PC only."""
        # A free port never meets a kiosk that is running already.
        web = WebSettings(host="127.0.0.1", address="127.0.0.1").model_copy(update={"port": 0})
        kiosk = bootstrap.build(
            self._directory,
            models_dir=self._models_dir,
            settings=(settings or KioskSettings()).model_copy(update={"web": web}),
            source=self._camera,
            every_frame=not self._realtime,
            with_web=True,
        )
        kiosk.events.subscribe(Event, self.log.on_event)
        kiosk.events.subscribe(Event, self._on_event)
        return kiosk

    def cancel(self) -> None:
        """End the class early, for example because the window was closed."""
        self._stop.set()

    def prepare(self, kiosk: bootstrap.Kiosk) -> Prepared:
        """Import the class list and enrol as a school would, set thresholds for drawn people, and load the models.

        Raises:
            KioskError: Something of that failed; says why.
        """
        app = kiosk.app
        password = secrets.token_urlsafe(16)
        teacher = app.people.accounts.add(
            name=TEACHER.name, role=Role.TEACHER, password=password, actor=Actor.system("the demo")
        )
        app.school.faces.choose(FaceRule.WALK_PAST, actor=TEACHER)  # drawn people mind nothing
        class_list = self._directory / "class-list.csv"
        with class_list.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["student_no", "full_name"])
            for planned in (*self._plan.students, *self._plan.scanners):
                writer.writerow([planned.student_no, planned.full_name])
        app.courses.lists.import_roster(class_list, course_code=COURSE, since=app.core.today(), actor=TEACHER)
        course = replace(app.courses.lists.course(COURSE), title=TITLE, room=ROOM)
        app.courses.lists.update_course(course, actor=TEACHER)
        self._enrol(kiosk, course)
        slips, keep = app.people.pins.prepare(course.course_id, on=app.core.today(), actor=TEACHER)
        keep()
        scanners = {planned.student_no for planned in self._plan.scanners}
        kiosk.vision.warm_up()
        return Prepared(course, teacher, [one for one in slips if one.student.student_no in scanners])

    def attend(self, kiosk: bootstrap.Kiosk, prepared: Prepared, picture: TakePicture) -> None:
        """Wait until everybody has walked past or scanned, then end the class and write the workbook.

        Args:
            kiosk: Its class was started.
            prepared: By `prepare`.
            picture: Takes a picture of what the kiosk shows, for the phones.

        Raises:
            KioskError: The class could not be held; says why.
        """
        with ThreadPoolExecutor(1, thread_name_prefix="demo-phones") as pool:
            pages = pool.submit(self._use_phones, prepared.slips, picture)
            self._wait_for_everybody(kiosk)
            self.phone_pages += pages.result()
        shown = kiosk.app.attendance.running.current
        if shown is None:
            raise ConflictError(_("The class was ended before everybody had come."))
        self._end(kiosk, shown.session)
        self._say(_("Writing the workbook…"))
        choice = Days(course_id=prepared.course.course_id)
        kiosk.app.reports.exports.workbook(self.workbook, choice, actor=TEACHER)
        self.records = marked_in(kiosk.app.attendance.sessions, shown.session)

    def _on_event(self, event: Event) -> None:
        if isinstance(event, RecognitionReady):
            self._ready.set()
        if isinstance(event, SessionEnded):
            self._stop.set()

    def _enrol(self, kiosk: bootstrap.Kiosk, course: Course) -> None:
        self._say(_("Enrolling faces…"))
        enrolment = kiosk.app.faces.enrolments.build()
        roster = {
            one.student_no: one
            for one in kiosk.app.courses.lists.roster(course.course_id, kiosk.app.core.today())
        }
        for planned in self._plan.students:
            if planned.person is None:
                continue
            student_id = roster[planned.student_no].student_id
            kiosk.app.people.consents.record(student_id, given=True, actor=TEACHER)
            for drawn in enrolment_pictures(planned.person):
                _unused, data = cv2.imencode(".png", drawn)
                enrolment.enrol_picture(student_id, data.tobytes(), actor=TEACHER)
        _unused2, embedder = kiosk.vision.get()
        today = kiosk.app.core.today()
        gallery = kiosk.faces.galleries.load(course.course_id, on=today, model=embedder.info).gallery
        kiosk.faces.galleries.set_by_hand(
            embedder.info, drawn_thresholds(gallery), origin=_("for drawn people"), actor=TEACHER
        )

    def _use_phones(self, slips: Sequence[PinSlip], picture: TakePicture) -> list[str]:
        """Own thread."""
        reader = bootstrap.open_code_reader()
        try:
            return [
                check_in_by_phone(slip, picture=picture, reader=reader, wait=self._stop.wait)
                for slip in slips
            ]
        finally:
            reader.close()

    def _wait_for_everybody(self, kiosk: bootstrap.Kiosk) -> None:
        # The window starts the class in the background: there is a run only once recognition says that it is ready.
        ready = self._ready.wait(READY_S)
        run = kiosk.runtime.run
        if run is None or not ready:
            failure = self.log.failure()
            raise failure or ModelError(_("Recognition did not start."), _("See the messages above."))
        # A recording ends by itself; a camera goes on for ever and is watched until the last one has left.
        left = self._camera.duration_s if self._realtime else float("inf")
        while not self._stop.is_set() and not run.vision.ended.wait(POLL_S) and left > 0:
            left -= POLL_S
        run.vision.settle(SETTLE_S)

    def _end(self, kiosk: bootstrap.Kiosk, session: ClassSession) -> None:
        run = kiosk.runtime.run
        analysis = run.analysis() if run else None
        if not self._realtime and analysis is not None:
            # A recording may run faster than the clock: the class is over when its last frame was.
            at = max(kiosk.app.core.clock.now(), session.started_at + timedelta(seconds=analysis.time_s))
            kiosk.app.attendance.sessions.end(session.session_id, actor=TEACHER, at=at)
        else:
            kiosk.app.runtime.end_class(actor=TEACHER)

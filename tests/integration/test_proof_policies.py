"""A scan passed on under "both", with drawn people, the real detector, model, store and wiring."""

from collections.abc import Callable
from pathlib import Path

import cv2

from kiosk import bootstrap
from kiosk.demo.cast import enrolment_pictures, portrait, walking_pose
from kiosk.demo.pool import pool
from kiosk.domain.attendance.choices import CheckInOutcome, Method, ProofPolicy
from kiosk.domain.attendance.record import Evidence
from kiosk.domain.faces.frames import Frame
from kiosk.domain.faces.recognition import Outcome
from kiosk.services.attendance.check_in import Claim
from kiosk.services.events import (
    CameraState,
    CameraStateChanged,
    CheckInResult,
    Event,
    FaceDecided,
    SessionStarted,
)
from kiosk.services.ports.sources import FrameSource, SourceInfo
from tests.fakes.actors import admin
from tests.fakes.recorder import EventRecorder
from tests.world.kiosk import build_kiosk

COURSE = "CS 101"
LONG_S = 60.0


class ScannedFirst:
    """A source before whose first frame somebody scans."""

    def __init__(self, inner: FrameSource, scan: Callable[[], object]) -> None:
        self._inner = inner
        self._scan: Callable[[], object] | None = scan

    def open(self) -> SourceInfo:
        return self._inner.open()

    def read(self) -> Frame | None:
        scan, self._scan = self._scan, None
        if scan is not None:
            scan()
        return self._inner.read()

    def close(self) -> None:
        self._inner.close()


def test_only_the_one_who_scanned_is_marked_and_only_when_the_camera_sees_them(
    tmp_path: Path, models_dir: Path
) -> None:
    scanner, classmate, stranger = pool()[:3]
    for number, person in (("P1", scanner), ("P2", classmate)):
        folder = tmp_path / "faces" / number
        folder.mkdir(parents=True)
        for place, picture in enumerate(enrolment_pictures(person)[:4]):
            cv2.imwrite(str(folder / f"{place}.png"), picture)
    walk = tmp_path / "walk"
    walk.mkdir()
    for place, person in enumerate((classmate, stranger, scanner, classmate)):
        cv2.imwrite(str(walk / f"{place}.png"), portrait(person, walking_pose(person, 3)))
    class_list = tmp_path / "list.csv"
    class_list.write_text("student_no,full_name\nP1,Mia Kern\nP2,Jonas Bauer\n", encoding="utf-8")
    log = EventRecorder()

    def scan() -> None:
        (started,) = log.of(SessionStarted)
        student = app.core.store.read(lambda repositories: repositories.students.by_no("P1"))
        assert student is not None
        door = app.attendance.check_in
        evidence = Evidence(Method.PHONE, app.core.clock.now(), device="a phone somewhere else")
        door.submit(Claim(started.session.session_id, student.student_id, evidence)).result(LONG_S)

    kiosk = build_kiosk(
        tmp_path / "data",
        models_dir=models_dir,
        source=ScannedFirst(bootstrap.open_recording(str(walk)), scan),
        every_frame=True,
    )
    kiosk.events.subscribe(Event, log.on_event)
    app = kiosk.app
    kiosk.start()
    try:
        app.courses.lists.import_roster(
            class_list, course_code=COURSE, since=app.core.today(), actor=admin("the test")
        )
        app.faces.enrolments.build().enrol_folder(
            tmp_path / "faces", consent_recorded=True, actor=admin("the test")
        )
        session = app.runtime.start_class(
            app.courses.lists.course(COURSE).course_id, actor=admin("the test"), policy=ProofPolicy.BOTH
        )
        log.wait_for(
            lambda event: isinstance(event, CameraStateChanged) and event.state is CameraState.CLOSED,
            within_s=LONG_S,
        )
        run = kiosk.runtime.run
        assert run is not None
        assert run.vision.ended.wait(LONG_S)
        run.vision.settle(LONG_S)
        roster = app.attendance.sessions.roster(session.session_id)
    finally:
        assert kiosk.stop() == ()

    (decided,) = [event for event in log.of(FaceDecided) if event.outcome is Outcome.ACCEPTED]
    assert decided.student is not None
    assert decided.student.student_no == "P1"
    assert decided.first_seen_s > 3.0, "the classmate and the stranger stood there before"
    assert [one.outcome for one in log.of(CheckInResult)] == [
        CheckInOutcome.FACE_AWAITED,
        CheckInOutcome.MARKED_PRESENT,
    ]
    (record,) = [entry.record for entry in roster if entry.record is not None]
    assert [one.method for one in record.evidence] == [Method.PHONE, Method.FACE]
    assert record.policy is ProofPolicy.BOTH

"""One drawn person enrolled under two numbers, with the real detector, model and store."""

from pathlib import Path

import cv2

from kiosk import bootstrap
from kiosk.demo.cast import enrolment_pictures, portrait, walking_pose
from kiosk.demo.people import DrawnPerson
from kiosk.demo.pool import pool
from kiosk.domain.attendance.choices import CheckInOutcome, Method
from kiosk.domain.attendance.record import Evidence
from kiosk.domain.faces.recognition import BUILTIN_MODEL
from kiosk.pipeline.replay import EventLog, replay
from kiosk.services.attendance.check_in import CheckIn, Claim
from kiosk.services.events import CheckInResult, Event, Events, FaceDecided
from tests.fakes.actors import admin
from tests.world.kiosk import build_kiosk

COURSE = "CS 101"
NUMBERS = ("T1", "T2", "T3")


def write(folder: Path, person: DrawnPerson, poses: slice) -> None:
    folder.mkdir(parents=True)
    for number, picture in enumerate(enrolment_pictures(person)[poses]):
        cv2.imwrite(str(folder / f"{number}.png"), picture)


def test_neither_number_of_one_person_is_marked_by_the_face_alone_and_both_can_scan(
    tmp_path: Path, models_dir: Path
) -> None:
    twice, other = pool()[:2]
    write(tmp_path / "faces" / "T1", twice, slice(0, 2))
    write(tmp_path / "faces" / "T2", twice, slice(2, 5))
    write(tmp_path / "faces" / "T3", other, slice(0, 3))
    (tmp_path / "walk").mkdir()
    for number, person in enumerate((twice, other)):
        walking = portrait(person, walking_pose(person, 3))
        cv2.imwrite(str(tmp_path / "walk" / f"{number}.png"), walking)
    class_list = tmp_path / "list.csv"
    rows = "".join(f"{number},Person {number}\n" for number in NUMBERS)
    class_list.write_text(f"student_no,full_name\n{rows}", encoding="utf-8")
    log = EventLog()
    kiosk = build_kiosk(tmp_path / "data", models_dir=models_dir)
    kiosk.events.subscribe(Event, log.on_event)
    kiosk.start()
    try:
        app = kiosk.app
        app.courses.lists.import_roster(
            class_list, course_code=COURSE, since=app.core.today(), actor=admin("the test")
        )
        report = app.faces.enrolments.build().enrol_folder(
            tmp_path / "faces", consent_recorded=True, actor=admin("the test")
        )
        walked = replay(
            app.courses.lists.course(COURSE),
            replayed=app.attendance.replayed,
            classes=kiosk.classes.over(bootstrap.open_recording(str(tmp_path / "walk")), every_frame=True),
            model=BUILTIN_MODEL,
            log=log,
            actor=admin("the test"),
        )
        again = app.attendance.sessions.start(
            app.courses.lists.course(COURSE).course_id, actor=admin("the test"), model=BUILTIN_MODEL
        )
        doors = kiosk.app.core.store.read(
            lambda repositories: {number: repositories.students.by_no(number) for number in NUMBERS}
        )
        scanned = [
            scan(kiosk, again.session_id, student.student_id)
            for number, student in doors.items()
            if student is not None and number != "T3"
        ]
    finally:
        assert kiosk.stop() == ()

    assert [(one.student_no, one.other_no, one.same_person) for one in report.warnings] == [
        ("T1", "T2", True)
    ]
    assert [record.student_no for record in walked.records] == ["T3"]
    assert walked.ambiguous_tracks == 1
    named = [event.student for event in log.events if isinstance(event, FaceDecided) and event.student]
    assert [student.student_no for student in named] == ["T3"]
    assert [result.outcome for result in scanned] == [CheckInOutcome.MARKED_PRESENT] * 2


def scan(kiosk: bootstrap.Kiosk, session_id: int, student_id: int) -> CheckInResult:
    door = CheckIn(store=kiosk.app.core.store, zone=kiosk.app.core.zone, events=Events())
    evidence = Evidence(Method.PHONE, kiosk.app.core.clock.now())
    return door.submit(Claim(session_id, student_id, evidence)).result()

"""A rendered video through the real kiosk, from the file to the records: every event, in order.

Two people cross, one leaves and returns beside a stranger. `Class.watch` takes any actors, so that whoever holds something
up before the camera can walk past here, too.
"""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import pytest

from kiosk import bootstrap
from kiosk.demo.cast import enrolment_pictures
from kiosk.demo.drawn_thresholds import drawn_thresholds
from kiosk.demo.people import DrawnPerson
from kiosk.demo.pool import pool
from kiosk.domain.attendance.choices import LivenessMode
from kiosk.domain.faces.recognition import Outcome
from kiosk.domain.school.face_rule import FaceRule
from kiosk.pipeline.replay import EventLog, ReplayReport, replay
from kiosk.services.events import (
    CameraStateChanged,
    CheckInResult,
    Event,
    FaceDecided,
    FacesInClass,
    RecognitionReady,
    SessionEnded,
)
from kiosk.vision.liveness.liveness_files import ATTACK_DETECTORS
from kiosk.vision.models.manifest import read_manifest
from kiosk.vision.pictures import read_picture
from tests.fakes.actors import admin
from tests.fakes.faces.rendered_video import WIDTH, Actor, At, across, card, drawn, render
from tests.world.kiosk import build_kiosk

COURSE = "CS 101"
ENROLLED = 4
ANNA, BEN, CLEO, DORA, STRANGER = pool()[:5]
"""The first four are enrolled as S1 to S4."""

Line = tuple[str, ...]
"""An event in short: what it is, and who or how."""


@dataclass(frozen=True)
class Watched:
    """What came of a video.

    Attributes:
        lines: All events; see `in_order`.
        decided: Faces in the order of their decisions.
    """

    report: ReplayReport
    lines: list[Line]
    decided: list[FaceDecided]


class Class:
    """A kiosk with four drawn students, and thresholds for drawn people."""

    def __init__(self, data_dir: Path, models_dir: Path) -> None:
        self.data_dir = data_dir
        self.log = EventLog()
        self.kiosk = build_kiosk(data_dir, models_dir=models_dir)
        self.kiosk.events.subscribe(Event, self.log.on_event)
        self.kiosk.start()
        app = self.kiosk.app
        class_list = data_dir / "list.csv"
        rows = "".join(f"S{number},Student {number}\n" for number in range(1, ENROLLED + 1))
        class_list.write_text(f"student_no,full_name\n{rows}", encoding="utf-8")
        app.courses.lists.import_roster(
            class_list, course_code=COURSE, since=app.core.today(), actor=admin("the test")
        )
        self.course = app.courses.lists.course(COURSE)
        roster = {
            one.student_no: one for one in app.courses.lists.roster(self.course.course_id, app.core.today())
        }
        enrolment = app.faces.enrolments.build()
        for number, person in enumerate((ANNA, BEN, CLEO, DORA), start=1):
            student_id = roster[f"S{number}"].student_id
            app.people.consents.record(student_id, given=True, actor=admin("the test"))
            for picture in enrolment_pictures(person):
                _, data = cv2.imencode(".png", picture)
                enrolment.enrol_picture(student_id, data.tobytes(), actor=admin("the test"))
        _, embedder = self.kiosk.vision.get()
        galleries = self.kiosk.faces.galleries
        gallery = galleries.load(self.course.course_id, on=app.core.today(), model=embedder.info).gallery
        galleries.set_by_hand(
            embedder.info, drawn_thresholds(gallery), origin="drawn people", actor=admin("the test")
        )

    def enrol(self, number: int, picture: bytes) -> None:
        """Add a student of whom there is one picture."""
        app = self.kiosk.app
        class_list = self.data_dir / "more.csv"
        class_list.write_text(f"student_no,full_name\nS{number},Student {number}\n", encoding="utf-8")
        app.courses.lists.import_roster(
            class_list, course_code=COURSE, since=app.core.today(), actor=admin("the test")
        )
        roster = {
            one.student_no: one for one in app.courses.lists.roster(self.course.course_id, app.core.today())
        }
        student_id = roster[f"S{number}"].student_id
        enrolment = app.faces.enrolments.build()
        app.people.consents.record(student_id, given=True, actor=admin("the test"))
        enrolment.enrol_picture(student_id, picture, actor=admin("the test"))

    def watch(self, actors: Sequence[Actor], *, liveness: LivenessMode = LivenessMode.OFF) -> Watched:
        """Render the actors into a video and replay it into a new class session."""
        video = self.data_dir / "class.avi"
        render(video, actors)
        return self.replay(video, liveness=liveness)

    def replay(self, recording: Path, *, liveness: LivenessMode = LivenessMode.OFF) -> Watched:
        """Replay a recording into a new class session."""
        self.log.events.clear()
        report = replay(
            self.course,
            replayed=self.kiosk.app.attendance.replayed,
            classes=self.kiosk.classes.over(bootstrap.open_recording(str(recording)), every_frame=True),
            model=self.kiosk.vision.get()[1].info.name,
            log=self.log,
            actor=admin("the test"),
            liveness=liveness,
        )
        events = list(self.log.events)
        return Watched(report, in_order(events), [one for one in events if isinstance(one, FaceDecided)])


def in_order(events: Sequence[Event]) -> list[Line]:
    """All events in short, in the order of what they are about.

    Camera, recognition and store are threads of their own: which of two events of different threads is emitted first is not
    fixed. So the camera's and the readiness of recognition come first, in their own order, then each face with the answer
    of the one door to it, in the order of the video.
    """
    camera = [("camera", one.state.value) for one in events if isinstance(one, CameraStateChanged)]
    rules = [one.rule for one in events if isinstance(one, FacesInClass)]
    assert rules == [FaceRule.WALK_PAST], "a recording is searched"
    ready = [("ready", str(one.people)) for one in events if isinstance(one, RecognitionReady)]
    answers = [one for one in events if isinstance(one, CheckInResult)]
    faces: list[Line] = []
    for face in (one for one in events if isinstance(one, FaceDecided)):
        faces.append(("face", face.outcome.value, face.student.student_no if face.student else ""))
        if face.student is not None:
            answer = next(one for one in answers if one.student == face.student)
            assert events.index(answer) > events.index(face), "answered before it was asked"
            answers.remove(answer)
            faces.append(("answer", answer.outcome.value, answer.student.student_no))
    assert not answers, "answered without a face"
    ended = [("ended", str(one.absent)) for one in events if isinstance(one, SessionEnded)]
    assert not ended or isinstance(events[-1], SessionEnded), "the session must end last"
    rest = [
        (type(one).__name__,)
        for one in events
        if not isinstance(
            one,
            CameraStateChanged | FacesInClass | RecognitionReady | FaceDecided | CheckInResult | SessionEnded,
        )
    ]
    return [*camera, *ready, *faces, *rest, *ended]


@pytest.fixture
def drawn_class(tmp_path: Path, models_dir: Path) -> Iterator[Class]:
    opened = Class(tmp_path, models_dir)
    try:
        yield opened
    finally:
        assert opened.kiosk.stop() == ()


OPENED = [("camera", "opening"), ("camera", "running"), ("camera", "ended"), ("camera", "closed")]


def crossing(first: DrawnPerson, second: DrawnPerson, start_s: float, seconds: float = 4.0) -> list[Actor]:
    """`first` walks to the right, `second` to the left and nearer to the camera: in the middle only one is seen."""
    return [
        Actor(drawn(first), [across(start_s, seconds=seconds, rightwards=True)]),
        Actor(drawn(second), [across(start_s + 0.2, seconds=seconds, rightwards=False, y=345, scale=0.98)]),
    ]


def test_two_cross_and_one_returns_beside_a_stranger(drawn_class: Class) -> None:
    anna, ben = crossing(ANNA, BEN, 0.0)
    again, stranger = crossing(ANNA, STRANGER, 4.6)
    watched = drawn_class.watch([Actor(anna.figure, [*anna.ways, *again.ways]), ben, stranger])

    assert watched.lines == [
        *OPENED,
        ("ready", "4"),
        ("face", "accepted", "S1"),
        ("answer", "marked_present", "S1"),
        ("face", "accepted", "S2"),
        ("answer", "marked_present", "S2"),
        ("face", "accepted", "S1"),
        ("answer", "already_marked", "S1"),
        ("face", "unknown", ""),
        ("ended", "2"),
    ]
    # Each was one track all along: nobody was decided twice, and nobody's track was handed on.
    assert len({face.track_id for face in watched.decided}) == 4
    assert [record.student_no for record in watched.report.records] == ["S1", "S2"]
    assert (watched.report.unknown_tracks, watched.report.ambiguous_tracks) == (1, 0)


def test_a_student_who_passes_close_behind_a_stranger_before_either_is_decided_is_the_one_marked(
    drawn_class: Class,
) -> None:
    leaving = [At(-1.0, 900.0, 345.0, 0.98), At(0.0, 560.0, 345.0, 0.98), At(2.0, -250.0, 345.0, 0.98)]
    coming = [At(0.0, -200.0), At(1.2, 300.0), At(4.0, 1500.0)]
    watched = drawn_class.watch([Actor(drawn(ANNA), [coming]), Actor(drawn(STRANGER), [leaving])])

    assert watched.lines[len(OPENED) + 1 :] == [
        ("face", "unknown", ""),
        ("face", "accepted", "S1"),
        ("answer", "marked_present", "S1"),
        ("ended", "3"),
    ]


@pytest.mark.parametrize(
    ("successor", "said"),
    [
        (BEN, [("face", "accepted", "S2"), ("answer", "marked_present", "S2"), ("ended", "2")]),
        (STRANGER, [("face", "unknown", ""), ("ended", "3")]),
    ],
    ids=["a student", "a stranger"],
)
def test_whoever_stands_in_the_place_of_a_marked_student_inherits_the_track_and_no_name(
    drawn_class: Class, successor: DrawnPerson, said: list[Line]
) -> None:
    # From one frame to the next, as when a camera hangs for a moment: no tracker can see that.
    first = Actor(drawn(ANNA), [[At(0.0, 640.0), At(1.5, 640.0)]])
    second = Actor(drawn(successor), [[At(1.52, 640.0), At(4.5, 640.0)]])
    watched = drawn_class.watch([first, second])

    assert watched.lines[len(OPENED) + 1 :] == [
        ("face", "accepted", "S1"),
        ("answer", "marked_present", "S1"),
        *said,
    ]
    assert {face.track_id for face in watched.decided} == {1}


# -- a picture is held up


@pytest.fixture
def guarded_class(tmp_path: Path, models_dir: Path, shared_dir: Path) -> Iterator[Class]:
    """A class with the passive networks, and one more student: the one whose picture is held up."""
    models = tmp_path / "models"
    shutil.copytree(models_dir, models)
    for name in ATTACK_DETECTORS:
        shutil.copy(shared_dir / "models" / read_manifest()[name].file, models)
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    opened = Class(data_dir, models)
    try:
        opened.enrol(5, (shared_dir / "pad" / "attack_02.jpg").read_bytes())
        yield opened
    finally:
        assert opened.kiosk.stop() == ()


def held_up(photograph: Path, start_s: float) -> Actor:
    """A print that somebody carries through the room and holds still before the camera for a moment."""
    way = [
        At(start_s, -400.0, 380.0),
        At(start_s + 1.0, 560.0, 380.0),
        At(start_s + 2.0, 600.0, 375.0, 0.95),
        At(start_s + 3.0, WIDTH + 400.0, 380.0),
    ]
    return Actor(card(read_picture(photograph.read_bytes()), height=620), [way])


@pytest.mark.shared_data
def test_pictures_held_up_are_suspected_and_mark_nobody(guarded_class: Class, shared_dir: Path) -> None:
    actors = [
        Actor(drawn(ANNA), [across(0.0, seconds=3.0, rightwards=True)]),
        held_up(shared_dir / "pad" / "attack_02.jpg", 3.2),
        held_up(shared_dir / "pad" / "attack_01.jpg", 6.6),
    ]
    unguarded = guarded_class.watch(actors[1:2], liveness=LivenessMode.OFF)
    assert [record.student_no for record in unguarded.report.records] == ["S5"], "nothing to be stopped"

    watched = guarded_class.watch(actors, liveness=LivenessMode.PASSIVE)
    assert watched.lines == [
        *OPENED,
        ("ready", "5"),
        ("face", "accepted", "S1"),
        ("answer", "marked_present", "S1"),
        ("face", "attack_suspected", ""),
        ("face", "attack_suspected", ""),
        ("AttackRecorded",),  # the second one within ten seconds is no news for the teacher
        ("ended", "4"),
    ]
    for suspected in watched.decided[1:]:
        assert (suspected.student, suspected.distance, suspected.margin) == (None, None, None)
    assert (watched.report.attack_tracks, unguarded.report.attack_tracks) == (2, 0)
    (attack,) = guarded_class.kiosk.app.attendance.attacks.of_session(
        watched.report.session_id, actor=admin()
    )
    assert attack.liveness < 0.3
    assert [record.student_no for record in watched.report.records] == ["S1"]


@pytest.mark.shared_data
def test_of_the_shared_pictures_both_attacks_are_suspected_and_the_live_one_is_not(
    guarded_class: Class, shared_dir: Path
) -> None:
    """One picture after the other, as the source of a class; the last one is the live face."""
    watched = guarded_class.replay(shared_dir / "pad", liveness=LivenessMode.PASSIVE)
    *attacks, live = watched.decided
    assert [face.outcome for face in attacks] == [Outcome.ATTACK_SUSPECTED] * 2
    assert live.outcome is not Outcome.ATTACK_SUSPECTED
    assert live.first_seen_s >= 3.6, "the live picture is the third"
    assert watched.report.attack_tracks == 2

"""A class of thirty in a school that only verifies, and one in a school without faces: the kiosk's own threads and store.

Faces are told apart by the first pixel of a frame, so that the result does not hang on a model; everything else is real.
"""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk import bootstrap
from kiosk.domain.attendance.choices import CheckInOutcome, Method, ProofPolicy
from kiosk.domain.attendance.record import Evidence
from kiosk.domain.courses.courses import Course
from kiosk.domain.faces.frames import BgrImage, Detection, Frame
from kiosk.domain.faces.recognition import Gallery, Metric, ModelInfo, Template, Thresholds
from kiosk.domain.faces.samples import SampleOrigin
from kiosk.domain.people.consents import Consent, ConsentKind
from kiosk.domain.people.students import Student
from kiosk.domain.school.face_rule import FaceRule
from kiosk.services.attendance.check_in import Claim
from kiosk.services.attendance.typed_numbers import PadState
from kiosk.services.events import (
    CheckInResult,
    Event,
    FaceDecided,
    FacesInClass,
    RecognitionReady,
    WorkerFailed,
)
from kiosk.services.ports.sources import SourceInfo
from kiosk.storage.repositories.faces import StoredFaces
from kiosk.storage.repositories.repositories import Repositories
from tests.fakes.actors import admin
from tests.fakes.recorder import WAIT_S, EventRecorder
from tests.fakes.vision.recognition import FACE
from tests.world.kiosk import build_kiosk

pytestmark = pytest.mark.logs_warnings  # of the process that reads passes, which a busy machine keeps waiting

CLASS = 30
MODEL = ModelInfo("fake-of-many", CLASS + 2, Metric.EUCLIDEAN, Thresholds(0.5, 0.6, 0.05))
TWIN = CLASS + 1
"""Whose face is nobody's of the class."""


def vector_of(person: int) -> NDArray[np.float32]:
    vector = np.zeros(MODEL.dimensions, np.float32)
    vector[person] = 1.0
    return vector


class Detector:
    name = "first-pixel"

    def __init__(self) -> None:
        self.looked = 0

    def detect(self, image: BgrImage) -> list[Detection]:
        self.looked += 1
        return [Detection(FACE, 1.0)] if image[0, 0, 0] else []


class Embedder:
    info = MODEL

    def embed(self, image: BgrImage, faces: Sequence[Detection]) -> NDArray[np.float32]:
        return np.array([vector_of(int(image[0, 0, 0])) for _ in faces], np.float32)


class Door:
    """A live camera before which a test lets people stand and hold up passes; thirty noisy pictures a second."""

    def __init__(self) -> None:
        self.person = 0
        self.held: BgrImage | None = None
        self.index = 0
        self._stop = threading.Event()

    def open(self) -> SourceInfo:
        return SourceInfo("door", 1280, 720, 30.0, live=True)

    def read(self) -> Frame | None:
        time.sleep(1 / 30)
        self.index += 1
        noise = np.random.default_rng(self.index).integers(90, 110, (720, 1280, 1), np.uint8)
        image = np.repeat(noise, 3, axis=2)
        held = self.held
        if held is not None:
            image[100 : 100 + held.shape[0], 600 : 600 + held.shape[1]] = held
        image[0, 0, 0] = self.person
        return Frame(image, time.monotonic(), self.index)

    def close(self) -> None:
        """There is nothing to let go of."""


@dataclass
class Hall:
    """The class at its kiosk.

    Attributes:
        opened: Student ids whose templates were decrypted since the class began.
        compared: Student ids with whose templates a face was compared.
    """

    kiosk: bootstrap.Kiosk
    course: Course
    students: list[Student]
    door: Door
    detector: Detector
    heard: EventRecorder
    opened: list[int]
    compared: set[int]

    def begin(self, policy: ProofPolicy) -> int:
        session = self.kiosk.app.runtime.start_class(self.course.course_id, actor=admin("Ada"), policy=policy)
        self.heard.wait_for(lambda one: isinstance(one, RecognitionReady))
        self.opened.clear()
        self.compared.clear()
        return session.session_id

    def marked(self) -> CheckInResult:
        """The next mark by face."""
        return self.result(lambda one: one.outcome.is_marked and one.method is Method.FACE)

    def result(self, wanted: Callable[[CheckInResult], bool] = lambda _one: True) -> CheckInResult:
        """The first such result."""
        found = self.heard.wait_for(lambda one: isinstance(one, CheckInResult) and wanted(one))
        assert isinstance(found, CheckInResult)
        return found


@pytest.fixture
def hall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hall]:
    with _hall(tmp_path, monkeypatch, FaceRule.VERIFY_ONLY) as opened:
        yield opened


@contextmanager
def _hall(folder: Path, monkeypatch: pytest.MonkeyPatch, rule: FaceRule) -> Iterator[Hall]:
    door, detector, opened, compared = Door(), Detector(), list[int](), set[int]()
    kiosk = build_kiosk(folder / "data", models_dir=folder / "models", source=door)
    heard = EventRecorder()
    kiosk.events.subscribe(Event, heard.on_event)
    monkeypatch.setattr(kiosk.vision, "get", lambda: (detector, Embedder()))
    monkeypatch.setattr(kiosk.vision, "model_name", lambda: MODEL.name)
    _count(monkeypatch, opened, compared)
    kiosk.start()
    try:
        app = kiosk.app
        app.school.faces.choose(rule, actor=admin("Ada"))
        course, students = app.core.store.write(_enrolled)
        yield Hall(kiosk, course, students, door, detector, heard, opened, compared)
    finally:
        kiosk.stop()


def _enrolled(repositories: Repositories) -> tuple[Course, list[Student]]:
    course = repositories.courses.add(code="CS 101", title="Algorithms")
    students = []
    now = datetime(2026, 1, 1, tzinfo=UTC)
    for person in range(1, CLASS + 1):
        student = repositories.students.add(
            student_no=f"S{person:03}", full_name=f"Student {person}", email=None
        )
        repositories.courses.register(course.course_id, student.student_id, date(2020, 1, 1))
        repositories.consents.add(Consent(student.student_id, ConsentKind.FACE_RECOGNITION, True, now, "Ada"))
        sample = repositories.faces.add_sample(
            student_id=student.student_id,
            picture=b"picture",
            source=b"of %d" % person,
            captured_at=now,
            origin=SampleOrigin.ENROLLED,
        )
        assert sample is not None
        template = Template(0, student.student_id, MODEL.name, vector_of(person), 1.0)
        repositories.faces.add_template(sample_id=sample.sample_id, template=template)
        students.append(student)
    return course, students


def _count(monkeypatch: pytest.MonkeyPatch, opened: list[int], compared: set[int]) -> None:
    unseal, search = StoredFaces._template_of, Gallery.search_all

    def counted(self: StoredFaces, row: Any, *rest: Any) -> Template:
        opened.append(row.student_id)
        return unseal(self, row, *rest)

    def noted(self: Gallery, probes: NDArray[np.float32]) -> Any:
        compared.update(int(one) for one in self.student_ids)
        return search(self, probes)

    monkeypatch.setattr(StoredFaces, "_template_of", counted)
    monkeypatch.setattr(Gallery, "search_all", noted)


def _by_number(hall: Hall, student: Student) -> None:
    assert hall.kiosk.app.attendance.typed.type(student.student_no.lower()).state is PadState.LOOK


def _by_phone(hall: Hall, student: Student) -> None:
    attendance = hall.kiosk.app.attendance
    shown = attendance.running.current
    assert shown is not None
    evidence = Evidence(Method.PHONE, hall.kiosk.app.core.clock.now(), device="browser", address="10.0.0.7")
    answer = attendance.check_in.submit(Claim(shown.session.session_id, student.student_id, evidence))
    assert answer.result(WAIT_S).outcome is CheckInOutcome.FACE_AWAITED


def _by_pass(hall: Hall, student: Student) -> None:
    shown = hall.kiosk.app.phones.passes.show(student, "browser", address=None, agent=None)
    hall.door.held = _picture(shown.modules)
    hall.result(lambda one: one.outcome is CheckInOutcome.FACE_AWAITED)
    hall.door.held = None


def _picture(modules: NDArray[np.bool_]) -> BgrImage:
    """A pass as a phone shows it, 12 pixels a module."""
    square = np.pad(np.where(modules, 0, 255).astype(np.uint8), 4, constant_values=255)
    return np.repeat(np.kron(square, np.ones((12, 12), np.uint8))[:, :, None], 3, axis=2)


@pytest.mark.parametrize("claim", [_by_number, _by_phone, _by_pass])
def test_the_right_one_of_thirty_is_marked_and_nobody_elses_template_is_read(
    hall: Hall, claim: Callable[[Hall, Student], None]
) -> None:
    session_id = hall.begin(ProofPolicy.FACE)
    student = hall.students[16]
    claim(hall, student)
    began = time.monotonic()

    hall.door.person = 17
    result = hall.marked()

    took_s = time.monotonic() - began
    assert (result.session_id, result.student) == (session_id, student)
    assert (set(hall.opened), hall.compared) == ({student.student_id}, {student.student_id})
    assert took_s <= 1.0, f"{took_s:.2f} s from the face to the mark"


def test_a_face_that_says_nothing_is_not_even_looked_for(hall: Hall) -> None:
    hall.begin(ProofPolicy.EITHER)
    hall.door.person = 5
    _pass_frames(hall, 30)

    assert (hall.detector.looked, hall.opened, hall.compared) == (0, [], set())


@pytest.mark.parametrize("person", [9, TWIN])
def test_neither_a_classmate_nor_a_stranger_passes_for_the_number_that_they_type(
    hall: Hall, person: int
) -> None:
    session_id = hall.begin(ProofPolicy.EITHER)
    _by_number(hall, hall.students[0])
    hall.door.person = person
    _pass_frames(hall, 60)

    assert hall.compared == {hall.students[0].student_id}
    assert not [one for one in hall.heard.events if isinstance(one, CheckInResult | FaceDecided)]
    records = hall.kiosk.app.attendance.sessions.roster(session_id)
    assert all(entry.record is None for entry in records)


def test_a_face_claim_from_anywhere_else_is_refused_at_the_door(hall: Hall) -> None:
    session_id = hall.begin(ProofPolicy.EITHER)
    now = hall.kiosk.app.core.clock.now()
    claim = Claim(session_id, hall.students[0].student_id, Evidence(Method.FACE, now, distance=0.1))

    outcome = hall.kiosk.app.attendance.check_in.submit(claim).result(WAIT_S).outcome

    assert outcome is CheckInOutcome.METHOD_NOT_ACCEPTED


def test_a_rule_chosen_during_a_class_holds_at_the_door_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _hall(tmp_path, monkeypatch, FaceRule.WALK_PAST) as hall:
        hall.begin(ProofPolicy.EITHER)
        hall.kiosk.app.school.faces.choose(FaceRule.OFF, actor=admin("Ada"))
        shown = hall.kiosk.app.attendance.running.current
        assert shown is not None
        face = Evidence(Method.FACE, hall.kiosk.app.core.clock.now(), distance=0.1)
        claim = Claim(shown.session.session_id, hall.students[2].student_id, face)
        refused = hall.kiosk.app.attendance.check_in.submit(claim).result(WAIT_S)

    assert refused.outcome is CheckInOutcome.METHOD_NOT_ACCEPTED


def _let_go(hall: Hall) -> None:
    """Wait until the frame is over that was under way when the rule changed."""
    _pass_frames(hall, 10)
    hall.detector.looked = 0
    hall.opened.clear()
    hall.compared.clear()


def test_a_class_that_is_open_looks_for_no_face_any_more_when_faces_are_turned_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _hall(tmp_path, monkeypatch, FaceRule.WALK_PAST) as hall:
        hall.begin(ProofPolicy.EITHER)
        hall.door.person = 3
        hall.marked()
        hall.kiosk.app.school.faces.choose(FaceRule.OFF, actor=admin("Ada"))
        _let_go(hall)
        hall.door.person = 4
        _pass_frames(hall, 30)
        shown = hall.kiosk.app.phones.passes.show(hall.students[7], "browser", address=None, agent=None)
        hall.door.held = _picture(shown.modules)
        passed = hall.result(lambda one: one.method is Method.PASS)

        assert (hall.detector.looked, hall.opened, hall.compared) == (0, [], set())
        assert passed.outcome is CheckInOutcome.MARKED_PRESENT
        assert hall.heard.of(FacesInClass)[-1].rule is FaceRule.OFF
        assert hall.kiosk.faces.memory.of_session(hall.heard.of(FacesInClass)[-1].session_id) == []


def test_a_class_that_is_open_compares_with_who_says_so_alone_when_faces_are_only_verified(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where it was chosen elsewhere, as on the command line: then the housekeeping finds it."""
    with _hall(tmp_path, monkeypatch, FaceRule.WALK_PAST) as hall:
        hall.begin(ProofPolicy.EITHER)
        hall.door.person = 3
        hall.marked()
        hall.door.person = 0
        hall.kiosk.app.core.store.write(
            lambda repositories: repositories.school_settings.put("faces.rule", FaceRule.VERIFY_ONLY.value)
        )
        hall.heard.wait_for(lambda one: isinstance(one, FacesInClass) and one.rule is FaceRule.VERIFY_ONLY)
        _let_go(hall)
        hall.door.person = 5
        _pass_frames(hall, 30)
        assert (hall.detector.looked, hall.compared) == (0, set())

        _by_number(hall, hall.students[4])
        result = hall.result(lambda one: one.student == hall.students[4])

        assert result.outcome.is_marked
        assert hall.compared == {hall.students[4].student_id}


def test_a_class_that_is_open_stays_by_the_stricter_rule(hall: Hall) -> None:
    hall.begin(ProofPolicy.EITHER)
    hall.kiosk.app.school.faces.choose(FaceRule.WALK_PAST, actor=admin("Ada"))
    hall.door.person = 5
    _pass_frames(hall, 30)

    assert (hall.detector.looked, hall.opened, hall.compared) == (0, [], set())


def test_a_withdrawn_consent_is_heard_while_the_face_is_awaited(hall: Hall) -> None:
    hall.begin(ProofPolicy.EITHER)
    student = hall.students[3]
    hall.kiosk.app.people.consents.record(student.student_id, given=False, actor=admin("Ada"))
    _by_number(hall, student)
    hall.door.person = 4
    _pass_frames(hall, 45)

    assert hall.opened == []


def test_where_faces_are_off_passes_are_read_and_nothing_looks_for_a_face(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_unused: object) -> None:
        raise AssertionError("face code runs")

    with _hall(tmp_path, monkeypatch, FaceRule.OFF) as hall:
        for name in ("get", "build", "build_embedder", "warm_up", "info"):
            monkeypatch.setattr(hall.kiosk.vision, name, never)
        hall.kiosk.app.runtime.start_class(
            hall.course.course_id, actor=admin("Ada"), policy=ProofPolicy.EITHER
        )
        hall.opened.clear()
        hall.door.person = 2
        shown = hall.kiosk.app.phones.passes.show(hall.students[1], "browser", address=None, agent=None)
        hall.door.held = _picture(shown.modules)
        result = hall.result()
        hall.kiosk.app.people.consents.record(hall.students[0].student_id, given=False, actor=admin("Ada"))
        _pass_frames(hall, 10)

        assert (result.outcome, result.method) == (CheckInOutcome.MARKED_PRESENT, Method.PASS)
        assert (hall.detector.looked, hall.opened, hall.compared) == (0, [], set())
        assert hall.heard.of(WorkerFailed) == []


NO_FACES = """
import sys, time
from pathlib import Path
from kiosk import bootstrap
from kiosk.domain.attendance.choices import ProofPolicy
from kiosk.domain.school.face_rule import FaceRule
from kiosk.domain.trust.rights import Actor

folder, camera = Path(sys.argv[1]), sys.argv[2]
actor = Actor.system("the test")
kiosk = bootstrap.build(folder, models_dir=folder / "models", source=bootstrap.open_source(camera), for_window=True)
kiosk.start()
kiosk.app.school.faces.choose(FaceRule.OFF, actor=actor)
course = kiosk.app.courses.lists.add_course(code="A", title="A", room="", actor=actor)
kiosk.app.runtime.start_class(course.course_id, actor=actor, policy=ProofPolicy.EITHER)
began = time.monotonic()
while kiosk.app.runtime.preview.frame() is None and time.monotonic() - began < 30:
    time.sleep(0.05)
time.sleep(3)
assert kiosk.app.runtime.preview.frame() is not None
kiosk.app.runtime.end_class(actor=actor)
kiosk.stop()
loaded = sorted(name for name in sys.modules if name.split(".")[0] in {
    "dlib", "onnxruntime", "ncnn", "ai_edge_litert", "deepface", "tensorflow", "face_recognition_models"})
loaded += sorted(name for name in sys.modules if name.startswith(("kiosk.vision.detection", "kiosk.vision.embedding.",
    "kiosk.vision.liveness.", "kiosk.vision.factory")))
tables = {"deepface_networks", "network_input", "package_data"}  # what the manifest of models is read with; no network
print([name for name in loaded if name.rpartition(".")[2] not in tables])
"""


def test_where_faces_are_off_no_network_and_no_detector_is_even_imported(tmp_path: Path) -> None:
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    cv2.imwrite(str(pictures / "room.png"), np.full((480, 640, 3), 90, np.uint8))
    (tmp_path / "data").mkdir()

    said = subprocess.run(
        [sys.executable, "-c", NO_FACES, str(tmp_path / "data"), str(pictures)],
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert said.stdout.strip() == "[]", said.stdout + said.stderr


def _pass_frames(hall: Hall, count: int) -> None:
    """Let the camera take so many more pictures."""
    until, began = hall.door.index + count, time.monotonic()
    while hall.door.index < until:
        assert time.monotonic() - began < WAIT_S
        time.sleep(0.02)

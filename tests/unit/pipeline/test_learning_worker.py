"""The learning thread over a real store: after the class, never instead of it."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.bootstrap.faces import ModelEnrolments
from kiosk.errors import ModelError
from kiosk.pipeline.learning_worker import LearningWorker
from kiosk.services.events import SessionEnded, SessionStarted
from kiosk.services.faces.clear_faces import ClearFaces
from kiosk.services.faces.enrolment import Enrolment
from kiosk.services.faces.recognition.track_memory import ClearLook
from tests.fakes.attendance.classes import SwitchedClass
from tests.fakes.faces.learning_class import LearningClass
from tests.fakes.recorder import WAIT_S
from tests.fakes.vision.recognition import picture_of
from tests.world.school import open_school


class Bench:
    """A worker whose models are built when the test opens the gate, or not at all."""

    def __init__(self, taught: LearningClass) -> None:
        self.taught = taught
        self.failure: Exception | None = None
        self.gate, self.building, self.done = threading.Event(), threading.Event(), threading.Event()
        self.gate.set()
        self.running = SwitchedClass()
        self.faces = ClearFaces(write_picture=lambda image: b"%d:20:%d" % (image[0, 0, 0], image[0, 0, 2]))
        self.worker = LearningWorker(
            faces=self.faces,
            learning=taught.learning,
            enrolments=self,
            running=self.running,
            give_way_s=0.001,
        )
        taught.school.hub.subscribe(SessionStarted, self.faces.on_event)
        taught.school.hub.subscribe(SessionEnded, self.worker.on_event)
        self.seen = 0

    def build(self) -> Enrolment:
        self.building.set()
        assert self.gate.wait(WAIT_S)
        if self.failure is not None:
            raise self.failure
        return self.taught.build()

    def hold_class(self, *students: int) -> None:
        """A class in which students, by place, are marked and clearly seen; it ends."""
        session = self.taught.start()
        self.taught.school.hub.emit(SessionStarted(session, self.taught.course, 3))
        for place in students:
            student = self.taught.students[place]
            self.taught.mark(session, student)
            self.seen += 1
            image = picture_of(place + 1)
            image[:, :, 2] = self.seen
            look = ClearLook(student.student_id, 1.0, image, 0.0)
            self.faces.take(session.session_id, look, self.taught.school.clock.now())
        self.taught.end(session)

    def wait(self) -> None:
        """Until the thread has nothing to do any more."""
        for thread in threading.enumerate():
            if thread.name == "learning":
                thread.join(WAIT_S)

    def learned(self) -> list[int]:
        return [len(self.taught.learned(student)) for student in self.taught.students]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with open_school(tmp_path / "data") as school:
        made = Bench(LearningClass(school))
        yield made
        made.gate.set()
        assert made.worker.stop(WAIT_S)


def test_what_a_class_showed_is_learned_after_its_end(bench: Bench) -> None:
    bench.hold_class(0, 1)
    bench.wait()
    assert bench.learned() == [1, 1, 0]


def test_a_class_without_clear_faces_loads_no_model(bench: Bench) -> None:
    bench.hold_class()
    bench.wait()
    assert not bench.building.is_set()


def test_the_end_of_a_class_does_not_wait_for_it_and_the_next_class_is_learned_from_after_it(
    bench: Bench,
) -> None:
    bench.gate.clear()
    bench.hold_class(0)
    assert bench.building.wait(WAIT_S)
    assert bench.learned() == [0, 0, 0]
    bench.hold_class(1)
    bench.running.switched_on = True  # it gives way, and goes on

    bench.gate.set()
    bench.wait()

    assert bench.learned() == [1, 1, 0]


def test_where_no_model_can_be_loaded_nothing_is_learned_and_the_next_class_is(bench: Bench) -> None:
    bench.failure = ModelError("The model is damaged.")
    bench.hold_class(0)
    bench.wait()
    assert bench.learned() == [0, 0, 0]

    bench.failure = None
    bench.hold_class(1)
    bench.wait()
    assert bench.learned() == [0, 1, 0]


def test_a_kiosk_that_closes_meanwhile_learns_nothing_and_does_not_wait(bench: Bench) -> None:
    bench.gate.clear()
    bench.hold_class(0)
    assert bench.building.wait(WAIT_S)
    assert not bench.worker.stop(0.0)
    while not bench.worker.gives_way():
        pass
    bench.gate.set()
    assert bench.worker.stop(WAIT_S)
    assert bench.learned() == [0, 0, 0]

    bench.hold_class(1)
    bench.wait()
    assert bench.learned() == [0, 0, 0]


def test_the_kiosk_as_it_is_wired_learns_after_each_class(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = threading.Event()

    def build(_enrolments: ModelEnrolments) -> Enrolment:
        asked.set()
        raise ModelError("No model is loaded in this test.")

    monkeypatch.setattr(ModelEnrolments, "build", build)
    with open_school(tmp_path / "data") as school:
        taught, faces = LearningClass(school), school.kiosk.faces
        session = taught.start()
        school.hub.emit(SessionStarted(session, taught.course, 3))
        look = ClearLook(taught.students[0].student_id, 1.0, picture_of(1), 0.0)
        faces.clear.take(session.session_id, look, school.clock.now())

        taught.end(session)

        assert asked.wait(WAIT_S)
        assert faces.learning.stop(WAIT_S)
        assert faces.clear.end(session.session_id) == ()

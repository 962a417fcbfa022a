"""A sitting with its threads, over a scripted camera."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.domain.faces.frames import Frame
from kiosk.domain.faces.guided_enrolment import PLAN
from kiosk.domain.people.students import Student
from kiosk.errors import ConflictError, ModelError, SourceError
from kiosk.pipeline.enrolment_run import EnrolmentRun
from kiosk.pipeline.enrolment_sittings import EnrolmentSittings
from kiosk.services.events import CameraState, GalleryChanged
from kiosk.services.faces.guided_enrolment import GuidedSitting
from tests.fakes.actors import admin
from tests.fakes.attendance.classes import SwitchedClass
from tests.fakes.camera.sources import ScriptedSource
from tests.fakes.faces.sitting import Shown, Studio, frames_of, obedient
from tests.fakes.vision.recognition import with_noise
from tests.world.school import open_school

WAIT_S = 60.0
PICTURES = sum(wanted for _, wanted in PLAN)
LOST = SourceError("The camera is gone.", "Plug it in again.")


class FakeGuides:
    """`Guides` that gives what a test makes."""

    def __init__(self, make: Callable[[], GuidedSitting]) -> None:
        self._make = make

    def sitting(self, student_id: int) -> GuidedSitting:
        return self._make()


class FakeRuns:
    """`EnrolmentRuns` over a bench."""

    def __init__(self, bench: "Bench") -> None:
        self._bench = bench

    def run(self, student_id: int) -> EnrolmentRun:
        return self._bench.run(script(obedient()))


class Bench:
    """A studio with one student who consents, and every run that was made of it."""

    def __init__(self, studio: Studio, student: Student) -> None:
        self.studio = studio
        self.student = student
        self.changes: list[GalleryChanged] = []
        studio.school.hub.subscribe(GalleryChanged, self.changes.append)
        self.runs: list[EnrolmentRun] = []

    def run(
        self,
        *scripts: list[Frame | SourceError],
        live: bool = False,
        begin: Callable[[], GuidedSitting] | None = None,
    ) -> EnrolmentRun:
        made = EnrolmentRun(
            student=self.student,
            source=ScriptedSource(*scripts, live=live),
            guides=FakeGuides(begin or (lambda: self.studio.sit(self.student))),
            every_frame=True,
            first_pause_s=0.01,
        )
        self.runs.append(made)
        return made


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with open_school(tmp_path / "data") as school:
        studio = Studio(school)
        student = school.add_course(students=1)[1][0]
        studio.consent(student)
        made = Bench(studio, student)
        yield made
        for run in made.runs:
            assert run.stop() == ()


def script(shown: list[Shown], start_s: float = 0.0) -> list[Frame | SourceError]:
    return list(with_noise(frames_of(shown, start_s=start_s)))


def test_a_sitting_goes_from_the_camera_to_the_gallery(bench: Bench) -> None:
    run = bench.run(script(obedient()))
    run.start()
    assert run.ended.wait(WAIT_S)

    view = run.view()
    assert view.complete
    assert view.ready
    assert run.frame() is not None
    assert run.save(actor=admin("Anna")).kept == PICTURES
    assert bench.studio.templates(bench.student) == PICTURES
    assert len(bench.changes) == 1


@pytest.mark.logs_warnings
def test_a_camera_lost_in_the_middle_goes_on_where_it_was(bench: Bench) -> None:
    shown = obedient()
    run = bench.run([*script(shown[:40]), LOST], script(shown[30:], start_s=60.0), live=True)
    run.start()
    while not run.view().complete and not run.ended.wait(0.01):
        pass

    assert run.view().complete
    assert run.save(actor=admin("Anna")).kept == PICTURES


@pytest.mark.logs_warnings
def test_a_lost_camera_is_said_with_what_to_do(bench: Bench) -> None:
    run = bench.run([*script([Shown()] * 3), LOST], live=True)
    run.start()
    while run.view().camera is not CameraState.LOST:
        run.ended.wait(0.01)

    view = run.view()
    assert (view.trouble, view.hint) in {
        ("The camera is gone.", "Plug it in again."),
        ("No camera.", "Plug one in."),
    }


def test_a_model_that_cannot_be_loaded_ends_the_sitting_in_words(bench: Bench) -> None:
    def fail() -> GuidedSitting:
        raise ModelError("The model is damaged.", "Install it again.")

    run = bench.run(script([Shown()] * 3), begin=fail)
    run.start()
    assert run.ended.wait(WAIT_S)

    over = run.view().over
    assert over is not None
    assert over.user_text == "The model is damaged."
    with pytest.raises(ConflictError):
        run.save(actor=admin("Anna"))


def test_stopping_lets_go_of_the_camera_and_of_every_picture(bench: Bench) -> None:
    run = bench.run(script(obedient()))
    run.start()
    assert run.ended.wait(WAIT_S)

    assert run.stop() == ()
    assert run.stop() == ()
    assert run.view().taken == ()


def test_a_run_that_was_never_started_can_be_stopped(bench: Bench) -> None:
    assert bench.run().stop() == ()


# -- one sitting at a time


def test_while_a_class_is_open_the_camera_is_not_given(bench: Bench) -> None:
    sittings = EnrolmentSittings(runs=FakeRuns(bench), running=SwitchedClass(is_open=True))

    with pytest.raises(ConflictError, match="A class is open"):
        sittings.open(bench.student.student_id)
    assert bench.runs == []


def test_a_sitting_that_was_left_open_ends_with_the_next_and_with_the_kiosk(bench: Bench) -> None:
    sittings = EnrolmentSittings(runs=FakeRuns(bench), running=SwitchedClass())
    first = sittings.open(bench.student.student_id)
    first.start()
    second = sittings.open(bench.student.student_id)
    second.start()

    assert first.ended.is_set()
    assert sittings.close() == ()
    assert second.ended.is_set()
    assert sittings.close() == ()

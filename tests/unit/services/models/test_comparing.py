"""Measuring the installed models on the school's kept pictures."""

import threading
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.domain.faces.frames import BgrImage, Detection
from kiosk.domain.faces.recognition import Metric, ModelInfo, Thresholds
from kiosk.domain.faces.samples import SampleOrigin
from kiosk.domain.models.model_comparison import ModelComparison
from kiosk.domain.people.consents import Consent, ConsentKind
from kiosk.domain.people.students import Student
from kiosk.errors import ConflictError, ModelError
from kiosk.services.models.comparing import ComparingModels
from kiosk.services.ports.vision import Detector, Embedder
from kiosk.storage.repositories.repositories import Repositories
from tests.fakes.actors import admin
from tests.fakes.attendance.classes import SwitchedClass
from tests.fakes.progress import WatchedProgress
from tests.fakes.vision.recognition import FakeDetector, picture_of, vector_of
from tests.world.school import SmallSchool

LATER = 10
"""What is added to a person's number in a picture of another day."""
PEOPLE = 7


class DayEmbedder:
    """Knows everybody, or forgets everybody overnight."""

    def __init__(self, name: str, *, forgets: bool) -> None:
        self.info = ModelInfo(name, 8, Metric.EUCLIDEAN, Thresholds(0.5, 0.6, 0.05))
        self.forgets = forgets

    def embed(self, image: BgrImage, faces: Sequence[Detection]) -> NDArray[np.float32]:
        day, person = divmod(int(image[0, 0, 0]), LATER)
        shown = 0 if day and self.forgets else person
        return np.array([vector_of(shown) for _ in faces], np.float32)


class Bench:
    """A school with pictures of two days, and two models."""

    def __init__(self, school: SmallSchool) -> None:
        self.school = school
        self.models = {name: DayEmbedder(name, forgets=name == "forgetful") for name in ("forgetful", "good")}
        self.gate, self.loading = threading.Event(), threading.Event()
        self.gate.set()
        self.failure: Exception | None = None
        self.running = SwitchedClass()
        self.comparing = ComparingModels(
            core=school.cases.core,
            school=school.school,
            running=self.running,
            installed=lambda: tuple(self.models),
            load=self._load,
            read_picture=lambda data: picture_of(int(data)),
        )

    def _load(self, name: str) -> tuple[Detector, Embedder]:
        self.loading.set()
        self.gate.wait(60)
        if self.failure is not None:
            raise self.failure
        return FakeDetector(), self.models[name]

    def enrol(self, people: int) -> list[Student]:
        _course, students = self.school.add_course(students=people)
        for days in range(2):
            for person, student in enumerate(students, start=1):
                self.keep(student, days * LATER + person)
            self.school.clock.advance(86_400)
        return students

    def keep(self, student: Student, picture: int, origin: SampleOrigin = SampleOrigin.ENROLLED) -> None:
        now = self.school.clock.now()

        def work(repositories: Repositories) -> None:
            kind = ConsentKind.FACE_RECOGNITION
            repositories.consents.add(Consent(student.student_id, kind, True, now, "the test"))
            repositories.faces.add_sample(
                student_id=student.student_id,
                picture=str(picture).encode(),
                source=f"{student.student_id}/{picture}".encode(),
                captured_at=now,
                origin=origin,
            )

        self.school.store.write(work)

    def measure(self, progress: WatchedProgress | None = None) -> ModelComparison | None:
        return self.comparing.measure(actor=admin("Ada"), progress=progress or WatchedProgress())

    def ended(self) -> None:
        for thread in threading.enumerate():
            if thread.name == "model-comparison":
                thread.join(60)


@pytest.fixture
def bench(school: SmallSchool) -> Bench:
    return Bench(school)


def test_models_are_measured_on_the_same_pictures_and_the_outcome_is_kept(bench: Bench) -> None:
    bench.enrol(PEOPLE)
    progress = WatchedProgress()
    found = bench.measure(progress)
    assert found is not None
    assert [one.model for one in found.models] == ["good", "forgetful"]
    assert found.better_than("forgetful") is found.of("good")
    assert (found.people, found.pictures, found.people_of_days) == (PEOPLE, 2 * PEOPLE, PEOPLE)
    assert found.measured_at == bench.school.clock.now()
    assert progress.seen[0] == (0, 4 * PEOPLE)
    assert progress.seen[-1] == (4 * PEOPLE, 4 * PEOPLE)
    assert bench.comparing.newest() == found


def test_nothing_of_the_measured_faces_is_stored(bench: Bench) -> None:
    bench.enrol(PEOPLE)
    bench.measure()
    assert bench.school.store.read(lambda repositories: repositories.faces.templates_by_model()) == {}


def test_who_withdrew_consent_plays_no_part(bench: Bench) -> None:
    first, *_others = bench.enrol(PEOPLE)
    bench.school.clock.advance(1)
    now = bench.school.clock.now()
    word = Consent(first.student_id, ConsentKind.FACE_RECOGNITION, False, now, "test")
    bench.school.store.write(lambda repositories: repositories.consents.add(word))
    found = bench.measure()
    assert found is not None
    assert found.people == PEOPLE - 1


def test_pictures_that_the_model_in_use_learned_play_no_part(bench: Bench) -> None:
    first, *_others = bench.enrol(PEOPLE)
    bench.keep(first, 3 * LATER + 1, SampleOrigin.LEARNED)
    progress = WatchedProgress()
    found = bench.measure(progress)
    assert found is not None
    assert found.pictures == 2 * PEOPLE
    assert progress.seen[-1] == (4 * PEOPLE, 4 * PEOPLE)


def test_too_few_people_are_not_measured(bench: Bench) -> None:
    bench.enrol(4)
    found = bench.measure()
    assert found is not None
    assert (found.people, found.models, found.is_enough) == (4, (), False)
    assert not bench.loading.is_set(), "no model is loaded for it"


def test_what_is_stopped_leaves_the_last_outcome(bench: Bench) -> None:
    bench.enrol(PEOPLE)
    before = bench.measure()
    bench.school.clock.advance(60)
    assert bench.measure(WatchedProgress(stop_after=3)) is None
    assert bench.comparing.newest() == before


def test_it_runs_in_the_background_and_can_be_stopped(bench: Bench) -> None:
    bench.enrol(PEOPLE)
    bench.gate.clear()
    bench.comparing.start(actor=admin())
    with pytest.raises(ConflictError, match="being measured"):
        bench.comparing.start(actor=admin())
    assert bench.loading.wait(60)
    bench.comparing.stop()
    bench.gate.set()
    bench.ended()
    job = bench.comparing.job
    assert job is not None
    assert (job.running, job.found, job.error) == (False, None, None)


def test_it_gives_way_to_a_class_and_still_comes_to_its_end(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    paused: list[float | None] = []
    bench.enrol(PEOPLE)
    bench.running.switched_on = True
    monkeypatch.setattr(bench.comparing._stop, "wait", paused.append)
    bench.comparing.start(actor=admin())
    bench.ended()
    assert len(paused) == 4 * PEOPLE
    assert bench.comparing.newest() is not None


def test_a_damaged_model_is_named(bench: Bench) -> None:
    bench.enrol(PEOPLE)
    bench.failure = ModelError("The model good is damaged.", "Install it again.")
    bench.comparing.start(actor=admin())
    bench.ended()
    assert bench.comparing.job is not None
    assert bench.comparing.job.error is bench.failure


@pytest.mark.logs_warnings
def test_an_unforeseen_failure_is_put_into_words(bench: Bench) -> None:
    bench.enrol(PEOPLE)
    bench.failure = RuntimeError("a defect of ours")
    bench.comparing.start(actor=admin())
    bench.ended()
    assert bench.comparing.job is not None
    assert bench.comparing.job.error is not None
    assert "log" in bench.comparing.job.error.hint

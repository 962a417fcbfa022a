from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.domain.faces.frames import BgrImage, Detection
from kiosk.domain.faces.recognition import Metric, ModelInfo, Template, Thresholds
from kiosk.domain.people.consents import Consent, ConsentKind
from kiosk.domain.people.students import Student
from kiosk.services.faces.unreadable_faces import unreadable
from kiosk.services.models.model_change import ModelChange
from kiosk.services.models.re_embedding import LostFace, ReEmbedding, ReEmbeddingReport
from kiosk.storage.repositories.repositories import Repositories
from tests.fakes.actors import admin
from tests.fakes.models.two_models import NEW_MODEL, NewEmbedder, read_stored
from tests.fakes.progress import WatchedProgress
from tests.fakes.vision.recognition import MODEL, FakeDetector, vector_of
from tests.world.school import SmallSchool

NEW, OLD = NEW_MODEL.name, MODEL.name
NOBODY = 0
"""A stored picture in which the detector finds no face."""


class Switch:
    """A school that switches its model."""

    def __init__(self, school: SmallSchool) -> None:
        self.school = school
        self.embedder = NewEmbedder()
        self.re_embedding = ReEmbedding(
            store=school.store, clock=school.clock, read_picture=read_stored, lookalikes=school.lookalikes
        )
        self.course, self.students = school.add_course(students=4)
        self.watching = WatchedProgress()

    def run(self, stop_after: int = 99) -> ReEmbeddingReport:
        self.watching = WatchedProgress(stop_after)
        return self.re_embedding.run(
            FakeDetector(), self.embedder, actor=admin("Ada"), progress=self.watching
        )

    def templates(self, student: Student, model: str = NEW) -> list[NDArray[np.float32]]:
        found = self.school.store.read(
            lambda repositories: repositories.faces.templates([student.student_id], model)
        )
        return [template.vector for template in found]

    def withdraw(self, student: Student) -> None:
        now = self.school.clock.now()
        word = Consent(student.student_id, ConsentKind.FACE_RECOGNITION, False, now, "test")

        def work(repositories: Repositories) -> None:
            repositories.consents.add(word)
            repositories.faces.forget(student.student_id)

        self.school.clock.advance(1)
        self.school.store.write(work)

    def model_for_class(self) -> str:
        return (
            ModelChange(store=self.school.store)
            .for_class(self.course.course_id, on=self.school.clock.now().date(), chosen=NEW, usable=[OLD])
            .name
        )


@pytest.fixture
def switch(school: SmallSchool) -> Switch:
    return Switch(school)


def test_every_stored_picture_gets_a_template_of_the_new_model(switch: Switch) -> None:
    first, second, *_ = switch.students
    switch.school.enrol(first, 1, pictures=2)
    switch.school.enrol(second, 2)

    report = switch.run()

    assert report == ReEmbeddingReport(NEW, 3, (), 0)
    assert report.complete
    assert switch.watching.seen == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert [vector.argmax() for vector in switch.templates(first)] == [1, 1]
    np.testing.assert_array_equal(switch.templates(second)[0], vector_of(2))


def test_the_old_templates_stay(switch: Switch) -> None:
    switch.school.enrol(switch.students[0], 1, pictures=2)
    switch.run()

    assert len(switch.templates(switch.students[0], OLD)) == 2


def test_a_second_run_has_nothing_to_do(switch: Switch) -> None:
    switch.school.enrol(switch.students[0], 1)
    switch.run()
    audit = switch.school.store.read(lambda repositories: repositories.audit.entries())

    assert switch.run() == ReEmbeddingReport(NEW, 0, (), 0)
    assert switch.embedder.embedded == [1]
    assert switch.school.store.read(lambda repositories: repositories.audit.entries()) == audit


def test_a_stopped_run_goes_on_where_it_was(switch: Switch) -> None:
    switch.school.enrol(switch.students[0], 1, pictures=3)
    switch.school.enrol(switch.students[1], 2, pictures=2)

    first = switch.run(stop_after=2)
    second = switch.run()

    assert (first.embedded, first.remaining, first.complete) == (2, 3, False)
    assert (second.embedded, second.remaining) == (3, 0)
    assert switch.embedder.embedded == [1, 1, 1, 2, 2]


def test_without_consent_no_stored_picture_is_embedded(switch: Switch) -> None:
    """A consent that was withdrawn deletes the pictures; should one be left, it is not touched."""
    switch.school.enrol(switch.students[0], 1, consent=False)

    assert switch.run() == ReEmbeddingReport(NEW, 0, (), 0)
    assert switch.embedder.embedded == []


def test_consent_withdrawn_in_the_middle_counts_from_the_next_picture_on(switch: Switch) -> None:
    first, second, *_ = switch.students
    switch.school.enrol(first, 1)
    switch.school.enrol(second, 2, pictures=2)

    class Slow(NewEmbedder):
        def embed(self, image: BgrImage, faces: Sequence[Detection]) -> NDArray[np.float32]:
            vectors = super().embed(image, faces)
            if self.embedded == [1, 2]:
                switch.withdraw(second)
            return vectors

    switch.embedder = Slow()
    report = switch.run()

    assert (report.embedded, report.complete) == (1, True)
    assert switch.embedder.embedded == [1, 2], "the second picture is not looked at any more"
    assert switch.templates(second) == []


def test_pictures_without_a_face_are_reported_and_not_tried_again(switch: Switch) -> None:
    first, second, *_ = switch.students
    switch.school.enrol(first, NOBODY)
    switch.school.enrol(second, 2)

    report = switch.run()

    assert report.lost == (LostFace(first.student_no, 1, True),)
    assert report.complete
    again = switch.run()
    assert (again.embedded, again.lost) == (0, report.lost)
    assert switch.watching.seen == [(0, 0)]


def test_a_picture_that_is_gone_is_no_longer_remembered(switch: Switch) -> None:
    switch.school.enrol(switch.students[0], NOBODY)
    switch.run()
    switch.withdraw(switch.students[0])
    switch.school.enrol(switch.students[1], NOBODY)
    switch.run()

    known = switch.school.store.read(lambda repositories: unreadable(repositories, NEW))
    assert len(known) == 1


def test_the_run_is_written_down_once(switch: Switch) -> None:
    switch.school.enrol(switch.students[0], 1, pictures=3)
    switch.run()

    entry = switch.school.store.read(lambda repositories: repositories.audit.entries())[0]
    assert (entry.actor, entry.action, entry.subject) == ("Ada", "faces.re-embedded", NEW)
    assert entry.detail == "3 pictures, 0 without a face"


def test_look_alikes_are_found_with_the_new_model_too(switch: Switch) -> None:
    first, second, *_ = switch.students
    switch.school.enrol(first, 1)
    switch.school.enrol(second, 1)

    switch.run()

    pairs = switch.school.store.read(
        lambda repositories: repositories.face_pairs.between([first.student_id, second.student_id])
    )
    assert NEW in {pair.model for pair in pairs}


# -- which model a class uses


def test_a_class_uses_the_old_model_until_the_new_one_knows_everybody(switch: Switch) -> None:
    switch.school.enrol(switch.students[0], 1, pictures=2)
    switch.school.enrol(switch.students[1], 2)
    assert switch.model_for_class() == OLD

    switch.run(stop_after=2)
    assert switch.model_for_class() == OLD

    switch.run()
    assert switch.model_for_class() == NEW


def test_a_picture_that_cannot_be_prepared_holds_nobody_up(switch: Switch) -> None:
    switch.school.enrol(switch.students[0], 1)
    switch.school.enrol(switch.students[1], NOBODY)

    switch.run()

    assert switch.model_for_class() == NEW


def test_students_of_other_courses_do_not_hold_a_class_up(switch: Switch) -> None:
    _, (stranger,) = switch.school.add_course("MA 110", students=1)
    switch.school.enrol(stranger, 3)

    assert switch.model_for_class() == NEW


def test_it_is_said_what_is_used_instead_and_how_much_is_missing(switch: Switch) -> None:
    switch.school.enrol(switch.students[0], 1, pictures=2)

    found = ModelChange(store=switch.school.store).for_class(
        switch.course.course_id, on=switch.school.clock.now().date(), chosen=NEW, usable=[OLD]
    )

    assert found.words == (
        "new-model is still being prepared (2 pictures to go); this class is recognised with fake-model."
    )


class WhitenedEmbedder(NewEmbedder):
    """FaceNet-128 as it is fed now."""

    info = ModelInfo("facenet128-whitened", 8, Metric.COSINE, Thresholds(0.3, 0.4, 0.05), "facenet128")


def test_templates_of_another_input_are_never_compared_and_made_anew_with_progress(switch: Switch) -> None:
    first, *_ = switch.students
    switch.school.enrol(first, 1, pictures=2)
    before, now = "facenet128", WhitenedEmbedder.info.name

    def of_an_older_kiosk(repositories: Repositories) -> None:
        for key in repositories.faces.samples_without(before):
            old = Template(0, key.student_id, before, vector_of(2), 1.0)
            repositories.faces.add_template(sample_id=key.sample_id, template=old)

    switch.school.store.write(of_an_older_kiosk)
    assert switch.templates(first, now) == []
    assert len(switch.re_embedding.outstanding(now)) == 2

    switch.embedder = WhitenedEmbedder()
    report = switch.run()

    assert (report.model, report.embedded, report.remaining) == (now, 2, 0)
    assert switch.watching.seen == [(0, 2), (1, 2), (2, 2)]
    assert all(np.array_equal(vector, vector_of(1)) for vector in switch.templates(first, now))
    assert len(switch.templates(first, before)) == 2, "they stay for deepface's own way"

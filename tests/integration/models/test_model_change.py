"""A kiosk whose model is changed: the old gallery goes on working until the new one knows everybody."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import cv2
import numpy as np
import pytest

from kiosk.demo.cast import enrolment_pictures
from kiosk.demo.pool import pool
from kiosk.domain.courses.courses import Course
from kiosk.domain.faces.recognition import BUILTIN_TEMPLATES, Template
from kiosk.domain.people.students import Student
from kiosk.services.events import Event, ModelReplaced, RecognitionReady, ReEmbeddingProgress
from kiosk.settings import KioskSettings, WebSettings
from kiosk.storage.database.sqlite_library import sqlite3
from kiosk.storage.keys.key_ring import database_path
from kiosk.storage.repositories.repositories import Repositories
from tests.fakes.actors import admin
from tests.fakes.camera.sources import ScriptedSource
from tests.fakes.models.two_models import NEW_MODEL, NewEmbedder
from tests.fakes.recorder import EventRecorder
from tests.fakes.vision.recognition import FakeDetector, frames_of, vector_of
from tests.world.kiosk import build_kiosk

PICTURES = 3


class School:
    """A kiosk over a data directory with one course and two enrolled, drawn students."""

    def __init__(self, data_dir: Path, models_dir: Path, *, for_window: bool = False) -> None:
        self.recorder = EventRecorder()
        self.kiosk = build_kiosk(
            data_dir,
            models_dir=models_dir,
            settings=KioskSettings(web=WebSettings(enabled=False)),
            for_window=for_window,
        )
        self.kiosk.events.subscribe(Event, self.recorder.on_event)
        self.app = self.kiosk.app
        self.kiosk.start()

    def enrol(self) -> tuple[Course, list[Student]]:
        course = self.app.courses.lists.add_course(code="CS 101", title="", room="", actor=admin("test"))

        def add(repositories: Repositories) -> list[Student]:
            students = [
                repositories.students.add(student_no=f"S{n}", full_name=f"Student {n}", email=None)
                for n in (1, 2)
            ]
            for student in students:
                repositories.courses.register(course.course_id, student.student_id, self.app.core.today())
            return students

        students = self.app.core.store.write(add)
        enrolment = self.app.faces.enrolments.build()
        for student, person in zip(students, pool(), strict=False):
            self.app.people.consents.record(student.student_id, given=True, actor=admin("test"))
            for image in enrolment_pictures(person, PICTURES):
                _, data = cv2.imencode(".png", image)
                enrolment.enrol_picture(student.student_id, data.tobytes(), actor=admin("test"))
        return course, students

    def templates(self, students: list[Student]) -> list[Template]:
        ids = [student.student_id for student in students]
        return self.app.core.store.read(
            lambda repositories: repositories.faces.templates(ids, BUILTIN_TEMPLATES)
        )

    def begin_class(self, course: Course) -> tuple[list[ModelReplaced], RecognitionReady]:
        """Hold a class of one frame; returns what was said of the model."""
        session = self.app.attendance.sessions.start(course.course_id, actor=admin("test"), model="any")
        run = self.kiosk.classes.over(ScriptedSource(frames_of([0])), every_frame=True).build(session)
        run.start()
        ready = self.recorder.wait_for(
            lambda event: isinstance(event, RecognitionReady) and event.session_id == session.session_id
        )
        run.stop(60)
        self.app.attendance.sessions.end(session.session_id, actor=admin("test"))
        said = [one for one in self.recorder.of(ModelReplaced) if one.session_id == session.session_id]
        assert isinstance(ready, RecognitionReady)
        return said, ready


@pytest.fixture
def school(tmp_path: Path, models_dir: Path) -> Iterator[School]:
    made = School(tmp_path, models_dir)
    yield made
    assert made.kiosk.stop() == ()


def forget_templates(data_dir: Path) -> None:
    with closing(sqlite3.connect(database_path(data_dir))) as database:
        database.execute("DELETE FROM face_templates")
        database.commit()


def test_a_class_is_held_with_the_old_model_until_the_new_one_knows_everybody(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    course, students = school.enrol()
    monkeypatch.setattr(school.kiosk.vision, "get", lambda: (FakeDetector(), NewEmbedder()))

    said, ready = school.begin_class(course)

    assert (ready.model, ready.people, ready.templates) == (BUILTIN_TEMPLATES, 2, 2 * PICTURES)
    assert [(one.model, one.preparing) for one in said] == [(BUILTIN_TEMPLATES, True)]
    assert "new-model is still being prepared (6 pictures to go)" in said[0].detail

    def prepare(repositories: Repositories) -> None:
        faces = repositories.faces
        for key in faces.samples_without(NEW_MODEL.name):
            person = 1 + students.index(next(one for one in students if one.student_id == key.student_id))
            vector = np.asarray(vector_of(person))
            faces.add_template(
                sample_id=key.sample_id,
                template=Template(0, key.student_id, NEW_MODEL.name, vector, 1.0),
            )

    school.app.core.store.write(prepare)
    said, ready = school.begin_class(course)

    assert (said, ready.model, ready.templates) == ([], NEW_MODEL.name, 2 * PICTURES)


def test_lost_templates_are_made_again_from_the_stored_pictures(school: School, tmp_path: Path) -> None:
    _, students = school.enrol()
    before = school.templates(students)
    forget_templates(tmp_path)
    assert school.templates(students) == []

    report = school.kiosk.changes.run(BUILTIN_TEMPLATES, actor=admin("test"))

    assert (report.embedded, report.lost, report.remaining) == (2 * PICTURES, (), 0)
    after = school.templates(students)
    assert [one.student_id for one in after] == [one.student_id for one in before]
    apart = [float(np.linalg.norm(old.vector - new.vector)) for old, new in zip(before, after, strict=True)]
    assert max(apart) < 0.12, "the stored picture must give the same face"


def test_at_the_start_with_a_window_what_is_missing_is_made_in_the_background(
    tmp_path: Path, models_dir: Path
) -> None:
    first = School(tmp_path, models_dir)
    _, students = first.enrol()
    assert first.kiosk.stop() == ()
    forget_templates(tmp_path)

    second = School(tmp_path, models_dir, for_window=True)

    def at_end(event: Event) -> bool:
        return isinstance(event, ReEmbeddingProgress) and event.done == event.of

    try:
        second.recorder.wait_for(at_end)
        assert len(second.templates(students)) == 2 * PICTURES
        assert second.app.models.in_use.preparing == ReEmbeddingProgress(BUILTIN_TEMPLATES, 6, 6)
    finally:
        assert second.kiosk.stop() == ()

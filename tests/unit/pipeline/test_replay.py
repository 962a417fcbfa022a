from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kiosk.domain.attendance.choices import LivenessMode, Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.courses.courses import Course
from kiosk.domain.faces.frames import Frame
from kiosk.domain.people.students import Student
from kiosk.errors import ConflictError, KioskError, ModelError, NotFoundError, SourceError
from kiosk.pipeline.class_run import ClassRun
from kiosk.pipeline.replay import EventLog, ReplayedRecord, ReplayReport, replay
from kiosk.services.attendance.check_in import CheckIn
from kiosk.services.attendance.replayed_classes import ReplayedClasses
from kiosk.services.attendance.sessions import Sessions
from kiosk.services.ports.sources import FrameSource
from kiosk.storage.repositories.repositories import Repositories
from tests.fakes.actors import admin
from tests.fakes.attendance.classes import FakeClasses, FakeRuns
from tests.fakes.camera.sources import ScriptedSource, recording
from tests.fakes.recorder import told
from tests.fakes.vision.recognition import MODEL, frames_of
from tests.world.school import ZONE, SmallSchool, open_school

# Student 1 for 0.6 s, nobody, a stranger for 1.5 s, nobody, Student 2 for 0.6 s, nobody, Student 1 again.
A_CLASS = [0] * 2 + [1] * 6 + [0] * 2 + [7] * 15 + [0] * 2 + [2] * 6 + [0] * 2 + [1] * 6


class Bench:
    """A course of three, of whom the first two are enrolled."""

    def __init__(self, school: SmallSchool) -> None:
        self.school = school
        self.course: Course
        self.students: list[Student]
        self.course, self.students = school.add_course(students=3)
        school.enrol(self.students[0], 1)
        school.enrol(self.students[1], 2)
        self.log = EventLog()
        self.hub = told(self.log.on_event)
        self.sessions = Sessions(
            store=school.store,
            clock=school.cases.core.clock,
            school=school.school,
            zone=ZONE,
            events=self.hub,
        )
        self.replayed = ReplayedClasses(sessions=self.sessions, store=school.store, clock=school.clock)

    def replay(
        self,
        source: FrameSource,
        *,
        failure: KioskError | None = None,
        on_seconds: Callable[[float], None] | None = None,
        liveness: LivenessMode = LivenessMode.OFF,
    ) -> ReplayReport:
        checkin = CheckIn(store=self.school.store, zone=ZONE, events=self.hub)
        runs = FakeRuns(self.school, source, self.hub, checkin, failure=failure)
        return replay(
            self.course,
            replayed=self.replayed,
            classes=FakeClasses(self.school, runs.build),
            model=MODEL.name,
            log=self.log,
            actor=admin("the test"),
            liveness=liveness,
            on_seconds=on_seconds,
        )

    def only_session(self) -> ClassSession:
        (session,) = self.sessions.of_course(self.course.course_id)
        return session


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with open_school(tmp_path) as school:
        yield Bench(school)


def test_the_report_says_who_was_marked_when_and_how_surely(bench: Bench) -> None:
    report = bench.replay(recording(frames_of(A_CLASS)))

    session = bench.only_session()
    assert report.session_id == session.session_id
    assert report.records == (
        ReplayedRecord("CS101-1", "present", "face", 0.2, 0.5, 0.0, 1.4142),
        ReplayedRecord("CS101-2", "present", "face", 2.7, 3.0, 0.0, 1.4142),
    )
    assert (report.unknown_tracks, report.ambiguous_tracks) == (1, 0)
    assert report.frames == len(A_CLASS)
    assert report.fps > 0


def test_every_frame_is_looked_at_and_the_result_is_the_same_each_time(bench: Bench) -> None:
    first = bench.replay(recording(frames_of(A_CLASS)))
    again = bench.replay(recording(frames_of(A_CLASS)))

    assert first.frames == again.frames == len(A_CLASS)
    assert first.records == again.records


def test_the_session_takes_its_times_from_the_recording_and_ends_with_it(bench: Bench) -> None:
    bench.replay(recording(frames_of(A_CLASS)), liveness=LivenessMode.PASSIVE)

    session = bench.only_session()
    assert session.ended_at == session.started_at + timedelta(seconds=(len(A_CLASS) - 1) / 10)
    assert (session.liveness, session.model, session.started_by) == (
        LivenessMode.PASSIVE,
        MODEL.name,
        "the test",
    )
    roster = bench.sessions.roster(session.session_id)
    assert [entry.record.status for entry in roster if entry.record] == [
        Status.PRESENT,
        Status.PRESENT,
        Status.ABSENT,
    ]


def test_whoever_comes_after_the_late_time_of_the_recording_is_late(bench: Bench) -> None:
    late = [Frame(frame.image, frame.time_s + 601, frame.index) for frame in frames_of([2] * 6)]

    report = bench.replay(recording([*frames_of([1] * 6 + [0]), *late]))

    assert [(one.student_no, one.status) for one in report.records] == [
        ("CS101-1", "present"),
        ("CS101-2", "late"),
    ]


def test_a_recording_of_nobody_marks_nobody(bench: Bench) -> None:
    report = bench.replay(recording(frames_of([0] * 5)))

    assert (report.records, report.unknown_tracks, report.frames) == ((), 0, 5)


def nothing_is_kept(bench: Bench) -> bool:
    """Whether no class of the course and no record is left, and the log says that one was taken back."""

    def query(repositories: Repositories) -> bool:
        records = [repositories.records.find(1, student.student_id) for student in bench.students]
        last = max(repositories.audit.entries(), key=lambda one: one.entry_id)
        return records == [None] * 3 and (last.action, last.subject) == ("session.taken_back", "#1")

    return not bench.sessions.of_course(bench.course.course_id) and bench.school.store.read(query)


@pytest.mark.parametrize("frames", [[], [SourceError("The file is damaged.")]])
@pytest.mark.logs_warnings
def test_a_recording_without_a_picture_leaves_no_class(bench: Bench, frames: list[Any]) -> None:
    with pytest.raises(SourceError, match="no picture" if not frames else "damaged"):
        bench.replay(ScriptedSource(frames))

    assert nothing_is_kept(bench)


@pytest.mark.logs_warnings
def test_a_source_that_is_not_there_leaves_no_class(bench: Bench) -> None:
    with pytest.raises(SourceError, match="No camera"):
        bench.replay(ScriptedSource())

    assert nothing_is_kept(bench)


@pytest.mark.logs_warnings
def test_a_recording_that_is_damaged_in_the_middle_makes_nobody_absent(bench: Bench) -> None:
    damaged = SourceError("The file is damaged.", "Record it again.")

    with pytest.raises(SourceError, match="damaged"):
        bench.replay(ScriptedSource([*frames_of([1] * 6), damaged]))

    assert nothing_is_kept(bench)


@pytest.mark.logs_warnings
def test_a_model_that_does_not_load_leaves_no_class(bench: Bench) -> None:
    with pytest.raises(ModelError, match="The model is damaged"):
        bench.replay(recording(frames_of(A_CLASS)), failure=ModelError("The model is damaged."))

    assert nothing_is_kept(bench)


@pytest.mark.parametrize("failure", [SourceError("There is no such file."), KeyboardInterrupt()])
def test_a_replay_that_cannot_begin_or_is_interrupted_leaves_no_class(
    bench: Bench, failure: BaseException
) -> None:
    def build_run(session: ClassSession) -> ClassRun:
        raise failure

    with pytest.raises(type(failure)):
        replay(
            bench.course,
            replayed=bench.replayed,
            classes=FakeClasses(bench.school, build_run),
            model=MODEL.name,
            log=bench.log,
            actor=admin("the test"),
        )
    assert nothing_is_kept(bench)


def test_a_replay_that_was_killed_is_taken_back_when_it_is_found_forgotten(bench: Bench) -> None:
    course_id = bench.course.course_id
    bench.sessions.start(course_id, actor=admin("Anna"), model=MODEL.name, is_replay=True)
    bench.school.clock.advance(5 * 3600)

    assert bench.sessions.end_forgotten() == []
    assert nothing_is_kept(bench)


def test_a_replayed_class_can_be_taken_back_with_everything_in_it(bench: Bench) -> None:
    report = bench.replay(recording(frames_of(A_CLASS)))
    record = bench.sessions.roster(report.session_id)[0].record
    assert record is not None
    bench.school.marks.mark(
        report.session_id, record.student_id, Status.EXCUSED, actor=admin("Anna"), reason="ill"
    )

    assert bench.replayed.take_back(report.session_id, actor=admin("Anna")) == 3
    assert nothing_is_kept(bench)
    with pytest.raises(NotFoundError):
        bench.replayed.take_back(report.session_id, actor=admin("Anna"))
    numbers = [bench.replay(recording(frames_of([0]))).session_id for _ in range(2)]
    assert numbers == [report.session_id + 1, report.session_id + 2]  # none is given twice


def test_a_class_that_was_held_is_not_taken_back(bench: Bench) -> None:
    held = bench.sessions.start(bench.course.course_id, actor=admin("Anna"), model=MODEL.name)

    with pytest.raises(ConflictError, match="held in a room"):
        bench.replayed.take_back(held.session_id, actor=admin("Anna"))
    assert bench.only_session() == held


def test_a_course_with_an_open_session_is_not_replayed_into(bench: Bench) -> None:
    opened = bench.sessions.start(bench.course.course_id, actor=admin("Anna"), model=MODEL.name)

    with pytest.raises(ConflictError, match="still open"):
        bench.replay(recording(frames_of(A_CLASS)))
    assert bench.only_session() == opened


def test_a_class_without_trouble_has_no_failure(bench: Bench) -> None:
    bench.replay(recording(frames_of(A_CLASS)))

    assert bench.log.failure() is None


def test_the_log_says_how_many_people_recognition_knew(bench: Bench) -> None:
    report = bench.replay(recording(frames_of([0])))

    assert bench.log.people(report.session_id) == 2
    assert bench.log.people(report.session_id + 1) is None


def test_a_course_in_which_nobody_is_enrolled_marks_nobody_and_calls_nobody_unknown(bench: Bench) -> None:
    def forget(repositories: Repositories) -> None:
        for student in bench.students:
            repositories.faces.forget(student.student_id)

    bench.school.store.write(forget)

    report = bench.replay(recording(frames_of(A_CLASS)))

    assert (report.records, report.unknown_tracks, report.ambiguous_tracks) == ((), 0, 0)
    assert bench.log.people(report.session_id) == 0

"""The whole runtime, without Qt, without a camera and without a model."""

import threading
from pathlib import Path

import pytest

from kiosk.domain.attendance.choices import CheckInOutcome, LivenessMode, Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.class_tally import ClassTally
from kiosk.domain.faces.frames import Frame
from kiosk.domain.faces.recognition import Outcome
from kiosk.domain.trust.rights import Actor
from kiosk.errors import (
    ConflictError,
    DatabaseError,
    ForbiddenError,
    ModelError,
    NotFoundError,
    SourceError,
    StorageError,
)
from kiosk.pipeline.class_run import ClassRun
from kiosk.pipeline.runtime import Background, Runtime
from kiosk.services.attendance.awaited_faces import AwaitedFaces
from kiosk.services.attendance.sessions import Sessions
from kiosk.services.events import (
    CameraState,
    CameraStateChanged,
    CheckInResult,
    FaceDecided,
    GalleryChanged,
    RecognitionReady,
    RuntimeStopped,
    SessionEnded,
    SessionStarted,
    WebStateChanged,
    WorkerFailed,
)
from kiosk.services.faces.recognition.analysis import FaceState
from kiosk.storage.store import Database
from kiosk.storage.store_worker import StoreWorker
from tests.fakes.actors import admin
from tests.fakes.attendance.classes import FakeClasses
from tests.fakes.camera.sources import ScriptedSource
from tests.fakes.recorder import WAIT_S
from tests.fakes.storage.faulty_database import FaultyDatabase
from tests.fakes.storage.locked_database import locked_database
from tests.fakes.vision.recognition import (
    FACE,
    MODEL,
    frames_of,
    with_noise,
)
from tests.unit.pipeline.class_bench import Bench, FakeWebServer, MakeBench, Tidying, is_state
from tests.world.school import ZONE


def test_a_class_from_start_to_stop_emits_exactly_these_events(make_bench: MakeBench) -> None:
    # Nobody, then Student 1 for 0.6 s, nobody, a stranger for 1.5 s, nobody, Student 1 again.
    people = [0] * 2 + [1] * 6 + [0] * 2 + [7] * 15 + [0] * 2 + [1] * 6
    bench = make_bench(ScriptedSource(frames_of(people)))

    session = bench.runtime.start_class(bench.course.course_id, actor=admin("Anna"))
    bench.recorder.wait_for(is_state(CameraState.CLOSED))
    run = bench.runtime.run
    assert run is not None
    assert run.vision.ended.wait(WAIT_S)
    run.vision.settle(WAIT_S)
    ended = bench.runtime.end_class(actor=admin("Anna"))
    stuck = bench.runtime.stop()

    assert stuck == ()
    assert [event for event in bench.recorder.events if isinstance(event, WebStateChanged)] == [
        WebStateChanged(True, "http://10.20.4.17:8080")
    ]
    # Each thread's events in their order; those of different threads may interleave.
    assert bench.recorder.of(CameraStateChanged) == [
        CameraStateChanged(CameraState.OPENING),
        CameraStateChanged(CameraState.RUNNING, "Scripted"),
        CameraStateChanged(CameraState.ENDED),
        CameraStateChanged(CameraState.CLOSED),
    ]
    student = bench.students[0]
    decided = bench.recorder.of(FaceDecided)
    assert decided == [
        FaceDecided(session.session_id, 1, Outcome.ACCEPTED, student, 0.2, 0.5, 0.0, decided[0].margin, FACE),
        FaceDecided(
            session.session_id, 2, Outcome.UNKNOWN, None, 1.0, decided[1].decided_s, None, None, FACE
        ),
        FaceDecided(session.session_id, 3, Outcome.ACCEPTED, student, 2.7, 3.0, 0.0, decided[2].margin, FACE),
    ]
    results = bench.recorder.of(CheckInResult)
    assert [(one.outcome, one.student) for one in results] == [
        (CheckInOutcome.MARKED_PRESENT, student),
        (CheckInOutcome.ALREADY_MARKED, student),
    ]
    assert bench.recorder.of(SessionStarted) == [SessionStarted(session, bench.course, 3)]
    assert bench.recorder.of(RecognitionReady) == [
        RecognitionReady(session.session_id, MODEL.name, "fake-detector", 2, 2)
    ]
    came_to = SessionEnded(session.session_id, ended.ended_at, ClassTally(present=1, absent=2))
    assert bench.recorder.of(SessionEnded) == [ended] == [came_to]
    assert bench.recorder.events[-1] == RuntimeStopped(())
    assert len(bench.recorder.events) == 1 + 4 + 3 + 2 + 1 + 1 + 1 + 1


def test_a_decided_track_costs_one_look_a_second(make_bench: MakeBench) -> None:
    bench = make_bench(ScriptedSource(frames_of([1] * 50)))
    bench.runtime.start_class(bench.course.course_id, actor=admin("Anna"))
    bench.recorder.wait_for(is_state(CameraState.CLOSED))
    assert bench.runtime.run is not None
    assert bench.runtime.run.vision.ended.wait(WAIT_S)

    assert bench.embedder.embedded == 4 + 4


def test_whoever_may_not_hold_classes_neither_ends_nor_resumes_one(make_bench: MakeBench) -> None:
    bench, closed = make_bench(ScriptedSource(frames_of([1] * 10))), Actor("Tom", frozenset())
    session = bench.runtime.start_class(bench.course.course_id, actor=admin("Anna"))
    with pytest.raises(ForbiddenError):
        bench.runtime.end_class(actor=closed)
    assert bench.runtime.run is not None
    assert bench.school.sessions.session(session.session_id).is_open
    bench.runtime.end_class(actor=admin("Anna"))
    with pytest.raises(ForbiddenError):
        bench.runtime.resume_class(session.session_id, actor=closed)


def test_ending_writes_the_missing_down_as_absent(make_bench: MakeBench) -> None:
    bench = make_bench(ScriptedSource(frames_of([1] * 10)))
    session = bench.runtime.start_class(bench.course.course_id, actor=admin("Anna"))
    bench.recorder.wait_for(lambda event: isinstance(event, CheckInResult))
    bench.runtime.end_class(actor=admin("Anna"))

    roster = bench.school.sessions.roster(session.session_id)
    assert [entry.record.status for entry in roster if entry.record] == [
        Status.PRESENT,
        Status.ABSENT,
        Status.ABSENT,
    ]


@pytest.mark.logs_warnings
def test_unplugged_camera_is_opened_again(make_bench: MakeBench) -> None:
    lost = SourceError("The camera was unplugged.", "Plug it in again.")
    source = ScriptedSource([*frames_of([0] * 3), lost], with_noise(frames_of([1] * 10)), live=True)
    bench = make_bench(source)
    bench.runtime.start_class(bench.course.course_id, actor=admin("Anna"))
    bench.recorder.wait_for(lambda event: isinstance(event, CheckInResult))

    states = [event.state for event in bench.recorder.events if isinstance(event, CameraStateChanged)]
    assert states[:5] == [
        CameraState.OPENING,
        CameraState.RUNNING,
        CameraState.LOST,
        CameraState.OPENING,
        CameraState.RUNNING,
    ]
    words = [event for event in bench.recorder.events if is_state(CameraState.LOST)(event)]
    assert words == [CameraStateChanged(CameraState.LOST, "The camera was unplugged.", "Plug it in again.")]


@pytest.mark.logs_warnings
def test_without_a_camera_the_class_is_held_all_the_same(make_bench: MakeBench) -> None:
    bench = make_bench(ScriptedSource())
    bench.runtime.start_class(bench.course.course_id, actor=admin("Anna"))
    bench.recorder.wait_for(is_state(CameraState.LOST))

    code = bench.school.running.code()
    assert code is not None
    assert code.url.startswith("http://10.20.4.17:8080/s/")


@pytest.mark.logs_warnings
def test_without_a_model_the_picture_goes_on(make_bench: MakeBench) -> None:
    bench = make_bench(
        ScriptedSource(frames_of([1] * 20)), failure=ModelError("The model is damaged.", "Install it again.")
    )
    bench.runtime.start_class(bench.course.course_id, actor=admin("Anna"))
    bench.recorder.wait_for(is_state(CameraState.ENDED))

    assert bench.recorder.of(WorkerFailed) == [
        WorkerFailed("vision", "The model is damaged.", "Install it again.")
    ]
    frame = bench.runtime.preview.frame()
    assert isinstance(frame, Frame)
    assert frame.index == 19


def test_a_busy_port_leaves_recognition_alone(make_bench: MakeBench) -> None:
    web = FakeWebServer(SourceError("Port 8080 is taken.", "Choose another."))
    bench = make_bench(ScriptedSource(frames_of([1] * 10)), web=web)
    bench.runtime.start_class(bench.course.course_id, actor=admin("Anna"))
    bench.recorder.wait_for(lambda event: isinstance(event, CheckInResult))

    assert bench.recorder.of(WebStateChanged) == [
        WebStateChanged(False, "", "Port 8080 is taken.", "Choose another.")
    ]


def test_one_class_at_a_time(make_bench: MakeBench) -> None:
    bench = make_bench(ScriptedSource(frames_of([0] * 3)))
    bench.runtime.start_class(bench.course.course_id, actor=admin("Anna"))

    with pytest.raises(ConflictError, match="already open"):
        bench.runtime.start_class(bench.course.course_id, actor=admin("Anna"))


def test_an_unknown_course_starts_nothing(make_bench: MakeBench) -> None:
    bench = make_bench(ScriptedSource())

    with pytest.raises(NotFoundError):
        bench.runtime.start_class(999, actor=admin("Anna"))
    assert bench.runtime.run is None
    assert bench.school.running.current is None


def test_a_class_is_opened_on_the_thread_of_whoever_asks(
    make_bench: MakeBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Models and cameras take seconds, in which the store would write nothing."""
    threads: list[threading.Thread] = []
    start = ClassRun.start

    def noted(self: ClassRun) -> None:
        threads.append(threading.current_thread())
        start(self)

    monkeypatch.setattr(ClassRun, "start", noted)
    bench = make_bench(ScriptedSource(frames_of([0])))
    bench.runtime.start_class(bench.course.course_id, actor=admin("Anna"))

    assert threads == [threading.current_thread()]


@pytest.mark.logs_warnings
@pytest.mark.usefixtures("impatient")
def test_a_class_whose_end_cannot_be_written_goes_on_and_is_ended_later(
    make_bench: MakeBench, tmp_path: Path
) -> None:
    bench = make_bench(ScriptedSource(frames_of([0] * 3)))
    session = bench.runtime.start_class(bench.course.course_id, actor=admin("Anna"))
    before = bench.school.running.current

    with locked_database(tmp_path), pytest.raises(StorageError, match="in use by another program"):
        bench.runtime.end_class(actor=admin("Anna"))
    kept = bench.school.running.current
    assert kept is not None
    assert kept is before, "the codes that it shows stay good"
    assert bench.runtime.run is not None
    assert bench.recorder.of(SessionEnded) == []

    bench.runtime.end_class(actor=admin("Anna"))
    assert bench.school.running.current is None
    assert not bench.school.sessions.session(session.session_id).is_open


def test_a_session_survives_a_restart_and_is_resumed(make_bench: MakeBench) -> None:
    bench = make_bench(ScriptedSource(frames_of([0] * 3), frames_of([2] * 10)))
    session = bench.runtime.start_class(bench.course.course_id, actor=admin("Anna"))
    bench.recorder.wait_for(is_state(CameraState.CLOSED))
    bench.runtime.stop()
    assert bench.school.sessions.session(session.session_id).is_open

    again = make_bench_again(bench)
    try:
        assert again.resume_class(session.session_id, actor=admin()) == session
    finally:
        again.stop()


@pytest.mark.logs_warnings
def test_a_class_that_cannot_be_read_when_it_is_resumed_is_resumed_later(make_bench: MakeBench) -> None:
    bench = make_bench(ScriptedSource(frames_of([0] * 3)))
    session = bench.runtime.start_class(bench.course.course_id, actor=admin("Anna"))
    bench.runtime.stop()
    database = FaultyDatabase(bench.school.database)

    again = make_bench_again(bench, database)
    awaited = AwaitedFaces(store=StoreWorker(database=database), clock=bench.school.clock)
    bench.recorder.hub.subscribe(SessionStarted, lambda _event: setattr(database, "refuses", refusal))
    bench.recorder.hub.subscribe(SessionStarted, awaited.on_event)
    try:
        refusal: StorageError | None = DatabaseError("The database server cannot be reached.")
        for _again in range(2):
            with pytest.raises(StorageError, match="cannot be reached"):
                again.resume_class(session.session_id, actor=admin())
            assert bench.school.running.current is None
            database.refuses = None
        refusal = None
        assert again.resume_class(session.session_id, actor=admin()) == session
    finally:
        again.stop()


def make_bench_again(bench: Bench, database: Database | None = None) -> Runtime:
    """A second runtime on the same database, as after a power cut."""
    store = StoreWorker(database=database or bench.school.database)
    recorder = bench.recorder
    sessions = Sessions(
        store=store,
        clock=bench.school.cases.core.clock,
        school=bench.school.school,
        zone=ZONE,
        events=recorder.hub,
    )
    source_missing = SourceError("No camera.")

    def build_run(session: ClassSession) -> ClassRun:
        raise source_missing

    runtime = Runtime(
        store=store,
        sessions=sessions,
        running=bench.school.running,
        classes=FakeClasses(bench.school, build_run),
        events=recorder.hub,
    )
    runtime.start()
    return runtime


def test_a_forgotten_session_ends_by_itself(make_bench: MakeBench) -> None:
    bench = make_bench(ScriptedSource(frames_of([0] * 3)))
    session = bench.runtime.start_class(bench.course.course_id, actor=admin("Anna"))

    bench.school.clock.advance(4 * 3600)

    ended = bench.recorder.wait_for(lambda event: isinstance(event, SessionEnded))
    assert isinstance(ended, SessionEnded)
    assert (ended.ended_at - session.started_at).total_seconds() == 4 * 3600
    assert ended.absent == 3


def test_a_student_enrolled_during_class_is_recognised(make_bench: MakeBench) -> None:
    waiting = threading.Event()

    class PausingSource(ScriptedSource):
        def read(self) -> Frame | None:
            if self._current and isinstance(frame := self._current[0], Frame) and frame.index == 5:
                waiting.wait(WAIT_S)
            return super().read()

    bench = make_bench(PausingSource(frames_of([0] * 5 + [3] * 10)))
    bench.runtime.start_class(bench.course.course_id, actor=admin("Anna"))
    bench.recorder.wait_for(lambda event: isinstance(event, RecognitionReady))
    bench.school.enrol(bench.students[2], 3)
    bench.events.emit(GalleryChanged())
    waiting.set()

    marked = bench.recorder.wait_for(lambda event: isinstance(event, CheckInResult))
    assert isinstance(marked, CheckInResult)
    assert marked.student == bench.students[2]


def test_a_model_that_never_comes_keeps_nobody_from_the_rest(make_bench: MakeBench) -> None:
    loaded = threading.Event()
    bench = make_bench(ScriptedSource(), loaded=loaded)

    assert bench.tidied.wait(WAIT_S)
    loaded.set()
    assert bench.runtime.stop() == ()


def test_housekeeping_forgets_what_may_be_kept_only_for_a_while(make_bench: MakeBench) -> None:
    bench = make_bench(ScriptedSource(frames_of([0])))

    assert bench.tidied.wait(WAIT_S)


@pytest.mark.logs_warnings
def test_the_web_part_is_looked_after_while_the_database_is_gone(
    make_bench: MakeBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tick(_background: Background) -> None:
        raise DatabaseError("The database server cannot be reached.")

    monkeypatch.setattr(Tidying, "tick", tick)
    bench = make_bench(ScriptedSource(frames_of([0])))
    for _again in range(2):
        bench.recorder.wait_for(lambda event: isinstance(event, WebStateChanged) and event.running)
        bench.recorder.events.clear()
        bench.web.running = False


def test_a_wrong_name_goes_from_the_running_class_at_once(make_bench: MakeBench) -> None:
    """Somebody is called Student 1; the teacher says no; the same face stays in view, goes and comes again."""
    waiting = threading.Event()

    class PausingSource(ScriptedSource):
        def read(self) -> Frame | None:
            if self._current and isinstance(frame := self._current[0], Frame) and frame.index == 8:
                waiting.wait(WAIT_S)
            return super().read()

    bench = make_bench(PausingSource(frames_of([1] * 10 + [0] * 2 + [1] * 15)))
    session = bench.runtime.start_class(bench.course.course_id, actor=admin("Anna"))
    bench.recorder.wait_for(lambda event: isinstance(event, CheckInResult))
    student = bench.students[0]

    bench.school.corrections.not_this_person(
        session.session_id, student.student_id, None, actor=admin("Anna")
    )
    bench.events.emit(GalleryChanged())
    waiting.set()
    bench.recorder.wait_for(is_state(CameraState.ENDED))
    assert bench.runtime.run is not None
    assert bench.runtime.run.vision.ended.wait(WAIT_S)

    analysis = bench.runtime.analysis()
    assert analysis is not None
    assert [(face.state, face.student) for face in analysis.faces] == [(FaceState.PLEASE_SCAN, None)]
    named = [(event.outcome, event.student) for event in bench.recorder.of(FaceDecided)]
    assert named == [(Outcome.ACCEPTED, student), (Outcome.AMBIGUOUS, None)]
    assert len(bench.recorder.of(CheckInResult)) == 1
    assert bench.school.sessions.roster(session.session_id)[0].record is None


def test_the_session_stores_how_faces_are_checked(make_bench: MakeBench) -> None:
    asked: list[LivenessMode] = []
    bench = make_bench(ScriptedSource(frames_of([0])), check_liveness=asked.append)
    session = bench.runtime.start_class(
        bench.course.course_id, actor=admin("Anna"), liveness=LivenessMode.ACTIVE
    )
    assert session.liveness is LivenessMode.ACTIVE
    assert asked == [LivenessMode.ACTIVE]


def test_a_check_that_cannot_be_made_starts_no_class(make_bench: MakeBench) -> None:
    def refuse(_mode: LivenessMode) -> None:
        raise ModelError("The networks are missing.", "Install them.")

    bench = make_bench(ScriptedSource(frames_of([0])), check_liveness=refuse)
    with pytest.raises(ModelError, match="missing"):
        bench.runtime.start_class(bench.course.course_id, actor=admin("Anna"))
    assert bench.school.sessions.of_course(bench.course.course_id) == []
    assert bench.school.running.current is None

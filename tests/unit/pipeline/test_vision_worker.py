import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from kiosk.domain.attendance.choices import CheckInOutcome, Method
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.faces.frames import BgrImage, Detection, Frame
from kiosk.domain.faces.liveness import SuspectedAttack
from kiosk.domain.faces.lookalikes import PairOrigin
from kiosk.domain.faces.recognition import Liveness, Outcome, Track, Vote, VotingRule
from kiosk.domain.people.students import Student
from kiosk.errors import DatabaseError, ModelError, StorageError
from kiosk.pipeline.vision_worker import DecisionTargets, VisionWorker
from kiosk.services.attendance.attacks import Attacks
from kiosk.services.attendance.check_in import CheckIn
from kiosk.services.events import (
    AttackRecorded,
    CheckInResult,
    FaceDecided,
    RecognitionReady,
    SessionStarted,
    WorkerFailed,
)
from kiosk.services.faces.ambiguous_memory import AmbiguousMemory
from kiosk.services.faces.clear_faces import ClearFaces
from kiosk.services.faces.recognition.analysis import FrameAnalysis, TrackDecision
from kiosk.services.faces.recognition.face_liveness import ClosedGate
from kiosk.services.faces.recognition.recogniser import Recogniser, Sight
from kiosk.services.faces.recognition.slots import HandoffSlot, LatestSlot
from kiosk.services.ports.clock import Timeline
from kiosk.services.ports.vision import LifeSign, LivenessGate
from kiosk.settings import SchoolRules
from kiosk.storage.repositories.repositories import Repositories
from tests.fakes.actors import admin
from tests.fakes.attendance.classes import FakeRecognisers
from tests.fakes.recorder import WAIT_S, EventRecorder
from tests.fakes.vision.recognition import (
    MODEL,
    FakeDetector,
    FakeEmbedder,
    FakeQualityMeter,
    FakeTracker,
    frames_of,
)
from tests.world.school import ZONE, DirectStore, SmallSchool, open_school

T = TypeVar("T")


class NotedDecisions(AmbiguousMemory):
    """Keeps no face; notes each decision."""

    def __init__(self, bench: "Bench") -> None:
        super().__init__(clock=bench.school.clock, write_picture=lambda _image: b"")
        self._bench = bench

    def take(self, session_id: int, decision: TrackDecision, seen_at: datetime) -> None:
        self._bench.note(decision, seen_at)


class Bench:
    """A vision worker of a class of three, of whom the first two are enrolled."""

    def __init__(self, school: SmallSchool) -> None:
        self.school = school
        course, self.students = school.add_course(students=3)
        school.enrol(self.students[0], 1)
        school.enrol(self.students[1], 2)
        self.session: ClassSession = school.sessions.start(
            course.course_id, actor=admin("Anna"), model=MODEL.name
        )
        self.recorder = EventRecorder()
        self.frames: HandoffSlot[Frame] = HandoffSlot()
        self.analyses: LatestSlot[FrameAnalysis] = LatestSlot()
        self.decisions: list[tuple[TrackDecision, datetime, int]] = []
        self.detector: FakeDetector = FakeDetector()
        self.checkin = CheckIn(store=school.store, zone=ZONE, events=self.recorder.hub)
        self.clear = ClearFaces(write_picture=lambda image: str(image[0, 0, 0]).encode())
        self.clear.on_event(SessionStarted(self.session, course, 3))

    def recogniser(self, gate: LivenessGate | None = None) -> Recogniser:
        return Recogniser(
            sight=Sight(self.detector, FakeTracker(), FakeEmbedder(), FakeQualityMeter()),
            recognition=self.school.galleries.load(
                self.session.course_id, on=self.session.started_at.date(), model=MODEL
            ),
            rule=VotingRule(),
            gate=gate,
        )

    def note(self, track: TrackDecision, at: datetime) -> None:
        """Note a decision and how many events were told before it."""
        self.decisions.append((track, at, len(self.recorder.of(FaceDecided))))

    def worker(self, build: Callable[[], Recogniser] | None = None) -> VisionWorker:
        worker = VisionWorker(
            session=self.session,
            recognisers=FakeRecognisers(lambda _session: build() if build else self.recogniser()),
            timeline=Timeline(anchor=self.session.started_at, anchor_s=0.0),
            frames=self.frames,
            analyses=self.analyses,
            targets=DecisionTargets(
                self.checkin,
                Attacks(store=self.school.store, events=self.recorder.hub),
                NotedDecisions(self),
                self.clear,
            ),
            events=self.recorder.hub,
        )
        worker.start()
        return worker

    def show(self, *people: int) -> None:
        for frame in frames_of(people):
            assert self.frames.put(frame)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with open_school(tmp_path) as school:
        yield Bench(school)


def finish(bench: Bench, worker: VisionWorker) -> None:
    bench.frames.close()
    assert worker.ended.wait(WAIT_S)
    worker.settle(WAIT_S)
    assert worker.stop(WAIT_S)


def record_of(bench: Bench, student: Student) -> CheckInResult:
    return next(one for one in bench.recorder.of(CheckInResult) if one.student == student)


def test_a_recognised_student_is_marked_with_the_evidence_of_the_frames(bench: Bench) -> None:
    worker = bench.worker()
    bench.show(0, 1, 1, 1, 1, 1)
    finish(bench, worker)

    result = record_of(bench, bench.students[0])
    assert result.outcome is CheckInOutcome.MARKED_PRESENT
    assert result.record is not None
    (evidence,) = result.record.evidence
    assert (evidence.method, evidence.distance, evidence.votes) == (Method.FACE, 0.0, 4)
    assert evidence.model == MODEL.name
    assert evidence.margin == pytest.approx(2**0.5)
    assert evidence.first_seen_at is not None
    began = bench.session.started_at
    assert (evidence.first_seen_at - began).total_seconds() == pytest.approx(0.1)
    assert (evidence.at - began).total_seconds() == pytest.approx(0.4)
    assert result.record.marked_at == evidence.at
    assert worker.frames_seen == 6


def test_a_stranger_is_told_and_not_marked(bench: Bench) -> None:
    worker = bench.worker()
    bench.show(*[7] * 15)
    finish(bench, worker)

    (decided,) = bench.recorder.of(FaceDecided)
    assert (decided.outcome, decided.student, decided.distance, decided.margin) == (
        Outcome.UNKNOWN,
        None,
        None,
        None,
    )
    assert bench.recorder.of(CheckInResult) == []


def test_in_a_gallery_of_one_there_is_no_margin(bench: Bench) -> None:
    bench.school.clock.advance(1)
    bench.school.store.write(lambda repositories: repositories.faces.forget(bench.students[1].student_id))
    worker = bench.worker()
    bench.show(*[1] * 5)
    finish(bench, worker)

    assert [one.margin for one in bench.recorder.of(FaceDecided)] == [None]
    record = record_of(bench, bench.students[0]).record
    assert record is not None
    assert record.evidence[0].margin is None


def test_the_newest_analysis_is_left_for_the_window(bench: Bench) -> None:
    worker = bench.worker()
    bench.show(0, 0, 1)
    finish(bench, worker)

    analysis = bench.analyses.peek()
    assert analysis is not None
    assert (analysis.frame_index, len(analysis.faces)) == (2, 1)


@pytest.mark.logs_warnings
def test_a_model_that_does_not_load_is_told_and_frames_go_on_flowing(bench: Bench) -> None:
    def build() -> Recogniser:
        raise ModelError("The model is damaged.", "Install it again.")

    worker = bench.worker(build)
    bench.show(*[1] * 20)
    finish(bench, worker)

    assert bench.recorder.events == [WorkerFailed("vision", "The model is damaged.", "Install it again.")]
    assert worker.frames_seen == 0


@pytest.mark.logs_warnings
def test_a_defect_in_the_middle_is_told_and_frames_go_on_flowing(bench: Bench) -> None:
    class Broken(FakeDetector):
        def detect(self, image: BgrImage) -> list[Detection]:
            if image[0, 0, 0] == 5:
                raise ZeroDivisionError
            return super().detect(image)

    bench.detector = Broken()
    worker = bench.worker()
    bench.show(0, 5, *[1] * 20)
    finish(bench, worker)

    assert [failure.worker for failure in bench.recorder.of(WorkerFailed)] == ["vision"]
    assert bench.recorder.of(CheckInResult) == []


@pytest.mark.logs_warnings
def test_who_was_recognised_while_nothing_could_be_saved_is_marked_once_it_can_at_the_time_of_the_face(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    class RestingDisk(DirectStore):
        tries = 0

        def write_later(
            self, work: Callable[[Repositories], T], *, then: Callable[[T], None] | None = None
        ) -> "Future[T]":
            self.tries += 1
            if self.tries > 3:
                return super().write_later(work, then=then)
            answer: Future[T] = Future()
            answer.set_exception(DatabaseError("The disk is full.", "Make room."))
            return answer

    monkeypatch.setattr("kiosk.pipeline.vision_worker.AGAIN_S", 0.0)
    store = RestingDisk(bench.school.database)
    bench.checkin = CheckIn(store=store, zone=ZONE, events=bench.recorder.hub)
    worker = bench.worker()
    bench.show(*[1] * 5, *[0] * 5)
    marked = bench.recorder.wait_for(lambda event: isinstance(event, CheckInResult))
    finish(bench, worker)

    assert isinstance(marked, CheckInResult)
    (decided,) = bench.recorder.of(FaceDecided)
    assert marked.outcome is CheckInOutcome.MARKED_PRESENT
    assert marked.at == bench.session.started_at + timedelta(seconds=decided.decided_s)
    assert store.tries == 4
    assert bench.recorder.of(WorkerFailed) == [WorkerFailed("store", "The disk is full.", "Make room.")]


def test_recognition_begins_as_soon_as_the_class_can_be_read(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusals = iter([DatabaseError("The database server cannot be reached.")] * 2)

    def build() -> Recogniser:
        for refusal in refusals:
            raise refusal
        return bench.recogniser()

    monkeypatch.setattr("kiosk.pipeline.vision_worker.AGAIN_S", 0.0)
    worker = bench.worker(build)
    bench.show(*[1] * 5, 0)
    finish(bench, worker)

    assert [one.people for one in bench.recorder.of(RecognitionReady)] == [2]
    assert [one.outcome for one in bench.recorder.of(CheckInResult)] == [CheckInOutcome.MARKED_PRESENT]
    assert bench.recorder.of(WorkerFailed) == []


@pytest.mark.logs_warnings
def test_a_record_that_cannot_be_written_is_told_and_recognition_goes_on(bench: Bench) -> None:
    class FullDisk(DirectStore):
        def write_later(
            self, work: Callable[[Repositories], T], *, then: Callable[[T], None] | None = None
        ) -> "Future[T]":
            answer: Future[T] = Future()
            answer.set_exception(StorageError("The disk is full.", "Make room."))
            return answer

    bench.checkin = CheckIn(store=FullDisk(bench.school.database), zone=ZONE, events=bench.recorder.hub)
    worker = bench.worker()
    bench.show(*[1] * 5, 0, *[2] * 5)
    finish(bench, worker)

    assert bench.recorder.of(WorkerFailed) == [WorkerFailed("store", "The disk is full.", "Make room.")] * 2
    assert len(bench.recorder.of(FaceDecided)) == 2
    assert bench.recorder.of(CheckInResult) == []


def test_a_new_gallery_counts_from_the_next_frame_and_is_announced(bench: Bench) -> None:
    worker = bench.worker()
    bench.show(*[0] * 3)
    bench.school.enrol(bench.students[2], 3)
    worker.replace(
        bench.school.galleries.load(bench.session.course_id, on=bench.session.started_at.date(), model=MODEL)
    )
    bench.show(*[3] * 5)
    finish(bench, worker)

    ready = bench.recorder.of(RecognitionReady)
    assert [(one.people, one.templates, one.model, one.detector) for one in ready] == [
        (2, 2, MODEL.name, "fake-detector"),
        (3, 3, MODEL.name, "fake-detector"),
    ]
    assert record_of(bench, bench.students[2]).outcome is CheckInOutcome.MARKED_PRESENT


class SlowDetector(FakeDetector):
    """In the middle of a frame until the test lets it go on."""

    def __init__(self) -> None:
        super().__init__()
        self.looking, self.go_on = threading.Event(), threading.Event()

    def detect(self, image: BgrImage) -> list[Detection]:
        self.looking.set()
        assert self.go_on.wait(WAIT_S)
        return super().detect(image)


def test_a_new_gallery_waits_for_no_frame_and_no_frame_for_it(bench: Bench) -> None:
    bench.detector = slow = SlowDetector()
    worker = bench.worker()
    bench.show(1)
    assert slow.looking.wait(WAIT_S)

    # Loaded and prepared here, while the vision thread is in the middle of a frame; `replace` returns at once.
    bench.school.enrol(bench.students[2], 3)
    course_id, day = bench.session.course_id, bench.session.started_at.date()
    worker.replace(bench.school.galleries.load(course_id, on=day, model=MODEL))
    assert not slow.go_on.is_set()
    slow.go_on.set()
    bench.show(*[1] * 6, 0, *[3] * 5)
    finish(bench, worker)

    # The first student's frames before and after the change make one decision, and it is told once.
    decided = [(one.outcome, one.student) for one in bench.recorder.of(FaceDecided)]
    assert decided == [(Outcome.ACCEPTED, bench.students[0]), (Outcome.ACCEPTED, bench.students[2])]
    assert worker.frames_seen == 13


def test_whoever_stays_in_the_picture_is_claimed_once_more_when_that_is_asked(bench: Bench) -> None:
    worker = bench.worker()
    for number, frame in enumerate(frames_of([1] * 18)):
        if number == 12:
            worker.look_anew()
        assert bench.frames.put(frame)
    finish(bench, worker)

    results = bench.recorder.of(CheckInResult)
    assert [one.outcome for one in results] == [
        CheckInOutcome.MARKED_PRESENT,
        CheckInOutcome.ALREADY_MARKED,
    ]
    assert results[1].at > results[0].at


def test_stopping_finishes_the_frame_under_way(bench: Bench) -> None:
    bench.detector = slow = SlowDetector()
    worker = bench.worker()
    bench.show(1)
    assert slow.looking.wait(WAIT_S)

    assert not worker.stop(0)
    slow.go_on.set()

    assert worker.stop(WAIT_S)
    assert worker.frames_seen == 1
    assert not bench.frames.put(frames_of([1])[0])


def test_an_ambiguous_face_is_handed_over_before_its_event(bench: Bench) -> None:
    bench.school.store.write(
        lambda repositories: repositories.face_pairs.add(
            student_id=bench.students[0].student_id,
            other_id=None,
            origin=PairOrigin.CORRECTION,
            model=MODEL.name,
            distance=None,
            same_person=False,
            found_at=bench.school.clock.now(),
            found_by="Anna",
        )
    )
    worker = bench.worker()
    bench.show(*[1] * 12)
    finish(bench, worker)

    ((track, at, told_before),) = bench.decisions
    assert (track.decision.outcome, track.student) == (Outcome.AMBIGUOUS, None)
    assert track.closest_look is not None
    assert track.closest_look.match.student_id == bench.students[0].student_id
    assert at == bench.session.started_at + timedelta(seconds=track.closest_look.time_s)
    assert told_before == 0
    assert [event.student for event in bench.recorder.of(FaceDecided)] == [None]


class SuspiciousGate:
    """Takes every face for a picture."""

    trouble = None

    def look(self, frame: Frame, tracks: Sequence[Track]) -> Mapping[int, Liveness]:
        return {track.track_id: Liveness.ATTACK for track in tracks}

    def hear_vote(self, track_id: int, vote: Vote) -> None:
        pass

    def sign(self, track_id: int) -> LifeSign:
        return LifeSign(liveness=0.04)

    def forget(self, track_id: int) -> None:
        pass


def test_a_picture_held_up_is_recorded_without_a_name_and_marks_nobody(bench: Bench) -> None:
    worker = bench.worker(lambda: bench.recogniser(SuspiciousGate()))
    bench.show(1, 1, 1, 1, 1, 1)
    finish(bench, worker)

    (decided,) = bench.recorder.of(FaceDecided)
    assert (decided.outcome, decided.student, decided.distance) == (Outcome.ATTACK_SUSPECTED, None, None)
    attack = SuspectedAttack(bench.session.session_id, bench.session.started_at, 0.04)
    assert [one.attack for one in bench.recorder.of(AttackRecorded)] == [attack]
    assert bench.recorder.of(CheckInResult) == []
    roster = bench.school.sessions.roster(bench.session.session_id)
    assert [entry.record for entry in roster] == [None] * 3


def test_the_teacher_is_told_that_nobody_is_marked_by_face(bench: Bench) -> None:
    closed = ClosedGate(ModelError("The networks are damaged.", "Please scan the code."))
    worker = bench.worker(lambda: bench.recogniser(closed))
    bench.show(1, 1, 1, 1, 1, 1)
    finish(bench, worker)

    (ready,) = bench.recorder.of(RecognitionReady)
    assert (ready.user_text, ready.hint) == ("The networks are damaged.", "Please scan the code.")
    assert [one.outcome for one in bench.recorder.of(FaceDecided)] == [Outcome.AMBIGUOUS]
    assert bench.recorder.of(CheckInResult) == []


def test_clear_faces_are_kept_in_memory_with_the_time_they_were_seen_where_the_school_learns(
    bench: Bench,
) -> None:
    session_id = bench.session.session_id
    worker = bench.worker()
    bench.show(*[1] * 6)
    finish(bench, worker)
    assert bench.clear.end(session_id) == ()

    bench.school.school.change_rules(SchoolRules(learn_faces_from="2026-11-23"), actor=admin())
    bench.clear.on_event(SessionStarted(bench.session, bench.school.sessions.course_of(bench.session), 3))
    bench.frames = HandoffSlot()
    worker = bench.worker()
    bench.show(*[1] * 6)
    finish(bench, worker)

    (face,) = bench.clear.end(session_id)
    assert (face.student_id, face.picture) == (bench.students[0].student_id, b"1")
    assert face.seen_at == bench.session.started_at + timedelta(seconds=0.3)

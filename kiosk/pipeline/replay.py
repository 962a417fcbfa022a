"""Runs a recorded source through the same threads into a new class session and waits for its end."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from kiosk.domain.attendance.choices import LivenessMode, Method
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.record import AttendanceRecord
from kiosk.domain.courses.courses import Course
from kiosk.domain.faces.recognition import Outcome
from kiosk.domain.people.students import Student
from kiosk.domain.trust.rights import Actor
from kiosk.errors import KioskError, ModelError, SourceError, StorageError
from kiosk.pipeline.class_run import ClassRun, RunBuilder
from kiosk.services.attendance.replayed_classes import ReplayedClasses
from kiosk.services.attendance.sessions import Sessions
from kiosk.services.events import (
    CameraState,
    CameraStateChanged,
    Event,
    FaceDecided,
    RecognitionReady,
    WorkerFailed,
)
from kiosk.translation import _

SETTLE_S: Final = 30.0
POLL_S: Final = 0.2

OnSeconds = Callable[[float], None]
"""Called now and then with the position in the recording, in seconds."""


@dataclass(frozen=True, slots=True)
class ReplayedRecord:
    """One student who was marked; times are seconds since the start of the recording."""

    student_no: str
    status: str
    method: str
    first_seen_s: float | None
    marked_s: float
    distance: float | None
    margin: float | None


@dataclass(frozen=True, slots=True)
class ReplayReport:
    """What a replay found.

    Attributes:
        unknown_tracks: Faces whose last word was "unknown".
        ambiguous_tracks: Faces whose last word was "please scan".
        attack_tracks: Faces that were taken for pictures of faces.
        frames: Frames that recognition looked at.
        fps: Those frames for each second of the run, the loading of models not counted.
    """

    session_id: int
    records: tuple[ReplayedRecord, ...]
    unknown_tracks: int
    ambiguous_tracks: int
    attack_tracks: int
    frames: int
    fps: float


class EventLog:
    """Collects events from any thread; subscribe its `on_event`."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def on_event(self, event: Event) -> None:
        self.events.append(event)

    def undecided(self, session_id: int, outcome: Outcome) -> int:
        """How many tracks of a session ended with this outcome."""
        last: dict[int, Outcome] = {}
        for event in self.events:
            if isinstance(event, FaceDecided) and event.session_id == session_id:
                last[event.track_id] = event.outcome
        return sum(one is outcome for one in last.values())

    def people(self, session_id: int) -> int | None:
        """How many people recognition knew in a session at last; None when it never was ready."""
        ready = [one for one in self.events if isinstance(one, RecognitionReady)]
        return next((one.people for one in reversed(ready) if one.session_id == session_id), None)

    def failure(self) -> KioskError | None:
        """Why recognition or the source could not work, if it could not."""
        for event in self.events:
            if isinstance(event, WorkerFailed):
                return ModelError(event.user_text, event.hint)
            if isinstance(event, CameraStateChanged) and event.state is CameraState.LOST:
                return SourceError(event.user_text, event.hint)
        return None


def replay(
    course: Course,
    *,
    replayed: ReplayedClasses,
    classes: RunBuilder,
    model: str,
    log: EventLog,
    actor: Actor,
    liveness: LivenessMode = LivenessMode.OFF,
    on_seconds: OnSeconds | None = None,
) -> ReplayReport:
    """Open a session of `course`, run the source to its end, end the session and report.

    Where that does not come to its end, the session is taken back: who was not seen then was not absent.

    Raises:
        SourceError: The source cannot be opened, is damaged, or has no picture in it.
        ModelError: Recognition cannot work.
        ConflictError: The course has an open session.
    """
    sessions = replayed.sessions
    session = sessions.start(course.course_id, actor=actor, model=model, liveness=liveness, is_replay=True)
    try:
        run, seconds = _run_through(classes, session, log, on_seconds)
        analysis = run.analysis()
        if analysis is None:
            raise SourceError(
                _("There is no picture in this recording."), _("Look whether it can be played on this PC.")
            )
        at = session.started_at + timedelta(seconds=analysis.time_s)
        sessions.end(session.session_id, actor=actor, at=at)
    except BaseException:  # also when somebody interrupts it
        with suppress(StorageError):  # then it stays open, and is taken back when it is found forgotten
            replayed.take_back(session.session_id, actor=actor)
        raise
    frames = run.vision.frames_seen
    return ReplayReport(
        session.session_id,
        marked_in(sessions, session),
        log.undecided(session.session_id, Outcome.UNKNOWN),
        log.undecided(session.session_id, Outcome.AMBIGUOUS),
        log.undecided(session.session_id, Outcome.ATTACK_SUSPECTED),
        frames,
        frames / seconds if seconds > 0 else 0.0,
    )


def _run_through(
    classes: RunBuilder, session: ClassSession, log: EventLog, on_seconds: OnSeconds | None
) -> tuple[ClassRun, float]:
    """Run the source to its end; the run, stopped, and how many seconds it took.

    Raises:
        KioskError: Source or recognition failed.
    """
    run = classes.build(session)
    try:
        run.start()
        began = time.monotonic()
        while not run.vision.ended.wait(POLL_S):
            analysis = run.analysis()
            failed = log.failure() is not None
            if analysis is None:
                began = time.monotonic()
            elif on_seconds is not None:
                on_seconds(analysis.time_s)
            if failed and (analysis is None or run.camera.ended.is_set()):
                break
        seconds = time.monotonic() - began
        run.vision.settle(SETTLE_S)
    finally:
        run.stop(SETTLE_S)
    failure = log.failure()
    if failure is not None:
        raise failure
    return run, seconds


def marked_in(sessions: Sessions, session: ClassSession) -> tuple[ReplayedRecord, ...]:
    """Everybody who attended a session, in the order of marking."""
    attended = [
        (entry.student, entry.record)
        for entry in sessions.roster(session.session_id)
        if entry.record is not None and entry.record.status.attended
    ]
    attended.sort(key=lambda pair: (pair[1].marked_at, pair[0].student_no))
    return tuple(_replayed(session, student, record) for student, record in attended)


def _replayed(session: ClassSession, student: Student, record: AttendanceRecord) -> ReplayedRecord:
    proof = next((one for one in record.evidence if one.method is record.method), None)
    seen = proof.first_seen_at if proof else None
    return ReplayedRecord(
        student.student_no,
        record.status.value,
        (record.method or Method.MANUAL).value,
        round((seen - session.started_at).total_seconds(), 3) if seen else None,
        round((record.marked_at - session.started_at).total_seconds(), 3),
        round(proof.distance, 4) if proof and proof.distance is not None else None,
        round(proof.margin, 4) if proof and proof.margin is not None else None,
    )

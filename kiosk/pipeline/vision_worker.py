"""The vision thread: everything from detection to decision; owns the models.

The models are loaded on this thread, so neither the window nor the camera waits for them. Accepted faces go to the
one door and the thread goes on at once; what cannot be saved goes there again until it can. Only frames wait for it, and only in a slot of one place.
"""

import logging
import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Protocol

from kiosk.domain.attendance.choices import Method
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.record import Evidence
from kiosk.domain.faces.frames import Frame
from kiosk.domain.faces.liveness import SuspectedAttack
from kiosk.domain.faces.recognition import Outcome
from kiosk.errors import DatabaseError, KioskError
from kiosk.pipeline.frame_worker import FrameWorker
from kiosk.services.attendance.attacks import Attacks
from kiosk.services.attendance.check_in import CheckIn, Claim
from kiosk.services.events import Events, FaceDecided, RecognitionReady, WorkerFailed
from kiosk.services.faces.ambiguous_memory import AmbiguousMemory
from kiosk.services.faces.clear_faces import ClearFaces
from kiosk.services.faces.recognition.analysis import FrameAnalysis, TrackDecision
from kiosk.services.faces.recognition.recogniser import Recogniser, Recognition
from kiosk.services.faces.recognition.slots import LatestSlot, Slot
from kiosk.services.ports.clock import Timeline
from kiosk.translation import N_, _

POLL_S: Final = 0.25
LOADING_S: Final = 60.0
"""Models may be converted at the first start, and TensorFlow takes its time."""
FORMER_S: Final = 5.0
"""So long the worker before may be at its last frame."""
AGAIN_S: Final = 1.0
"""How often what the database refused is tried again: faces that could not be saved, and a class that could not be read."""

TROUBLE: Final = (
    N_("Recognition stopped working."),
    N_("The QR code and the roster still work; restart the kiosk."),
)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DecisionTargets:
    """Where decisions go.

    Attributes:
        check_in: The one door.
        attacks: Where suspected attacks are written down; None: they are told only.
        ambiguous: Keeps the faces of ambiguous decisions; None: nobody does.
        clear: Keeps the faces that may be learned from; None: nobody does.
    """

    check_in: CheckIn
    attacks: Attacks | None = None
    ambiguous: AmbiguousMemory | None = None
    clear: ClearFaces | None = None


class Recognisers(Protocol):
    """Makes what a class is recognised with."""

    def begin(self, session: ClassSession) -> Recogniser:
        """Load models and gallery; on the vision thread. Raises ModelError: recognition cannot work here."""

    def abandon(self) -> None:
        """Let go of the models, which a thread that hangs may hold: the next `begin` loads them anew."""


class VisionWorker(FrameWorker):
    """Takes frames, names faces, claims attendance."""

    def __init__(
        self,
        *,
        session: ClassSession,
        recognisers: Recognisers,
        timeline: Timeline,
        frames: Slot[Frame],
        analyses: LatestSlot[FrameAnalysis],
        targets: DecisionTargets,
        events: Events,
        after: threading.Event | None = None,
    ) -> None:
        """With `after`, the models are used by another worker until that is set."""
        super().__init__(name="vision", frames=frames, events=events, trouble=TROUBLE)
        self._session = session
        self._after = after
        self._targets = targets
        self._recognisers = recognisers
        self._timeline = timeline
        self._analyses = analyses
        self._lock = threading.Lock()
        self._replacement: Recognition | None = None
        self._anew = False
        self._pending: list[Future[Any]] = []
        self._unsaved: dict[int, Claim] = {}
        self._refused: set[int] = set()
        self._again_s = 0.0
        self.frames_seen = 0

    def replace(self, recognition: Recognition) -> None:
        """Recognise with another gallery from the next frame on; callable from any thread."""
        with self._lock:
            self._replacement = recognition

    def look_anew(self) -> None:
        """Claim everybody who is in the picture once more, from the next frame on; callable from any thread."""
        with self._lock:
            self._anew = True

    def settle(self, timeout_s: float) -> None:
        """Wait until every claim made so far was answered; for recordings, whose end is the end of the class."""
        for answer in list(self._pending):
            answer.exception(timeout_s)

    def _work(self) -> None:
        try:
            recogniser = self._begin()
            if self._abandoned or recogniser is None:
                return
            self._announce(recogniser)
            while not self._stop.is_set() and not self._frames.closed:
                self._submit_again()
                frame = self._frames.take(POLL_S)
                if frame is not None and not self._stop.is_set():
                    self._look(recogniser, frame)
        except KioskError as error:
            log.warning("recognition is off: %s", error)
            if not self._abandoned:
                self._events.emit(WorkerFailed("vision", error.user_text, error.hint))
                self._after_failure()

    def _begin(self) -> Recogniser | None:
        """What this class is recognised with, as soon as the database can be read; None when that takes too long."""
        if self._after is not None and not self._after.wait(FORMER_S):
            self._recognisers.abandon()  # whoever had the models before hangs: they are loaded anew
        while True:
            try:
                with self._step(LOADING_S):
                    return self._recognisers.begin(self._session)
            except DatabaseError as error:  # said by the store
                log.info("recognition waits for the database: %s", error)
            if self._stop.wait(AGAIN_S) or self._frames.closed:
                return None

    def _after_failure(self) -> None:
        """Keep the camera and its picture going when nobody recognises any more."""
        while not self._stop.is_set() and not self._frames.closed:
            self._frames.take(POLL_S)

    def _announce(self, recogniser: Recogniser) -> None:
        recognition, trouble = recogniser.recognition, recogniser.liveness_trouble
        self._events.emit(
            RecognitionReady(
                self._session.session_id,
                recognition.gallery.model.name,
                recogniser.detector_name,
                recognition.people,
                recognition.templates,
                trouble.user_text if trouble else "",
                trouble.hint if trouble else "",
            )
        )

    def _look(self, recogniser: Recogniser, frame: Frame) -> None:
        with self._lock:
            replacement, self._replacement = self._replacement, None
            anew, self._anew = self._anew, False
        if anew:
            recogniser.look_anew()
        if replacement is not None:
            recogniser.replace(replacement)
            nameable = replacement.nameable()
            with self._lock:  # whoever was forgotten, or is somebody else, is not claimed any more
                self._unsaved = {one: claim for one, claim in self._unsaved.items() if one in nameable}
            self._announce(recogniser)
        with self._step():
            analysis = recogniser.process(frame)
        if self._abandoned:
            return
        self.frames_seen += 1
        self._analyses.put(analysis)
        if self._targets.clear is not None:
            for look in analysis.clear:
                self._targets.clear.take(self._session.session_id, look, self._timeline.utc(look.time_s))
        for track in analysis.decided:
            self._tell(track, recogniser.gallery.model.name)

    def _tell(self, track: TrackDecision, model: str) -> None:
        decision = track.decision
        match = decision.match
        margin = None if match is None or match.runner_up == float("inf") else match.margin
        if self._targets.ambiguous is not None:  # before the event: whoever it wakes finds the face
            seen_at = self._timeline.utc(
                track.closest_look.time_s if track.closest_look else decision.decided_s
            )
            self._targets.ambiguous.take(self._session.session_id, track, seen_at)
        self._events.emit(
            FaceDecided(
                self._session.session_id,
                track.track_id,
                decision.outcome,
                track.student,
                track.first_seen_s,
                decision.decided_s,
                match.distance if match else None,
                margin,
                track.box,
            )
        )
        if decision.outcome is Outcome.ATTACK_SUSPECTED:
            self._record_attack(track)
        if decision.outcome is not Outcome.ACCEPTED or track.student is None or match is None:
            return
        evidence = Evidence(
            Method.FACE,
            self._timeline.utc(decision.decided_s),
            first_seen_at=self._timeline.utc(track.first_seen_s),
            distance=match.distance,
            margin=margin,
            votes=decision.votes,
            model=model,
            parts=match.parts or None,
        )
        self._submit(Claim(self._session.session_id, track.student.student_id, evidence))

    def _submit(self, claim: Claim) -> None:
        answer = self._targets.check_in.submit(claim)
        self._pending = [one for one in self._pending if not one.done()]
        self._pending.append(answer)
        answer.add_done_callback(partial(self._take_answer, claim))

    def _submit_again(self) -> None:
        """Nobody who was recognised has to come again because a disk or a server rested."""
        now_s = time.monotonic()
        with self._lock:
            if not self._unsaved or now_s < self._again_s:
                return
            claims, self._unsaved = tuple(self._unsaved.values()), {}
        self._again_s = now_s + AGAIN_S
        for claim in claims:
            self._submit(claim)

    def _take_answer(self, claim: Claim, answer: "Future[Any]") -> None:
        """On the store's thread."""
        if not isinstance(answer.exception(), DatabaseError):
            self._refused.discard(claim.student_id)
            self._report_failure(answer)
            return
        with self._lock:
            self._unsaved.setdefault(claim.student_id, claim)
        if claim.student_id not in self._refused:  # said once
            self._refused.add(claim.student_id)
            self._report_failure(answer)

    def _record_attack(self, track: TrackDecision) -> None:
        attacks = self._targets.attacks
        if attacks is None:
            return
        at = self._timeline.utc(track.decision.decided_s)
        attack = SuspectedAttack(self._session.session_id, at, track.liveness or 0.0)
        written = attacks.record_later(attack)
        if written is not None:
            self._pending.append(written)
            written.add_done_callback(self._report_failure)

    def _report_failure(self, answer: "Future[Any]") -> None:
        error = answer.exception()
        if error is None:
            return
        log.error("what a face showed could not be written", exc_info=error)
        text, hint = (
            (error.user_text, error.hint)
            if isinstance(error, KioskError)
            else (_("A student could not be marked."), _("Please mark by hand and restart the kiosk."))
        )
        self._events.emit(WorkerFailed("store", text, hint))

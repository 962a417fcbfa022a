"""One class session at work: its slots and its threads for the camera, for recognition and for passes.

A thread of its own, ``watch``, sees whether recognition or the reading of passes hangs: that thread is abandoned, and another
one takes its place.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.faces.frames import Frame
from kiosk.pipeline import code_worker
from kiosk.pipeline.camera_worker import CameraWorker
from kiosk.pipeline.code_worker import CodeReading, CodeWorker
from kiosk.pipeline.hang_watch import TICK_S, HangWatch
from kiosk.pipeline.no_recognition import NoRecognition
from kiosk.pipeline.vision_worker import DecisionTargets, Recognisers, VisionWorker
from kiosk.services.events import Events, WorkerFailed
from kiosk.services.faces.recognition.analysis import FrameAnalysis
from kiosk.services.faces.recognition.recogniser import Recognition
from kiosk.services.faces.recognition.slots import HandoffSlot, LatestSlot
from kiosk.services.ports.clock import Clock, Timeline
from kiosk.services.ports.sources import FrameSource
from kiosk.translation import N_, _

HANGING: Final = N_("Recognition hung and is started anew."), N_("Students scan the code meanwhile.")
HOPELESS: Final = (
    N_("Recognition hung again and again, and is off for this class."),
    N_("The QR code and the roster still work; restart the kiosk after class."),
)


@dataclass(frozen=True, slots=True)
class Means:
    """With what a class looks at faces.

    Attributes:
        recognisers: Makes what they are recognised with; None where the school uses no faces: then the camera only shows its
            picture and reads passes.
        targets: Where decisions go.
    """

    recognisers: Recognisers | None
    targets: DecisionTargets


class ClassRun:
    """Camera, recognition and the reading of passes of one session, from start to stop.

    Args:
        recognisers: As in `Means`, and `targets`.
        every_frame: False for a camera: the newest frame wins. True for a recording: the camera thread waits until
            each frame was looked at, times are taken from the recording, and nothing is replaced that hangs.
        code_reading: Makes how passes are read from the frames; None where no pass can be good, as in a recording.
    """

    def __init__(
        self,
        *,
        session: ClassSession,
        source: FrameSource,
        recognisers: Recognisers | None,
        targets: DecisionTargets,
        clock: Clock,
        events: Events,
        every_frame: bool,
        code_reading: Callable[[], CodeReading] | None = None,
    ) -> None:
        self.session = session
        self._events = events
        self._means = Means(recognisers, targets)
        self._frames: LatestSlot[Frame] = HandoffSlot() if every_frame else LatestSlot()
        self._preview: LatestSlot[Frame] = LatestSlot()
        self._analyses: LatestSlot[FrameAnalysis] = LatestSlot()
        code_frames: LatestSlot[Frame] = LatestSlot()
        self._timeline = (
            Timeline(anchor=session.started_at, anchor_s=0.0)
            if every_frame
            else Timeline(anchor=clock.now(), anchor_s=clock.monotonic())
        )
        self._code_reading, self._code_frames = code_reading, code_frames
        self.codes = self._make_codes()
        self.camera = CameraWorker(
            source=source,
            frames=self._frames,
            preview=self._preview,
            codes=code_frames if code_reading else None,
            events=events,
        )
        self._changing = threading.Lock()
        self.vision: VisionWorker | NoRecognition = self._make_vision()
        self._vision_watch, self._codes_watch = HangWatch(), HangWatch()
        self._stopping = threading.Event()
        self._watch = (
            None if every_frame else threading.Thread(target=self._keep_watch, name="watch", daemon=True)
        )

    def start(self) -> None:
        self.camera.start()
        self.vision.start()
        if self.codes is not None:
            self.codes.start()
        if self._watch is not None:
            self._watch.start()

    def look_with(self, means: Means) -> None:
        """Look at faces in another way from now on; the frame under way is told to nobody. Any thread."""
        with self._changing:
            if self._stopping.is_set():
                return
            former, self._means = self.vision, means
            former.retire()
            self._analyses.take(0.0)  # nobody stands any more where faces were seen last
            self.vision = self._make_vision(after=former.ended)
            self.vision.start()

    def frame(self) -> Frame | None:
        return self._preview.peek()

    def analysis(self) -> FrameAnalysis | None:
        return self._analyses.peek()

    @property
    def recognises(self) -> bool:
        """Whether anything looks at faces."""
        return self._means.recognisers is not None

    @property
    def dropped(self) -> int:
        """Frames that were replaced before recognition could look at them."""
        return self._frames.dropped

    def replace(self, recognition: Recognition) -> None:
        """Recognise with another gallery from the next frame on."""
        self.vision.replace(recognition)

    def look_anew(self) -> None:
        """Claim everybody who is in the picture once more."""
        self.vision.look_anew()

    def stop(self, timeout_s: float) -> tuple[str, ...]:
        """Camera first, then slots, codes and vision; returns the names of threads that did not end."""
        stuck = []
        with self._changing:
            self._stopping.set()
        if self._watch is not None and self._watch.ident is not None:
            self._watch.join(timeout_s)
        if not self.camera.stop(timeout_s):
            stuck.append("camera")
        if self.codes is not None and not self.codes.stop(timeout_s):
            stuck.append("codes")
        if not self.vision.stop(timeout_s):
            stuck.append("vision")
        return tuple(stuck)

    def look_after(self) -> None:
        """Put another thread in the place of one that hangs; called once a second, on the watch's thread."""
        with self._changing:
            if self._vision_watch.hangs(self.vision):
                self._renew_vision()
        codes = self.codes
        if codes is not None and self._codes_watch.hangs(codes):
            self._renew_codes(codes)

    def _keep_watch(self) -> None:
        while not self._stopping.wait(TICK_S):
            self.look_after()

    def _renew_vision(self) -> None:
        self.vision.abandon()
        self._analyses.take(0.0)  # nobody stands any more where faces were seen last
        text, hint = HOPELESS if self._vision_watch.is_hopeless else HANGING
        self._events.emit(WorkerFailed("vision", _(text), _(hint)))
        if not self._vision_watch.is_hopeless:
            if self._means.recognisers is not None:
                self._means.recognisers.abandon()
            self.vision = self._make_vision()
            self.vision.start()

    def _make_vision(self, *, after: threading.Event | None = None) -> VisionWorker | NoRecognition:
        means = self._means
        if means.recognisers is None:
            return NoRecognition(frames=self._frames, events=self._events)
        return VisionWorker(
            session=self.session,
            recognisers=means.recognisers,
            timeline=self._timeline,
            frames=self._frames,
            analyses=self._analyses,
            targets=means.targets,
            events=self._events,
            after=after,
        )

    def _make_codes(self, *, was_failing: bool = False) -> CodeWorker | None:
        if self._code_reading is None:
            return None
        reading, frames = self._code_reading(), self._code_frames
        return CodeWorker(frames=frames, reading=reading, events=self._events, was_failing=was_failing)

    def _renew_codes(self, codes: CodeWorker) -> None:
        codes.abandon()
        text, hint = code_worker.TROUBLE if self._codes_watch.is_hopeless else code_worker.RESTING
        self._events.emit(WorkerFailed("codes", _(text), _(hint)))
        if not self._codes_watch.is_hopeless and (anew := self._make_codes(was_failing=True)) is not None:
            self.codes = anew
            anew.start()


class RunBuilder(Protocol):
    """Makes the threads of a class."""

    def build(self, session: ClassSession) -> ClassRun:
        """The camera and vision of a session, not started yet.

        Raises:
            SourceError: The settings name no source.
        """

"""One class session at work: its slots and its threads for the camera, for recognition and for passes."""

from typing import Protocol

from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.faces.frames import Frame
from kiosk.pipeline.camera_worker import CameraWorker
from kiosk.pipeline.code_worker import CodeReading, CodeWorker
from kiosk.pipeline.vision_worker import DecisionTargets, Recognisers, VisionWorker
from kiosk.services.events import Events
from kiosk.services.faces.recognition.analysis import FrameAnalysis
from kiosk.services.faces.recognition.recogniser import Recognition
from kiosk.services.faces.recognition.slots import HandoffSlot, LatestSlot
from kiosk.services.ports.clock import Clock, Timeline
from kiosk.services.ports.sources import FrameSource


class ClassRun:
    """Camera, recognition and the reading of passes of one session, from start to stop.

    Args:
        every_frame: False for a camera: the newest frame wins. True for a recording: the camera thread waits until
            each frame was looked at, and times are taken from the recording.
        code_reading: How passes are read from the frames; None where no pass can be good, as in a recording.
    """

    def __init__(
        self,
        *,
        session: ClassSession,
        source: FrameSource,
        recognisers: Recognisers,
        targets: DecisionTargets,
        clock: Clock,
        events: Events,
        every_frame: bool,
        code_reading: CodeReading | None = None,
    ) -> None:
        self.session = session
        self._frames: LatestSlot[Frame] = HandoffSlot() if every_frame else LatestSlot()
        self._preview: LatestSlot[Frame] = LatestSlot()
        self._analyses: LatestSlot[FrameAnalysis] = LatestSlot()
        code_frames: LatestSlot[Frame] = LatestSlot()
        timeline = (
            Timeline(anchor=session.started_at, anchor_s=0.0)
            if every_frame
            else Timeline(anchor=clock.now(), anchor_s=clock.monotonic())
        )
        self.codes = (
            CodeWorker(frames=code_frames, reading=code_reading, events=events) if code_reading else None
        )
        self.camera = CameraWorker(
            source=source,
            frames=self._frames,
            preview=self._preview,
            codes=code_frames if code_reading else None,
            events=events,
        )
        self.vision = VisionWorker(
            session=session,
            recognisers=recognisers,
            timeline=timeline,
            frames=self._frames,
            analyses=self._analyses,
            targets=targets,
            events=events,
        )

    def start(self) -> None:
        self.camera.start()
        self.vision.start()
        if self.codes is not None:
            self.codes.start()

    def frame(self) -> Frame | None:
        return self._preview.peek()

    def analysis(self) -> FrameAnalysis | None:
        return self._analyses.peek()

    @property
    def dropped(self) -> int:
        """Frames that were replaced before recognition could look at them."""
        return self._frames.dropped

    def replace(self, recognition: Recognition) -> None:
        """Recognise with another gallery from the next frame on."""
        self.vision.replace(recognition)

    def stop(self, timeout_s: float) -> tuple[str, ...]:
        """Camera first, then slots, codes and vision; returns the names of threads that did not end."""
        stuck = []
        if not self.camera.stop(timeout_s):
            stuck.append("camera")
        if self.codes is not None and not self.codes.stop(timeout_s):
            stuck.append("codes")
        if not self.vision.stop(timeout_s):
            stuck.append("vision")
        return tuple(stuck)


class RunBuilder(Protocol):
    """Makes the threads of a class."""

    def build(self, session: ClassSession) -> ClassRun:
        """The camera and vision of a session, not started yet.

        Raises:
            SourceError: The settings name no source.
        """

"""What recognition tells the screen about each frame."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from kiosk.domain.faces.frames import Box, Frame
from kiosk.domain.faces.head_turn import Request
from kiosk.domain.faces.recognition import Decision
from kiosk.domain.people.students import Student
from kiosk.services.faces.recognition.track_memory import ClearLook, ClosestLook


class FaceState(StrEnum):
    """What stands beside a box."""

    CHECKING = "checking"
    RECOGNISED = "recognised"
    UNKNOWN = "unknown"
    PLEASE_SCAN = "please_scan"


@dataclass(frozen=True, slots=True)
class FaceView:
    """One visible face; `student` is set when recognised, `request` while the person is asked to turn the head."""

    track_id: int
    box: Box
    state: FaceState
    student: Student | None
    request: Request | None = None


@dataclass(frozen=True, slots=True)
class TrackDecision:
    """A track that was decided in this frame.

    `closest_look` is set for an ambiguous face, for a teacher to look at; `liveness` where passive scores were taken.
    """

    track_id: int
    box: Box
    decision: Decision
    student: Student | None
    first_seen_s: float
    closest_look: ClosestLook | None = field(default=None, compare=False, repr=False)
    liveness: float | None = None


@dataclass(frozen=True, slots=True)
class FrameAnalysis:
    """All that one frame said.

    Attributes:
        frame_index: Of the frame that was looked at.
        time_s: Its capture time on the source's timeline.
        width: Its width in pixels; boxes are in these pixels.
        height: Its height in pixels.
        faces: Visible faces.
        decided: Tracks decided by this frame.
        embedded: How many embeddings this frame cost.
        clear: Looks at named faces that may be learned from.
    """

    frame_index: int
    time_s: float
    width: int
    height: int
    faces: tuple[FaceView, ...]
    decided: tuple[TrackDecision, ...]
    embedded: int
    clear: tuple[ClearLook, ...] = field(default=(), repr=False)


class Preview(Protocol):
    """What the window polls, 30 times a second; never blocks."""

    def frame(self) -> Frame | None:
        """The newest frame; None before the first and after the camera closed."""

    def analysis(self) -> FrameAnalysis | None:
        """The newest analysis, which may be of an earlier frame than `frame`."""

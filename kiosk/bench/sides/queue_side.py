"""A whole class in single file past the kiosk, in real time: real decisions, real records. Child processes only."""

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk import bootstrap
from kiosk.bench.answers import QueueAnswer
from kiosk.bench.passing import Passing
from kiosk.bench.sides.enrolled_class import ACTOR, Model, open_copy
from kiosk.domain.faces.frames import Frame
from kiosk.domain.faces.recognition import Outcome
from kiosk.errors import ModelError
from kiosk.services.events import CameraState, CameraStateChanged, CheckInResult, Event, FaceDecided
from kiosk.services.ports.sources import FrameSource, SourceInfo
from kiosk.translation import _

_SPARE_S: Final = 60.0
_SETTLE_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class Queue:
    """Plays the video of the queue as a camera would, dropping what is not looked at in time.

    Attributes:
        folder: The enrolled class.
        numbers: Student number of each person in the queue, in order.
        ways: How each of them walks.
    """

    folder: Path
    model: Model
    video: Path
    numbers: tuple[str, ...]
    ways: tuple[Passing, ...]

    def rounds(self) -> Iterator[QueueAnswer]:
        camera = _Marked(bootstrap.open_source(str(self.video)))
        heard = QueueLog()
        with open_copy(self.folder, self.model, source=camera) as (kiosk, course):
            kiosk.events.subscribe(Event, heard.on_event)
            kiosk.vision.warm_up()
            runtime = kiosk.app.runtime
            runtime.start_class(course.course_id, actor=ACTOR)
            run = kiosk.runtime.run
            if run is None or not heard.ended.wait(self.ways[-1].end_s + _SPARE_S):
                raise ModelError(_("The class in single file did not come to its end."))
            run.vision.settle(_SETTLE_S)
            frames = run.vision.frames_seen, run.dropped
            runtime.end_class(actor=ACTOR)
        yield heard.answer(self.numbers, self.ways, camera.began_s, frames)


class QueueLog:
    """What happened when, by the monotonic clock of this process; events come from several threads."""

    def __init__(self) -> None:
        self.ended = threading.Event()
        self._decided: list[tuple[float, FaceDecided]] = []
        self._marked: list[tuple[float, CheckInResult]] = []

    def on_event(self, event: Event) -> None:
        """Note an event and its time."""
        now = time.monotonic()
        if isinstance(event, FaceDecided) and event.outcome is Outcome.ACCEPTED:
            self._decided.append((now, event))
        elif isinstance(event, CheckInResult) and event.outcome.is_marked:
            self._marked.append((now, event))
        elif isinstance(event, CameraStateChanged) and event.state in {CameraState.ENDED, CameraState.LOST}:
            self.ended.set()

    def answer(
        self, numbers: Sequence[str], ways: Sequence[Passing], began_s: float, frames: tuple[int, int]
    ) -> QueueAnswer:
        """What came of it.

        Args:
            numbers: Student number of each person in the queue.
            ways: How each of them walked.
            began_s: When the film began, on the time scale of the frames.
            frames: How many were looked at and dropped.
        """
        first_seen = {
            event.student.student_no: event.first_seen_s
            for _, event in reversed(self._decided)
            if event.student is not None
        }
        marked = {event.student.student_no: at for at, event in self._marked}
        by_number = dict(zip(numbers, ways, strict=True))
        return QueueAnswer(
            students=len(numbers),
            marked=len(marked.keys() & by_number.keys()),
            mistaken=sum(_is_mistaken(event, by_number, began_s) for _, event in self._decided),
            decision_ms=tuple(1000 * (at - event.decided_s) for at, event in self._decided),
            record_s=tuple(at - first_seen[number] for number, at in marked.items()),
            frames=frames,
        )


def _is_mistaken(event: FaceDecided, ways: dict[str, Passing], began_s: float) -> bool:
    """Whether an accepted face was not the person who was nearest to where it was."""
    if event.student is None or event.box is None:
        return True
    at_s, x = event.decided_s - began_s, event.box.centre[0]
    places = [
        (abs(place.x - x), number) for number, way in ways.items() if (place := way.at(at_s)) is not None
    ]
    return not places or min(places)[1] != event.student.student_no


class _Marked:
    """A source that remembers when its first frame was taken."""

    def __init__(self, inner: FrameSource) -> None:
        self._inner = inner
        self.began_s = 0.0
        self._first = True

    def open(self) -> SourceInfo:
        self._first = True
        return self._inner.open()

    def read(self) -> Frame | None:
        frame = self._inner.read()
        if self._first and frame is not None:
            self.began_s, self._first = frame.time_s, False
        return frame

    def close(self) -> None:
        self._inner.close()

"""Following faces from frame to frame by where they are and where they were going.

Runs on the vision thread; pure computation. The scheme is that of SORT (Bewley et al. 2016): predict each track, match
predictions and detections as a whole, correct; with an alpha-beta filter in place of a Kalman filter, and time in seconds
instead of frames, because a busy machine skips frames.

Nothing here looks at the face itself. So a track must not survive a moment in which somebody else could have taken its
place: unexplained gaps are short, and only a face that another one stands in front of is waited for longer. Where it does
survive a moment in which faces could have been mixed up, it says so (`Track.may_be_switched`), and recognition looks again.
"""

import math
from collections.abc import Sequence
from typing import Final

import dlib
import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.frames import Box, Detection
from kiosk.domain.faces.recognition import Track
from kiosk.services.ports.vision import TrackUpdate

_POSITION_GAIN: Final = 0.6
"""How far a detection corrects the predicted place: 1 believes the detector only, 0 the prediction only."""
_VELOCITY_MEMORY_S: Final = 0.3
"""Over which time the velocity is averaged. Longer keeps two slow people who cross from exchanging their tracks, shorter
follows a person who turns around."""

_SLACK: Final = 0.5
"""Distance, in face sizes, between prediction and detection that is always allowed."""
_REACH_NEW: Final = 9.0
_REACH_KNOWN: Final = 2.0
"""How much that grows, in face sizes a second: a student walks about ten face widths a second; once the velocity is known
only its changes count."""
_LIMIT_NEW: Final = 2.0
_LIMIT_KNOWN: Final = 1.5
_KNOWN_AFTER: Final = 4
"""Detections after which a velocity is believed."""

_SIZE_CHANGE: Final = 1.6
"""Largest ratio of sizes within a track from one look to the next; the HOG detector's sizes come in steps of 1.2."""
_HIDDEN_OVERLAP: Final = 0.1
"""Overlap (intersection over union) with a visible face from which on a missing face counts as hidden by it."""
_BLINK_S: Final = 0.12
"""Detectors lose a face for a frame or two all the time; a longer gap is a reason to look who is there now."""
_STALL_S: Final = 0.35
"""With no frame at all for so long, the next person may stand where the last one stood."""
_BLIND_S: Final = 1.0
"""With no frame at all for this long, everybody may have changed places."""


class IouTracker:
    """Implements the port `Tracker`."""

    def __init__(self, *, gap_s: float = 0.25, hidden_gap_s: float = 0.6) -> None:
        """Start with no tracks.

        Args:
            gap_s: Time that a face may be missing without a reason. Raising it keeps more tracks through turned heads
                and blurred frames, and lets the next person in the same place inherit a track.
            hidden_gap_s: Time that a face may be missing in all, while another visible face is in front of it.
        """
        self._gap_s = gap_s
        self._hidden_gap_s = hidden_gap_s
        self._faces: list[_Followed] = []
        self._next_id = 1
        self._last_s = -math.inf

    def update(self, time_s: float, detections: Sequence[Detection]) -> TrackUpdate:
        blind_s = time_s - self._last_s
        self._last_s = time_s
        # Before matching: nobody may come back from too long a gap.
        lost = [face for face in self._faces if blind_s > _BLIND_S or self._is_gone(face, time_s, blind_s)]
        kept = [face for face in self._faces if face not in lost]
        pairs = _best_pairs(_affinities(kept, detections, time_s))
        seen: list[_Followed] = []
        for column, detection in enumerate(detections):
            if column in pairs:
                face = kept[pairs[column]]
                face.see(time_s, detection)
            else:
                face = _Followed(self._next_id, time_s, detection)
                self._next_id += 1
            seen.append(face)
        missing = [face for face in kept if face not in seen]
        for face in missing:
            face.miss(time_s, blind_s, detections)
        gone = [face for face in missing if self._is_gone(face, time_s, 0.0)]
        self._faces = seen + [face for face in missing if face not in gone]
        present = seen + [face for face in self._faces if face.hidden]
        for face in seen:
            face.note_company([other.place(time_s) for other in present if other is not face])
        visible = tuple(
            Track(face.track_id, face.detection, face.first_seen_s, may_be_switched=face.may_be_switched)
            for face in seen
        )
        return TrackUpdate(visible, tuple(face.track_id for face in lost + gone))

    def _is_gone(self, face: "_Followed", time_s: float, since_update_s: float) -> bool:
        if not face.missing:
            return False
        unexplained_s = face.unexplained_s + (0.0 if face.hidden else since_update_s)
        return unexplained_s > self._gap_s or time_s - face.seen_s > self._hidden_gap_s


class _Followed:
    """One face's position, velocity and size, in pixels and seconds."""

    def __init__(self, track_id: int, time_s: float, detection: Detection) -> None:
        self.track_id = track_id
        self.first_seen_s = time_s
        self.seen_s = time_s
        self.detection = detection
        self.missing = False
        self.hidden = False
        self.unexplained_s = 0.0
        self.may_be_switched = False
        self.size = _size(detection.box)
        self._mixed = False
        self._hits = 1
        self._x, self._y = detection.box.centre
        self._vx = self._vy = 0.0

    def see(self, time_s: float, detection: Detection) -> None:
        """Correct the filter with this frame's detection."""
        elapsed = max(time_s - self.seen_s, 1e-3)
        x, y = self.predict(time_s)
        off_x, off_y = detection.box.centre[0] - x, detection.box.centre[1] - y
        # The first detections are averaged, later ones filtered.
        gain = max(1 - math.exp(-elapsed / _VELOCITY_MEMORY_S), 1 / self._hits)
        self._x, self._y = x + _POSITION_GAIN * off_x, y + _POSITION_GAIN * off_y
        self._vx += gain * off_x / elapsed
        self._vy += gain * off_y / elapsed
        self.size = math.sqrt(self.size * _size(detection.box))
        self._hits += 1
        self._mixed |= elapsed > (_BLINK_S if self.missing else _STALL_S)
        self.seen_s, self.detection = time_s, detection
        self.missing = self.hidden = False
        self.unexplained_s = 0.0

    def place(self, time_s: float) -> Box:
        """Where the face is; where it must be, while it is not seen."""
        if not self.missing:
            return self.detection.box
        (x, y), half = self.predict(time_s), self.size / 2
        return Box(x - half, y - half, self.size, self.size)

    def note_company(self, others: Sequence[Box]) -> None:
        """Note who else is here; the track may be switched in the first frame in which it stands alone again.

        While two faces cover each other a look at either would see both.
        """
        box = self.detection.box
        together = any(box.intersection_over_union(other) >= _HIDDEN_OVERLAP for other in others)
        self.may_be_switched = self._mixed and not together
        self._mixed = together

    def miss(self, time_s: float, since_update_s: float, others: Sequence[Detection]) -> None:
        """Note that the face was not found in this frame, and whether one of the others hides it."""
        self.missing = True
        place = self.place(time_s)
        self.hidden = any(place.intersection_over_union(other.box) >= _HIDDEN_OVERLAP for other in others)
        self._mixed |= self.hidden
        if not self.hidden:
            self.unexplained_s += since_update_s

    def predict(self, time_s: float) -> tuple[float, float]:
        """(x, y) of the centre at constant velocity."""
        elapsed = time_s - self.seen_s
        return self._x + self._vx * elapsed, self._y + self._vy * elapsed

    def affinity(self, detection: Detection, time_s: float) -> float:
        """How well a detection continues this track; 0 when it cannot."""
        size = _size(detection.box)
        if size <= 0 or self.size <= 0:
            return 0.0
        change = abs(math.log(size / self.size)) / math.log(_SIZE_CHANGE)
        x, y = self.predict(time_s)
        distance = math.dist((x, y), detection.box.centre) / max(self.size, size)
        reach = self._reach(time_s - self.seen_s)
        if change > 1 or distance >= reach:
            return 0.0
        box = self.detection.box
        place = Box(x - box.width / 2, y - box.height / 2, box.width, box.height)
        overlap = place.intersection_over_union(detection.box)
        # Squares, because sums of plain distances of faces on one line are equal for either assignment.
        return 3 - (distance / reach) ** 2 - (1 - overlap) ** 2 - change**2

    def _reach(self, elapsed: float) -> float:
        if self._hits < _KNOWN_AFTER:
            return min(_SLACK + _REACH_NEW * elapsed, _LIMIT_NEW)
        return min(_SLACK + _REACH_KNOWN * elapsed, _LIMIT_KNOWN)


def _size(box: Box) -> float:
    return math.sqrt(box.area)


def _affinities(
    faces: Sequence[_Followed], detections: Sequence[Detection], time_s: float
) -> NDArray[np.float64]:
    """(faces, detections), 0 where they cannot belong together."""
    rows = [[face.affinity(detection, time_s) for detection in detections] for face in faces]
    return np.array(rows, dtype=np.float64).reshape(len(faces), len(detections))


def _best_pairs(affinities: NDArray[np.float64]) -> dict[int, int]:
    """Row of each matched column, such that the sum of affinities is largest (Hungarian algorithm)."""
    rows, columns = affinities.shape
    if not affinities.any():
        return {}
    square = np.zeros((max(rows, columns),) * 2)
    square[:rows, :columns] = affinities
    chosen = dlib.max_cost_assignment(dlib.matrix(square))
    return {
        int(column): row for row, column in enumerate(chosen) if row < rows and square[row, int(column)] > 0
    }

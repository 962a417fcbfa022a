"""Boxes that glide: exponential interpolation between analyses, without Qt. Times are handed in."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kiosk.domain.faces.frames import Box
from kiosk.services.faces.recognition.analysis import FaceView

FOLLOW_S: Final = 0.07
"""Time constant: after it, a box has gone 63 % of its way; short enough not to trail behind a walking face."""

FADE_S: Final = 0.15
GAP_S: Final = 0.25
"""A face may be missing in the analyses for so long before its box begins to fade."""


LONG_S: Final = 60.0
"""After so long everything has arrived."""


@dataclass(frozen=True, slots=True)
class GlidingFace:
    """A face as it is drawn; `opacity` from 0 to 1."""

    face: FaceView
    box: Box
    opacity: float


@dataclass(slots=True)
class _Path:
    face: FaceView
    box: Box
    seen_s: float
    opacity: float = 0.0


class Glide:
    """Follows the faces of one camera view."""

    def __init__(self) -> None:
        self._paths: dict[int, _Path] = {}
        self._now_s = 0.0

    def clear(self) -> None:
        """Forget all faces at once."""
        self._paths.clear()

    def see(self, faces: Sequence[FaceView], now_s: float) -> None:
        """Take in the faces of a new analysis."""
        for face in faces:
            path = self._paths.get(face.track_id)
            if path is None:
                self._paths[face.track_id] = _Path(face, face.box, now_s)
                continue
            if path.box.intersection_over_union(face.box) == 0:
                path.box = face.box  # too far to glide: it would cross the picture
            path.face = face
            path.seen_s = now_s

    def at(self, now_s: float, *, still: bool = False) -> tuple[GlidingFace, ...]:
        """Where the boxes are now; to be asked with growing times. `still`: they are there at once, and gone at once."""
        step_s = LONG_S if still else min(max(now_s - self._now_s, 0.0), 0.5)
        self._now_s = now_s
        follow = 1 - math.exp(-step_s / FOLLOW_S)
        for path in self._paths.values():
            path.box = _between(path.box, path.face.box, follow)
            fading = now_s - path.seen_s > GAP_S
            path.opacity = min(1.0, max(0.0, path.opacity + (-step_s if fading else step_s) / FADE_S))
        self._paths = {
            track: path
            for track, path in self._paths.items()
            if path.opacity > 0 or now_s - path.seen_s <= GAP_S
        }
        return tuple(GlidingFace(path.face, path.box, path.opacity) for path in self._paths.values())


def _between(start: Box, end: Box, share: float) -> Box:
    return Box(
        start.x + (end.x - start.x) * share,
        start.y + (end.y - start.y) * share,
        start.width + (end.width - start.width) * share,
        start.height + (end.height - start.height) * share,
    )

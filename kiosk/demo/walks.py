"""How people move through the picture: from one side, to the camera, and out at the other side.

All eyes lie near one height, whatever the distance: the camera stands at eye level. Times are seconds on the
class's own timeline, lengths pixels of the 1280 x 720 picture.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

FRAME_WIDTH: Final = 1280
FRAME_HEIGHT: Final = 720
FPS: Final = 30
_OUTSIDE: Final = 280
"""So far beyond the edge nobody is visible."""
_FAR: Final = 0.82
"""Scale at the edge of the picture; 1 (a head 300 pixels high) where they stand."""
_STAND: Final = 1.35
_SPEED: Final = 760.0
"""Mean pixels per second while walking."""
CLEARANCE: Final = 345
"""People never come closer than this, centre to centre, so that no face is covered."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody is at one moment.

    Attributes:
        x: Between the eyes.
        y: Between the eyes.
        scale: 1 where a head is 300 pixels high.
        facing: -1 (the picture's left) over 0 (into the camera) to 1.
    """

    x: float
    y: float
    scale: float
    facing: float


class Way(Protocol):
    """Somebody's way through the picture, as the drawn camera needs it."""

    @property
    def key(self) -> str:
        """Whose drawing."""

    @property
    def end_s(self) -> float:
        """When the person is out of the picture for good."""

    def at(self, time_s: float) -> Place | None:
        """Where the person is; None while outside the picture."""


@dataclass(frozen=True, slots=True)
class Walk:
    """One person's way past the camera.

    Attributes:
        key: Whose drawing.
        start_s: When the walk begins, outside the picture.
        stand_x: Where the person looks into the camera for more than a second.
        eyes_y: Height of the eyes in the picture.
        direction: 1 from left to right, -1 from right to left.
    """

    key: str
    start_s: float
    stand_x: float
    eyes_y: float
    direction: int

    @property
    def arrive_s(self) -> float:
        """When the person stands."""
        way = self.stand_x + _OUTSIDE
        if self.direction < 0:
            way = FRAME_WIDTH + _OUTSIDE - self.stand_x
        return self.start_s + way / _SPEED

    @property
    def leave_s(self) -> float:
        """When the person goes on."""
        return self.arrive_s + _STAND

    @property
    def end_s(self) -> float:
        """When the person is out of the picture."""
        return self.leave_s + (self._exit_x - self.stand_x) * self.direction / _SPEED

    @property
    def duration_s(self) -> float:
        """From beginning to end."""
        return self.end_s - self.start_s

    @property
    def _exit_x(self) -> float:
        return FRAME_WIDTH + _OUTSIDE if self.direction > 0 else -_OUTSIDE

    def at(self, time_s: float) -> Place | None:
        """Where the person is; None before and after."""
        if not self.start_s <= time_s < self.end_s:
            return None
        entry_x = FRAME_WIDTH - self._exit_x
        sway = 5 * math.sin(2.1 * (time_s - self.arrive_s))
        if time_s < self.arrive_s:
            part = (time_s - self.start_s) / (self.arrive_s - self.start_s)
            near = 1 - (1 - part) ** 2
            x = entry_x + (self.stand_x - entry_x) * near
        elif time_s < self.leave_s:
            near, x = 1.0, self.stand_x
        else:
            part = (time_s - self.leave_s) / (self.end_s - self.leave_s)
            near = 1 - part**2
            x = self.stand_x + (self._exit_x - self.stand_x) * part**2
        walking = min(1.0, 2.5 * (1 - near))
        bob = 5 * walking * math.sin(2 * math.pi * 1.9 * (time_s - self.start_s))
        facing = self.direction * min(1.0, 1.6 * (1 - near))
        return Place(x + sway * (1 - walking), self.eyes_y + bob, _FAR + (1 - _FAR) * near, facing)

    def moved(self, start_s: float) -> "Walk":
        """The same walk at another time."""
        return Walk(self.key, start_s, self.stand_x, self.eyes_y, self.direction)


def keep_clear(first: Sequence[Walk], second: Sequence[Walk]) -> bool:
    """Whether nobody of `first` ever comes too close to anybody of `second`."""
    for one in first:
        for other in second:
            start = max(one.start_s, other.start_s)
            end = min(one.end_s, other.end_s)
            for step in range(int((end - start) * FPS) + 1 if end > start else 0):
                here, there = one.at(start + step / FPS), other.at(start + step / FPS)
                if here and there and abs(here.x - there.x) < CLEARANCE:
                    return False
    return True

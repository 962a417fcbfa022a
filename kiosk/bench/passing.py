"""People who walk past the camera without standing still. Pure computation."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kiosk.demo.walks import FRAME_WIDTH, Place

_OUTSIDE: Final = 280.0
"""So far beyond the edge nobody is visible."""
_TURN: Final = 0.55
"""How far, of the widest drawn turn (12°), the head is turned at the picture's edges: who passes looks at the screen."""


@dataclass(frozen=True, slots=True)
class Passing:
    """One person's way past the camera at an even pace.

    Attributes:
        key: Whose drawing.
        start_s: When the person enters, still outside the picture; may lie before the film's beginning.
        eyes_y: Height of the eyes in the picture.
        scale: 1 where a head is 300 pixels high.
        speed: Pixels a second, to the right.
    """

    key: str
    start_s: float
    eyes_y: float
    scale: float
    speed: float

    @property
    def end_s(self) -> float:
        """When the person is out of the picture."""
        return self.start_s + (FRAME_WIDTH + 2 * _OUTSIDE) / self.speed

    def at(self, time_s: float) -> Place | None:
        """Where the person is; None before and after."""
        if not self.start_s <= time_s < self.end_s:
            return None
        gone_s = time_s - self.start_s
        x = -_OUTSIDE + self.speed * gone_s
        # Two steps a second: the head goes up and down by a few pixels.
        bob = 5 * self.scale * math.sin(2 * math.pi * 1.9 * gone_s)
        facing = _TURN * max(-1.0, min(1.0, (x - FRAME_WIDTH / 2) / (FRAME_WIDTH / 2)))
        return Place(x, self.eyes_y + bob, self.scale, -facing)


def single_file(
    keys: Sequence[str], *, every_s: float, speed: float, scale: float, first_s: float = 0.0
) -> tuple[Passing, ...]:
    """One after the other, `every_s` apart."""
    return tuple(
        Passing(
            key,
            first_s + every_s * place,
            300 + 8 * math.sin(2.4 * place),
            scale * (1 + 0.03 * math.sin(1.7 * place)),
            speed,
        )
        for place, key in enumerate(keys)
    )


def crowd(
    keys: Sequence[str], *, faces: int, seconds: float, speed: float, scale: float
) -> tuple[Passing, ...]:
    """So many that about `faces` are in the picture all the time, from the first frame on; `keys` come round again."""
    apart_s = FRAME_WIDTH / faces / speed
    before = math.ceil((FRAME_WIDTH + _OUTSIDE) / speed / apart_s)
    count = before + math.ceil(seconds / apart_s) + 1
    line = [keys[place % len(keys)] for place in range(count)]
    return single_file(line, every_s=apart_s, speed=speed, scale=scale, first_s=-before * apart_s)

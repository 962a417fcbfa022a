"""Which frames of a face may vote, and when a new one is worth another look. Pure rules.

A live face is seen dozens of times; unlike an enrolment picture no single frame has to be good. So the limits are
wider than those of `kiosk.domain.faces.face_quality`: they leave out only what would vote at random.
"""

import math
from dataclasses import dataclass
from typing import Final

from kiosk.domain.faces.face_quality import Limits, Quality, fitness

FULL_PX: Final = 150.0
"""Face height that fills the built-in network's input; FaceNet's is 160, VGG-Face's 224."""

MORE_PX: Final = 2.0
"""A face up to so many times higher still counts as better: less blur, less noise, fewer blocks of the codec."""

TURN_WEIGHT: Final = 2.0
"""How much a turned head takes away: at 0.25 (36°) half of the fitness is left."""

UNKNOWN_POSE: Final = 0.8
"""Where eyes and nose were not found the head is probably turned or tilted a little."""

NOSE: Final = 0.35
"""How far the tip of the nose stands before the eyes, in eye distances; see `kiosk.domain.frames.head_turn`."""


LIVE: Final = Limits(face_px=60.0, sharpness=8.0, darkest=20.0, brightest=245.0, turn=0.35)
"""What a frame of a live face must keep to, unless the settings say otherwise."""


@dataclass(frozen=True, slots=True)
class LookRule:
    """What a frame of a face must keep to before it votes.

    Attributes:
        limits: A frame beyond them does not vote; it does not interrupt a vote either.
        better: How many times fitter a frame must be than all before it, so that a face that was called unknown or asked
            to scan is looked at anew. Raising it gives fewer second chances, and strangers fewer tries.
    """

    limits: Limits = LIVE
    better: float = 1.3


def live_fitness(quality: Quality) -> float:
    """How good a frame of a face is for recognition, above 0 and up to `MORE_PX`; higher is better.

    That of an enrolment picture, times the size beyond what fills the network, times how straight the head is held.
    """
    size = min(MORE_PX, max(1.0, quality.face_px / FULL_PX))
    pose = UNKNOWN_POSE if quality.turn is None else max(0.1, 1.0 - TURN_WEIGHT * abs(quality.turn))
    return fitness(quality) * size * pose


def turn_of(degrees: float) -> float:
    """The `head_turn` of a head turned by so many degrees (below 90) to a side, seen from afar."""
    return NOSE * math.tan(math.radians(degrees))

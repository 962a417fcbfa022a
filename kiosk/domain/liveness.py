"""Telling a live face from a picture of one by how it looks: presentation attack detection (PAD, ISO/IEC 30107).

A single frame can be wrong either way: a blur makes a live face look flat, a lucky angle makes a picture look
live. So several frames of a track speak together, and once they said "picture" that track is believed no more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from statistics import median


class Liveness(StrEnum):
    """What several frames of one track say together."""

    OPEN = "open"
    LIVE = "live"
    ATTACK = "attack"


@dataclass(frozen=True, slots=True)
class LivenessRule:
    """When a face counts as live, and when as a picture.

    Attributes:
        frames: How many of a track's newest scores speak. Raising it makes both answers slower and surer.
        live_from: Median score from which a face counts as live. Raising it stops more pictures and sends more
            students to the code.
        attack_below: Median score below which a face counts as a picture. Raising it reports more pictures, and
            more students wrongly.

    Between the two nothing is said: the face is looked at again, and asked to scan when that goes on for long.
    """

    frames: int = 5
    live_from: float = 0.5
    attack_below: float = 0.3

    def __post_init__(self) -> None:
        """Refuse a rule that contradicts itself.

        Raises:
            ValueError: No frames, or a face could be live and a picture at once.
        """
        if self.frames < 1 or not 0 <= self.attack_below <= self.live_from <= 1:
            raise ValueError(f"a liveness rule contradicts itself: {self}")


def liveness_of(scores: Sequence[float], rule: LivenessRule) -> Liveness:
    """What the scores of one track say, oldest first; `OPEN` while there are fewer than the rule wants.

    The median, so that one or two odd frames of five change nothing.
    """
    if len(scores) < rule.frames:
        return Liveness.OPEN
    middle = median(scores[-rule.frames :])
    if middle >= rule.live_from:
        return Liveness.LIVE
    return Liveness.ATTACK if middle < rule.attack_below else Liveness.OPEN


@dataclass(frozen=True, slots=True)
class SuspectedAttack:
    """A picture that was held up instead of a face: when, in which class session, and nothing else.

    Attributes:
        at: Aware UTC.
        liveness: The score that gave it away, 0 (a picture) to 1 (live).
    """

    session_id: int
    at: datetime
    liveness: float

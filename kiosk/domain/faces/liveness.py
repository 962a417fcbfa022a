"""Telling a live face from a picture of one by how it looks: presentation attack detection (PAD, ISO/IEC 30107).

A single frame can be wrong either way: a blur makes a live face look flat, a lucky angle makes a picture look
live. So several frames of a track speak together, and once they said "picture" that track is believed no more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from kiosk.domain.faces.recognition import Liveness


@dataclass(frozen=True, slots=True)
class Score:
    """How live one frame of a track looked, 0 (a picture of a face) to 1, and when on the source's timeline."""

    time_s: float
    liveness: float


@dataclass(frozen=True, slots=True)
class LivenessRule:
    """When a face counts as live, and when as a picture.

    Attributes:
        frames: How many of a track's newest scores speak. Raising it makes both answers slower and surer.
        span_s: Time in seconds that they must cover at least, so that one moment does not speak five times.
        live_from: Median score from which a face counts as live. Raising it stops more pictures and sends more
            students to the code.
        attack_below: Median score below which a face counts as a picture. Raising it reports more pictures, and
            more students wrongly.
        patience_s: Time of scores between the two after which a face had its chance.
    """

    frames: int = 5
    span_s: float = 0.3
    live_from: float = 0.5
    attack_below: float = 0.3
    patience_s: float = 3.0

    def __post_init__(self) -> None:
        """Refuse a rule that contradicts itself.

        Raises:
            ValueError: No frames, or a face could be live and a picture at once.
        """
        if self.frames < 1 or not 0 <= self.attack_below <= self.live_from <= 1:
            raise ValueError(f"a liveness rule contradicts itself: {self}")


def liveness_of(scores: Sequence[Score], rule: LivenessRule) -> Liveness:
    """What the scores of one track say, oldest first; `PENDING` while there are fewer than the rule wants.

    The median of the newest `rule.frames` (or more, until they cover `rule.span_s`), so that one or two odd frames of
    five change nothing.
    """
    if len(scores) < rule.frames or not _covers(scores, rule.span_s):
        return Liveness.PENDING
    newest = list(scores[-rule.frames :])
    for score in reversed(scores[: -rule.frames]):
        if _covers(newest, rule.span_s):
            break
        newest.insert(0, score)
    middle = median(score.liveness for score in newest)
    if middle >= rule.live_from:
        return Liveness.LIVE
    if middle < rule.attack_below:
        return Liveness.ATTACK
    return Liveness.NOT_SHOWN if _covers(scores, rule.patience_s) else Liveness.PENDING


def _covers(scores: Sequence[Score], span_s: float) -> bool:
    # Half a millisecond of tolerance: frame times are sums of 1/30.
    return scores[-1].time_s - scores[0].time_s >= span_s - 5e-4


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

"""How many faces one frame may embed, so that a crowd or a slow model cannot stop the picture; vision thread only.

One face costs 2 ms with the built-in model, 10 ms with FaceNet-512 and 80 ms with VGG-Face. For a camera the number
follows from what embedding was measured to cost. For a recording it is fixed: its result must not depend on the PC.
"""

import math
from collections import deque
from statistics import median
from typing import Final, Protocol

from kiosk.services.ports.clock import Clock

FIXED: Final = 4
"""Faces a frame of a recording."""

MOST: Final = 12
"""Faces a frame at most, whatever they cost: all of them wait for the slowest before anybody is named."""

BURST_S: Final = 0.1
"""Time that may be saved up while nobody needs an embedding, and the deepest debt: one face of a slow model may cost more
than its frame's share, and then the next frames go without."""


class EmbeddingBudget(Protocol):
    """Decides how many embeddings a frame may cost."""

    def allowed(self, time_s: float) -> int:
        """How many faces the frame captured at `time_s` may embed; called once a frame, in the order of times."""

    def now(self) -> float:
        """A clock in seconds, to measure what embedding costs."""

    def spent(self, faces: int, seconds: float) -> None:
        """So many faces were embedded in this frame and took this long together."""


class FixedBudget:
    """The same number for each frame: for recordings, and wherever the result must be the same each time."""

    def allowed(self, time_s: float) -> int:
        return FIXED

    def now(self) -> float:
        return 0.0

    def spent(self, faces: int, seconds: float) -> None:
        """Nothing depends on it."""


class MeasuredBudget:
    """A share of the time that passes between frames, spent at the measured cost of a face.

    The cost is the median of the newest calls, so that the first, slow one of a network does not count for long.
    """

    def __init__(self, *, share: float, clock: Clock) -> None:
        """Start with no measurement: the first frame may embed one face.

        Args:
            share: Part of the time that embedding may take, above 0 to 1. Raising it decides a crowd sooner and lets the
                boxes follow less smoothly.
            clock: Measures what embedding costs.
        """
        self._share = share
        self._clock = clock
        self._costs: deque[float] = deque(maxlen=5)
        self._saved_s = 0.0
        self._last_s: float | None = None

    @property
    def cost_s(self) -> float | None:
        """What one face costs, in seconds; None before the first."""
        return median(self._costs) if self._costs else None

    def allowed(self, time_s: float) -> int:
        """What the time saved so far pays for, at least nothing and at most `MOST`."""
        if self._last_s is not None:
            self._saved_s += self._share * max(0.0, time_s - self._last_s)
        self._last_s = time_s
        cost = self.cost_s
        if cost is None:
            return 1
        self._saved_s = min(self._saved_s, BURST_S)
        # Half a microsecond of tolerance: sums of 1/30 are compared with multiples of the cost.
        faces = math.floor((self._saved_s + 5e-7) / max(cost, 1e-6))
        if self._saved_s >= BURST_S:
            faces = max(faces, 1)  # dearer than all that can be saved: on credit
        return max(0, min(MOST, faces))

    def now(self) -> float:
        return self._clock.monotonic()

    def spent(self, faces: int, seconds: float) -> None:
        """Pay for a frame, and learn what a face costs."""
        if faces > 0:
            self._costs.append(seconds / faces)
            self._saved_s = max(-BURST_S, self._saved_s - seconds)

"""Sees that a thread stands still within one step, such as a call into a model that never returns.

Counted in calls, one a second: a PC that slept, or is so busy that nothing goes on, makes no thread stand still. The watch's
own thread only.
"""

from collections import deque
from typing import Final

from kiosk.pipeline.frame_worker import FrameWorker

TICK_S: Final = 1.0
MOST: Final = 5
WITHIN: Final = 600
"""As often within so many calls, and it is not tried again."""


class HangWatch:
    """Watches one part of a class, whose worker may be replaced."""

    def __init__(self) -> None:
        self._seen: tuple[FrameWorker, int] | None = None
        self._still = 0
        self._calls = 0
        self._hangs: deque[int] = deque(maxlen=MOST)

    def hangs(self, worker: FrameWorker) -> bool:
        """Whether it has been at one step for longer than that step may take; call it once a second."""
        self._calls += 1
        seen = worker, worker.steps
        self._still = self._still + 1 if seen == self._seen and worker.is_at_step else 0
        self._seen = seen
        if self._still < worker.patience_s:
            return False
        self._still = 0
        self._hangs.append(self._calls)
        return True

    @property
    def is_hopeless(self) -> bool:
        """Whether it hung so often that starting it anew does not help."""
        return len(self._hangs) == MOST and self._calls - self._hangs[0] <= WITHIN

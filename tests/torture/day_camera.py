"""The camera of a school day: drawn students walk past without end; it can be lost, and a pass can be held up to it.

They go no faster than recognition looks: on a PC that is busy with other things nobody is through before they were seen.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kiosk.codes.draw import QUIET_ZONE
from kiosk.demo.cast import render_cast
from kiosk.demo.classroom import ClassroomCamera
from kiosk.demo.script import ClassPlan
from kiosk.demo.walks import FPS
from kiosk.domain.faces.frames import Frame
from kiosk.errors import SourceError
from kiosk.services.ports.clock import Clock
from kiosk.services.ports.sources import SourceInfo

PASS_PX: Final = 6
"""Pixels a module of a pass that is held up."""

AHEAD: Final = 2
"""Frames that recognition may not have looked at when the next one comes."""

MOST_WAITS: Final = 50
WAIT_S: Final = 0.01

CORNER: Final = 40
"""Pixels between a pass that is held up and the edge of the picture."""


class DayCamera:
    """A camera of 30 pictures a second. `lose` and `hold` from any thread, the rest on the camera's thread.

    Attributes:
        seen: Gives the number of the frame that recognition looked at last; None while it looks at nothing.
    """

    def __init__(self, plan: ClassPlan, clock: Clock) -> None:
        self.plan = plan
        self._cast = render_cast(plan.cast)
        self._clock = clock
        self._camera = self._new()
        self._index = 0
        self._tick = 0
        self._began_s = self._next_s = 0.0
        self.seen: Callable[[], int | None] = lambda: None
        self._is_lost = False
        self._pass: NDArray[np.bool_] | None = None

    @property
    def duration_s(self) -> float:
        """Until everybody has walked past."""
        return self._camera.duration_s

    def lose(self) -> None:
        """Let the next picture fail, as when somebody pulls the plug and puts it in again."""
        self._is_lost = True

    def hold(self, modules: NDArray[np.bool_] | None) -> None:
        """Hold a pass up to the camera, or take it away."""
        self._pass = modules

    def open(self) -> SourceInfo:
        """Begin with an empty room."""
        self._camera = self._new()
        self._tick, self._began_s = 0, self._clock.monotonic()
        self._next_s = self._began_s
        return replace(self._camera.open(), live=True)

    def read(self) -> Frame | None:
        """The next picture, when it is time for it.

        Raises:
            SourceError: The camera was lost.
        """
        if self._is_lost:
            self._is_lost = False
            raise SourceError("The camera was unplugged.")
        self._next_s = max(self._next_s + 1 / FPS, self._clock.monotonic())
        self._clock.sleep(max(0.0, self._next_s - self._clock.monotonic()))
        for _wait in range(MOST_WAITS):
            seen = self.seen()
            if seen is None or self._index - seen <= AHEAD:
                break
            self._clock.sleep(WAIT_S)
        self._tick += 1
        at_s = self._tick / FPS
        image = self._camera.compose(at_s % self._camera.duration_s)
        if (modules := self._pass) is not None:
            light = ~np.pad(modules, QUIET_ZONE, constant_values=False)
            shown = (light * np.uint8(255)).repeat(PASS_PX, 0).repeat(PASS_PX, 1)[:, :, None]
            image[CORNER : CORNER + len(shown), CORNER : CORNER + len(shown)] = shown
        self._index += 1
        return Frame(image, self._began_s + at_s, self._index)

    def close(self) -> None:
        """Let go of the prepared pictures."""
        self._camera.close()

    def _new(self) -> ClassroomCamera:
        return ClassroomCamera(walks=self.plan.walks, cast=self._cast)

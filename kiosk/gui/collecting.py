"""Python's garbage collector on the main thread only.

The collector runs in whatever thread allocates next. A Qt object that is part of a cycle would then be destroyed on a
worker thread, which crashes Qt now and then. While the window runs, the automatic collector is off and the main thread
collects a few times a second instead, each time only as much as is due, so that it never stands still for long.
"""

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer

EVERY_MS: Final = 250
SETTLED_MS: Final = 6000
"""By then the models and their packages are loaded: what is there stays, and need not be looked at again. Walking through
all of it once takes 150 ms, in which the picture would stand still."""


class MainThreadCollector(QObject):
    """Made on the main thread; `stop` gives the automatic collector back."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        gc.freeze()
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(collect_what_is_due)
        self._timer.start()
        self._settled = QTimer(self, singleShot=True, interval=SETTLED_MS)
        self._settled.timeout.connect(gc.freeze)
        self._settled.start()

    def stop(self) -> None:
        """Turn the automatic collector on again."""
        self._timer.stop()
        self._settled.stop()
        gc.unfreeze()
        gc.enable()


def collect_what_is_due() -> None:
    """Collect the generations whose counts passed Python's own thresholds."""
    for generation, (count, threshold) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)):
        if count <= threshold:
            return
        gc.collect(generation)

"""Long work and whoever watches it. Called on the thread that works."""

from typing import Final


class Progress:
    """Is told how far long work is, and may end it. This one does neither."""

    def report(self, done: int, total: int) -> None:
        """So many of so many are done."""

    def is_cancelled(self) -> bool:
        """Whether the work shall end before its next step."""
        return False


UNWATCHED: Final = Progress()


class Counter:
    """Counts what is done for a `Progress`."""

    def __init__(self, total: int, progress: Progress) -> None:
        self._total = total
        self._progress = progress
        self._done = 0

    def add(self, number: int = 1) -> None:
        """Report each of so many more."""
        for _unused in range(number):
            self._done += 1
            self._progress.report(self._done, self._total)

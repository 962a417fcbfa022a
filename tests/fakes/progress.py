"""Somebody who watches long work."""

from kiosk.services.ports.progress import Progress


class WatchedProgress(Progress):
    """Keeps what was reported, and ends the work after so many reports."""

    def __init__(self, stop_after: int = 1_000_000) -> None:
        self.seen: list[tuple[int, int]] = []
        self.stop_after = stop_after

    def report(self, done: int, total: int) -> None:
        self.seen.append((done, total))

    def is_cancelled(self) -> bool:
        return len(self.seen) > self.stop_after

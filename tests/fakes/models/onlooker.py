"""Somebody who waits for an installation."""

from kiosk.services.ports.model_store import InstallProgress, InstallStep


class Onlooker:
    """Remembers what it was shown; cancels when told, after so many reports, or at a step."""

    def __init__(self, *, cancel_after: int = -1, cancel_at: InstallStep | None = None) -> None:
        self.seen: list[InstallProgress] = []
        self.cancelled = False
        self._cancel_after = cancel_after
        self._cancel_at = cancel_at

    @property
    def reports(self) -> list[tuple[int, int]]:
        return [(each.done, each.total) for each in self.seen]

    def show(self, progress: InstallProgress) -> None:
        self.seen.append(progress)
        self.cancelled = self.cancelled or progress.step is self._cancel_at

    def is_cancelled(self) -> bool:
        return self.cancelled or 0 <= self._cancel_after < len(self.seen)

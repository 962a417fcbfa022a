"""When the kiosk screen is locked, without Qt. Main thread; times are handed in."""

from typing import Final

from kiosk.domain.people.staff import User

IDLE_S: Final = 120.0
"""An unlocked kiosk screen that nobody touches locks itself after this time."""


class KioskLock:
    """Locked when a class starts; a password or PIN unlocks it until `lock`, or until nobody touched it for a while."""

    def __init__(self, *, idle_s: float = IDLE_S) -> None:
        self._idle_s = idle_s
        self._user: User | None = None
        self._by_password = False
        self._touched_s = 0.0

    @property
    def user(self) -> User | None:
        """Who unlocked it; None while it is locked."""
        return self._user

    @property
    def by_password(self) -> bool:
        """Whether it was unlocked by a password; the PIN of a lesson does not close the program."""
        return self._user is not None and self._by_password

    def unlock(self, user: User, now_s: float, *, by_password: bool = True) -> None:
        """Let `user` work."""
        self._user = user
        self._by_password = by_password
        self._touched_s = now_s

    def touch(self, now_s: float) -> None:
        """Somebody pressed a key or the mouse."""
        self._touched_s = now_s

    def lock(self) -> None:
        """Lock it now."""
        self._user = None

    def idle(self, now_s: float) -> float:
        """Seconds since somebody touched it."""
        return now_s - self._touched_s

    def expired(self, now_s: float) -> bool:
        """Whether it is unlocked and was left alone for too long."""
        return self._user is not None and self.idle(now_s) >= self._idle_s

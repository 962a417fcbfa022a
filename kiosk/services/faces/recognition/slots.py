"""Handing frames from the camera thread to the vision thread.

`LatestSlot` is what a live camera needs: one place, the newest wins, drops are counted. `HandoffSlot` is what a
recording needs: one place too, but the giver waits, so that every frame is looked at.
"""

import threading
from typing import Generic, Protocol, TypeVar

T = TypeVar("T")


class Slot(Protocol[T]):
    """A place for one value between two threads."""

    def put(self, value: T) -> bool:
        """Leave a value; False once the slot is closed."""

    def take(self, timeout_s: float) -> T | None:
        """Fetch the value, waiting at most `timeout_s`; None when none came or the slot is closed and empty."""

    def close(self) -> None:
        """Let nobody wait any longer; a value already there can still be taken."""

    @property
    def closed(self) -> bool:
        """Whether `close` was called and nothing is left to take."""

    @property
    def dropped(self) -> int:
        """How many values were replaced before anybody took them."""


class LatestSlot(Generic[T]):
    """One place; a newer value replaces an older one."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._value: T | None = None
        self._closed = False
        self._dropped = 0

    def put(self, value: T) -> bool:
        """Leave a value at once, replacing what was there."""
        with self._condition:
            if self._closed:
                return False
            if self._value is not None:
                self._dropped += 1
            self._value = value
            self._condition.notify_all()
            return True

    def take(self, timeout_s: float) -> T | None:
        with self._condition:
            self._condition.wait_for(lambda: self._value is not None or self._closed, timeout_s)
            value, self._value = self._value, None
            self._condition.notify_all()
            return value

    def peek(self) -> T | None:
        """The newest value, left where it is; for a window that polls."""
        with self._condition:
            return self._value

    def close(self) -> None:
        """Wake everybody who waits."""
        with self._condition:
            self._closed = True
            self._condition.notify_all()

    @property
    def closed(self) -> bool:
        """Whether it was closed and is empty."""
        with self._condition:
            return self._closed and self._value is None

    @property
    def dropped(self) -> int:
        with self._condition:
            return self._dropped


class HandoffSlot(LatestSlot[T]):
    """One place; the giver waits until the last value was taken, so nothing is dropped."""

    def put(self, value: T) -> bool:
        """Wait for the place to be free, then leave the value; False once closed."""
        with self._condition:
            self._condition.wait_for(lambda: self._value is None or self._closed)
            if self._closed:
                return False
            self._value = value
            self._condition.notify_all()
            return True

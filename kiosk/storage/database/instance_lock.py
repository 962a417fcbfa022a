"""One kiosk per data directory: a lock that the operating system drops when its holder dies. Main thread."""

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from kiosk.errors import InstanceError
from kiosk.storage.keys.private_files import private_folder, storage_errors

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

LOCK_FILE: Final = "kiosk.lock"

_WINDOWS_OFFSET: Final = 1 << 30
"""Windows bars others from reading a locked byte; far behind the process number nothing is read."""


class InstanceLock:
    """The exclusive right to run a kiosk on one data directory.

    The lock belongs to the open file, not to the file's existence: after a crash or a power cut nothing is
    left over. Child processes do not inherit it as long as they are spawned, not forked.
    """

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / LOCK_FILE
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Take the lock at once or not at all.

        Raises:
            InstanceError: Another kiosk holds it.
            StorageError: The data directory cannot be used.
        """
        if self._descriptor is not None:
            return
        private_folder(self._path.parent)
        with storage_errors(self._path):
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(descriptor)
        except OSError:
            os.close(descriptor)
            holder = self.holder_pid()
            known = f" (process {holder})" if holder else ""
            raise InstanceError(
                f"Another kiosk already works with this data directory{known}.",
                "Use the window that is open, or end that kiosk first.",
            ) from None
        self._descriptor = descriptor
        with storage_errors(self._path):
            os.ftruncate(descriptor, 0)
            os.write(descriptor, f"{os.getpid()}\n".encode())

    def release(self) -> None:
        """Give the lock back; safe to call twice."""
        if self._descriptor is not None:
            _unlock(self._descriptor)
            os.close(self._descriptor)
            self._descriptor = None

    def holder_pid(self) -> int | None:
        """Process number of whoever took the lock last; None where nobody did."""
        try:
            return int(self._path.read_text().strip())
        except (OSError, ValueError):
            return None

    def __enter__(self) -> Self:
        """Take the lock; raises as `acquire` does."""
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the lock back."""
        self.release()


if sys.platform == "win32":

    def _lock(descriptor: int) -> None:
        os.lseek(descriptor, _WINDOWS_OFFSET, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)

    def _unlock(descriptor: int) -> None:
        os.lseek(descriptor, _WINDOWS_OFFSET, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)

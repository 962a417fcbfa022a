"""One kiosk per data directory: a lock that the operating system drops when its holder dies. Main thread."""

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from filelock import FileLock, Timeout

from kiosk.errors import InstanceError
from kiosk.files import OWNER_ONLY
from kiosk.storage.keys.private_files import private_folder, storage_errors
from kiosk.translation import _

LOCK_FILE: Final = "kiosk.lock"

_NUMBER_AT: Final = 1 if sys.platform == "win32" else 0
"""Where the process number begins: Windows bars others from reading the locked byte, which is the first."""


class InstanceLock:
    """The exclusive right to run a kiosk on one data directory.

    The lock belongs to the open file, not to the file's existence: after a crash or a power cut nothing is
    left over. It belongs to this object, whichever thread asks, and never to a child process.
    """

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / LOCK_FILE
        self._lock = FileLock(
            self._path,
            mode=OWNER_ONLY,
            thread_local=False,
            blocking=False,
            fallback_to_soft=False,
            preserve_lock_file=True,
            on_acquired=_write_number,
        )

    def acquire(self) -> None:
        """Take the lock at once or not at all.

        Raises:
            InstanceError: Another kiosk holds it.
            StorageError: The data directory cannot be used.
        """
        if self._lock.is_locked:
            return
        private_folder(self._path.parent)
        with storage_errors(self._path):
            try:
                self._lock.acquire()
            except Timeout:
                holder = self.holder_pid()
                known = (
                    _(
                        "Another kiosk already works with this data directory (process {holder}).",
                        holder=holder,
                    )
                    if holder
                    else _("Another kiosk already works with this data directory.")
                )
                raise InstanceError(
                    known, _("Use the window that is open, or end that kiosk first.")
                ) from None

    def release(self) -> None:
        """Give the lock back; safe to call twice."""
        self._lock.release(force=True)

    def holder_pid(self) -> int | None:
        """Process number of whoever took the lock last; None where nobody did."""
        try:
            with self._path.open("rb", buffering=0) as file:
                file.seek(_NUMBER_AT)
                return int(file.read())
        except (OSError, ValueError):
            return None

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def _write_number(descriptor: int) -> None:
    os.ftruncate(descriptor, 0)
    os.lseek(descriptor, _NUMBER_AT, os.SEEK_SET)
    os.write(descriptor, f"{os.getpid()}\n".encode())

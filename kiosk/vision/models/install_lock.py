"""One installation at a time in a models directory: a lock that the operating system drops when its holder dies.

Taken by the thread that installs. Two at once would write into the same unfinished download.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from kiosk.errors import ModelError
from kiosk.vision.models.download import cannot_write

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

FILE: Final = ".install.lock"


@contextmanager
def install_lock(models_dir: Path) -> Iterator[None]:
    """Hold the lock for the block.

    Raises:
        ModelError: Another installation is under way, or the models directory cannot be written.
    """
    try:
        models_dir.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(models_dir / FILE, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise cannot_write(models_dir, error) from error
    try:
        try:
            _lock(descriptor)
        except OSError:
            raise ModelError(
                "Another model is being installed at the moment.", "Wait until it is done."
            ) from None
        yield
    finally:
        os.close(descriptor)  # gives the lock back, too


if sys.platform == "win32":

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

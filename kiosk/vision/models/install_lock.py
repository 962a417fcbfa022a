"""One installation at a time in a models directory: a lock that the operating system drops when its holder dies.

Taken by the thread that installs. Two at once would write into the same unfinished download.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from kiosk.errors import ModelError
from kiosk.files import OWNER_ONLY
from kiosk.translation import _
from kiosk.vision.models.model_files import cannot_write

FILE: Final = ".install.lock"


@contextmanager
def install_lock(models_dir: Path) -> Iterator[None]:
    """Hold the lock for the block.

    Raises:
        ModelError: Another installation is under way, or the models directory cannot be written.
    """
    lock = FileLock(
        models_dir / FILE,
        mode=OWNER_ONLY,
        thread_local=False,
        blocking=False,
        fallback_to_soft=False,
        preserve_lock_file=True,
    )
    try:
        models_dir.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise ModelError(
            _("Another model is being installed at the moment."), _("Wait until it is done.")
        ) from None
    except OSError as error:
        raise cannot_write(models_dir, error) from error
    try:
        yield
    finally:
        lock.release()

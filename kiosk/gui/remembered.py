"""What the window remembers of its use: filters, orders, the folder of the last file. Main thread; it is written in tasks.

Kept in a file of its own in the data directory. None of it matters: a file that is missing or damaged is an empty one.
"""

import json
import logging
import threading
from concurrent.futures import Future, wait
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from kiosk import files
from kiosk.gui.tasks import Tasks

FILE_NAME: Final = "window.json"

_one_writes: Final = threading.Lock()
"""Several that remember share one file."""

_log = logging.getLogger(__name__)


class Remembered:
    """Choices by name; each may be a text, a number, a truth or a list of these.

    Args:
        directory: The data directory; None remembers until the program ends, and no longer.
    """

    def __init__(self, directory: Path | None = None) -> None:
        self._path = directory / FILE_NAME if directory is not None else None
        self._values = self._read()
        self._owner = QObject()
        self._tasks = Tasks(self._owner, threads=1)
        self._last: Future[dict[str, Any]] | None = None

    def get(self, name: str, default: Any = None) -> Any:
        """What was remembered under a name; `default` where that is nothing, or of another type than it."""
        value = self._values.get(name, default)
        return value if default is None or isinstance(value, type(default)) else default

    def keep(self, name: str, value: Any) -> None:
        """Remember a choice from now on, over restarts, too; it is written in a task."""
        if self._values.get(name) == value:
            return
        self._values[name] = value
        if self._path is not None:
            work = partial(_write, self._path, {name: value})
            self._last = self._tasks.run(work, then=self._take, failed=lambda _error: None)

    def settle(self) -> None:
        """Wait until what is remembered stands in the file."""
        if self._last is not None:
            wait([self._last])

    def _take(self, stored: dict[str, Any]) -> None:
        """Others that remember in the same file may have written meanwhile; what was chosen here is newer."""
        self._values = stored | self._values

    def folder(self, default: Path) -> Path:
        """Where the last file was chosen; `default` where nobody chose one yet, or that folder is gone."""
        known = Path(self.get("folder", "") or default)
        return known if known.is_dir() else default

    def keep_folder(self, path: Path) -> None:
        """Remember the folder of a chosen file, or a chosen folder."""
        self.keep("folder", str(path if path.is_dir() else path.parent))

    def _read(self) -> dict[str, Any]:
        try:
            return _load(self._path) if self._path is not None else {}
        except (OSError, ValueError) as error:
            _log.warning("What the window remembered cannot be read: %s", error)
            return {}


def _write(path: Path, changed: dict[str, Any]) -> dict[str, Any]:
    """Put some choices into the file, and say what stands there now. Any thread; one at a time."""
    with _one_writes:
        values: dict[str, Any] = {}
        with suppress(OSError, ValueError):
            values = _load(path)
        values |= changed
        try:
            content = json.dumps(values, ensure_ascii=False, indent=1).encode()
            files.write_whole(path, content, mode=0o600)
        except OSError as error:
            _log.warning("What the window remembers could not be written: %s", error)
        return values


def _load(path: Path) -> dict[str, Any]:
    """What a file holds now. Raises OSError or ValueError: it cannot be read."""
    if not path.exists():
        return {}
    values = json.loads(path.read_text(encoding="utf-8"))
    return values if isinstance(values, dict) else {}


def remembered_near(widget: QWidget) -> Remembered:
    """What the page remembers that a field or dialog stands on; nothing yet where it stands on none."""
    above: QWidget | None = widget
    while above is not None:
        found = getattr(above, "remembered", None)
        if isinstance(found, Remembered):
            return found
        above = above.parentWidget()
    return Remembered()

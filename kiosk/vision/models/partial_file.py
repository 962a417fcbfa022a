"""A download that is not whole yet: its bytes, and a note of what they are the beginning of. Any thread, one at a time.

`<file>.part` holds the bytes, `<file>.part.json` where they came from. Bytes without a matching note are never used.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from kiosk.files import READ_BY_ALL, move_whole, write_whole


@dataclass(frozen=True, slots=True)
class PartNote:
    """What the bytes belong to.

    Attributes:
        url: The address that was asked, before redirects.
        validator: The server's strong ETag or, without one, its Last-Modified; empty when it gave neither.
        total: Bytes of the whole file; 0 when the server did not say.
    """

    url: str
    validator: str
    total: int


class PartialFile:
    """The unfinished download of one file."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self.path = target.with_name(f"{target.name}.part")
        self.note_path = target.with_name(f"{target.name}.part.json")

    @property
    def size(self) -> int:
        """Bytes there are."""
        try:
            return self.path.stat().st_size
        except OSError:
            return 0

    def note(self) -> PartNote | None:
        """What the bytes belong to; None when there are none, or nobody knows."""
        if self.size == 0:
            return None
        try:
            row = json.loads(self.note_path.read_text("utf-8"))
            return PartNote(str(row["url"]), str(row["validator"]), int(row["total"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def begin(self, note: PartNote) -> None:
        """Start anew; the note stands before the first byte does.

        Raises:
            OSError: The folder cannot be written.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_bytes(b"")
        write_whole(self.note_path, json.dumps(asdict(note)).encode("utf-8"), mode=READ_BY_ALL)

    def append(self) -> BinaryIO:
        """Open to write after the last byte. Raises OSError: it cannot be written."""
        return self.path.open("ab")

    def discard(self) -> None:
        """Forget everything."""
        self.path.unlink(missing_ok=True)
        self.note_path.unlink(missing_ok=True)

    def finish(self) -> None:
        """Give the whole file its name, in place of an older one. Raises OSError: it cannot be renamed."""
        move_whole(self.path, self._target)
        self.note_path.unlink(missing_ok=True)

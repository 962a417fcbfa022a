"""Workbooks are archives: what is refused before anything in one is unfolded or read. Any thread."""

import io
import zipfile
import zlib
from typing import Final

from kiosk.errors import FileFormatError
from kiosk.translation import _

MAX_UNPACKED: Final = 50_000_000
"""Bytes that a workbook may unfold to; a list of 10,000 students has about 3 MB."""
MAX_TAGS: Final = 1_500_000
"""Tags in all parts of a workbook, of which a cell has about four: 10,000 rows of 30 cells. Reading takes 10 µs a tag."""
_PIECE: Final = 1_000_000


def check_archive(name: str, data: bytes) -> frozenset[str]:
    """The names of the parts.

    Raises:
        FileFormatError: No archive, damaged, or it unfolds to more than a class list ever would.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            fits = len(parts) <= 2000 and sum(part.file_size for part in parts) <= MAX_UNPACKED
            fits = fits and _has_few_tags(archive)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError) as error:
        raise damaged(name) from error
    names = frozenset(part.filename for part in parts)
    if not names & {"xl/workbook.xml", "content.xml"}:
        raise FileFormatError(
            _("{name} is not an Excel workbook.", name=name), _("Save the list as .xlsx or CSV.")
        )
    if not fits:
        raise too_much(name)
    return names


def _has_few_tags(archive: zipfile.ZipFile) -> bool:
    """Whether the parts are read in time: counting is a hundred times as fast as reading, and needs a piece at once."""
    tags = 0
    for part in archive.infolist():
        if part.filename.lower().endswith((".xml", ".rels", ".vml")):
            with archive.open(part) as stream:
                while tags <= MAX_TAGS and (piece := stream.read(_PIECE)):
                    tags += piece.count(b"<")
    return tags <= MAX_TAGS


def too_much(name: str) -> FileFormatError:
    """The failure of a file that is far larger than it looks."""
    return FileFormatError(
        _("{name} unfolds to far more than a class list.", name=name), _("Save the list anew.")
    )


def damaged(name: str) -> FileFormatError:
    """The failure of a file of which parts are missing or wrong."""
    return FileFormatError(
        _("{name} is damaged.", name=name), _("Open it in Excel, save it again, or save it as CSV.")
    )

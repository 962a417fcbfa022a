"""Everything about one student as a ZIP: words, JSON, tables and pictures. Any thread.

The file holds pictures of a face and attendance: only its owner may read it.
"""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile

from kiosk.reports.atomic import replacing
from kiosk.reports.cells import is_risky
from kiosk.services.ports.everything import StudentFile
from kiosk.translation import _

README: Final = "READ ME.txt"


def write_everything(path: Path, found: StudentFile) -> None:
    """Write the ZIP; implements `StudentFileWriter`.

    Raises:
        ExportError: The target cannot be written.
    """
    with replacing(path, suffix=".zip") as stream, ZipFile(stream, "w", ZIP_DEFLATED) as zipped:
        zipped.writestr(README, _words(found))
        said = {"about": found.about, "tables": found.tables}
        zipped.writestr("everything.json", json.dumps(said, indent=2, ensure_ascii=False))
        for name, rows in found.tables.items():
            if rows:
                zipped.writestr(f"tables/{name}.csv", _table(rows))
        for name, picture in found.pictures:
            zipped.writestr(f"pictures/{name}", picture)


def _words(found: StudentFile) -> str:
    school = found.school or _("the school")
    return "\n\n".join(
        (
            _(
                "Everything that the attendance kiosk of {school} keeps about the student {student_no}, made on {at}.",
                school=school,
                student_no=found.student_no,
                at=found.made_at.isoformat(timespec="minutes"),
            ),
            _(
                "everything.json holds all of it, for programs; tables/ the same as lists for Excel; pictures/ the pictures of "
                "the face. Times are UTC."
            ),
            _(
                "Left out, because it says nothing without the kiosk’s key: the digest of the PIN, the face templates, which are "
                "made of the pictures, and the key. Left out, because it is about others: who else a note names."
            ),
        )
    )


def _table(rows: Sequence[Mapping[str, Any]]) -> str:
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(names)
    for row in rows:
        writer.writerow([_cell(row.get(name)) for name in names])
    return "\ufeff" + text.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and is_risky(value):
        return "'" + value
    return value

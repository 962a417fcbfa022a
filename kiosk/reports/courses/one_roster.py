"""What OneRoster's users.csv says beside names: who is a student, and who is to be deleted. Any thread.

Version 1.1 has a column `role`; version 1.2 says roles in roles.csv beside it.
"""

import csv
from dataclasses import replace
from pathlib import Path
from typing import Final

from kiosk.reports.courses.columns import Columns
from kiosk.reports.courses.headings import key_of
from kiosk.services.ports.outputs import ListNote
from kiosk.translation import _, ngettext

MAX_BYTES: Final = 10_000_000


def students_only(path: Path, columns: Columns) -> tuple[Columns, list[ListNote]]:
    """The columns with rows of students alone, and what is to be said about it; any other list as it is."""
    keys = [key_of(heading) for heading in columns.headings]
    if "sourcedid" not in keys or not {"familyname", "givenname"} & set(keys):
        return columns, []
    own, role, status = (keys.index(one) if one in keys else None for one in ("sourcedid", "role", "status"))
    students = None if role is not None else _students_of(path.with_name("roles.csv"))
    kept = []
    for row in columns.data:
        if row.cell(status).text.casefold() == "tobedeleted":
            continue
        if role is not None and row.cell(role).text.casefold() not in {"student", ""}:
            continue
        if students is not None and row.cell(own).text not in students:
            continue
        kept.append(row)
    notes = []
    if role is None and students is None:
        words = _(
            "The file does not say who is a student, and there is no roles.csv beside it: look for teachers."
        )
        notes.append(ListNote(0, words))
    gone = len(columns.data) - len(kept)
    if gone:
        words = ngettext(
            "{n} line is of somebody who is no student, or is to be deleted, and was left out.",
            "{n} lines are of people who are no students, or are to be deleted, and were left out.",
            gone,
            n=gone,
        )
        notes.append(ListNote(0, words))
    return replace(columns, data=tuple(kept)), notes


def _students_of(path: Path) -> frozenset[str] | None:
    """Who is a student by roles.csv; None where there is no such file."""
    try:
        if path.stat().st_size > MAX_BYTES:
            return None
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error):
        return None
    return frozenset(row.get("userSourcedId") or "" for row in rows if row.get("role") == "student")

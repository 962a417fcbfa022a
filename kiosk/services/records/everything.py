"""Everything that is kept about one student, for the person who asks: one file. Any thread but the window's.

A row is found by what its table refers to, so a table that is added later and names students is in the file, too.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kiosk.domain.people.students import Student
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import NotFoundError
from kiosk.services.core import Core
from kiosk.services.ports.everything import StudentFile, StudentFileWriter
from kiosk.services.trust.rights import require
from kiosk.settings import SchoolRules
from kiosk.storage.store import Repositories
from kiosk.translation import _


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """What was handed out: `number` is the entry in the log."""

    number: int
    pictures: int
    records: int


class EverythingAboutStudent:
    """Collects and writes it."""

    def __init__(self, core: Core, *, write: StudentFileWriter) -> None:
        self._core = core
        self._write = write

    def save(self, path: Path, student: Student, *, actor: Actor) -> WrittenFile:
        """Write the file, and note in the log that it was handed out.

        Raises:
            NotFoundError: There is no such student.
            ExportError: The file cannot be written.
            StorageError: A picture cannot be decrypted.
        """
        require(self._core.store, actor, Right.MANAGE_PEOPLE)
        require(self._core.store, actor, Right.ENROL)
        now = self._core.clock.now()
        found = self._core.store.read(lambda repositories: _collected(repositories, student, now))
        self._write(path, found)
        records = len(found.tables.get("attendance_records", ()))

        def note(repositories: Repositories) -> int:
            detail = f"{len(found.pictures)} pictures, {records} records"
            repositories.audit.add(now, actor.name, "student.exported", student.student_no, detail)
            return repositories.audit.entries(1)[0].entry_id

        return WrittenFile(self._core.store.write(note), len(found.pictures), records)


def _collected(repositories: Repositories, student: Student, now: datetime) -> StudentFile:
    known = repositories.students.get(student.student_id)
    if known is None:
        raise NotFoundError(_("That student does not exist any more."))
    pictures = [
        (f"{number:03}.{_ending(one.picture)}", one.picture)
        for number, one in enumerate(repositories.faces.samples(known.student_id), 1)
    ]
    from kiosk.services.records.everything_queries import EverythingQueries

    tables = EverythingQueries(db_session=repositories.db_session).tables(known)
    standing = repositories.students.pin_hashes([known.student_id])
    about = {
        "student_no": known.student_no,
        "full_name": known.full_name,
        "email": known.email,
        "has_pin": bool(standing),
        "made_at": now.isoformat(),
        "counts": {name: len(rows) for name, rows in tables.items()},
    }
    rules = SchoolRules.from_texts(repositories.school_settings.all())
    return StudentFile(rules.school_name, known.student_no, now, about, tables, pictures)


def _ending(picture: bytes) -> str:
    return "png" if picture.startswith(b"\x89PNG") else "jpg"

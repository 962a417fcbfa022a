"""Marks of a session from a file, such as a list that went round. Any thread but the window's.

Everything is looked at before anything is written; a line that names nobody or no status is refused by name.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.record import AttendanceRecord, Evidence
from kiosk.domain.attendance.school_status import AnyStatus, SchoolStatus, are_same
from kiosk.domain.people.students import Student, fold
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError
from kiosk.services.attendance.afterwards.held_sessions import held, known
from kiosk.services.attendance.marks_by_hand import corrected, mark_by_hand
from kiosk.services.attendance.sessions import session_roster
from kiosk.services.core import Core
from kiosk.services.events import RecordCorrected
from kiosk.services.ports.marks import MarkFileReader, MarkRow
from kiosk.services.ports.outputs import RefusedRow
from kiosk.services.trust.rights import require, require_within
from kiosk.storage.store import Repositories
from kiosk.translation import _
from kiosk.wording.attendance import status_word, status_words
from kiosk.wording.lists import listed


@dataclass(frozen=True, slots=True)
class ImportedMark:
    """One student's mark as the file says it, and the record as it stands; `at`: when the student came, if that is said."""

    line: int
    student: Student
    before: AttendanceRecord | None
    status: AnyStatus
    at: datetime | None


@dataclass(frozen=True, slots=True)
class MarkPreview:
    """What an import would do.

    Attributes:
        marks: Those that would change something, by line.
        same: How many lines say what is recorded already.
        refused: Lines that cannot be taken, and why.
    """

    session: ClassSession
    source: str
    marks: tuple[ImportedMark, ...]
    same: int
    refused: tuple[RefusedRow, ...]


class MarkImports:
    """Looks at a file, and writes it down."""

    def __init__(self, core: Core, *, read: MarkFileReader) -> None:
        self._core = core
        self._read = read

    def look(self, session_id: int, path: Path, *, actor: Actor) -> MarkPreview:
        """What a file would change.

        Raises:
            FileFormatError: The file is not such a table.
            NotFoundError: No such session.
        """
        require(self._core.store, actor, Right.CORRECT)
        file = self._read(path)

        def query(repositories: Repositories) -> MarkPreview:
            session = known(repositories, session_id, actor)
            roster = {
                fold(one.student_no): one for one in session_roster(repositories, session, self._core.zone)
            }
            own = [one for one in repositories.school_statuses.all() if not one.is_retired]
            known_words = statuses_by_word(own)
            marks: dict[int, ImportedMark] = {}
            refused, same = list(file.refused), 0
            for row in file.rows:
                student = roster.get(fold(row.student_no))
                reason = self._fault(repositories, row, student, marks, known_words)
                if student is None or reason:
                    refused.append(RefusedRow(row.line, reason))
                    continue
                status = known_words[fold(row.status)]
                before = repositories.records.find(session_id, student.student_id)
                mark = ImportedMark(row.line, student, before, status, self._moment(session, row))
                same += _says_the_same(mark)
                marks[student.student_id] = mark
            refused.sort(key=lambda one: one.line)
            changing = tuple(one for one in marks.values() if not _says_the_same(one))
            return MarkPreview(session, path.name, changing, same, tuple(refused))

        return self._core.store.read(query)

    def write(self, preview: MarkPreview, *, actor: Actor) -> list[RecordCorrected]:
        """Write down what was looked at, all of it or nothing.

        Raises:
            ConflictError: Somebody changed one of these records meanwhile.
            NotFoundError: No such session.
        """
        now, session_id = self._core.clock.now(), preview.session.session_id
        reason = _("imported from {name}", name=preview.source)

        def work(repositories: Repositories) -> list[RecordCorrected]:
            require_within(repositories, actor, Right.CORRECT)
            held(repositories, session_id, actor)
            done = []
            for mark in preview.marks:
                student_id = mark.student.student_id
                if repositories.records.find(session_id, student_id) != mark.before:
                    raise ConflictError(
                        _("The record of {name} was changed meanwhile.", name=mark.student.full_name),
                        _("Nothing was imported. Look at the file again."),
                    )
                evidence = Evidence(
                    Method.MANUAL, now, first_seen_at=mark.at, actor=actor.name, reason=reason
                )
                record = mark_by_hand(repositories, session_id, student_id, mark.status, evidence)
                done.append(corrected(repositories, mark.student, record, evidence))
            detail = f"{preview.source}: {len(done)} marks, {len(preview.refused)} lines refused"
            repositories.audit.add(now, actor.name, "session.marks_imported", f"#{session_id}", detail)
            return done

        return self._core.store.write(work, then=self._tell)

    def _tell(self, done: list[RecordCorrected]) -> None:
        for one in done:
            self._core.events.emit(one)

    def _fault(
        self,
        repositories: Repositories,
        row: MarkRow,
        student: Student | None,
        marks: dict[int, ImportedMark],
        known_words: Mapping[str, AnyStatus],
    ) -> str:
        """Why a line cannot be taken; empty when it can."""
        if student is None:
            if repositories.students.by_no(row.student_no) is None:
                return _("There is no student {student_no}.", student_no=row.student_no)
            return _("{student_no} is not in this session.", student_no=row.student_no)
        if fold(row.status) not in known_words:
            return _(
                "“{status}” is no status; it can be {known}.",
                status=row.status[:40],
                known=listed(list(dict.fromkeys(status_word(one) for one in known_words.values()))),
            )
        before = marks.get(student.student_id)
        if before is not None:
            return _(
                "{student_no} stands on line {line} already.", student_no=row.student_no, line=before.line
            )
        return ""

    def _moment(self, session: ClassSession, row: MarkRow) -> datetime | None:
        """A time of day in a session, also after midnight."""
        if row.at is None:
            return None
        zone = self._core.zone
        began = session.started_at.astimezone(zone)
        moment = datetime.combine(began.date(), row.at, zone)
        return moment + timedelta(days=1) if moment < began - timedelta(hours=12) else moment


def _says_the_same(mark: ImportedMark) -> bool:
    return mark.before is not None and are_same(mark.before.shown, mark.status)


def statuses_by_word(own: Collection[SchoolStatus] = ()) -> dict[str, AnyStatus]:
    """Every way to say a status that a file may use, folded: the word, its letter, and what the database calls it.

    Those that the school calls its `own` go by name and letter; the four are always what they are.
    """
    words: dict[str, AnyStatus] = {}
    for status in Status:
        for said in (status.value, status_words(status).word, status_words(status).letter):
            words[fold(said)] = status
    for one in own:
        for said in (one.name, one.letter):
            words.setdefault(fold(said), one)
    return words

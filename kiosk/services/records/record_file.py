"""One record with everything that a teacher may want to know about it. Runs inside the caller's view."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.incidents import Incident
from kiosk.domain.attendance.rechecks import Asked, Recheck
from kiosk.domain.attendance.record import AttendanceRecord, Correction
from kiosk.domain.attendance.stays import Stay, stay_of
from kiosk.domain.people.students import Student
from kiosk.domain.records.objections import Objection
from kiosk.domain.records.record_list import RecordLine
from kiosk.errors import NotFoundError
from kiosk.services.attendance.leaving.staying import check_out_queries, rules_of
from kiosk.services.attendance.recheck.judging import recheck_queries
from kiosk.storage.store import Repositories
from kiosk.translation import _


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a record: who, when and why, and what it was before and after."""

    before: AttendanceRecord
    after: AttendanceRecord
    at: datetime
    actor: str
    reason: str


@dataclass(frozen=True, slots=True)
class RecordFile:
    """A record, the class session that it is of, and what was said and noticed.

    Attributes:
        changes: Oldest first.
        messages: Of the student about this record, oldest first.
        incidents: Of that class that name the student, oldest first.
        rechecks: Of that class that asked the student to show up again, oldest first.
        stay: How long the student was there, where the school counts minutes and the class has ended.
        others: Other students whom the incidents name, by id.
    """

    line: RecordLine
    record: AttendanceRecord
    session: ClassSession
    changes: Sequence[Change]
    messages: Sequence[Objection]
    incidents: Sequence[Incident]
    others: dict[int, Student]
    rechecks: Sequence[tuple[Recheck, Asked]] = ()
    stay: Stay | None = None

    @classmethod
    def read(cls, repositories: Repositories, line: RecordLine) -> Self:
        """Everything about the record of a line.

        Raises:
            NotFoundError: It went meanwhile.
        """
        student_id = line.student.student_id
        session = repositories.class_sessions.get(line.session_id)
        record = repositories.records.find(line.session_id, student_id)
        if session is None or record is None:
            raise NotFoundError(_("There is no such record."), _("The list may be older than the database."))
        incidents = [
            one
            for one in repositories.incidents.of_session(line.session_id)
            if student_id in {one.student_id, one.other_id}
        ]
        named = {one.student_id for one in incidents} | {one.other_id for one in incidents}
        people = [repositories.students.get(one) for one in named if one is not None]
        return cls(
            line=line,
            record=record,
            session=session,
            changes=_changes(repositories.records.history(line.record_id), record),
            messages=repositories.objections.of_record(line.record_id),
            incidents=incidents,
            others={one.student_id: one for one in people if one is not None},
            stay=_stay(repositories, session, record),
            rechecks=recheck_queries(repositories).of_student(line.session_id, student_id),
        )


def _stay(repositories: Repositories, session: ClassSession, record: AttendanceRecord) -> Stay | None:
    if session.ended_at is None or not rules_of(repositories).check_out.is_on:
        return None
    out = check_out_queries(repositories).find(session.session_id, record.student_id)
    return stay_of(session, record, out, session.ended_at)


def _changes(history: Sequence[Correction], record: AttendanceRecord) -> list[Change]:
    after = [*(one.before for one in history[1:]), record][: len(history)]
    return [
        Change(one.before, then, one.corrected_at, one.actor, one.reason)
        for one, then in zip(history, after, strict=True)
    ]

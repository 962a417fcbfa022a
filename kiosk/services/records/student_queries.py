"""What one student may read about themselves. Runs inside the caller's transaction.

Every query names the student: a guessed id of somebody else's record finds nothing.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, and_, func, or_
from sqlalchemy import select as select_columns
from sqlalchemy.orm import Mapped
from sqlmodel import col, select

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.record import AttendanceCount
from kiosk.domain.faces.samples import SampleOrigin
from kiosk.domain.people.consents import Consent
from kiosk.domain.records.stored import Kept, ModelTemplates, StoredAboutStudent, StudentCourse, StudentRecord
from kiosk.storage.database.absence_tables import PlannedAbsenceRow
from kiosk.storage.database.check_out_tables import CheckOutRow
from kiosk.storage.database.message_tables import MessageRow, StudentContactRow
from kiosk.storage.database.recheck_tables import RecheckRow, RecheckStudentRow
from kiosk.storage.database.tables import (
    AttendanceRecordRow,
    ClassSessionRow,
    CourseRow,
    DeviceUseRow,
    EnrolledPhoneRow,
    FacePairRow,
    FaceSampleRow,
    FaceTemplateRow,
    IncidentRow,
    ObjectionRow,
    PendingClaimRow,
    RecordHistoryRow,
    RegistrationRow,
    StudentRow,
)
from kiosk.storage.repositories.class_sessions import counts, is_there
from kiosk.storage.repositories.consents import Consents
from kiosk.storage.repositories.courses import course_of
from kiosk.storage.repositories.records import AttendanceRecords as Records
from kiosk.storage.repositories.records import record_of
from kiosk.storage.repositories.repository import Repository
from kiosk.storage.repositories.school_statuses import OwnStatuses


class StudentQueries(Repository):
    """Queries about one student; nothing of anybody else comes out of them."""

    def courses(self, student_id: int) -> list[StudentCourse]:
        """Those that the student is or was registered or recorded in, by code."""
        counted = self._counts(student_id)
        registered = select(RegistrationRow.course_id).where(RegistrationRow.student_id == student_id)
        wanted = (
            select(CourseRow)
            .where(or_(col(CourseRow.id).in_(registered), col(CourseRow.id).in_(counted)))
            .order_by(col(CourseRow.code_folded))
        )
        return [
            StudentCourse(course_of(row), counted.get(row.id, AttendanceCount()))
            for row in self._db_session.exec(wanted)
        ]

    def records(
        self, student_id: int, *, course_id: int | None = None, limit: int, offset: int = 0
    ) -> Sequence[StudentRecord]:
        """Newest class first; of one course, or of all."""
        where = [col(AttendanceRecordRow.student_id) == student_id]
        if course_id is not None:
            where.append(col(ClassSessionRow.course_id) == course_id)
        return self._own(*where, limit=limit, offset=offset)

    def record(self, student_id: int, record_id: int) -> StudentRecord | None:
        """One record; None when there is none of that id, or when it is somebody else's."""
        mine = col(AttendanceRecordRow.student_id) == student_id
        found = self._own(mine, col(AttendanceRecordRow.id) == record_id, limit=1, offset=0)
        return found[0] if found else None

    def stored(self, student_id: int) -> StoredAboutStudent:
        contact = self._db_session.get(StudentContactRow, student_id)
        pin = self._db_session.exec(select(StudentRow.pin_hash).where(StudentRow.id == student_id)).first()
        of_student = col(AttendanceRecordRow.student_id) == student_id
        history = (
            select(func.count())
            .select_from(RecordHistoryRow)
            .join(AttendanceRecordRow, col(AttendanceRecordRow.id) == RecordHistoryRow.record_id)
            .where(of_student)
        )
        samples, records, uses = FaceSampleRow, AttendanceRecordRow, DeviceUseRow
        return StoredAboutStudent(
            has_pin=pin is not None,
            samples=self._kept(col(samples.captured_at), col(samples.student_id) == student_id),
            templates=self._templates(student_id),
            consents=self._consents(student_id),
            records=self._kept(col(records.marked_at), of_student),
            corrections=self._db_session.exec(history).one(),
            messages=self._kept(
                col(ObjectionRow.made_at),
                col(ObjectionRow.record_id).in_(select(records.id).where(of_student)),
            ),
            device_uses=self._kept(col(uses.at), col(uses.student_id) == student_id),
            incidents=self._number(
                col(IncidentRow.id),
                or_(col(IncidentRow.student_id) == student_id, col(IncidentRow.other_id) == student_id),
            ),
            face_pairs=self._number(
                col(FacePairRow.id),
                or_(col(FacePairRow.student_id) == student_id, col(FacePairRow.other_id) == student_id),
            ),
            pending_claims=self._number(
                col(PendingClaimRow.id), col(PendingClaimRow.student_id) == student_id
            ),
            enrolled_phones=self._kept(
                col(EnrolledPhoneRow.enrolled_at), col(EnrolledPhoneRow.student_id) == student_id
            ),
            planned_absences=self._kept(
                col(PlannedAbsenceRow.made_at), col(PlannedAbsenceRow.student_id) == student_id
            ),
            rechecks=self._kept(
                col(RecheckRow.began_at),
                and_(
                    col(RecheckStudentRow.recheck_id) == col(RecheckRow.id),
                    col(RecheckStudentRow.student_id) == student_id,
                ),
            ),
            sent_mails=self._kept(col(MessageRow.at), col(MessageRow.student_id) == student_id),
            has_guardian=contact is not None and bool(contact.guardian_email),
            no_mails=contact is not None and contact.stopped_at is not None,
            check_outs=self._number(col(CheckOutRow.id), col(CheckOutRow.student_id) == student_id),
            learned=self._number(
                col(samples.id),
                and_(
                    col(samples.student_id) == student_id, col(samples.origin) != SampleOrigin.ENROLLED.value
                ),
            ),
        )

    def _own(self, *where: ColumnElement[bool], limit: int, offset: int) -> list[StudentRecord]:
        wanted = (
            select(AttendanceRecordRow, CourseRow, ClassSessionRow)
            .join(ClassSessionRow, col(ClassSessionRow.id) == AttendanceRecordRow.session_id)
            .join(CourseRow, col(CourseRow.id) == ClassSessionRow.course_id)
            .where(*where, is_there())
            .order_by(col(ClassSessionRow.started_at).desc(), col(AttendanceRecordRow.id).desc())
            .limit(limit)
            .offset(offset)
        )
        return [
            StudentRecord(
                record_of(record, OwnStatuses(db_session=self._db_session)),
                course_of(course),
                session.started_at.astimezone(UTC),
                session.cancel_reason if session.cancelled_at is not None else None,
            )
            for record, course, session in self._db_session.exec(wanted)
        ]

    def number(self, student_id: int, course_id: int) -> int:
        """How many records `records` has in a course, those of cancelled sessions too."""
        counted = (
            select(func.count())
            .select_from(AttendanceRecordRow)
            .join(ClassSessionRow, col(ClassSessionRow.id) == AttendanceRecordRow.session_id)
            .where(
                AttendanceRecordRow.student_id == student_id,
                ClassSessionRow.course_id == course_id,
                is_there(),
            )
        )
        return self._db_session.exec(counted).one()

    def _counts(self, student_id: int) -> dict[int, AttendanceCount]:
        """By course; one in which the student has only records of cancelled sessions has a count of nothing."""
        counted = (
            select(ClassSessionRow.course_id, AttendanceRecordRow.status, counts(), func.count())
            .join(AttendanceRecordRow, col(AttendanceRecordRow.session_id) == ClassSessionRow.id)
            .where(AttendanceRecordRow.student_id == student_id, is_there())
            .group_by(col(ClassSessionRow.course_id), col(AttendanceRecordRow.status), counts())
        )
        by_course: dict[int, AttendanceCount] = {}
        for course_id, status, does_count, number in self._db_session.exec(counted):
            known = by_course.get(course_id, AttendanceCount())
            by_course[course_id] = known.plus(Status(status), number if does_count else 0)
        mine = col(AttendanceRecordRow.student_id) == student_id
        for record in Records(db_session=self._db_session).undecided(mine):
            session = self._db_session.get_one(ClassSessionRow, record.session_id)
            by_course[session.course_id] = by_course[session.course_id].plus(record.status, -1)
        refined = Records(db_session=self._db_session).refinements(
            [col(ClassSessionRow.course_id)], mine, is_there(), counts()
        )
        for (course_id,), own, number in refined:
            by_course[course_id] = by_course[course_id].refined(own, number)
        return by_course

    def _kept(self, moment: Mapped[datetime] | Mapped[datetime | None], where: ColumnElement[bool]) -> Kept:
        row = self._db_session.execute(
            select_columns(func.count(), func.min(moment), func.max(moment)).where(where)
        ).one()
        return Kept(*row)

    def _number(self, key: Mapped[int], where: ColumnElement[bool]) -> int:
        return self._db_session.exec(select(func.count(key)).where(where)).one()

    def _templates(self, student_id: int) -> tuple[ModelTemplates, ...]:
        counted = (
            select(FaceTemplateRow.model, func.count())
            .where(FaceTemplateRow.student_id == student_id)
            .group_by(col(FaceTemplateRow.model))
            .order_by(col(FaceTemplateRow.model))
        )
        return tuple(ModelTemplates(model, number) for model, number in self._db_session.exec(counted))

    def _consents(self, student_id: int) -> tuple[Consent, ...]:
        return tuple(Consents(db_session=self._db_session).words(student_id))

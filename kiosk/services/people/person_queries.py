"""What the page of one student reads besides what the student may read. Runs inside the caller's transaction."""

from datetime import UTC, date

from sqlalchemy import func, or_, select
from sqlmodel import col

from kiosk.domain.attendance.record import AttendanceCount
from kiosk.domain.faces.samples import SampleOrigin
from kiosk.domain.people.person import CourseOfPerson, MessageOfPerson, PictureOfPerson
from kiosk.domain.people.students import fold
from kiosk.storage.database.tables import (
    AttendanceRecordRow,
    ClassSessionRow,
    CourseRow,
    FaceSampleRow,
    FaceTemplateRow,
    ObjectionRow,
    RegistrationRow,
    StudentRow,
)
from kiosk.storage.repositories.class_sessions import is_there
from kiosk.storage.repositories.courses import course_of
from kiosk.storage.repositories.objections import objection_of
from kiosk.storage.repositories.repository import Repository


class PersonQueries(Repository):
    """About one student; `seen` are the courses whose records the reader may see, None for all."""

    def is_seen(self, student_id: int, seen: frozenset[int] | None) -> bool:
        """Whether the student is there, and is or was in one of these courses."""
        wanted = select(col(StudentRow.id)).where(
            col(StudentRow.id) == student_id,
            col(StudentRow.deleted_at).is_(None),
            col(StudentRow.merged_into_id).is_(None),
        )
        if seen is not None:
            theirs = select(col(RegistrationRow.student_id)).where(col(RegistrationRow.course_id).in_(seen))
            wanted = wanted.where(col(StudentRow.id).in_(theirs))
        return self._db_session.scalars(wanted).first() is not None

    def courses(
        self, student_id: int, counts: dict[int, AttendanceCount], seen: frozenset[int] | None
    ) -> tuple[CourseOfPerson, ...]:
        """Periods in courses, newest first."""
        wanted = (
            select(RegistrationRow, CourseRow)
            .join(CourseRow, col(CourseRow.id) == col(RegistrationRow.course_id))
            .where(col(RegistrationRow.student_id) == student_id)
            .order_by(col(RegistrationRow.since).desc(), col(CourseRow.code_folded))
        )
        if seen is not None:
            wanted = wanted.where(col(RegistrationRow.course_id).in_(seen))
        return tuple(
            CourseOfPerson(
                course_of(course), period.since, period.until, counts.get(course.id, AttendanceCount())
            )
            for period, course in self._db_session.execute(wanted)
        )

    def pictures(self, student_id: int) -> tuple[PictureOfPerson, ...]:
        """Stored pictures, oldest first, each with the best quality that a model measured."""
        best = (
            select(col(FaceTemplateRow.sample_id), func.max(col(FaceTemplateRow.quality)).label("quality"))
            .where(col(FaceTemplateRow.student_id) == student_id)
            .group_by(col(FaceTemplateRow.sample_id))
            .subquery()
        )
        wanted = (
            select(
                col(FaceSampleRow.id),
                col(FaceSampleRow.captured_at),
                col(FaceSampleRow.origin),
                best.c.quality,
            )
            .outerjoin(best, best.c.sample_id == col(FaceSampleRow.id))
            .where(col(FaceSampleRow.student_id) == student_id)
            .order_by(col(FaceSampleRow.id))
        )
        return tuple(
            PictureOfPerson(sample_id, captured_at.astimezone(UTC), SampleOrigin(origin), quality)
            for sample_id, captured_at, origin, quality in self._db_session.execute(wanted)
        )

    def newest_picture(self, student_id: int) -> int | None:
        """Id of the newest picture that somebody enrolled; of the newest one of a class where there is none."""
        is_learned = col(FaceSampleRow.origin) != SampleOrigin.ENROLLED.value
        wanted = select(col(FaceSampleRow.id)).where(col(FaceSampleRow.student_id) == student_id)
        return self._db_session.scalars(
            wanted.order_by(is_learned, col(FaceSampleRow.captured_at).desc(), col(FaceSampleRow.id).desc())
        ).first()

    def messages(self, student_id: int, seen: frozenset[int] | None) -> tuple[MessageOfPerson, ...]:
        """What the student wrote about records, newest first."""
        wanted = (
            select(ObjectionRow, CourseRow, col(ClassSessionRow.started_at))
            .join(AttendanceRecordRow, col(AttendanceRecordRow.id) == col(ObjectionRow.record_id))
            .join(ClassSessionRow, col(ClassSessionRow.id) == col(AttendanceRecordRow.session_id))
            .join(CourseRow, col(CourseRow.id) == col(ClassSessionRow.course_id))
            .where(col(AttendanceRecordRow.student_id) == student_id, is_there())
            .order_by(col(ObjectionRow.id).desc())
        )
        if seen is not None:
            wanted = wanted.where(col(ClassSessionRow.course_id).in_(seen))
        return tuple(
            MessageOfPerson(objection_of(row), course_of(course), started_at.astimezone(UTC))
            for row, course, started_at in self._db_session.execute(wanted)
        )

    def open_courses(self, student_id: int, day: date) -> list[tuple[int, str]]:
        """Courses that the student is not in on a day, by code: those that he or she can be registered in."""
        mine = select(col(RegistrationRow.course_id)).where(
            col(RegistrationRow.student_id) == student_id,
            or_(col(RegistrationRow.until).is_(None), col(RegistrationRow.until) > day),
            col(RegistrationRow.since) <= day,
        )
        wanted = select(CourseRow).where(col(CourseRow.id).not_in(mine)).order_by(col(CourseRow.code_folded))
        return [(row.id, course_of(row).label) for row in self._db_session.scalars(wanted)]

    def owner_of_number(self, student_no: str) -> StudentRow | None:
        """Whoever has a number, also somebody who was merged."""
        wanted = select(StudentRow).where(col(StudentRow.student_no_folded) == fold(student_no))
        return self._db_session.scalars(wanted).first()

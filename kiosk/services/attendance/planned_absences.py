"""Absences that are known beforehand, or turn out to have been excused. Any thread but the store's.

Whoever does not come on such a day is excused at the end of class instead of absent; whoever comes is present. What an ended
class has written already is shown first, and follows only after a yes.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.planned_absence import MAX_DAYS, MAX_REASON, PlannedAbsence
from kiosk.domain.attendance.record import AttendanceRecord, Evidence
from kiosk.domain.courses.courses import Course
from kiosk.domain.people.students import Student, clean_text
from kiosk.domain.records.filters import Days
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError, ForbiddenError, NotFoundError
from kiosk.services.core import Core
from kiosk.services.courses.course_teachers import courses_seen
from kiosk.services.courses.own_courses import require_student, students_reached
from kiosk.services.events import RecordCorrected
from kiosk.services.trust.rights import require, require_within
from kiosk.storage.store import Repositories
from kiosk.translation import N_, _, ngettext

if TYPE_CHECKING:
    from kiosk.services.attendance.absence_queries import AbsenceQueries

EXCUSED: Final = N_("excused by an absence that was announced")
UNDONE: Final = N_("the announced absence was taken back")
ANOTHER: Final = N_("another absence that was announced still excuses it")
"""Why a record was changed."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """Who will not come from when to when (both inclusive, in the school's zone), and why."""

    student_ids: tuple[int, ...]
    first_day: date
    last_day: date
    reason: str


@dataclass(frozen=True, slots=True)
class WrittenAbsence:
    """What an ended class wrote of somebody on such a day."""

    student: Student
    course: Course
    session: ClassSession
    record: AttendanceRecord


class PlannedAbsences:
    """Takes announcements and takes them back."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def coming(self, *, actor: Actor) -> list[tuple[Student, PlannedAbsence]]:
        """All of students whom the actor reaches that are not over today, the first to begin first."""
        require(self._core.store, actor, Right.SEE_RECORDS)
        today = self._core.today()

        def query(repositories: Repositories) -> list[tuple[Student, PlannedAbsence]]:
            found = absence_queries(repositories).from_day(today)
            reached = students_reached(repositories, actor).among([one.student_id for one, _absence in found])
            return [one for one in found if one[0].student_id in reached]

        return self._core.store.read(query)

    def written(self, said: Announcement, *, actor: Actor) -> list[WrittenAbsence]:
        """Absences on these days that ended classes of courses that the actor sees have written, and nobody has decided on.

        Raises:
            ConflictError: Days, students or reason cannot be.
            ForbiddenError: A student is in none of the actor's courses.
        """

        def query(repositories: Repositories) -> list[WrittenAbsence]:
            require_within(repositories, actor, Right.CORRECT)
            checked = _checked(said)
            for student_id in checked.student_ids:
                require_student(repositories, actor, student_id)
            return self._written(repositories, checked, actor)

        return self._core.store.read(query)

    def announce(self, said: Announcement, *, with_written: bool, actor: Actor) -> list[PlannedAbsence]:
        """Note it for all of these students, or for none; `with_written` excuses what `written` names, too.

        Raises:
            ConflictError: Days, students or reason cannot be.
            ForbiddenError: A student is in none of the actor's courses.
            NotFoundError: A student does not exist any more.
        """
        now = self._core.clock.now()

        def work(repositories: Repositories) -> tuple[list[PlannedAbsence], list[RecordCorrected]]:
            require_within(repositories, actor, Right.CORRECT)
            checked, made = _checked(said), []
            for student_id in checked.student_ids:
                student = repositories.students.present(student_id)
                require_student(repositories, actor, student_id)
                absence = absence_queries(repositories).add(
                    PlannedAbsence(
                        0, student_id, checked.first_day, checked.last_day, checked.reason, now, actor.name
                    )
                )
                made.append(absence)
                repositories.audit.add(
                    now, actor.name, "student.absence_announced", student.student_no, _days_of(absence)
                )
            by_student = {one.student_id: one for one in made}
            followed = []
            for one in self._written(repositories, checked, actor) if with_written else ():
                absence = by_student[one.student.student_id]
                excused = _excused_by(repositories, one.record, absence, at=now, actor=actor.name)
                followed.append(RecordCorrected(one.student, excused))
            return made, followed

        return self._core.store.write(work, then=self._tell)[0]

    def take_back(self, absence_id: int, *, actor: Actor) -> int:
        """Forget it, and make absent again whom it alone excused; returns how many records that were.

        Where another announcement is about the same day, that one excuses from now on.

        Raises:
            ForbiddenError: A teacher of some courses takes back what somebody else announced: it holds in all courses.
            NotFoundError: It was taken back already.
        """
        now = self._core.clock.now()

        def work(repositories: Repositories) -> tuple[list[PlannedAbsence], list[RecordCorrected]]:
            require_within(repositories, actor, Right.CORRECT)
            absence = absence_queries(repositories).get(absence_id)
            student = repositories.students.get(absence.student_id) if absence is not None else None
            if absence is None or student is None:
                raise NotFoundError(_("This absence was taken back already."))
            _require_own(repositories, actor, absence)
            chosen = Days(None, absence.first_day, absence.last_day).filter(self._core.zone)
            found = absence_queries(repositories).records({absence.student_id}, chosen)
            absence_queries(repositories).remove(absence_id)
            followed = []
            for _student, _course, session, record in found:
                if record.is_planned and record.evidence[-1].planned == absence_id:
                    day = session.started_at.astimezone(self._core.zone).date()
                    other = planned_on(repositories, day, {absence.student_id}).get(absence.student_id)
                    corrected = _excused_by(repositories, record, other, at=now, actor=actor.name)
                    followed.append(RecordCorrected(student, corrected))
            repositories.audit.add(
                now, actor.name, "student.absence_taken_back", student.student_no, _days_of(absence)
            )
            return [], followed

        followed = self._core.store.write(work, then=self._tell)[1]
        return sum(one.record.status is Status.ABSENT for one in followed)

    def _written(self, repositories: Repositories, said: Announcement, actor: Actor) -> list[WrittenAbsence]:
        chosen = replace(
            Days(None, said.first_day, said.last_day).filter(self._core.zone),
            courses=courses_seen(repositories, actor),
        )
        return [
            WrittenAbsence(*one)
            for one in absence_queries(repositories).records(said.student_ids, chosen)
            if one[3].is_automatic and not one[3].evidence
        ]

    def _tell(self, done: tuple[list[PlannedAbsence], list[RecordCorrected]]) -> None:
        for one in done[1]:
            self._core.events.emit(one)


def absence_queries(repositories: Repositories) -> "AbsenceQueries":
    """What may be asked about planned absences in a transaction."""
    from kiosk.services.attendance.absence_queries import AbsenceQueries

    return AbsenceQueries(db_session=repositories.db_session)


def planned_on(
    repositories: Repositories, day: date, student_ids: Collection[int]
) -> dict[int, PlannedAbsence]:
    """Who of these students announced to be away on a day."""
    return absence_queries(repositories).on(day, student_ids)


def settle_undecided(
    repositories: Repositories, records: Sequence[AttendanceRecord], day: date, *, at: datetime, actor: str
) -> list[AttendanceRecord]:
    """What the end of a class that was open again makes of its records: those that nobody decided on follow what is announced now."""
    undecided = {one.student_id for one in records if one.is_undecided}
    planned = planned_on(repositories, day, undecided)
    settled = []
    for record in records:
        away = planned.get(record.student_id)
        is_right = _stands(repositories, record, day) if record.is_planned else away is None
        settled.append(
            _excused_by(repositories, record, away, at=at, actor=actor)
            if record.is_undecided and not is_right
            else record
        )
    return settled


def _stands(repositories: Repositories, record: AttendanceRecord, day: date) -> bool:
    """Whether the announcement that excused a record is still there; its id may have been given to another one."""
    absence = absence_queries(repositories).get(record.evidence[-1].planned or 0)
    return (
        absence is not None
        and absence.student_id == record.student_id
        and absence.first_day <= day <= absence.last_day
    )


def _excused_by(
    repositories: Repositories,
    record: AttendanceRecord,
    absence: PlannedAbsence | None,
    *,
    at: datetime,
    actor: str,
) -> AttendanceRecord:
    """Let a record that nobody decided on be excused by an announcement; None: by none any more."""
    if absence is None:
        changed, reason = replace(record.marked(Status.ABSENT), evidence=()), UNDONE
    else:
        reason = ANOTHER if record.is_planned else EXCUSED
        changed = replace(
            record.marked(Status.EXCUSED), method=None, evidence=(planned_evidence(absence, record),)
        )
    return repositories.records.correct(changed, corrected_at=at, actor=actor, reason=reason)


def planned_evidence(absence: PlannedAbsence, record: AttendanceRecord | None = None) -> Evidence:
    """What stands behind a record that a planned absence excused."""
    at = record.marked_at if record is not None else absence.made_at
    return Evidence(
        Method.MANUAL, at, actor=absence.made_by, reason=absence.reason, planned=absence.absence_id
    )


def _require_own(repositories: Repositories, actor: Actor, absence: PlannedAbsence) -> None:
    """Raises ForbiddenError: somebody else announced it, for courses that the actor may not teach."""
    require_student(repositories, actor, absence.student_id)
    if courses_seen(repositories, actor) is not None and absence.made_by != actor.name:
        raise ForbiddenError(
            _("This absence was announced by {name}, and holds in all courses.", name=absence.made_by),
            _("Ask {name} or an admin to take it back.", name=absence.made_by),
        )


def _checked(said: Announcement) -> Announcement:
    """The same with a clean reason. Raises ConflictError: days, students or reason cannot be."""
    reason = clean_text(said.reason)
    if not said.student_ids:
        raise ConflictError(_("Choose who will be away."))
    if not reason:
        raise ConflictError(_("Please say why."), _("A word is enough, such as: ill."))
    if len(reason) > MAX_REASON:
        raise ConflictError(
            _("That is too long."),
            ngettext(
                "Please use at most {n} letter.", "Please use at most {n} letters.", MAX_REASON, n=MAX_REASON
            ),
        )
    if said.last_day < said.first_day:
        raise ConflictError(_("The last day lies before the first."), _("Please swap the two dates."))
    if said.last_day - said.first_day > timedelta(days=MAX_DAYS):
        raise ConflictError(_("That is more than a year."), _("Look at the years of the two days."))
    return replace(said, reason=reason, student_ids=tuple(dict.fromkeys(said.student_ids)))


def _days_of(absence: PlannedAbsence) -> str:
    return f"{absence.first_day.isoformat()} to {absence.last_day.isoformat()}"

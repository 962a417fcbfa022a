"""What happens to a re-check inside a transaction: it begins, students show up, it is judged, and that is taken back."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.rechecks import Asked, Recheck, RecheckMeaning
from kiosk.domain.attendance.record import AttendanceRecord, Evidence
from kiosk.domain.people.students import Student
from kiosk.services.attendance.leaving.staying import check_out_queries
from kiosk.services.events import RecordCorrected
from kiosk.storage.store import Repositories
from kiosk.translation import N_

if TYPE_CHECKING:
    from kiosk.services.attendance.recheck.recheck_queries import RecheckQueries

KIOSK: Final = "the kiosk"
MISSED: Final = N_("did not show up in the re-check")
TAKEN_BACK: Final = N_("the re-check was taken back")
WAS_HERE: Final = N_("was here in the re-check")
"""Why a record was changed."""


def recheck_queries(repositories: Repositories) -> "RecheckQueries":
    """What may be asked about re-checks in a transaction."""
    from kiosk.services.attendance.recheck.recheck_queries import RecheckQueries

    return RecheckQueries(db_session=repositories.db_session)


def begin(
    repositories: Repositories,
    session: ClassSession,
    planned: Recheck | None,
    *,
    at: datetime,
    window: timedelta,
    meaning: RecheckMeaning,
    by: str,
) -> Recheck | None:
    """Open a window now: whoever is marked present or late and has not left is asked; None where that is nobody."""
    outs = check_out_queries(repositories).of_session(session.session_id)
    left = {student_id for student_id, out in outs.items() if out.left_at is not None}
    here = [
        record.student_id
        for record in repositories.records.of_session(session.session_id)
        if record.status.attended and record.student_id not in left
    ]
    if not here:
        return None
    queries = recheck_queries(repositories)
    if planned is None:
        planned = queries.add(Recheck(0, session.session_id, None, None, None, None, meaning, by))
    recheck = queries.save(replace(planned, began_at=at, closes_at=at + window))
    queries.ask(recheck.recheck_id, here)
    repositories.audit.add(at, by, "recheck.started", f"#{session.session_id}", f"{len(here)} asked")
    return recheck


def waits_for(
    repositories: Repositories, session_id: int, student_id: int, *moments: datetime
) -> Asked | None:
    """Whether a student is asked to show up, has not, and one of these moments of proof is within the window."""
    queries = recheck_queries(repositories)
    recheck = queries.open_of(session_id)
    if recheck is None or not any(recheck.takes(moment) for moment in moments):
        return None
    asked = queries.find(recheck.recheck_id, student_id)
    return asked if asked is not None and asked.is_missing else None


def show_up(repositories: Repositories, asked: Asked, session_id: int, proofs: tuple[Evidence, ...]) -> Asked:
    """Note that a student showed up; the record of the class stays as it is, and no claim waits."""
    last = proofs[-1]
    shown = replace(asked, shown_at=last.at, method=last.method, evidence=proofs)
    recheck_queries(repositories).note(shown)
    repositories.claims.remove(session_id, asked.student_id)
    return shown


def close(
    repositories: Repositories, recheck: Recheck, at: datetime
) -> tuple[Recheck, list[RecordCorrected]]:
    """Judge an open window: nobody, where it was disturbed."""
    queries = recheck_queries(repositories)
    disturbance = recheck.disturbance or recheck.disturbed_by_end(at)
    recheck = replace(recheck, ended_at=at, disturbance=disturbance)
    missed, changed = 0, []
    for student, asked in queries.asked(recheck.recheck_id):
        if not asked.is_missing:
            continue
        repositories.claims.remove(recheck.session_id, student.student_id)
        record = repositories.records.find(recheck.session_id, student.student_id)
        seen = _seen_by_hand(record, recheck)
        if seen is not None:
            queries.note(replace(asked, shown_at=seen.at, method=seen.method, evidence=(seen,)))
            continue
        if record is None or not record.status.attended:
            continue  # a teacher has decided otherwise meanwhile
        missed += 1
        # Somebody chose a status of the school's own for a reason: the window names the student and leaves it.
        is_chosen = record.shown is not record.status
        status = record.status if is_chosen else recheck.meaning.status_after(record.status)
        if recheck.judges and status is not record.status:
            corrected = _set(repositories, record, status, recheck, at)
            queries.note(replace(asked, set_version=corrected.version))
            changed.append(RecordCorrected(student, corrected))
            _log(repositories, "record.set_by_recheck", student, corrected, at)
    recheck = queries.save(recheck)
    what = f"incomplete: {recheck.disturbance.value}" if recheck.disturbance else f"{len(changed)} set"
    repositories.audit.add(
        at, KIOSK, "recheck.ended", f"#{recheck.session_id}", f"{missed} did not show up, {what}"
    )
    return recheck, changed


def close_with_class(repositories: Repositories, session_id: int, at: datetime) -> list[RecordCorrected]:
    """What the end of a class means: a window that is open was cut short, one that has not begun never comes."""
    queries = recheck_queries(repositories)
    recheck = queries.open_of(session_id)
    queries.forget_planned(session_id)
    if recheck is None:
        return []
    return close(repositories, recheck, at)[1]


def put_right(
    repositories: Repositories, student: Student, asked: Asked, session_id: int, evidence: Evidence
) -> RecordCorrected | None:
    """Give a record back what the re-check took; None where it took nothing, or somebody changed the record since."""
    record = repositories.records.find(session_id, student.student_id)
    if record is None or asked.set_version is None or record.version != asked.set_version:
        return None
    # That of another entry of the same person, which a merge kept, counts its versions for itself.
    if not record.is_by_recheck or record.evidence[-1].recheck != asked.recheck_id:
        return None
    before = [
        one.before
        for one in repositories.records.history(record.record_id)
        if one.before.version == asked.set_version - 1
    ]
    if not before:
        return None
    old = before[-1]
    restored = replace(
        record.marked(old.shown),
        method=old.method,
        marked_at=old.marked_at,
        evidence=(*record.evidence, evidence),
    )
    corrected = repositories.records.correct(
        restored, corrected_at=evidence.at, actor=evidence.actor or "", reason=evidence.reason or ""
    )
    return RecordCorrected(student, corrected)


def _seen_by_hand(record: AttendanceRecord | None, recheck: Recheck) -> Evidence | None:
    """What a teacher decided by hand within the window of somebody who is here."""
    if record is None or not record.status.attended or not record.evidence or recheck.began_at is None:
        return None
    last = record.evidence[-1]
    return last if last.method is Method.MANUAL and last.at >= recheck.began_at else None


def _set(
    repositories: Repositories, record: AttendanceRecord, status: Status, recheck: Recheck, at: datetime
) -> AttendanceRecord:
    """Somebody who counts as late keeps the proof by which the record came about."""
    proof = Evidence(Method.MANUAL, at, actor=KIOSK, reason=MISSED, recheck=recheck.recheck_id)
    changed = replace(
        record.marked(status),
        method=record.method if status.attended else Method.MANUAL,
        evidence=(*record.evidence, proof),
    )
    return repositories.records.correct(changed, corrected_at=at, actor=KIOSK, reason=MISSED)


def _log(
    repositories: Repositories, action: str, student: Student, record: AttendanceRecord, at: datetime
) -> None:
    who = f"{student.student_no} #{record.session_id}"
    repositories.audit.add(at, KIOSK, action, who, record.status.value)

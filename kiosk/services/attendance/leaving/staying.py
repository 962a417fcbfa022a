"""What leaving a class means inside a transaction: who may check out, and what too short a stay makes of a record."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.record import AttendanceRecord, Evidence
from kiosk.domain.attendance.stays import CheckOut, may_leave, stay_of
from kiosk.settings import SchoolRules
from kiosk.storage.store import Repositories
from kiosk.translation import N_

if TYPE_CHECKING:
    from kiosk.services.attendance.leaving.check_out_queries import CheckOutQueries

KIOSK: Final = "the kiosk"
TOO_SHORT: Final = N_("was there for too few minutes")
LONG_ENOUGH: Final = N_("was there for enough minutes after all")
"""Why a record was changed."""


def check_out_queries(repositories: Repositories) -> "CheckOutQueries":
    """What may be asked about check-outs in a transaction."""
    from kiosk.services.attendance.leaving.check_out_queries import CheckOutQueries

    return CheckOutQueries(db_session=repositories.db_session)


def rules_of(repositories: Repositories) -> SchoolRules:
    """The school's rules as they are now."""
    return SchoolRules.from_texts(repositories.school_settings.all())


def leaves(
    repositories: Repositories, session: ClassSession, record: AttendanceRecord, moments: Iterable[datetime]
) -> bool:
    """Whether a proof of one of these moments checks a student out who is marked, and has not left yet."""
    if session.check_out_since is None:
        return False
    rules = rules_of(repositories)
    least = timedelta(minutes=rules.check_out_after_min)
    if not rules.check_out.is_on or not any(may_leave(session, record, one, least=least) for one in moments):
        return False
    known = check_out_queries(repositories).find(session.session_id, record.student_id)
    return known is None or (known.left_at is None and known.minutes is None)


def check_out(
    repositories: Repositories, session_id: int, student_id: int, proofs: tuple[Evidence, ...]
) -> None:
    """Note that a student left; the record stays as it is, and no claim waits."""
    last = proofs[-1]
    out = CheckOut(session_id, student_id, proofs[0].at, last.method, proofs)
    check_out_queries(repositories).put(out)
    repositories.claims.remove(session_id, student_id)


def settle_stays(
    repositories: Repositories, session: ClassSession, *, at: datetime, only: int | None = None
) -> list[AttendanceRecord]:
    """Make absent who stayed for too short in a session that has ended, and attended again who turns out not to have.

    Only a stay of which something is known can be too short: who never checked out was there to the end, however late.
    Returns the records that were changed.
    """
    rules = rules_of(repositories)
    changed: list[AttendanceRecord] = []
    least = rules.attended_from_percent
    if session.ended_at is None or not rules.check_out.is_on:
        return changed
    queries = check_out_queries(repositories)
    for student_id, out in queries.of_session(session.session_id).items():
        record = repositories.records.find(session.session_id, student_id)
        if record is None or (only is not None and student_id != only):
            continue
        stay = stay_of(session, record, out, at)
        is_ours = record.version == out.set_version and _is_too_short(record)
        is_known = stay is not None and not stay.is_to_the_end
        is_short = is_known and stay is not None and 100 * stay.minutes < least * stay.of
        if is_short and record.status.attended and not _is_decided(record, out):
            corrected = _make_absent(repositories, record, at)
            queries.put(replace(out, set_version=corrected.version))
            changed.append(corrected)
        elif is_ours and not is_short:
            back = _put_back(repositories, record, at)
            queries.put(replace(out, set_version=None))
            changed += [back] if back is not None else []
    return changed


def _is_too_short(record: AttendanceRecord) -> bool:
    """Whether the kiosk set it for a short stay; a version alone may be that of another entry, which a merge kept."""
    return bool(record.evidence) and record.evidence[-1].reason == TOO_SHORT


def _is_decided(record: AttendanceRecord, out: CheckOut) -> bool:
    """Whether somebody knew better: gave a status of the school's own, or marked the student by hand after the check-out."""
    if record.shown is not record.status:
        return True
    if not record.evidence or out.left_at is None or out.minutes is not None:
        return False
    last = record.evidence[-1]
    return last.method is Method.MANUAL and last.actor != KIOSK and last.at >= out.left_at


def _make_absent(repositories: Repositories, record: AttendanceRecord, at: datetime) -> AttendanceRecord:
    proof = Evidence(Method.MANUAL, at, actor=KIOSK, reason=TOO_SHORT)
    absent = replace(record, status=Status.ABSENT, method=Method.MANUAL, evidence=(*record.evidence, proof))
    return repositories.records.correct(absent, corrected_at=at, actor=KIOSK, reason=TOO_SHORT)


def _put_back(repositories: Repositories, record: AttendanceRecord, at: datetime) -> AttendanceRecord | None:
    before = [
        one.before
        for one in repositories.records.history(record.record_id)
        if one.before.version == record.version - 1
    ]
    if not before:
        return None
    proof = Evidence(Method.MANUAL, at, actor=KIOSK, reason=LONG_ENOUGH)
    restored = replace(
        record.marked(before[-1].shown),
        method=before[-1].method,
        marked_at=before[-1].marked_at,
        evidence=(*record.evidence, proof),
    )
    return repositories.records.correct(restored, corrected_at=at, actor=KIOSK, reason=LONG_ENOUGH)

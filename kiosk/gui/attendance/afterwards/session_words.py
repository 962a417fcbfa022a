"""How a class session is called where several are listed, and what is to be said of it. Pure."""

from datetime import tzinfo

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.services.attendance.afterwards.held_sessions import SessionFacts
from kiosk.translation import _, ngettext
from kiosk.wording.attendance import status_count
from kiosk.wording.dates import clock_time, day_and_time, span


def session_title(session: ClassSession, zone: tzinfo) -> str:
    """Day and time, and what tells it from others of that day."""
    parts = (day_and_time(session.started_at, zone), session.room, session.note)
    return " · ".join(part for part in parts if part)


def session_state(session: ClassSession, records: int) -> str:
    """What is unusual about it, with so many records: open, cancelled, added afterwards; empty where nothing is."""
    if session.is_open:
        return _("open now")
    if session.cancelled is not None:
        return _("cancelled: {reason}", reason=session.cancelled.reason)
    if session.is_to_mark(records):
        return _("added afterwards, not marked yet")
    return _("added afterwards") if session.added_at is not None else ""


def session_facts(facts: SessionFacts, zone: tzinfo) -> str:
    """From when to when, and what its records come to."""
    session = facts.session
    parts = []
    if session.ended_at is not None:
        begins, ends = (clock_time(at, zone) for at in (session.started_at, session.ended_at))
        length = span(session.ended_at - session.started_at)
        parts.append(_("{begins} to {ends} ({length})", begins=begins, ends=ends, length=length))
    parts += [status_count(status, facts.count.of(status)) for status in Status if facts.count.of(status)]
    if facts.unmarked:
        parts.append(
            ngettext("{n} without a record", "{n} without a record", facts.unmarked, n=facts.unmarked)
        )
    return " · ".join(parts)

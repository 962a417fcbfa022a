"""What became of the meetings of a day: coming, open, done or forgotten."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.courses.meetings import Meeting
from kiosk.domain.courses.timetable import NEAR


class MeetingState(StrEnum):
    """What became of a meeting. *Forgotten*: its time is over and no class was held."""

    COMING = "coming"
    OPEN = "open"
    DONE = "done"
    FORGOTTEN = "forgotten"


@dataclass(frozen=True, slots=True)
class DayLine:
    """A meeting of the timetable, a class that was held without one, or both together."""

    course_id: int
    begins_at: datetime
    state: MeetingState
    meeting: Meeting | None = None
    session: ClassSession | None = None

    def is_now(self, now: datetime) -> bool:
        """Whether its time is on, or so near that its class may begin."""
        return self.meeting is not None and self.meeting.begins_at - NEAR <= now < self.meeting.ends_at


def day_lines(meetings: Sequence[Meeting], sessions: Iterable[ClassSession], now: datetime) -> list[DayLine]:
    """The lines of a day, by time: each session at the meeting that it began nearest to.

    A class that went on through most of another meeting of its course was held for that, too: double lessons are one class.
    """
    held: dict[Meeting, ClassSession] = {}
    extra: list[ClassSession] = []
    for session in sorted(sessions, key=lambda one: one.started_at):
        near = [one for one in meetings if _is_near(one, session)]
        if near:
            nearest = min(near, key=lambda one: abs(one.begins_at - session.started_at))
            held.setdefault(nearest, session)
            held |= {one: session for one in meetings if one not in held and _fills(session, one, now)}
        if session not in held.values():
            extra.append(session)
    lines = [_line(one, held.get(one), now) for one in meetings]
    lines += [DayLine(one.course_id, one.started_at, _state_of(one), session=one) for one in extra]
    return sorted(lines, key=lambda one: (one.begins_at, one.course_id))


def course_of_the_hour(
    lines: Iterable[DayLine], now: datetime, own: frozenset[int] = frozenset()
) -> int | None:
    """The course whose meeting is on or about to begin and was not held yet; of those in `own` where there are any.

    Returns:
        A course id; None when the timetable says nothing for this hour.
    """
    due = [
        one
        for one in lines
        if one.state is MeetingState.COMING and one.is_now(now) and (not own or one.course_id in own)
    ]
    if not due:
        return None
    return min(due, key=lambda one: (abs(one.begins_at - now), one.course_id)).course_id


def _is_near(meeting: Meeting, session: ClassSession) -> bool:
    if meeting.course_id != session.course_id:
        return False
    return meeting.begins_at - NEAR <= session.started_at < meeting.ends_at


def _fills(session: ClassSession, meeting: Meeting, now: datetime) -> bool:
    """Whether a session went on through half of a meeting at least."""
    if meeting.course_id != session.course_id:
        return False
    ended = session.ended_at or now
    both = min(ended, meeting.ends_at) - max(session.started_at, meeting.begins_at)
    return 2 * both >= meeting.ends_at - meeting.begins_at


def _line(meeting: Meeting, session: ClassSession | None, now: datetime) -> DayLine:
    if session is not None:
        state = _state_of(session)
    else:
        state = MeetingState.FORGOTTEN if meeting.ends_at <= now else MeetingState.COMING
    return DayLine(meeting.course_id, meeting.begins_at, state, meeting, session)


def _state_of(session: ClassSession) -> MeetingState:
    return MeetingState.OPEN if session.is_open else MeetingState.DONE

"""Words of courses and their timetables. Pure; any thread."""

from datetime import tzinfo
from typing import Final

from kiosk.domain.courses.day_states import DayLine, MeetingState
from kiosk.domain.courses.meetings import Meeting, SingleDate, WeeklySlot
from kiosk.domain.courses.terms import Span
from kiosk.translation import N_, _, ngettext
from kiosk.wording.dates import clock_time, day_and_time, short_day, weekday_name

_STATES: Final = {
    MeetingState.COMING: N_("Coming"),
    MeetingState.OPEN: N_("Open"),
    MeetingState.DONE: N_("Done"),
    MeetingState.FORGOTTEN: N_("Forgotten"),
}


def state_word(state: MeetingState) -> str:
    """What became of a meeting, in a word."""
    return _(_STATES[state])


def line_word(line: DayLine) -> str:
    """What became of a meeting or a class, in a word; one that was cancelled says so."""
    if line.session is not None and line.session.cancelled is not None:
        return _("Cancelled")
    return state_word(line.state)


def minutes_words(minutes: int) -> str:
    """How long a meeting is."""
    return ngettext("{n} minute", "{n} minutes", minutes, n=minutes)


def slot_words(slot: WeeklySlot) -> str:
    """When a weekly slot is, such as ``Each Monday, 08:15 to 09:45``."""
    hour, minute = divmod(slot.begins.hour * 60 + slot.begins.minute + slot.minutes, 60)
    return _(
        "Each {weekday}, {begins} to {ends}",
        weekday=weekday_name(slot.weekday),
        begins=f"{slot.begins:%H:%M}",
        ends=f"{hour:02}:{minute:02}",
    )


def date_words(date_: SingleDate, zone: tzinfo) -> str:
    """When a single date is, and whether it is called off."""
    when = span_words(date_.meeting, zone)
    return _("{when}: called off", when=when) if date_.called_off else when


def span_words(meeting: Meeting, zone: tzinfo) -> str:
    """From when to when a meeting is, such as ``Mon 23 Nov 2026, 08:15 to 09:45``."""
    return _(
        "{begins} to {ends}",
        begins=day_and_time(meeting.begins_at, zone),
        ends=clock_time(meeting.ends_at, zone),
    )


def days_words(span: Span) -> str:
    """The days of a term or holiday."""
    if span.first_day == span.last_day:
        return short_day(span.first_day)
    return _("{first} to {last}", first=short_day(span.first_day), last=short_day(span.last_day))

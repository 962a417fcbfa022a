"""Reading a calendar (ICS, RFC 5545): meetings of a year, repeated ones on each of their days. Any thread but the main one.

Repeated events are worked out at the clock of their own zone, so that nine stays nine when the clock is set forward. Everything is
bounded: the file, its entries, and the days that a rule comes to.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from hashlib import sha256
from typing import Any, Final
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from icalendar import Calendar, Event

from kiosk.domain.courses.calendars import MOST, CalendarMeeting, CalendarNotes, CalendarReading
from kiosk.domain.courses.meetings import MINUTES
from kiosk.domain.people.students import clean_text
from kiosk.errors import FileFormatError
from kiosk.translation import _

MOST_BYTES: Final = 3_000_000
"""A year of one course is a tenth of a megabyte at most."""

MOST_EVENTS: Final = 10_000
ROOM_LENGTH: Final = 80
UID_LENGTH: Final = 200

_BROKEN: Final = (ValueError, TypeError, AttributeError, LookupError, OverflowError)
"""What damaged entries make of the library, which reads a value only when it is asked for."""

Entry = Any
"""An event as the library has it, which says of each property that it may be one of thirty things."""

_DAILY_AT_MOST: Final = {"SECONDLY", "MINUTELY", "HOURLY"}


_RARE: Final = {"BYMONTHDAY", "BYYEARDAY", "BYWEEKNO"}
"""Looked for day by day, one that never comes would be looked for until the year 9999."""


@dataclass(frozen=True, slots=True)
class _Window:
    since: datetime
    until: datetime
    zone: ZoneInfo


def read_calendar(content: bytes, *, since: datetime, until: datetime, zone: ZoneInfo) -> CalendarReading:
    """Implements `kiosk.services.ports.calendars.CalendarReader`."""
    if len(content) > MOST_BYTES:
        raise FileFormatError(
            _("This calendar is larger than {most} MB.", most=MOST_BYTES // 1_000_000),
            _("Export the calendar of one course only."),
        )
    events = _events(content)
    window, counted = _Window(since, until, zone), Counter[str]()
    found: dict[datetime, CalendarMeeting] = {}
    for meeting in _meetings(events, window, counted):
        if meeting.begins_at in found:
            counted["same_time"] += 1
            continue
        found[meeting.begins_at] = meeting
        if len(found) > MOST:
            raise FileFormatError(
                _("This calendar holds more than {most} meetings.", most=MOST),
                _("Export the calendar of one course only."),
            )
    return CalendarReading(tuple(found[moment] for moment in sorted(found)), CalendarNotes(**counted))


def _events(content: bytes) -> list[Entry]:
    """All events of a file. Raises FileFormatError: it is no calendar."""
    text = _decoded(content)
    if "BEGIN:VCALENDAR" not in text[:10_000].upper():
        raise _no_calendar()
    try:
        calendars = Calendar.from_ical(text, multiple=True)
        events = [one for calendar in calendars for one in calendar.walk("VEVENT")]
    except (
        ValueError,
        IndexError,
        KeyError,
        TypeError,
        AttributeError,
    ) as error:  # whatever a damaged file makes of it
        raise _no_calendar() from error
    if len(events) > MOST_EVENTS:
        raise FileFormatError(
            _("This calendar holds more than {most} entries.", most=MOST_EVENTS),
            _("Export the calendar of one course only."),
        )
    return [one for one in events if isinstance(one, Event)]


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _no_calendar() -> FileFormatError:
    return FileFormatError(
        _("This is no calendar."),
        _(
            "A calendar file ends in .ics and begins with BEGIN:VCALENDAR. An address must lead to such a file, not to a page."
        ),
    )


def _meetings(events: Iterable[Entry], window: _Window, counted: "Counter[str]") -> Iterator[CalendarMeeting]:
    """Each meeting within the window, in no order; what is none is counted."""
    masters: list[tuple[str, Entry]] = []
    moved: dict[tuple[str, datetime], Entry] = {}
    for event in events:
        try:
            uid = str(event.get("UID", "")) or sha256(event.to_ical()).hexdigest()
            original = event.get("RECURRENCE-ID")
            if original is None:
                masters.append((uid, event))
            else:
                moved[uid, _moment(original.dt, window.zone)] = event
        except _BROKEN:
            counted["unreadable"] += 1
    for uid, event in masters:
        try:
            yield from _of_master(uid, event, moved, window, counted)
        except _BROKEN:
            counted["unreadable"] += 1
    for (uid, original), event in moved.items():
        try:
            made = _made(_key(uid, original), event, _start(event, window.zone), window, counted)
        except _BROKEN:
            counted["unreadable"] += 1
            continue
        if made is not None:
            yield made


def _of_master(
    uid: str,
    event: Entry,
    moved: dict[tuple[str, datetime], Entry],
    window: _Window,
    counted: "Counter[str]",
) -> Iterator[CalendarMeeting]:
    begins = event["DTSTART"].dt
    if not isinstance(begins, datetime):
        counted["whole_day"] += 1
        return
    if _is_cancelled(event):
        counted["cancelled"] += 1
        return
    if _minutes(event) not in MINUTES:
        counted["odd_length"] += 1
        return
    zone = begins.tzinfo or window.zone
    is_series = any(event.get(name) is not None for name in ("RRULE", "RDATE"))
    left_out = _walls(event, "EXDATE", zone)
    whole_days = {one for one in left_out if not isinstance(one, datetime)}
    for wall in _starts(event, begins.replace(tzinfo=None), zone, window, counted):
        if wall in left_out or wall.date() in whole_days:
            counted["cancelled"] += 1
            continue
        moment = wall.replace(tzinfo=zone).astimezone(UTC)
        if (uid, moment) in moved:
            continue
        made = _made(_key(uid, moment if is_series else None), event, moment, window, counted)
        if made is not None:
            yield made


def _made(
    key: str, event: Entry, begins: datetime | None, window: _Window, counted: "Counter[str]"
) -> CalendarMeeting | None:
    """The meeting of one event at a moment; None for one that is none, or lies outside of the window."""
    if begins is None:
        counted["whole_day"] += 1
        return None
    minutes = _minutes(event)
    if begins + timedelta(minutes=minutes) <= window.since or begins >= window.until:
        return None
    if _is_cancelled(event):
        counted["cancelled"] += 1
        return None
    if minutes not in MINUTES:
        counted["odd_length"] += 1
        return None
    room = clean_text(str(event.get("LOCATION", "")))[:ROOM_LENGTH]
    return CalendarMeeting(key, begins, minutes, room)


def _starts(
    event: Entry, first: datetime, zone: tzinfo, window: _Window, counted: "Counter[str]"
) -> set[datetime]:
    """Beginnings by the clock of the event's own zone, without one: its own, and those of rules and extra dates."""
    last = window.until.astimezone(zone).replace(tzinfo=None)
    starts = {one for one in _walls(event, "RDATE", zone) if isinstance(one, datetime)}
    rules = _listed(event.get("RRULE"))
    if not rules:
        return starts | {first}
    for rule in rules:
        frequency = str(rule.get("FREQ", [""])[0]).upper()
        if frequency in _DAILY_AT_MOST or (frequency == "DAILY" and _RARE & {one.upper() for one in rule}):
            counted["too_often"] += 1
            continue
        starts |= set(_of_rule(rule, first, zone, last))
        if len(starts) > 4 * MOST:
            break
    return starts


def _of_rule(rule: Any, first: datetime, zone: tzinfo, last: datetime) -> Iterator[datetime]:
    """What a rule comes to, up to a moment: bounded, whatever stands in it."""
    ends = [_wall(one, zone) for one in _listed(rule.get("UNTIL"))]
    until = min([last, *(_end_of(one) for one in ends)])
    most = min([int(one) for one in _listed(rule.get("COUNT"))], default=None)
    kept = {name: value for name, value in rule.items() if name.upper() not in {"UNTIL", "COUNT"}}
    text = type(rule)(kept).to_ical().decode()
    for number, start in enumerate(rrulestr(text, dtstart=first).replace(until=until)):
        if most is not None and number >= most:
            return
        yield start


def _end_of(one: date) -> datetime:
    return one if isinstance(one, datetime) else datetime.combine(one, time.max)


def _walls(event: Entry, name: str, zone: tzinfo) -> set[date]:
    """Moments of a property of dates by the clock of a zone; whole days as they are."""
    return {
        _wall(one.dt[0] if isinstance(one.dt, tuple) else one.dt, zone)
        for dates in _listed(event.get(name))
        for one in dates.dts
    }


def _wall(moment: date, zone: tzinfo) -> date:
    if not isinstance(moment, datetime):
        return moment
    return (moment.astimezone(zone) if moment.tzinfo is not None else moment).replace(tzinfo=None)


def _start(event: Entry, zone: ZoneInfo) -> datetime | None:
    """When an event begins; None for whole days."""
    begins = event["DTSTART"].dt
    return _moment(begins, zone) if isinstance(begins, datetime) else None


def _moment(moment: date, zone: ZoneInfo) -> datetime:
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day, tzinfo=zone)
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)).astimezone(UTC)


def _minutes(event: Entry) -> int:
    """How long an event is; 0 where it does not say."""
    begins, ends, length = event["DTSTART"].dt, event.get("DTEND"), event.get("DURATION")
    if ends is not None and isinstance(begins, datetime) and isinstance(ends.dt, datetime):
        both_known = begins.tzinfo is not None and ends.dt.tzinfo is not None
        taken = ends.dt - begins if both_known else ends.dt.replace(tzinfo=None) - begins.replace(tzinfo=None)
    elif length is not None and isinstance(length.dt, timedelta):
        taken = length.dt
    else:
        return 0
    return round(taken.total_seconds() / 60)


def _is_cancelled(event: Entry) -> bool:
    return str(event.get("STATUS", "")).upper() == "CANCELLED"


def _key(uid: str, original: datetime | None) -> str:
    key = uid if original is None else f"{uid}#{original:%Y%m%dT%H%M%SZ}"
    return key if len(key) <= UID_LENGTH else sha256(key.encode()).hexdigest()


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kiosk.domain.courses.calendars import CalendarNotes, CalendarReading
from kiosk.errors import FileFormatError
from kiosk.reports.courses.calendar_file import MOST_BYTES, read_calendar

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 2, 7, tzinfo=UTC)
YEAR = timedelta(days=400)


def event(*lines: str, uid: str = "a", length: str = "DURATION:PT1H30M") -> str:
    return "\r\n".join(("BEGIN:VEVENT", f"UID:{uid}", *lines, *([length] if length else []), "END:VEVENT"))


def calendar(*events: str) -> bytes:
    return "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *events, "END:VCALENDAR", "")).encode()


def read(*events: str, until: timedelta = YEAR) -> CalendarReading:
    return read_calendar(calendar(*events), since=NOW, until=NOW + until, zone=ZONE)


def starts(reading: CalendarReading) -> list[str]:
    return [f"{one.begins_at.astimezone(ZONE):%d %b %H:%M}" for one in reading.meetings]


def test_a_single_event_is_a_meeting_with_its_room() -> None:
    found = read(event("DTSTART:20260303T080000Z", "LOCATION:Hall  1\\, left"))
    (one,) = found.meetings
    assert (one.begins_at, one.minutes) == (datetime(2026, 3, 3, 8, tzinfo=UTC), 90)
    assert (one.room, one.uid, found.notes) == ("Hall 1, left", "a", CalendarNotes())


def test_a_time_without_a_zone_is_meant_at_the_school() -> None:
    assert starts(read(event("DTSTART:20260303T080000"))) == ["03 Mar 08:00"]


def test_a_weekly_event_stays_at_its_hour_when_the_clock_is_set_forward() -> None:
    found = read(event("DTSTART;TZID=Europe/Berlin:20260323T090000", "RRULE:FREQ=WEEKLY;COUNT=2"))
    assert starts(found) == ["23 Mar 09:00", "30 Mar 09:00"]
    assert found.meetings[1].begins_at - found.meetings[0].begins_at == timedelta(days=7, hours=-1)
    assert [one.uid for one in found.meetings] == ["a#20260323T080000Z", "a#20260330T070000Z"]


def test_a_zone_that_the_file_brings_is_used() -> None:
    zone = (
        "BEGIN:VTIMEZONE\r\nTZID:Own\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0300\r\n"
        "TZOFFSETTO:+0300\r\nEND:STANDARD\r\nEND:VTIMEZONE"
    )
    assert starts(read(zone, event("DTSTART;TZID=Own:20260303T100000"))) == ["03 Mar 08:00"]


def test_rules_end_by_day_or_count_and_dates_are_added_and_left_out() -> None:
    found = read(
        event(
            "DTSTART;TZID=Europe/Berlin:20260303T090000",
            "RRULE:FREQ=WEEKLY;UNTIL=20260317T080000Z",
            "EXDATE;TZID=Europe/Berlin:20260310T090000",
            "RDATE;TZID=Europe/Berlin:20260312T140000",
        )
    )
    assert starts(found) == ["03 Mar 09:00", "12 Mar 14:00", "17 Mar 09:00"]
    assert found.notes.cancelled == 1
    endless = read(event("DTSTART:20260303T080000Z", "RRULE:FREQ=DAILY"), until=timedelta(days=10))
    assert len(endless.meetings) == 9


def test_one_that_is_moved_keeps_its_name_and_one_that_is_cancelled_is_none() -> None:
    series = event("DTSTART;TZID=Europe/Berlin:20260303T090000", "RRULE:FREQ=WEEKLY;COUNT=3")
    moved = event(
        "RECURRENCE-ID;TZID=Europe/Berlin:20260310T090000", "DTSTART;TZID=Europe/Berlin:20260311T150000"
    )
    off = event(
        "RECURRENCE-ID;TZID=Europe/Berlin:20260317T090000",
        "DTSTART;TZID=Europe/Berlin:20260317T090000",
        "STATUS:CANCELLED",
    )
    found = read(series, moved, off)
    assert starts(found) == ["03 Mar 09:00", "11 Mar 15:00"]
    assert found.meetings[1].uid == "a#20260310T080000Z"
    assert found.notes.cancelled == 1


def test_what_is_no_meeting_is_counted_and_not_taken() -> None:
    found = read(
        event("DTSTART;VALUE=DATE:20260303", uid="whole"),
        event("DTSTART:20260303T080000Z", "STATUS:CANCELLED", uid="off"),
        event("DTSTART:20260303T080000Z", uid="none", length=""),
        event("DTSTART:20260303T080000Z", uid="days", length="DURATION:P3D"),
        event("DTSTART:20260303T080000Z", "RRULE:FREQ=SECONDLY", uid="often"),
        event("SUMMARY:no start", uid="odd"),
        event("DTSTART:20260304T080000Z", uid="one"),
        event("DTSTART:20260304T080000Z", uid="two"),
        event("DTSTART:20200304T080000Z", uid="past"),
    )
    assert starts(found) == ["04 Mar 09:00"]
    assert found.notes.whole_day == found.notes.cancelled == found.notes.too_often == 1
    assert (found.notes.odd_length, found.notes.same_time) == (2, 1)
    assert found.notes.unreadable == 1


def test_a_rule_that_never_comes_true_comes_to_nothing() -> None:
    rule = "RRULE:FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30;COUNT=5"
    assert read(event("DTSTART:20260303T080000Z", rule)).meetings == ()
    daily = read(event("DTSTART:20260303T080000Z", "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"))
    assert (daily.meetings, daily.notes.too_often) == ((), 1)


@pytest.mark.parametrize("rule", ["RRULE:FREQ=OFTEN", "RRULE:FREQ=WEEKLY;BYDAY=XX", "RRULE:INTERVAL=2"])
def test_a_rule_that_is_none_spoils_only_its_own_event(rule: str) -> None:
    found = read(
        event("DTSTART:20260303T080000Z", rule, uid="bad"), event("DTSTART:20260304T080000Z", uid="good")
    )
    assert "04 Mar 09:00" in starts(found)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html><body>Sign in</body></html>",
        b"student_no,full_name",
        b"\x00\x01\xff",
        b"BEGIN:VCARD\r\nEND:VCARD",
    ],
)
def test_what_is_no_calendar_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(FileFormatError, match="no calendar") as refused:
        read_calendar(content, since=NOW, until=NOW + YEAR, zone=ZONE)
    assert "BEGIN:VCALENDAR" in refused.value.hint


def test_what_is_huge_is_refused_in_words() -> None:
    with pytest.raises(FileFormatError, match="larger than 3 MB"):
        read_calendar(b"x" * (MOST_BYTES + 1), since=NOW, until=NOW + YEAR, zone=ZONE)
    many = [
        event("DTSTART:20260303T080000Z", "RRULE:FREQ=DAILY", uid=str(number)).replace("T08", f"T{number:02}")
        for number in range(10)
    ]
    with pytest.raises(FileFormatError, match="more than 2000 meetings"):
        read(*many)


def test_letters_of_an_older_code_page_are_read() -> None:
    content = calendar(event("DTSTART:20260303T080000Z", "LOCATION:Hörsaal")).decode().encode("cp1252")
    found = read_calendar(content, since=NOW, until=NOW + YEAR, zone=ZONE)
    assert found.meetings[0].room == "Hörsaal"


def test_a_calendar_without_events_is_one_without_meetings() -> None:
    assert read() == CalendarReading(())

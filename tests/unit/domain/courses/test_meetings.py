from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from kiosk.domain.courses.meetings import DateOrigin, Meeting, SingleDate, Timetable, WeeklySlot
from kiosk.domain.courses.terms import Holiday, Span, Term
from kiosk.errors import ConflictError

ZONE = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 11, 23)
NINE = WeeklySlot(1, 7, 0, time(9), 90, "R1")
WEEK = timedelta(days=7)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE).astimezone(UTC)


def begins(meetings: list[Meeting]) -> list[str]:
    return [f"{one.course_id} {one.begins_at.astimezone(ZONE):%a %H:%M}" for one in meetings]


def test_a_weekly_slot_meets_each_week_at_the_schools_clock() -> None:
    timetable = Timetable(ZONE, [NINE])
    assert timetable.on(MONDAY) == [Meeting(7, at(MONDAY, 9), at(MONDAY, 10, 30), "R1")]
    assert timetable.on(MONDAY + timedelta(days=1)) == []
    summer = date(2026, 6, 1)
    assert timetable.on(summer)[0].begins_at == datetime(2026, 6, 1, 7, tzinfo=UTC)


def test_an_hour_that_the_clock_leaps_over_is_met_all_the_same() -> None:
    spring = date(2026, 3, 29)
    slot = replace(NINE, weekday=6, begins=time(2, 30))
    (meeting,) = Timetable(ZONE, [slot]).on(spring)
    assert meeting.ends_at - meeting.begins_at == timedelta(minutes=90)


def test_weekly_slots_are_met_only_in_the_term_of_their_course() -> None:
    term = Term(1, Span("Autumn", MONDAY, MONDAY + WEEK))
    timetable = Timetable(ZONE, [NINE, replace(NINE, course_id=8)], terms={7: term})
    assert begins(timetable.on(MONDAY + WEEK)) == ["7 Mon 09:00", "8 Mon 09:00"]
    assert begins(timetable.on(MONDAY + 2 * WEEK)) == ["8 Mon 09:00"]
    assert begins(timetable.on(MONDAY - WEEK)) == ["8 Mon 09:00"]


def test_on_a_holiday_nobody_meets_and_single_dates_do_not_either() -> None:
    holiday = Holiday(1, Span("Founders' Day", MONDAY, MONDAY))
    single = SingleDate(1, 7, at(MONDAY, 14), 45)
    timetable = Timetable(ZONE, [NINE], [single], holidays=[holiday])
    assert timetable.holiday_on(MONDAY) == holiday
    assert timetable.on(MONDAY) == []
    assert begins(timetable.on(MONDAY + WEEK)) == ["7 Mon 09:00"]


def test_a_single_date_stands_instead_of_the_weeks_and_may_call_it_off() -> None:
    longer = SingleDate(1, 7, at(MONDAY, 9), 120, "Lab")
    assert Timetable(ZONE, [NINE], [longer]).on(MONDAY) == [longer.meeting]
    off = replace(longer, called_off=True)
    assert Timetable(ZONE, [NINE], [off]).on(MONDAY) == []
    assert begins(Timetable(ZONE, [NINE], [off]).on(MONDAY + WEEK)) == ["7 Mon 09:00"]


def test_a_date_of_a_calendar_can_be_called_off_by_hand() -> None:
    planned = SingleDate(1, 7, at(MONDAY, 9), 90, origin=DateOrigin.CALENDAR, uid="x")
    off = SingleDate(2, 7, at(MONDAY, 9), 90, called_off=True)
    assert Timetable(ZONE, [], [planned, off]).on(MONDAY) == []


def test_the_next_meeting_is_the_one_that_is_on_or_comes_and_may_lie_beyond_long_holidays() -> None:
    summer = Holiday(1, Span("Summer", MONDAY, MONDAY + timedelta(days=80)))
    other = replace(NINE, course_id=8)
    timetable = Timetable(ZONE, [NINE, other], [SingleDate(1, 9, at(MONDAY, 8), 45)])
    now = at(MONDAY, 9, 30)
    assert {key: one.begins_at for key, one in timetable.next_of_each(now).items()} == {
        7: at(MONDAY, 9),
        8: at(MONDAY, 9),
    }
    later = replace(timetable, holidays=[summer]).next_of_each(now)
    assert later[7].begins_at == at(date(2027, 2, 15), 9)


def test_a_meeting_that_goes_on_after_midnight_is_still_the_one_that_is_on() -> None:
    tuesday = MONDAY + timedelta(days=1)
    weekly = replace(NINE, begins=time(23), minutes=120)
    single = SingleDate(1, 9, at(MONDAY, 23), 120)
    timetable = Timetable(ZONE, [weekly], [single])
    night = timetable.next_of_each(at(tuesday, 0, 30))
    assert {key: one.begins_at for key, one in night.items()} == {7: at(MONDAY, 23), 9: at(MONDAY, 23)}
    assert timetable.next_of_each(at(tuesday, 1))[7].begins_at == at(MONDAY + timedelta(days=7), 23)


def test_slots_overlap_on_the_same_day_only_and_not_when_one_follows_the_other() -> None:
    assert NINE.overlaps(replace(NINE, begins=time(10, 29), minutes=30))
    assert NINE.overlaps(replace(NINE, begins=time(8), minutes=200))
    assert not NINE.overlaps(replace(NINE, begins=time(10, 30)))
    assert not NINE.overlaps(replace(NINE, weekday=1))


@pytest.mark.parametrize(
    ("slot", "words"),
    [
        (replace(NINE, minutes=0), "5 minutes"),
        (replace(NINE, minutes=24 * 60), "shorter than a day"),
        (replace(NINE, begins=time(23), minutes=90), "midnight"),
        (replace(NINE, weekday=7), "weekday"),
    ],
)
def test_a_slot_that_cannot_be_is_refused_in_words(slot: WeeklySlot, words: str) -> None:
    with pytest.raises(ConflictError, match=words):
        slot.checked()


def test_a_span_that_ends_before_it_begins_or_has_no_name_is_refused() -> None:
    with pytest.raises(ConflictError, match="before it begins"):
        Span("Autumn", MONDAY, MONDAY - timedelta(days=1)).checked()
    with pytest.raises(ConflictError, match="1 to 64"):
        Span("", MONDAY, MONDAY).checked()
    assert Span("One day", MONDAY, MONDAY).checked().covers(MONDAY)

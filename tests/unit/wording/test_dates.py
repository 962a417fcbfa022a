from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from babel import Locale

from kiosk.wording import dates

AT = datetime(2026, 9, 7, 7, 2, 5, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
GERMAN = Locale("de")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (dates.clock_time(AT, BERLIN), "09:02"),
        (dates.span(timedelta(hours=1)), "1 hour"),
        (dates.span(timedelta(days=-2, seconds=-1)), "2 days"),
        (dates.span(timedelta(hours=26, minutes=59)), "1 day 2 hours"),
        (dates.span(timedelta(seconds=61)), "1 minute 1 second"),
        (dates.span(timedelta()), "1 second"),
        (dates.span(timedelta(minutes=65), GERMAN), "1 Stunde 5 Minuten"),
        (dates.clock_time(AT, NEW_YORK), "03:02"),
        (dates.clock_seconds(AT, BERLIN), "09:02:05"),
        (dates.day_of(AT, BERLIN), "7 Sep 2026"),
        (dates.short_day(date(2026, 3, 2)), "2 Mar 2026"),
        (dates.date_and_time(AT, BERLIN), "7 Sep 2026, 09:02"),
        (dates.day_and_time(AT, BERLIN), "Mon 7 Sep 2026, 09:02"),
        (dates.long_day(date(2026, 11, 23)), "Monday, 23 November 2026"),
        (dates.numeric_day(date(2026, 3, 2)), "2026-03-02"),
        (dates.numeric_moment(AT), "2026-09-07 07:02"),
    ],
)
def test_days_and_times_read_as_this_program_writes_them(said: str, expected: str) -> None:
    assert said == expected


def test_a_day_is_that_of_the_school() -> None:
    late = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    assert (dates.day_of(late, BERLIN), dates.day_of(late, NEW_YORK)) == ("2 Mar 2026", "1 Mar 2026")


def test_another_language_has_its_own_order() -> None:
    assert dates.day_and_time(AT, BERLIN, GERMAN) == "Mo., 7. Sept. 2026, 09:02"
    assert dates.long_day(date(2026, 11, 23), GERMAN) == "Montag, 23. November 2026"

"""Days and times in words, by Babel: the language is the program's, whatever the PC speaks. Pure; any thread."""

from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final, Literal

from babel import Locale
from babel.dates import format_date, format_datetime, format_skeleton, format_timedelta

ENGLISH: Final = Locale("en")
_MONDAY: Final = date(2024, 1, 1)
_Unit = Literal["day", "hour", "minute", "second"]
_UNITS: Final[tuple[tuple[_Unit, int], ...]] = (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1))


def clock_time(moment: datetime, zone: tzinfo, locale: Locale = ENGLISH) -> str:
    """Hours and minutes in the school's zone, such as ``09:02``."""
    return _said(moment.astimezone(zone), "HH:mm", "Hm", locale)


def clock_seconds(moment: datetime, zone: tzinfo, locale: Locale = ENGLISH) -> str:
    """Hours, minutes and seconds in the school's zone, such as ``09:02:05``."""
    return _said(moment.astimezone(zone), "HH:mm:ss", "Hms", locale)


def short_day(day: date, locale: Locale = ENGLISH) -> str:
    """A day, such as ``2 Mar 2026``."""
    return _said(day, "d MMM y", "yMMMd", locale)


def day_of(moment: datetime, zone: tzinfo, locale: Locale = ENGLISH) -> str:
    """The day of a moment in the school's zone, such as ``2 Mar 2026``."""
    return short_day(moment.astimezone(zone).date(), locale)


def date_and_time(moment: datetime, zone: tzinfo, locale: Locale = ENGLISH) -> str:
    """A day and time in the school's zone, such as ``23 Nov 2026, 09:02``."""
    return f"{day_of(moment, zone, locale)}, {clock_time(moment, zone, locale)}"


def day_and_time(moment: datetime, zone: tzinfo, locale: Locale = ENGLISH) -> str:
    """A day with its weekday, and time, in the school's zone, such as ``Mon 23 Nov 2026, 09:02``."""
    day = _said(moment.astimezone(zone), "EEE d MMM y", "yMMMEd", locale)
    return f"{day}, {clock_time(moment, zone, locale)}"


def weekday_name(weekday: int, locale: Locale = ENGLISH) -> str:
    """A weekday in full, such as ``Monday`` for 0."""
    return _said(_MONDAY + timedelta(days=weekday), "EEEE", "EEEE", locale)


def weekday_and_time(weekday: int, at: time, locale: Locale = ENGLISH) -> str:
    """A weekday (0 is Monday) and a time of day, such as ``Mon 09:02``."""
    moment = datetime.combine(_MONDAY + timedelta(days=weekday), at)
    return f"{_said(moment, 'EEE', 'E', locale)} {_said(moment, 'HH:mm', 'Hm', locale)}"


def long_day(day: date, locale: Locale = ENGLISH) -> str:
    """A day in full, such as ``Monday, 23 November 2026``."""
    return format_date(day, "EEEE, d MMMM y" if locale.language == "en" else "full", locale)


def month_name(day: date, locale: Locale = ENGLISH) -> str:
    """The month of a day with its year, such as ``March 2026``."""
    return _said(day, "MMMM y", "yMMMM", locale)


def weekday_letters(locale: Locale = ENGLISH) -> list[str]:
    """A letter for each day of the week, from Monday."""
    letters = locale.days["stand-alone"]["narrow"]
    return [letters[number] for number in range(7)]


def numeric_day(day: date) -> str:
    """A day in figures, the same in every language, such as ``2026-11-23``."""
    return format_date(day, "y-MM-dd", ENGLISH)


def numeric_moment(moment: datetime) -> str:
    """A day and time in figures, in the moment's own zone, such as ``2026-11-23 09:02``."""
    return format_datetime(moment, "y-MM-dd HH:mm", locale=ENGLISH)


def span(length: timedelta, locale: Locale = ENGLISH) -> str:
    """How long something is, in its two largest units, such as ``1 hour 5 minutes``; never less than a second."""
    seconds = max(1, round(abs(length).total_seconds()))
    counts: list[tuple[timedelta, _Unit]] = []
    for unit, unit_s in _UNITS:
        count, seconds = divmod(seconds, unit_s)
        if count or counts:
            counts.append((timedelta(seconds=count * unit_s), unit))
    said = [
        format_timedelta(part, granularity=unit, threshold=1e9, locale=locale)
        for part, unit in counts[:2]
        if part
    ]
    return " ".join(said)


def _said(moment: date | datetime, english: str, skeleton: str, locale: Locale) -> str:
    """In English the order that this program writes; in other languages their own."""
    if locale.language == "en":
        return format_datetime(moment, english, locale=locale)
    return format_skeleton(skeleton, moment, locale=locale)

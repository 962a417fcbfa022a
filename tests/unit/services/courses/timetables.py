"""Times, terms and slots for the tests of timetables."""

from datetime import date, time, timedelta

from kiosk.domain.courses.terms import Span, Term

MONDAY = date(2026, 11, 23)
WEEK = timedelta(days=7)


def at(hour: int, minute: int = 0) -> time:
    """A time of day."""
    return time(hour, minute)


def span(term_id: int, name: str, first: date = MONDAY, last: date = MONDAY + 2 * WEEK) -> Term:
    """A term."""
    return Term(term_id, Span(name, first, last))

from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.domain.courses.terms import Holiday, Span
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.courses.school_year import SchoolYear
from tests.fakes.actors import admin
from tests.unit.services.courses.timetables import MONDAY, WEEK, span
from tests.world.school import SmallSchool


@pytest.fixture
def year(school: SmallSchool) -> SchoolYear:
    return school.cases.courses.year


def test_terms_are_kept_the_newest_first_under_names_of_their_own(year: SchoolYear) -> None:
    first = year.save_term(span(0, " Autumn  2026 "), actor=admin())
    second = year.save_term(span(0, "Spring", MONDAY + 9 * WEEK, MONDAY + 20 * WEEK), actor=admin())
    assert first.name == "Autumn 2026"
    assert year.terms() == [second, first]
    with pytest.raises(ConflictError, match="already"):
        year.save_term(span(0, "AUTUMN 2026"), actor=admin())
    longer = replace(first, span=replace(first.span, last_day=MONDAY + 5 * WEEK))
    assert year.save_term(longer, actor=admin()) == longer
    assert year.terms() == [second, longer]


def test_a_term_that_ends_before_it_begins_is_refused_and_nothing_is_kept(year: SchoolYear) -> None:
    with pytest.raises(ConflictError, match="end before it begins"):
        year.save_term(span(0, "Autumn", MONDAY, MONDAY - timedelta(days=1)), actor=admin())
    assert year.terms() == []


def test_a_term_with_courses_is_not_removed(school: SmallSchool, year: SchoolYear) -> None:
    term = year.save_term(span(0, "Autumn"), actor=admin())
    course, _ = school.add_course()
    editing = school.cases.courses.editing
    course = editing.change(replace(course, term_id=term.term_id), actor=admin())
    with pytest.raises(ConflictError, match="1 course belongs to"):
        year.remove_term(term, actor=admin())
    editing.change(replace(course, term_id=None), actor=admin())
    year.remove_term(term, actor=admin())
    assert year.terms() == []
    with pytest.raises(NotFoundError, match="meanwhile"):
        year.save_term(term, actor=admin())


def test_a_holiday_is_kept_changed_and_removed_and_can_come_back(year: SchoolYear) -> None:
    holiday = year.save_holiday(Holiday(0, Span("Christmas", MONDAY, MONDAY + WEEK)), actor=admin())
    changed = replace(holiday, span=replace(holiday.span, name="Winter"))
    assert year.save_holiday(changed, actor=admin()) == changed
    year.remove_holiday(changed, actor=admin())
    year.remove_holiday(changed, actor=admin())
    assert year.holidays() == []
    assert year.save_holiday(replace(changed, holiday_id=0), actor=admin()).span == changed.span
    with pytest.raises(ConflictError):
        year.save_holiday(Holiday(0, Span("", MONDAY, MONDAY)), actor=admin())

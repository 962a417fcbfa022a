"""What stands in drawn reports, and that nothing of it leaves the picture or covers what stands beside it."""

from dataclasses import replace
from itertools import pairwise

import pytest

from kiosk.domain.attendance.choices import Status
from kiosk.domain.reports.kinds import ReportKind
from kiosk.domain.reports.reports import CourseRegister
from kiosk.services.reports.pictures.drawing import draw, pages
from kiosk.services.reports.pictures.legend import round_step, top_of
from kiosk.services.reports.pictures.picture import Align, Box, Ink, Picture, Room, Words
from kiosk.services.reports.pictures.register_picture import register_picture
from kiosk.wording.attendance import status_words
from kiosk.wording.reports import empty_words, is_empty, kind_of, summary
from tests.fakes.reports import sample_reports as samples


def measure(text: str, size: float, bold: bool) -> float:
    """Letters of a usual width."""
    return len(text) * size * (0.6 if bold else 0.55)


def room(width: float = 1100, height: float = 560) -> Room:
    return Room(width, height, measure)


def drawn(kind: ReportKind, width: float = 1100) -> Picture:
    picture = draw(samples.sample(kind), room(width))
    assert picture is not None
    return picture


def texts(picture: Picture) -> list[str]:
    return [mark.text for mark in picture.marks if isinstance(mark, Words)]


def span(words: Words) -> tuple[float, float]:
    width = measure(words.text, words.size, words.bold)
    left = {Align.LEFT: 0.0, Align.MIDDLE: width / 2, Align.RIGHT: width}[words.align]
    return words.x - left, words.x - left + width


@pytest.mark.parametrize("kind", list(ReportKind))
@pytest.mark.parametrize("width", [760, 1100, 1800])
def test_everything_stands_within_the_picture(kind: ReportKind, width: float) -> None:
    picture = drawn(kind, width)
    for mark in picture.marks:
        if isinstance(mark, Box):
            assert mark.x >= 0
            assert mark.x + mark.width <= width + 1
            assert mark.y >= 0
            assert mark.y + mark.height <= picture.height + 1
        elif isinstance(mark, Words) and not mark.turned:
            left, right = span(mark)
            assert left >= -1
            assert right <= width + 1, mark.text


@pytest.mark.parametrize("kind", list(ReportKind))
def test_texts_in_one_line_do_not_cover_each_other(kind: ReportKind) -> None:
    lines: dict[float, list[Words]] = {}
    for mark in drawn(kind).marks:
        if isinstance(mark, Words) and not mark.turned:
            lines.setdefault(mark.y, []).append(mark)
    for line in lines.values():
        ordered = sorted(line, key=span)
        for one, other in pairwise(ordered):
            assert span(one)[1] <= span(other)[0] + 1, (one.text, other.text)


@pytest.mark.parametrize("kind", list(ReportKind))
def test_each_report_says_what_it_shows_at_its_spots_and_in_a_sentence(kind: ReportKind) -> None:
    picture = drawn(kind)
    assert picture.spots
    assert all(spot.tip for spot in picture.spots)
    report = samples.sample(kind)
    assert kind_of(report) is kind
    assert summary(report).endswith(".")


@pytest.mark.parametrize("kind", list(ReportKind))
def test_an_empty_report_has_no_picture_and_says_that_it_is_empty(kind: ReportKind) -> None:
    report = samples.empty(kind)
    assert is_empty(report)
    assert draw(report, room()) is None
    assert list(pages(report, room())) == []
    assert summary(report) == empty_words(report)
    assert "Choose" not in summary(report), "nobody can choose anything on paper"


def test_the_register_has_a_letter_for_each_record_and_marks_who_is_below() -> None:
    picture = drawn(ReportKind.REGISTER)
    said = texts(picture)
    assert said.count(status_words(Status.ABSENT).letter) == 3
    below = [
        mark for mark in picture.marks if isinstance(mark, Words) and mark.text == "0\N{NO-BREAK SPACE}%"
    ]
    assert below[0].ink is Ink.ABSENT
    assert [spot.opens for spot in picture.spots[:1]] == [1]
    assert "Student 1, 7 Sep 2026, 09:00: present" in [spot.tip for spot in picture.spots]
    assert "Student 1, 28 Sep 2026, 09:00: no record" in [spot.tip for spot in picture.spots]


def test_so_many_sessions_that_they_have_no_room_leave_the_newest() -> None:
    report = samples.register(students=2, sessions=400)
    picture = register_picture(report, room())
    cells = [spot for spot in picture.spots if spot.y == picture.spots[0].y][1:]
    assert 100 < len(cells) < 400
    assert cells[-1].tip.endswith("no record")  # the last session of all


def test_a_long_register_is_printed_on_pages_that_hold_every_cell_once() -> None:
    report = samples.register(students=70, sessions=90)
    printed = list(pages(report, room(1100, 620)))
    assert all(page.height <= 620 for page in printed)
    tips = [spot.tip for page in printed for spot in page.spots if spot.width < 100]
    assert len(tips) == len(set(tips)) == 70 * 90


def test_a_long_list_and_a_long_calendar_are_printed_on_several_pages() -> None:
    students = list(pages(samples.below(60), room(1100, 620)))
    assert len(students) > 1
    assert sum(len(page.spots) for page in students) == 60
    months = list(pages(samples.calendar(30), room(1100, 620)))
    assert len(months) > 1
    assert sum(len(page.spots) for page in months) == 30
    assert all(page.height <= 620 for page in months)


def test_a_week_below_the_limit_has_another_colour() -> None:
    boxes = [mark for mark in drawn(ReportKind.WEEKS).marks if isinstance(mark, Box) and mark.height > 20]
    assert boxes[0].ink is Ink.ACCENT
    assert boxes[-1].ink is Ink.ABSENT


def test_where_the_school_has_no_limit_no_week_is_marked() -> None:
    report = samples.weeks()
    report = replace(report, head=replace(report.head, limit_percent=0))
    picture = draw(report, room())
    assert picture is not None
    assert not [mark for mark in picture.marks if isinstance(mark, Box) and mark.ink is Ink.ABSENT]


def test_a_day_with_two_classes_shows_both() -> None:
    picture = drawn(ReportKind.STUDENT)
    assert picture.spots[0].tip.splitlines() == [
        "Monday, 7 September 2026",
        "09:00 CS 101: present (09:01, face)",
        "12:00 ART: absent",
    ]


def test_a_class_that_is_still_open_says_so() -> None:
    assert "open" in texts(drawn(ReportKind.DAY))


def test_a_long_name_is_cut_and_said_whole_at_its_spot() -> None:
    name = "Maximiliana " * 16
    report = samples.register(names=[name])
    picture = register_picture(report, room())
    assert any(text.endswith("…") for text in texts(picture))
    assert any(name in spot.tip for spot in picture.spots)


@pytest.mark.parametrize(
    ("most", "top"), [(1, 1), (3, 3), (4, 4), (5, 6), (23, 30), (1000, 1000), (1001, 1500)]
)
def test_scales_end_at_a_round_number(most: int, top: int) -> None:
    assert top_of(most) == top
    assert top_of(most) % round_step(most / 4) == 0


def test_the_legend_of_the_register_says_what_a_dash_is_where_there_is_one() -> None:
    register = samples.sample(ReportKind.REGISTER)
    assert isinstance(register, CourseRegister)
    full = replace(
        register, rows=tuple(replace(row, marks=(Status.PRESENT,) * len(row.marks)) for row in register.rows)
    )
    first, *others = full.rows
    lacking = replace(full, rows=(replace(first, marks=(None, *first.marks[1:])), *others))
    words = [texts(register_picture(one, room())) for one in (full, lacking)]
    assert ["No record" in one for one in words] == [False, True]

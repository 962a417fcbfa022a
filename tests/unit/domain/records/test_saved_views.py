from datetime import date

import pytest

from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.records.record_list import RecordOrder, RecordQuestion
from kiosk.domain.records.saved_views import from_text, to_text

FULL = RecordQuestion(
    search="rao",
    student_id=3,
    course_id=4,
    started_by="Tom",
    first=date(2026, 3, 1),
    last=date(2026, 3, 31),
    days_back=7,
    statuses=frozenset({Status.ABSENT, Status.LATE}),
    methods=frozenset({Method.MANUAL, None}),
    only_doubtful=True,
    only_messages=True,
    only_changed=True,
    order=RecordOrder.STUDENT,
    descending=False,
)


@pytest.mark.parametrize("asked", [FULL, RecordQuestion()])
def test_a_question_comes_back_as_it_was_kept(asked: RecordQuestion) -> None:
    assert from_text(to_text(asked)) == asked


@pytest.mark.parametrize(
    "text", ["", "no json", "[1]", "null", '{"order": "moon", "course": "x", "first": "x"}']
)
def test_what_nobody_understands_asks_for_nothing(text: str) -> None:
    assert from_text(text) == RecordQuestion()


def test_what_another_version_added_is_left_out_and_the_rest_holds() -> None:
    text = '{"course": 4, "weather": "rain", "statuses": ["late", "asleep"]}'
    assert from_text(text) == RecordQuestion(course_id=4, statuses=frozenset({Status.LATE}))

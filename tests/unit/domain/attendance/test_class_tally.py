from datetime import UTC, datetime

from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.attendance.class_tally import ClassTally, standing
from kiosk.domain.attendance.record import AttendanceRecord, Evidence

NINE = datetime(2026, 11, 30, 9, tzinfo=UTC)


def record(status: Status, *, taken_back: bool = False) -> AttendanceRecord:
    evidence = (Evidence(Method.MANUAL, NINE, taken_back=True),) if taken_back else ()
    return AttendanceRecord(1, 7, 1, status, Method.MANUAL, NINE, evidence)


UNDONE = record(Status.ABSENT, taken_back=True)
CLASS = [
    record(Status.PRESENT),
    record(Status.PRESENT),
    record(Status.LATE),
    record(Status.EXCUSED),
    record(Status.ABSENT),
    UNDONE,
    None,
    None,
]


def test_everybody_stands_in_one_number() -> None:
    tally = ClassTally.of(CLASS, is_open=True, kept=1)

    assert tally == ClassTally(present=2, late=1, waiting=2, kept=1, excused=1, absent=1)
    assert (tally.attended, tally.missing, tally.expected, tally.everybody) == (3, 3, 7, 8)
    assert [tally.number(status) for status in Status] == [2, 1, 1, 1]


def test_a_mark_that_was_taken_back_is_an_absence_once_the_class_is_over() -> None:
    assert standing(UNDONE, is_open=True) is None
    assert standing(UNDONE, is_open=False) is UNDONE

    tally = ClassTally.of(CLASS, is_open=False)

    assert tally == ClassTally(present=2, late=1, excused=1, absent=2)


def test_an_absence_of_an_earlier_end_is_open_again_in_a_class_that_goes_on() -> None:
    automatic = AttendanceRecord(1, 7, 1, Status.ABSENT, None, NINE)

    assert ClassTally.of([automatic], is_open=True) == ClassTally(waiting=1)
    assert ClassTally.of([automatic], is_open=False) == ClassTally(absent=1)


def test_who_was_put_into_the_class_after_its_end_was_not_in_it() -> None:
    assert ClassTally.of([None, record(Status.PRESENT)], is_open=False).expected == 1

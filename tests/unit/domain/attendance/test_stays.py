from dataclasses import replace
from datetime import timedelta

from kiosk.domain.attendance.choices import LivenessMode, Method, ProofPolicy, Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.record import AttendanceRecord
from kiosk.domain.attendance.stays import CheckOut, came_at, may_leave, stay_of
from tests.fakes.clock import START

MINUTE = timedelta(minutes=1)
SESSION = ClassSession(
    7, 1, START, START + 90 * MINUTE, 10 * MINUTE, ProofPolicy.EITHER, LivenessMode.OFF, "Tom", "m", b""
)
CAME = AttendanceRecord(1, 7, 1, Status.LATE, Method.FACE, START + 15 * MINUTE)
LEFT = CheckOut(7, 1, START + 60 * MINUTE, Method.FACE)


def test_minutes_go_from_coming_to_leaving_and_to_the_end_without_a_check_out() -> None:
    stay = stay_of(SESSION, CAME, LEFT, START)
    assert stay is not None
    assert (stay.minutes, stay.of, stay.percent, stay.is_to_the_end) == (45, 90, 50, False)
    whole = stay_of(SESSION, replace(CAME, marked_at=START - MINUTE), None, START)
    assert whole is not None
    assert (whole.minutes, whole.percent, whole.is_to_the_end) == (90, 100, True)
    going_on = stay_of(replace(SESSION, ended_at=None), CAME, None, START + 30 * MINUTE)
    assert going_on is not None
    assert (going_on.minutes, going_on.of) == (15, 30)


def test_a_teachers_number_stands_in_place_of_the_times() -> None:
    stay = stay_of(SESSION, CAME, replace(LEFT, minutes=89), START)
    assert stay is not None
    assert (stay.minutes, stay.percent, stay.by_hand) == (89, 98, True)
    assert replace(stay, minutes=0).percent == 0


def test_whoever_was_not_there_has_no_minutes_but_whom_they_made_absent_has() -> None:
    absent = replace(CAME, status=Status.ABSENT)
    assert stay_of(SESSION, absent, None, START) is None
    assert stay_of(SESSION, absent, LEFT, START) is None
    assert stay_of(SESSION, absent, replace(LEFT, set_version=absent.version), START) is not None
    assert stay_of(SESSION, absent, replace(LEFT, set_version=absent.version - 1), START) is None


def test_whom_a_hand_marked_after_the_end_came_at_a_time_that_nobody_knows() -> None:
    assert came_at(SESSION, CAME) == CAME.marked_at
    assert came_at(SESSION, replace(CAME, marked_at=START - MINUTE)) == START
    afterwards = replace(CAME, marked_at=START + 91 * MINUTE)
    assert came_at(SESSION, afterwards) is None
    stay = stay_of(SESSION, afterwards, None, START)
    assert stay is not None
    assert stay.minutes == 90


def test_a_second_look_is_a_check_out_only_when_these_are_open_and_long_enough_after_the_mark() -> None:
    least, since = 10 * MINUTE, START + 20 * MINUTE
    going_on = replace(SESSION, ended_at=None, check_out_since=since)
    late = START + 40 * MINUTE
    assert may_leave(going_on, CAME, late, least=least)
    assert not may_leave(replace(going_on, check_out_since=None), CAME, late, least=least)
    assert not may_leave(going_on, CAME, since - MINUTE, least=least)
    assert not may_leave(going_on, CAME, START + 24 * MINUTE, least=least)
    assert not may_leave(replace(going_on, ended_at=late), CAME, late, least=least)
    assert not may_leave(going_on, replace(CAME, status=Status.EXCUSED), late, least=least)

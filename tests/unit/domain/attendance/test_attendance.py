from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.attendance.choices import LivenessMode, Method, ProofPolicy, Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.record import AttendanceCount

START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
SESSION = ClassSession(
    1, 2, START, None, timedelta(minutes=10), ProofPolicy.EITHER, LivenessMode.OFF, "Anna", "model", b"k" * 32
)
ONE_TICK = timedelta(microseconds=1)


def test_the_last_moment_before_the_late_time_is_present_and_the_late_time_is_late() -> None:
    assert SESSION.status_at(START) is Status.PRESENT
    assert SESSION.status_at(SESSION.late_from - ONE_TICK) is Status.PRESENT
    assert SESSION.status_at(SESSION.late_from) is Status.LATE
    assert SESSION.status_at(SESSION.late_from + timedelta(hours=3)) is Status.LATE


def test_with_no_time_of_grace_the_start_itself_is_late() -> None:
    strict = replace(SESSION, late_after=timedelta(0))

    assert strict.status_at(START) is Status.LATE
    assert strict.status_at(START - ONE_TICK) is Status.PRESENT


@given(minutes=st.integers(0, 240), seconds=st.floats(0, 86400), later=st.floats(0, 86400, exclude_min=True))
def test_who_is_late_stays_late(minutes: int, seconds: float, later: float) -> None:
    session = replace(SESSION, late_after=timedelta(minutes=minutes))
    first = START + timedelta(seconds=seconds)

    if session.status_at(first) is Status.LATE:
        assert session.status_at(first + timedelta(seconds=later)) is Status.LATE


def test_an_open_session_outlives_at_the_limit_and_not_before() -> None:
    limit = timedelta(hours=4)

    assert not SESSION.outlived(START + limit - ONE_TICK, limit)
    assert SESSION.outlived(START + limit, limit)


def test_an_ended_session_never_outlives() -> None:
    ended = replace(SESSION, ended_at=START + timedelta(hours=1))

    assert not ended.is_open
    assert not ended.outlived(START + timedelta(days=9), timedelta(hours=4))


def test_the_code_key_is_not_in_the_representation() -> None:
    assert "kkkk" not in repr(SESSION)


@pytest.mark.parametrize(
    ("policy", "accepted"),
    [
        (ProofPolicy.EITHER, {Method.FACE, Method.PHONE, Method.PASS, Method.MANUAL}),
        (ProofPolicy.FACE, {Method.FACE, Method.MANUAL}),
        (ProofPolicy.PHONE, {Method.PHONE, Method.PASS, Method.MANUAL}),
    ],
)
def test_a_policy_accepts_its_proofs_and_always_the_teachers_hand(
    policy: ProofPolicy, accepted: set[Method]
) -> None:
    assert {method for method in Method if policy.accepts(method)} == accepted


def test_present_and_late_are_in_the_room() -> None:
    assert {status for status in Status if status.attended} == {Status.PRESENT, Status.LATE}


def test_nothing_counted_has_no_ratio() -> None:
    assert AttendanceCount().ratio is None
    assert AttendanceCount(excused=3).ratio is None


def test_an_excused_meeting_is_not_expected() -> None:
    count = AttendanceCount(present=2, late=1, excused=5, absent=1)

    assert (count.attended, count.expected, count.ratio) == (3, 4, 0.75)


@given(st.lists(st.sampled_from(Status)))
def test_counting_one_by_one_counts_each_status(statuses: list[Status]) -> None:
    count = AttendanceCount()
    for status in statuses:
        count = count.plus(status)

    for status in Status:
        assert getattr(count, status.value) == statuses.count(status)
    assert count.ratio is None or 0 <= count.ratio <= 1


@pytest.mark.parametrize(
    ("headcount", "attended", "surplus"), [(None, 99, 0), (20, 20, 0), (20, 19, 0), (20, 23, 3), (0, 1, 1)]
)
def test_more_marks_than_people_counted_are_a_surplus(
    headcount: int | None, attended: int, surplus: int
) -> None:
    assert replace(SESSION, headcount=headcount).surplus(attended) == surplus

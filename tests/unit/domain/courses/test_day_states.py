from datetime import UTC, datetime, timedelta

from kiosk.domain.attendance.choices import LivenessMode, ProofPolicy
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.courses.day_states import MeetingState, course_of_the_hour, day_lines
from kiosk.domain.courses.meetings import Meeting

EIGHT = datetime(2026, 11, 23, 8, tzinfo=UTC)
COMING, OPEN, DONE, FORGOTTEN = MeetingState


def minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


def meeting(course: int, begins: int, length: int = 90) -> Meeting:
    return Meeting(course, EIGHT + minutes(begins), EIGHT + minutes(begins + length))


def session(course: int, began: int, ended: int | None = None) -> ClassSession:
    return ClassSession(
        *(began + 1000, course, EIGHT + minutes(began)),
        ended_at=EIGHT + minutes(ended) if ended is not None else None,
        late_after=minutes(10),
        policy=ProofPolicy.EITHER,
        liveness=LivenessMode.OFF,
        started_by="Tom",
        model="m",
        code_key=b"",
    )


def states(meetings: list[Meeting], sessions: list[ClassSession], now: int) -> list[tuple[int, MeetingState]]:
    return [(one.course_id, one.state) for one in day_lines(meetings, sessions, EIGHT + minutes(now))]


def test_a_meeting_is_coming_then_open_then_done() -> None:
    planned = [meeting(1, 0)]
    assert states(planned, [], -5) == [(1, COMING)]
    assert states(planned, [], 30) == [(1, COMING)]
    assert states(planned, [session(1, -5)], 30) == [(1, OPEN)]
    assert states(planned, [session(1, -5, 80)], 100) == [(1, DONE)]


def test_a_meeting_whose_time_is_over_without_a_class_is_forgotten() -> None:
    assert states([meeting(1, 0)], [], 89) == [(1, COMING)]
    assert states([meeting(1, 0)], [], 90) == [(1, FORGOTTEN)]
    assert states([meeting(1, 0)], [session(2, 0, 80)], 90) == [(1, FORGOTTEN), (2, DONE)]


def test_each_class_belongs_to_the_meeting_that_it_began_nearest_to() -> None:
    both = [meeting(1, 0, 45), meeting(1, 60, 45)]
    assert states(both, [session(1, 55, 100)], 120) == [(1, FORGOTTEN), (1, DONE)]
    assert states(both, [session(1, 2, 40), session(1, 61)], 70) == [(1, DONE), (1, OPEN)]


def test_a_class_that_went_on_through_a_double_lesson_was_held_for_both() -> None:
    both = [meeting(1, 0, 45), meeting(1, 45, 45)]
    assert states(both, [session(1, 0, 90)], 200) == [(1, DONE), (1, DONE)]
    assert states(both, [session(1, 0, 60)], 200) == [(1, DONE), (1, FORGOTTEN)]


def test_a_class_that_the_timetable_knows_nothing_of_is_listed_too() -> None:
    (first, second) = day_lines([meeting(1, 0)], [session(1, 300, 330)], EIGHT + minutes(400))
    assert (first.state, first.session) == (FORGOTTEN, None)
    assert (second.state, second.meeting) == (DONE, None)
    assert second.begins_at == EIGHT + minutes(300)


def test_the_course_of_the_hour_is_on_or_about_to_begin_and_not_held_yet() -> None:
    planned = [meeting(1, 0), meeting(2, 100)]

    def hour(now: int, *held: ClassSession, own: frozenset[int] = frozenset()) -> int | None:
        moment = EIGHT + minutes(now)
        return course_of_the_hour(day_lines(planned, held, moment), moment, own)

    assert hour(-46) is None
    assert hour(-45) == 1
    assert hour(50) == 1
    assert hour(60) == 2
    assert hour(60, own=frozenset({1})) == 1
    assert hour(95, own=frozenset({1})) is None
    assert hour(20, session(1, 0, 15)) is None
    assert hour(90, session(1, 0, 80)) == 2
    assert hour(190) is None

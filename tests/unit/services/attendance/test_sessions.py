from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.class_tally import ClassTally
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.events import HeadcountChanged, SessionEnded
from kiosk.settings import SchoolRules
from tests.fakes.actors import admin
from tests.unit.services.attendance.classes import actions, end, face, mark, meet, start, statuses
from tests.world.school import ZONE, SmallSchool

WEEK_S = 7 * 86400


# -- today


def test_without_courses_today_is_empty(school: SmallSchool) -> None:
    assert school.sessions.today() == []


def test_before_any_class_the_first_course_is_preselected(school: SmallSchool) -> None:
    school.add_course("CS 101", 3)
    school.add_course("BIO 1", 2)

    today = school.sessions.today()

    assert [(one.course.code, one.students, one.likely) for one in today] == [
        ("BIO 1", 2, True),
        ("CS 101", 3, False),
    ]
    assert [one.last_started_at for one in today] == [None, None]


def test_the_course_of_this_weekday_and_hour_comes_first(school: SmallSchool) -> None:
    art, _ = school.add_course("ART", 1)
    bio, _ = school.add_course("BIO", 1)
    school.add_course("CS", 1)
    meet(school, bio)
    began = school.clock.now()
    school.clock.advance(WEEK_S - 2 * 86400)
    meet(school, art)
    school.clock.advance(2 * 86400 + 600)

    today = school.sessions.today()

    assert [(one.course.code, one.likely) for one in today] == [("BIO", True), ("ART", False), ("CS", False)]
    assert today[0].last_started_at == began


def test_a_session_that_is_still_open_comes_before_the_likely_course(school: SmallSchool) -> None:
    art, _ = school.add_course("ART", 1)
    cs, _ = school.add_course("CS", 1)
    meet(school, art)
    school.clock.advance(WEEK_S)
    session = start(school, cs)

    today = school.sessions.today()

    assert [one.course.code for one in today] == ["CS", "ART"]
    assert today[0].open_session == session
    assert today[1].open_session is None


# -- start


def test_a_session_starts_now_with_the_schools_late_rule(school: SmallSchool) -> None:
    course, _ = school.add_course()
    school.school.change_rules(SchoolRules(late_after_min=7), actor=admin("Anna"))

    session = start(school, course)

    assert session.is_open
    assert session.started_at == school.clock.now()
    assert session.late_after == timedelta(minutes=7)
    assert (session.started_by, session.model) == ("Anna", "fake")
    assert len(session.code_key) == 32
    assert school.sessions.session(session.session_id) == session
    assert "session.started" in actions(school)


def test_a_changed_late_rule_leaves_the_session_that_runs_alone(school: SmallSchool) -> None:
    course, _ = school.add_course()
    session = start(school, course)

    school.school.change_rules(SchoolRules(late_after_min=0), actor=admin("Anna"))

    assert school.sessions.session(session.session_id).late_after == timedelta(minutes=10)


def test_each_session_has_a_secret_of_its_own(school: SmallSchool) -> None:
    course, _ = school.add_course()
    first = start(school, course)
    end(school, first)

    assert start(school, course).code_key != first.code_key


def test_a_course_with_an_open_session_is_not_started_twice(school: SmallSchool) -> None:
    course, _ = school.add_course()
    start(school, course)

    with pytest.raises(ConflictError, match="still open"):
        start(school, course)
    assert len(school.sessions.of_course(course.course_id)) == 1


def test_two_courses_may_be_open_at_once(school: SmallSchool) -> None:
    start(school, school.add_course("ART")[0])

    assert start(school, school.add_course("CS")[0]).is_open


def test_an_unknown_course_is_not_started(school: SmallSchool) -> None:
    with pytest.raises(NotFoundError):
        school.sessions.start(99, actor=admin("Anna"), model="fake")


# -- end


def test_ending_fills_in_the_absent_once(school: SmallSchool) -> None:
    course, students = school.add_course(students=3)
    session = start(school, course)
    face(school, session, students[1])
    school.clock.advance(3600)

    ended = end(school, session)

    assert ended == SessionEnded(session.session_id, school.clock.now(), ClassTally(present=1, absent=2))
    assert statuses(school, session) == [Status.ABSENT, Status.PRESENT, Status.ABSENT]
    missing = school.sessions.roster(session.session_id)[0].record
    assert missing is not None
    assert (missing.method, missing.marked_at, missing.evidence) == (None, school.clock.now(), ())
    assert not school.sessions.session(session.session_id).is_open


def test_ending_twice_changes_nothing(school: SmallSchool) -> None:
    course, _ = school.add_course(students=2)
    session = start(school, course)
    first = end(school, session)
    roster = school.sessions.roster(session.session_id)
    school.clock.advance(60)

    assert end(school, session) == first
    assert school.sessions.roster(session.session_id) == roster
    assert actions(school).count("session.ended") == 1


def test_an_excused_student_is_not_made_absent(school: SmallSchool) -> None:
    course, students = school.add_course(students=2)
    session = start(school, course)
    mark(school, session, students[0], Status.EXCUSED, "at the doctor")

    assert end(school, session).absent == 1
    assert statuses(school, session) == [Status.EXCUSED, Status.ABSENT]


def test_an_unknown_session_cannot_be_ended(school: SmallSchool) -> None:
    with pytest.raises(NotFoundError):
        school.sessions.end(99, actor=admin("Anna"))
    assert school.events == []


def test_a_session_never_ends_before_it_began(school: SmallSchool) -> None:
    session = start(school, school.add_course()[0])
    past = session.started_at - timedelta(hours=1)

    ended = school.sessions.end(session.session_id, actor=admin("Anna"), at=past)

    assert ended.ended_at == session.started_at


def test_a_forgotten_session_ends_at_the_moment_the_rule_says(school: SmallSchool) -> None:
    forgotten = start(school, school.add_course("ART", 2)[0])
    school.clock.advance(3 * 3600)
    running = start(school, school.add_course("CS", 2)[0])
    school.clock.advance(3600 - 1)
    assert school.sessions.end_forgotten() == []
    school.clock.advance(3000)

    assert school.sessions.end_forgotten() == [forgotten.session_id]

    found = school.sessions.session(forgotten.session_id)
    assert found.ended_at == forgotten.started_at + timedelta(hours=4)
    assert statuses(school, forgotten) == [Status.ABSENT] * 2
    assert school.sessions.session(running.session_id).is_open
    assert school.events == [SessionEnded(forgotten.session_id, found.ended_at, ClassTally(absent=2))]


def test_whatever_is_written_next_finds_forgotten_sessions_ended(threaded_school: SmallSchool) -> None:
    course, _students = threaded_school.add_course()
    forgotten = start(threaded_school, course)
    threaded_school.clock.advance(4 * 3600)

    ended = threaded_school.sessions.end_forgotten_later()

    assert start(threaded_school, course).is_open
    assert [one.session_id for one in ended.result()] == [forgotten.session_id]


def test_the_school_decides_when_a_session_is_forgotten(school: SmallSchool) -> None:
    school.school.change_rules(SchoolRules(auto_end_h=0.5), actor=admin("Anna"))
    session = start(school, school.add_course()[0])
    school.clock.advance(1800)

    assert school.sessions.end_forgotten() == [session.session_id]


def test_a_session_over_midnight_counts_who_was_registered_when_it_began(school: SmallSchool) -> None:
    course, students = school.add_course(students=2)
    late_evening = datetime(2026, 11, 23, 23, 50, tzinfo=ZONE).astimezone(UTC)
    school.clock.advance((late_evening - school.clock.now()).total_seconds())
    session = start(school, course)
    tomorrow = datetime(2026, 11, 24, tzinfo=ZONE).date()
    school.store.write(
        lambda repositories: repositories.courses.unregister(
            course.course_id, students[0].student_id, tomorrow
        )
    )
    school.clock.advance(3600)

    assert end(school, session).absent == 2
    assert statuses(school, session) == [Status.ABSENT] * 2


# -- the roster


def test_the_roster_shows_everybody_by_name_with_what_is_known(school: SmallSchool) -> None:
    course, students = school.add_course(students=3)
    session = start(school, course)
    record = face(school, session, students[1])

    roster = school.sessions.roster(session.session_id)

    assert [entry.student for entry in roster] == students
    assert [entry.record for entry in roster] == [None, record, None]


def test_the_roster_shows_who_was_marked_without_being_registered(school: SmallSchool) -> None:
    session = start(school, school.add_course("CS", 1)[0])
    guest = school.add_course("ART", 1)[1][0]

    mark(school, session, guest, Status.PRESENT, "guest from ART")

    assert guest in [entry.student for entry in school.sessions.roster(session.session_id)]


def test_an_unknown_session_has_no_roster(school: SmallSchool) -> None:
    with pytest.raises(NotFoundError):
        school.sessions.roster(99)


@pytest.mark.parametrize(
    "look",
    [
        lambda school: school.sessions.session(99),
        lambda school: school.marks.mark(99, 1, Status.PRESENT, actor=admin("Anna"), reason="why not"),
    ],
)
def test_what_does_not_exist_says_so(school: SmallSchool, look: Callable[[SmallSchool], object]) -> None:
    with pytest.raises(NotFoundError, match="does not exist any more"):
        look(school)


def test_a_session_knows_its_course_and_a_course_its_sessions(school: SmallSchool) -> None:
    course, _ = school.add_course()
    first = start(school, course)
    end(school, first)
    school.clock.advance(86400)
    second = start(school, course)

    assert school.sessions.course_of(first) == course
    assert [one.session_id for one in school.sessions.of_course(course.course_id)] == [
        second.session_id,
        first.session_id,
    ]


# -- headcount


def test_a_headcount_is_kept_with_the_session_and_written_down(school: SmallSchool) -> None:
    session = start(school, school.add_course()[0])
    counted = school.sessions.set_headcount(session.session_id, 23, actor=admin("Anna"))
    assert counted == replace(session, headcount=23)
    assert school.events[-1] == HeadcountChanged(counted)
    end(school, session)
    again = school.sessions.set_headcount(session.session_id, None, actor=admin("Anna"))
    assert again.headcount is None
    assert school.sessions.session(session.session_id).headcount is None
    assert actions(school).count("session.headcount") == 2


@pytest.mark.parametrize(("session_id", "headcount"), [(1, -1), (1, 10_000), (99, 3)])
def test_a_headcount_of_no_room_is_refused(school: SmallSchool, session_id: int, headcount: int) -> None:
    start(school, school.add_course()[0])
    with pytest.raises((ConflictError, NotFoundError)):
        school.sessions.set_headcount(session_id, headcount, actor=admin("Anna"))
    assert school.events == []
    assert "session.headcount" not in actions(school)

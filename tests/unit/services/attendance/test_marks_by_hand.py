from collections.abc import Sequence

import pytest

from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.attendance.record import Evidence
from kiosk.domain.people.students import Student
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.events import RecordCorrected
from tests.fakes.actors import admin
from tests.unit.services.attendance.classes import actions, end, face, mark, start, statuses
from tests.world.school import SmallSchool


def test_a_mark_by_hand_is_recorded_with_who_and_why(school: SmallSchool) -> None:
    course, students = school.add_course()
    session = start(school, course)
    school.clock.advance(30)

    record = mark(school, session, students[0], Status.PRESENT, "  phone \n broken ")

    assert (record.status, record.method, record.version) == (Status.PRESENT, Method.MANUAL, 1)
    assert record.evidence == (
        Evidence(Method.MANUAL, school.clock.now(), actor="Anna", reason="phone broken"),
    )
    assert school.events == [RecordCorrected(students[0], record)]
    assert "record.marked_by_hand" in actions(school)


@pytest.mark.parametrize("reason", ["", "   ", "\n\t"])
def test_a_mark_by_hand_without_a_reason_is_refused(school: SmallSchool, reason: str) -> None:
    course, students = school.add_course()
    session = start(school, course)

    with pytest.raises(ConflictError, match="needs a reason"):
        mark(school, session, students[0], Status.PRESENT, reason)
    assert statuses(school, session) == [None] * 3
    assert school.events == []


@pytest.mark.parametrize("unknown", ["session", "student"])
def test_nobody_unknown_is_marked(school: SmallSchool, unknown: str) -> None:
    course, students = school.add_course()
    session = start(school, course)
    session_id = 99 if unknown == "session" else session.session_id
    student_id = 99 if unknown == "student" else students[0].student_id

    with pytest.raises(NotFoundError):
        school.marks.mark(session_id, student_id, Status.PRESENT, actor=admin("Anna"), reason="why not")


def test_a_correction_keeps_what_was_before(school: SmallSchool) -> None:
    course, students = school.add_course()
    session = start(school, course)
    before = face(school, session, students[0])
    school.clock.advance(60)

    after = mark(school, session, students[0], Status.EXCUSED, "sent home ill")

    assert (after.record_id, after.version) == (before.record_id, 2)
    assert (after.status, after.method) == (Status.EXCUSED, Method.MANUAL)
    assert after.evidence[0] == before.evidence[0]
    assert after.evidence[1].reason == "sent home ill"
    history = school.sessions.history(before.record_id, actor=admin())
    assert [(one.before, one.actor, one.reason, one.corrected_at) for one in history] == [
        (before, "Anna", "sent home ill", school.clock.now())
    ]


def test_undoing_a_correction_is_one_more_correction(school: SmallSchool) -> None:
    course, students = school.add_course()
    session = start(school, course)
    first = face(school, session, students[0])
    wrong = mark(school, session, students[0], Status.ABSENT, "left at once")

    undone = mark(school, session, students[0], Status.PRESENT, "wrong row")

    assert (undone.status, undone.version) == (Status.PRESENT, 3)
    assert [one.before for one in school.sessions.history(first.record_id, actor=admin())] == [first, wrong]
    assert statuses(school, session) == [Status.PRESENT, None, None]


@pytest.mark.parametrize(
    ("given", "kept"), [(Status.LATE, True), (Status.PRESENT, True), (Status.ABSENT, False)]
)
def test_the_time_of_coming_stays_unless_the_student_was_not_there(
    school: SmallSchool, given: Status, kept: bool
) -> None:
    course, students = school.add_course()
    session = start(school, course)
    came = face(school, session, students[0]).marked_at
    school.clock.advance(60)

    corrected = mark(school, session, students[0], given)

    assert (corrected.marked_at == came) == kept


def test_an_absent_student_can_be_excused_after_the_end(school: SmallSchool) -> None:
    course, students = school.add_course(students=1)
    session = start(school, course)
    end(school, session)
    school.clock.advance(86400)

    record = mark(school, session, students[0], Status.EXCUSED, "note from the doctor")

    assert (record.status, record.version) == (Status.EXCUSED, 2)
    assert statuses(school, session) == [Status.EXCUSED]


def test_a_mark_of_somebody_seen_before_counts_from_then(school: SmallSchool) -> None:
    course, students = school.add_course()
    session = school.sessions.start(course.course_id, actor=admin("Anna"), model="fake")
    school.clock.advance(120)
    seen_at = school.clock.now()
    school.clock.advance(1200)

    record = school.marks.mark(
        session.session_id,
        students[0].student_id,
        Status.PRESENT,
        actor=admin("Anna"),
        reason="I know her",
        seen_at=seen_at,
    )

    assert record.marked_at == seen_at
    assert (record.evidence[0].at, record.evidence[0].first_seen_at) == (school.clock.now(), seen_at)


def seen(students: Sequence[Student]) -> dict[int, int]:
    """A teacher saw these students without a record."""
    return {one.student_id: 0 for one in students}


def test_everybody_still_missing_is_marked_at_once_and_who_came_meanwhile_is_left_as_is(
    school: SmallSchool,
) -> None:
    course, students = school.add_course()
    session = start(school, course)
    face(school, session, students[1])

    done = school.marks.mark_missing(
        session.session_id, seen(students), Status.EXCUSED, actor=admin("Anna"), reason=" school  trip "
    )

    assert [one.student for one in done.marked] == [students[0], students[2]]
    assert (done.came, done.changed) == ((students[1],), ())
    assert statuses(school, session) == [Status.EXCUSED, Status.PRESENT, Status.EXCUSED]
    assert {one.record.evidence[-1].reason for one in done.marked} == {"school trip"}
    assert school.events[-2:] == [RecordCorrected(one.student, one.record) for one in done.marked]
    assert actions(school).count("record.marked_by_hand") == 2

    school.marks.undo_all(session.session_id, done.marked, actor=admin("Anna"))
    end(school, session)
    assert statuses(school, session) == [Status.ABSENT, Status.PRESENT, Status.ABSENT]


def test_a_newer_mark_of_somebody_else_is_neither_overwritten_nor_taken_back_and_is_named(
    school: SmallSchool,
) -> None:
    course, students = school.add_course()
    session = start(school, course)
    mark(school, session, students[0], Status.EXCUSED, "ill")

    done = school.marks.mark_missing(
        session.session_id, seen(students), Status.ABSENT, actor=admin("Tom"), reason="gone"
    )

    assert done.changed == (students[0],)
    assert statuses(school, session) == [Status.EXCUSED, Status.ABSENT, Status.ABSENT]

    mark(school, session, students[1], Status.EXCUSED, "ill, too")
    undone = school.marks.undo_all(session.session_id, done.marked, actor=admin("Tom"))

    assert undone.changed == (students[1],)
    assert [one.corrected.student for one in undone.undone] == [students[2]]
    assert statuses(school, session) == [Status.EXCUSED, Status.EXCUSED, None]


def test_one_mark_that_somebody_changed_since_is_not_taken_back(school: SmallSchool) -> None:
    course, students = school.add_course()
    session = start(school, course)
    mine = mark(school, session, students[0], Status.ABSENT, "gone")
    mark(school, session, students[0], Status.EXCUSED, "ill")

    with pytest.raises(ConflictError, match="Somebody else changed"):
        school.marks.undo(session.session_id, students[0].student_id, None, actor=admin("Tom"), after=mine)
    assert statuses(school, session)[0] is Status.EXCUSED


def test_several_are_marked_all_or_none(school: SmallSchool) -> None:
    course, students = school.add_course()
    session = start(school, course)
    everybody = seen(students)

    with pytest.raises(ConflictError, match="needs a reason"):
        school.marks.mark_missing(
            session.session_id, everybody, Status.EXCUSED, actor=admin("Anna"), reason=" "
        )
    with pytest.raises(NotFoundError):
        school.marks.mark_missing(
            session.session_id, everybody | {99: 0}, Status.EXCUSED, actor=admin("Anna"), reason="trip"
        )
    assert statuses(school, session) == [None] * 3
    assert school.events == []

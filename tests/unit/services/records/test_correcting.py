import pytest

from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.records.record_list import RecordLine, RecordQuestion
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.events import RecordCorrected
from kiosk.services.records.correcting import MOST_AT_ONCE
from tests.fakes.actors import admin
from tests.unit.services.attendance.classes import actions, end, face, mark, start
from tests.world.school import SmallSchool


def lines(school: SmallSchool) -> list[RecordLine]:
    records = school.cases.records.all
    outline = records.outline(RecordQuestion(descending=False), actor=admin())
    return records.page(outline, 0, 100, actor=admin())


def states(school: SmallSchool) -> list[tuple[Status, Method | None, int]]:
    return [(line.status, line.method, line.version) for line in lines(school)]


@pytest.fixture
def two_classes(school: SmallSchool) -> SmallSchool:
    course, students = school.add_course()
    first = start(school, course)
    face(school, first, students[0])
    end(school, first)
    school.clock.advance(86_400)
    end(school, start(school, course))
    school.events.clear()
    return school


def test_records_of_several_classes_are_corrected_at_once(two_classes: SmallSchool) -> None:
    school = two_classes
    changed = school.cases.records.correcting.mark(
        lines(school)[1:4], Status.EXCUSED, reason=" class \n trip ", actor=admin("Anna")
    )
    assert [(one.before.status, one.after.status) for one in changed] == [(Status.ABSENT, Status.EXCUSED)] * 3
    assert [one.after.evidence[-1].reason for one in changed] == ["class trip"] * 3
    assert [status for status, _method, _version in states(school)] == [
        Status.PRESENT,
        *[Status.EXCUSED] * 3,
        *[Status.ABSENT] * 2,
    ]
    told = [event for event in school.events if isinstance(event, RecordCorrected)]
    assert [event.record for event in told] == [one.after for one in changed]
    assert actions(school).count("record.marked_by_hand") == 3


def test_who_has_the_status_already_is_left_as_is(two_classes: SmallSchool) -> None:
    before = states(two_classes)
    changed = two_classes.cases.records.correcting.mark(
        lines(two_classes)[:1], Status.PRESENT, reason="seen", actor=admin()
    )
    assert changed == []
    assert states(two_classes) == before


def test_one_undo_puts_all_of_them_back_and_the_history_keeps_both(two_classes: SmallSchool) -> None:
    school, correcting = two_classes, two_classes.cases.records.correcting
    before = states(school)
    changed = correcting.mark(lines(school), Status.EXCUSED, reason="fire drill", actor=admin("Anna"))
    assert len(changed) == 6
    correcting.undo(changed, actor=admin("Anna"))
    after = states(school)
    assert [one[:2] for one in after] == [one[:2] for one in before]
    assert [one[2] for one in after] == [3] * 6
    file = school.cases.records.all.file(changed[0].after.record_id, actor=admin())
    assert [one.reason for one in file.changes] == ["fire drill", "undone"]


def test_two_people_who_correct_one_record_at_once_are_told(two_classes: SmallSchool) -> None:
    school = two_classes
    seen = lines(school)
    records = school.cases.records
    records.correcting.mark(seen[1:2], Status.EXCUSED, reason="ill", actor=admin("Anna"))
    with pytest.raises(ConflictError, match="Somebody else changed the record of Student 2"):
        records.correcting.mark(seen[1:4], Status.PRESENT, reason="was here", actor=admin("Bo"))
    assert [status for status, _method, _version in states(school)][1:4] == [
        Status.EXCUSED,
        Status.ABSENT,
        Status.ABSENT,
    ]


def test_undo_takes_nobody_elses_word_back(two_classes: SmallSchool) -> None:
    school, correcting = two_classes, two_classes.cases.records.correcting
    changed = correcting.mark(lines(school)[1:3], Status.EXCUSED, reason="ill", actor=admin("Anna"))
    correcting.mark(lines(school)[1:2], Status.PRESENT, reason="was here", actor=admin("Bo"))
    before = states(school)
    with pytest.raises(ConflictError, match="Somebody else changed"):
        correcting.undo(changed, actor=admin("Anna"))
    assert states(school) == before


def test_a_correction_needs_a_reason(two_classes: SmallSchool) -> None:
    with pytest.raises(ConflictError, match="needs a reason"):
        two_classes.cases.records.correcting.mark(
            lines(two_classes), Status.PRESENT, reason="  ", actor=admin()
        )


def test_a_record_that_went_meanwhile_is_named(two_classes: SmallSchool) -> None:
    seen = lines(two_classes)
    two_classes.store.write(lambda repositories: repositories.class_sessions.remove(seen[-1].session_id))
    with pytest.raises(NotFoundError, match="Student 1 does not exist any more"):
        two_classes.cases.records.correcting.mark(seen[3:], Status.PRESENT, reason="x", actor=admin())


def test_too_many_at_once_are_refused_before_anything_is_written(two_classes: SmallSchool) -> None:
    before = states(two_classes)
    with pytest.raises(ConflictError, match=f"At most {MOST_AT_ONCE} records"):
        two_classes.cases.records.correcting.mark(
            lines(two_classes) * MOST_AT_ONCE, Status.EXCUSED, reason="x", actor=admin()
        )
    assert states(two_classes) == before


def test_a_correction_of_an_open_class_ends_a_waiting_claim_as_a_mark_in_class_does(
    school: SmallSchool,
) -> None:
    course, students = school.add_course()
    session = start(school, course)
    mark(school, session, students[0], Status.LATE)
    (line,) = lines(school)
    (one,) = school.cases.records.correcting.mark([line], Status.PRESENT, reason="bus", actor=admin())
    assert one.after.marked_at == one.before.marked_at

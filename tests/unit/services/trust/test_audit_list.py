from datetime import timedelta

import pytest

from kiosk.domain.attendance.choices import Status
from kiosk.domain.trust.audit import AuditGroup, AuditLine, AuditQuestion
from kiosk.errors import ConflictError, KioskError
from kiosk.services.ports.progress import Progress
from tests.fakes.actors import admin
from tests.unit.services.attendance.classes import end, mark, start
from tests.world.school import ZONE, SmallSchool

Q = AuditQuestion


def listed(school: SmallSchool, asked: AuditQuestion) -> list[AuditLine]:
    log = school.cases.trust.log
    outline = log.outline(asked, actor=admin())
    lines = log.page(outline, 0, 1000, actor=admin())
    assert len(lines) == outline.total
    return lines


def actions(school: SmallSchool, asked: AuditQuestion) -> list[str]:
    return [line.entry.action for line in listed(school, asked)]


@pytest.fixture
def used(school: SmallSchool) -> SmallSchool:
    course, students = school.add_course()
    session = start(school, course)
    mark(school, session, students[1], Status.EXCUSED, "dentist")
    end(school, session)
    school.clock.advance(86_400)
    school.cases.courses.lists.add_course(code="MA 7", title="", room="", actor=admin("Bo"))
    return school


def test_entries_are_listed_newest_first_without_what_only_the_log_needs(used: SmallSchool) -> None:
    assert actions(used, Q()) == [
        "course.added",
        "session.ended",
        "record.marked_by_hand",
        "session.started",
    ]


def test_an_entry_says_the_student_and_the_class_that_it_is_about(used: SmallSchool) -> None:
    line = next(one for one in listed(used, Q()) if one.entry.action == "record.marked_by_hand")
    assert line.student is not None
    assert line.student.full_name == "Student 2"
    assert line.session is not None
    assert line.course is not None
    assert (line.session.session_id, line.course.code) == (1, "CS 101")


def test_only_what_is_asked_for_is_listed(used: SmallSchool) -> None:
    day = used.clock.now().astimezone(ZONE).date()
    assert actions(used, Q(group=AuditGroup.COURSES)) == ["course.added"]
    assert actions(used, Q(group=AuditGroup.MARKS)) == ["record.marked_by_hand"]
    assert actions(used, Q(by="Bo")) == ["course.added"]
    assert actions(used, Q(first=day)) == ["course.added"]
    assert len(actions(used, Q(last=day - timedelta(days=1)))) == 3
    assert actions(used, Q(search="DENTIST")) == ["record.marked_by_hand"]
    assert actions(used, Q(search="student 2")) == ["record.marked_by_hand"]
    assert actions(used, Q(search="cs101-2 anna")) == ["record.marked_by_hand"]
    assert actions(used, Q(search="%")) == []
    assert used.cases.trust.log.actors(actor=admin()) == ["Anna", "Bo", "kiosk"]


def test_pages_meet_without_gap_or_overlap(used: SmallSchool) -> None:
    log = used.cases.trust.log
    outline = log.outline(Q(), actor=admin())
    lines = [line for first in range(6) for line in log.page(outline, first, 1, actor=admin())]
    assert lines == listed(used, Q())


def test_days_that_end_before_they_begin_are_refused(used: SmallSchool) -> None:
    day = used.clock.now().date()
    with pytest.raises(ConflictError, match="last day is before the first"):
        used.cases.trust.log.outline(Q(first=day, last=day - timedelta(days=1)), actor=admin())


class Watched(Progress):
    """Remembers what it was told, and ends the work at the first word if it shall."""

    def __init__(self, *, ends: bool = False) -> None:
        self.told: list[tuple[int, int]] = []
        self._ends = ends

    def report(self, done: int, total: int) -> None:
        self.told.append((done, total))

    def is_cancelled(self) -> bool:
        return self._ends


def test_the_log_is_checked_with_progress(used: SmallSchool) -> None:
    watched = Watched()
    checked = used.cases.trust.audit.check(watched, actor=admin())
    assert checked.is_whole
    assert (checked.first_broken, checked.records.changed) == (None, ())
    assert watched.told[-1] == (1, 1)


def test_the_check_of_the_log_can_be_stopped(used: SmallSchool) -> None:
    with pytest.raises(KioskError, match="stopped before its end"):
        used.cases.trust.audit.check(Watched(ends=True), actor=admin())

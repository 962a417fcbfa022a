"""Statuses of the school's own: how an admin keeps them, what a teacher may choose, and that all shares count them alike."""

from dataclasses import replace

import pytest

from kiosk.domain.attendance.attendance_rates import summed, whole_percent
from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.attendance.school_status import MOST_OFFERED, SchoolStatus, StatusColour
from kiosk.domain.listing import ListQuestion
from kiosk.domain.reports.kinds import ReportKind, ReportQuestion
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.attendance.school_statuses import SchoolStatuses, UsedStatus
from tests.fakes.actors import admin
from tests.unit.services.attendance.classes import actions, end, face, mark, start
from tests.world.school import SmallSchool

TRIP = SchoolStatus(0, "school trip", "T", StatusColour.BLUE, Status.EXCUSED, 100)


@pytest.fixture
def kept(school: SmallSchool) -> SchoolStatuses:
    return school.cases.attendance.statuses


def save(kept: SchoolStatuses, name: str = "school trip", letter: str = "T", **other: object) -> SchoolStatus:
    wanted = replace(TRIP, name=name, letter=letter, **other)  # type: ignore[arg-type]
    return kept.save(wanted, actor=admin("Anna"))


def test_a_status_is_made_changed_retired_and_brought_back(school: SmallSchool, kept: SchoolStatuses) -> None:
    made = save(kept, " school   trip ", "t")
    assert made == replace(TRIP, status_id=made.status_id, letter="t")
    changed = kept.save(replace(made, percent=50), actor=admin("Anna"))
    assert (changed.percent, changed.version) == (50, 2)
    retired = kept.retire(changed, actor=admin("Anna"))
    assert (kept.offered(), kept.all()) == ([], [retired])
    assert kept.bring_back(retired, actor=admin("Anna")).version == 4
    assert kept.used() == [UsedStatus(kept.all()[0], 0)]
    assert actions(school)[-4:] == [
        "status.saved",
        "status.saved",
        "status.retired",
        "status.brought_back",
    ]


def test_what_two_admins_do_at_once_is_not_lost(kept: SchoolStatuses) -> None:
    made = save(kept)
    kept.save(replace(made, percent=50), actor=admin("Anna"))
    for late in (kept.save, kept.retire, kept.bring_back, kept.remove):
        with pytest.raises(ConflictError, match="Somebody else changed"):
            late(made, actor=admin("Ben"))
    (now,) = kept.all()
    kept.remove(now, actor=admin("Anna"))
    with pytest.raises(NotFoundError, match="removed this status meanwhile"):
        kept.save(replace(now, percent=0), actor=admin("Ben"))


@pytest.mark.parametrize(
    ("name", "letter", "said"),
    [
        ("SCHOOL TRIP", "X", "already"),
        ("excursion", "t", "already"),
        ("Présent", "X", "one of the four"),
        ("excursion", "l", "one of the four"),
        ("removed", "R", "was retired"),
    ],
)
def test_names_and_letters_are_not_taken_twice(
    kept: SchoolStatuses, name: str, letter: str, said: str
) -> None:
    save(kept)
    kept.retire(save(kept, "removed", "Q"), actor=admin("Anna"))
    with pytest.raises(ConflictError, match=said):
        save(kept, name, letter)
    assert len(kept.all()) == 2


def test_so_many_are_offered_and_no_more(kept: SchoolStatuses) -> None:
    made = [save(kept, f"kind {number}", f"{number}") for number in range(MOST_OFFERED)]
    with pytest.raises(ConflictError, match="room for"):
        save(kept)
    retired = kept.retire(made[0], actor=admin("Anna"))
    save(kept)
    with pytest.raises(ConflictError, match="room for"):
        kept.bring_back(retired, actor=admin("Anna"))


def test_a_mark_with_one_is_its_base_for_every_rule_and_itself_for_people(
    school: SmallSchool, kept: SchoolStatuses
) -> None:
    course, students = school.add_course()
    trip = save(kept)
    session = start(school, course)
    record = school.marks.mark(
        session.session_id, students[0].student_id, trip, actor=admin("Anna"), reason="museum"
    )
    assert (record.status, record.own, record.shown, record.method) == (
        Status.EXCUSED,
        trip,
        trip,
        Method.MANUAL,
    )
    entry = school.store.read(lambda repositories: repositories.audit.entries())[0]
    assert (entry.action, entry.detail) == ("record.marked_by_hand", "excused (school trip): museum")

    plain = mark(school, session, students[0], Status.EXCUSED)
    assert plain.shown is Status.EXCUSED
    history = school.store.read(lambda repositories: repositories.records.history(record.record_id))
    assert [one.before.shown for one in history] == [trip]
    undone = school.marks.undo(session.session_id, students[0].student_id, record, actor=admin("Anna"))
    assert undone.shown == trip
    nothing = school.marks.undo(session.session_id, students[0].student_id, None, actor=admin("Anna"))
    assert nothing.shown is Status.ABSENT
    assert face(school, session, students[0]).shown is Status.PRESENT


def test_a_record_keeps_a_retired_status_and_nobody_gets_it_any_more(
    school: SmallSchool, kept: SchoolStatuses
) -> None:
    course, students = school.add_course()
    trip = save(kept)
    session = start(school, course)
    missing = {one.student_id: 0 for one in students[:2]}
    school.marks.mark_missing(session.session_id, missing, trip, actor=admin("Anna"), reason="museum")
    with pytest.raises(ConflictError, match="2 records have or had"):
        kept.remove(trip, actor=admin("Anna"))
    with pytest.raises(ConflictError, match="so it stays excused"):
        kept.save(replace(trip, base=Status.PRESENT), actor=admin("Anna"))
    retired = kept.retire(trip, actor=admin("Anna"))
    with pytest.raises(ConflictError, match="not offered any more"):
        school.marks.mark(
            session.session_id, students[2].student_id, trip, actor=admin("Anna"), reason="museum"
        )
    shown = [one.record.shown for one in school.sessions.roster(session.session_id) if one.record]
    assert shown == [retired, retired]


def test_every_share_counts_the_same_and_follows_what_the_school_says(
    school: SmallSchool, kept: SchoolStatuses
) -> None:
    course, students = school.add_course(students=2)
    here = students[0].student_id
    half = save(kept, "half a day", "H", base=Status.PRESENT, percent=50)
    for status in (half, Status.PRESENT, Status.ABSENT):
        session = start(school, course)
        school.marks.mark(session.session_id, here, status, actor=admin("Anna"), reason="so it was")
        end(school, session)
        school.clock.advance(3600)

    def shares() -> set[int | None]:
        ask = ReportQuestion(ReportKind.REGISTER, course.course_id)
        row = school.cases.reports.shown.register(ask, actor=admin("Anna")).rows[0]
        below = school.cases.reports.shown.below_limit(ask, actor=admin("Anna")).students
        (own,) = school.cases.records.student_data.overview(here).courses
        person = school.cases.people.persons.read(here, actor=admin("Anna")).courses[0]
        counts = [
            row.count,
            next(one.count for one in below if one.student.student_id == here),
            own.count,
            person.count,
            school.store.read(lambda repositories: repositories.records.count(course.course_id, here)),
        ]
        listed = school.cases.people.listing.page(ListQuestion(), first=0, most=9, actor=admin("Anna"))
        counts.append(next(one.count for one in listed if one.student.student_id == here))
        assert {one.attended for one in counts} == {2}
        return {whole_percent(one) for one in counts}

    assert shares() == {50}
    weeks = school.cases.reports.shown.over_weeks(ReportQuestion(ReportKind.WEEKS), actor=admin("Anna"))
    by_session = school.store.read(lambda repositories: repositories.records.counts(course.course_id))
    assert weeks.total == summed(by_session.values())
    assert (weeks.total.credit, weeks.total.total) == (-50, 6)
    kept.save(replace(half, percent=None), actor=admin("Anna"))
    assert shares() == {50}
    kept.save(replace(kept.all()[0], percent=100), actor=admin("Anna"))
    assert shares() == {66}

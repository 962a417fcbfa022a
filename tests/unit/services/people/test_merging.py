"""Two students who are one: what moves, what stays where both were marked, and the way back."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.attendance.record import Evidence
from kiosk.domain.courses.courses import Course
from kiosk.domain.listing import ListQuestion
from kiosk.domain.people.merging import DoneMerge
from kiosk.domain.people.person import Person
from kiosk.domain.people.students import Student
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.attendance.planned_absences import Announcement
from kiosk.services.events import PinReplaced
from kiosk.services.people import merge_queries, merged_contacts, merged_days, merging
from kiosk.services.people.consents import consents
from kiosk.services.people.merging import Merging
from kiosk.storage.database.row import Row
from kiosk.storage.database.tables import METADATA, StudentMergeRow
from kiosk.storage.repositories.repositories import Repositories
from tests.fakes.actors import admin
from tests.world.command_line import write_class_list
from tests.world.school import SmallSchool


class Twins:
    """Two entries of one person, the first in MA, the second in MA and BIO, and the use case."""

    def __init__(self, school: SmallSchool) -> None:
        self.school = school
        self.maths, (self.kept, self.gone, self.other) = school.add_course("MA")
        self.biology, _others = school.add_course("BIO", students=1)
        self.today = school.cases.core.today()
        school.cases.people.persons.register(self.gone, self.biology, self.today, actor=admin())

    @property
    def merging(self) -> Merging:
        return self.school.cases.people.merging

    def merge(self) -> DoneMerge:
        return self.merging.merge(self.kept.student_id, self.gone.student_id, actor=admin())

    def person(self, student: Student) -> Person:
        return self.school.cases.people.persons.read(student.student_id, actor=admin())

    def hold(self, course: Course, statuses: dict[Student, Status]) -> int:
        school = self.school
        school.clock.advance(3600)
        session = school.sessions.start(course.course_id, actor=admin(), model="fake")
        for student, status in statuses.items():
            school.marks.mark(session.session_id, student.student_id, status, actor=admin(), reason="seen")
        school.clock.advance(600)
        school.sessions.end(session.session_id, actor=admin())
        return session.session_id

    def history(self, student: Student) -> list[tuple[str, Status]]:
        return [(one.course.code, one.record.status) for one in reversed(self.person(student).history)]

    def log_is_whole(self) -> bool:
        return not self.school.cases.trust.audit.verify_records(actor=admin()).changed


@pytest.fixture
def twins(school: SmallSchool) -> Twins:
    return Twins(school)


def everything(school: SmallSchool, student: Student) -> object:
    """All that a person's page shows, without ids of rows, which may be new after a merge was taken back."""

    def query(repositories: Repositories) -> object:
        from kiosk.services.people.person_queries import PersonQueries
        from kiosk.services.records.student_queries import StudentQueries

        own = StudentQueries(db_session=repositories.db_session)
        records = own.records(student.student_id, limit=100)
        return (
            sorted(
                (
                    one.record.session_id,
                    one.record.status,
                    one.record.method,
                    one.record.marked_at,
                    one.record.evidence,
                )
                for one in records
            ),
            [
                (one.course.code, one.since, one.until)
                for one in PersonQueries(db_session=repositories.db_session).courses(
                    student.student_id, {}, None
                )
            ],
            repositories.consents.words(student.student_id),
            [one.picture for one in repositories.faces.samples(student.student_id)],
            repositories.enrolled_phones.of_student(student.student_id),
            [(one.reason, one.answer) for one in repositories.objections.of_student(student.student_id)],
            repositories.students.pin_hash(student.student_id),
        )

    return school.store.read(query)


def fill(twins: Twins) -> None:
    """Both were marked in one class; the second has face, PIN, phone and a message besides."""
    school, kept, gone = twins.school, twins.kept, twins.gone
    twins.hold(twins.maths, {kept: Status.PRESENT})
    twins.hold(twins.biology, {gone: Status.LATE})
    school.enrol(gone, 1, pictures=2)
    school.set_pin(gone, "482913")
    record = school.cases.records.student_data.overview(gone.student_id).latest[0].record
    school.cases.records.objections.make(gone.student_id, record.record_id, "I was there")
    school.store.write(
        lambda it: it.enrolled_phones.add(
            gone.student_id, "hash", kind="iPhone", enrolled_at=school.clock.now(), enrolled_by="Tom"
        )
    )


def test_everything_of_the_second_moves_to_the_first(twins: Twins) -> None:
    fill(twins)
    preview = twins.merging.preview(twins.kept.student_id, twins.gone.student_id, actor=admin())
    assert (preview.records, preview.courses, preview.pictures) == (1, ("BIO",), 2)
    assert (preview.answers, preview.phones, preview.messages, preview.takes_pin) == (1, 1, 1, True)
    assert [(one.kept, one.gone, one.stays) for one in preview.both_marked] == [
        (Status.PRESENT, Status.ABSENT, Status.PRESENT)
    ]
    twins.merge()
    person = twins.person(twins.kept)
    assert twins.history(twins.kept) == [("MA", Status.PRESENT), ("BIO", Status.LATE)]
    assert {one.course.code for one in person.courses} == {"MA", "BIO"}
    assert (len(person.pictures), len(person.words), len(person.phones)) == (2, 1, 1)
    assert [one.objection.reason for one in person.messages] == ["I was there"]
    assert (person.has_pin, person.standing.counts) == (True, True)
    assert twins.log_is_whole()


def test_the_second_stands_in_no_list_and_no_roster(twins: Twins) -> None:
    twins.merge()
    cases = twins.school.cases
    assert twins.gone not in cases.courses.lists.students()
    assert twins.gone not in cases.courses.lists.roster(twins.maths.course_id, twins.today)
    assert cases.people.listing.count(ListQuestion(twins.gone.student_no), actor=admin()) == 0
    with pytest.raises(NotFoundError):
        twins.person(twins.gone)


def test_the_former_number_leads_to_who_stayed(twins: Twins, tmp_path: Path) -> None:
    twins.merge()
    lists = twins.school.cases.courses.lists
    assert lists.student(twins.gone.student_no) == twins.kept
    file = write_class_list(tmp_path / "list.csv", f"{twins.gone.student_no},{twins.kept.full_name}")
    report = lists.import_roster(file, course_code="BIO", since=twins.today, actor=admin())
    assert (report.added, report.registered) == ((), ())
    with pytest.raises(ConflictError, match="exists already"):
        twins.school.cases.people.persons.change(
            twins.other, replace(twins.other, student_no=twins.gone.student_no), actor=admin()
        )


@pytest.mark.parametrize(
    ("kept", "gone", "stays"),
    [
        (Status.ABSENT, Status.LATE, Status.LATE),
        (Status.PRESENT, Status.LATE, Status.PRESENT),
        (Status.EXCUSED, Status.ABSENT, Status.EXCUSED),
    ],
)
def test_of_two_marks_in_one_class_what_was_seen_stays(
    twins: Twins, kept: Status, gone: Status, stays: Status
) -> None:
    session_id = twins.hold(twins.maths, {twins.kept: kept, twins.gone: gone})
    before = [everything(twins.school, one) for one in (twins.kept, twins.gone)]
    done = twins.merge()
    assert twins.history(twins.kept) == [("MA", stays)]
    record = twins.person(twins.kept).history[0].record
    past = twins.school.sessions.history(record.record_id, actor=admin())
    assert [one.reason for one in past][-1:] == (["merged with MA-2"] if stays is not kept else [])
    twins.merging.undo(done.merge_id, actor=admin())
    assert [everything(twins.school, one) for one in (twins.kept, twins.gone)] == before
    assert twins.log_is_whole()
    assert session_id > 0


def test_a_merge_is_taken_back_whole(twins: Twins) -> None:
    fill(twins)
    before = [everything(twins.school, one) for one in (twins.kept, twins.gone)]
    done = twins.merge()
    assert twins.merging.of_student(twins.kept.student_id, actor=admin()) == [done]
    twins.merging.undo(done.merge_id, actor=admin())
    assert [everything(twins.school, one) for one in (twins.kept, twins.gone)] == before
    assert twins.merging.of_student(twins.kept.student_id, actor=admin()) == []
    assert twins.gone in twins.school.cases.courses.lists.roster(twins.biology.course_id, twins.today)
    assert twins.log_is_whole()
    with pytest.raises(NotFoundError, match="taken back already"):
        twins.merging.undo(done.merge_id, actor=admin())


def test_faces_open_under_the_own_key_after_a_merge_and_after_its_undo(twins: Twins) -> None:
    twins.school.enrol(twins.gone, 1, pictures=2)
    done = twins.merge()

    model = twins.school.store.read(lambda it: next(iter(it.faces.templates_by_model())))

    def count(student: Student) -> int:
        return twins.school.store.read(lambda it: len(it.faces.templates([student.student_id], model)))

    assert (count(twins.kept), count(twins.gone)) == (2, 0)
    twins.merging.undo(done.merge_id, actor=admin())
    assert (count(twins.kept), count(twins.gone)) == (0, 2)


def test_what_was_changed_since_the_merge_stays_with_who_stayed(twins: Twins) -> None:
    twins.hold(twins.maths, {twins.gone: Status.LATE})
    done = twins.merge()
    record = twins.person(twins.kept).history[0].record
    twins.school.marks.mark(
        record.session_id, twins.kept.student_id, Status.EXCUSED, actor=admin(), reason="ill"
    )
    later = twins.today + timedelta(days=7)
    lists = twins.school.cases.courses.lists
    lists.end_registrations(twins.biology, [twins.kept], on=later, actor=admin())
    new = twins.hold(twins.maths, {twins.kept: Status.PRESENT})
    twins.merging.undo(done.merge_id, actor=admin())
    assert twins.history(twins.kept) == [("MA", Status.EXCUSED), ("MA", Status.PRESENT)]
    assert twins.history(twins.gone) == [("MA", Status.LATE)]
    assert [
        (one.course.code, one.until) for one in twins.person(twins.kept).courses if one.course.code == "BIO"
    ] == [("BIO", later)]
    assert new > record.session_id
    assert twins.log_is_whole()


def test_nobody_is_merged_with_themselves(twins: Twins) -> None:
    with pytest.raises(ConflictError, match="one and the same"):
        twins.merging.merge(twins.kept.student_id, twins.kept.student_id, actor=admin())


def test_who_is_not_there_any_more_is_not_merged(twins: Twins) -> None:
    twins.merge()
    with pytest.raises(NotFoundError):
        twins.merge()


@pytest.mark.parametrize("way", ["merged", "deleted"])
def test_no_answer_and_no_absence_is_written_of_who_is_not_there_any_more(twins: Twins, way: str) -> None:
    cases, gone = twins.school.cases, twins.gone.student_id
    if way == "merged":
        twins.merge()
    else:
        cases.people.removal.remove(twins.gone, actor=admin())
    said = Announcement((gone,), twins.today, twins.today, "ill")
    for write in (
        lambda: cases.people.consents.record(gone, given=True, actor=admin()),
        lambda: cases.attendance.absences.announce(said, with_written=False, actor=admin()),
    ):
        with pytest.raises(NotFoundError, match="does not exist any more"):
            write()


def test_no_merge_while_a_class_of_theirs_is_open(twins: Twins) -> None:
    twins.school.sessions.start(twins.biology.course_id, actor=admin(), model="fake")
    with pytest.raises(ConflictError, match="is open"):
        twins.merge()


def test_a_yes_and_a_no_are_settled_first(twins: Twins) -> None:
    twins.school.enrol(twins.gone, 1)
    consents = twins.school.cases.people.consents
    consents.record(twins.kept.student_id, given=False, actor=admin())
    with pytest.raises(ConflictError, match="yes to face recognition"):
        twins.merge()
    consents.record(twins.gone.student_id, given=False, actor=admin())
    twins.merge()
    assert twins.person(twins.kept).pictures == ()


def test_a_merge_into_somebody_who_was_merged_since_is_taken_back_second(twins: Twins) -> None:
    first = twins.merge()
    second = twins.merging.merge(twins.other.student_id, twins.kept.student_id, actor=admin())
    lists = twins.school.cases.courses.lists
    assert lists.student(twins.gone.student_no) == twins.other
    with pytest.raises(ConflictError, match=r"MA-1, was merged with .*, MA-3, after this") as refused:
        twins.merging.undo(first.merge_id, actor=admin())
    assert twins.other.full_name in (refused.value.hint or "")
    twins.merging.undo(second.merge_id, actor=admin())
    twins.merging.undo(first.merge_id, actor=admin())
    assert {twins.kept, twins.gone, twins.other} <= set(lists.students())


def test_of_two_who_were_merged_into_one_the_second_is_taken_back_first_and_each_record_is_as_it_was(
    twins: Twins,
) -> None:
    people = (twins.kept, twins.gone, twins.other)
    twins.hold(twins.maths, dict(zip(people, (Status.ABSENT, Status.LATE, Status.PRESENT), strict=True)))
    before = [everything(twins.school, one) for one in people]
    first = twins.merge()
    second = twins.merging.merge(twins.kept.student_id, twins.other.student_id, actor=admin())
    assert twins.history(twins.kept) == [("MA", Status.PRESENT)]
    with pytest.raises(ConflictError, match=r"MA-3, was merged with .*, MA-1, after this"):
        twins.merging.undo(first.merge_id, actor=admin())
    for one in (second, first):
        twins.merging.undo(one.merge_id, actor=admin())
    assert [everything(twins.school, one) for one in people] == before
    assert twins.log_is_whole()


def test_what_is_written_down_of_a_record_goes_when_its_class_session_is_removed(twins: Twins) -> None:
    gone_with = twins.hold(twins.maths, {twins.kept: Status.LATE, twins.gone: Status.ABSENT})
    stays = twins.hold(twins.maths, {twins.kept: Status.PRESENT, twins.gone: Status.LATE})
    done = twins.merge()
    twins.school.store.write(lambda it: it.class_sessions.remove(gone_with))
    moved = twins.school.store.read(lambda it: it.db_session.get_one(StudentMergeRow, done.merge_id).moved)
    assert [one["session"] for one in moved["both"]] == [stays]
    twins.merging.undo(done.merge_id, actor=admin())
    assert twins.history(twins.gone) == [("MA", Status.LATE)]


@pytest.mark.parametrize(
    ("kept", "since", "after"),
    [
        (None, None, [None, "gone@x.example"]),
        ("kept@x.example", None, ["kept@x.example", "gone@x.example"]),
        (None, "new@x.example", ["new@x.example", "gone@x.example"]),
    ],
)
def test_the_address_of_the_second_is_taken_where_the_first_has_none(
    twins: Twins, kept: str | None, since: str | None, after: list[str | None]
) -> None:
    persons = twins.school.cases.people.persons
    twins.gone = persons.change(twins.gone, replace(twins.gone, email="gone@x.example"), actor=admin())
    if kept:
        twins.kept = persons.change(twins.kept, replace(twins.kept, email=kept), actor=admin())
    pair = twins.kept.student_id, twins.gone.student_id
    assert twins.merging.preview(*pair, actor=admin()).takes_email is (kept is None)
    done = twins.merge()
    merged = twins.person(twins.kept).student
    assert merged.email == (kept or "gone@x.example")
    if since:
        persons.change(merged, replace(merged, email=since), actor=admin())
    twins.merging.undo(done.merge_id, actor=admin())
    assert [twins.person(one).student.email for one in (twins.kept, twins.gone)] == after


def test_the_preview_says_that_who_stays_is_inactive(twins: Twins) -> None:
    pair = twins.kept.student_id, twins.gone.student_id
    assert twins.merging.preview(*pair, actor=admin()).kept_inactive_from is None
    twins.school.cases.people.persons.set_active(twins.kept, False, actor=admin())
    assert twins.merging.preview(*pair, actor=admin()).kept_inactive_from == twins.today


def test_withdrawing_consent_forgets_the_key_of_the_second_too(twins: Twins) -> None:
    from kiosk.storage.database.tables import StudentKeyRow

    twins.school.enrol(twins.gone, 1)
    twins.merge()
    twins.school.cases.people.consents.record(twins.kept.student_id, given=False, actor=admin())
    keys = twins.school.store.read(
        lambda it: [it.db_session.get(StudentKeyRow, one.student_id) for one in (twins.kept, twins.gone)]
    )
    assert keys == [None, None]


def test_a_no_that_was_said_while_they_were_one_stands_for_both_afterwards(twins: Twins) -> None:
    school = twins.school
    school.enrol(twins.gone, 1)
    merge = twins.merge()
    school.cases.people.consents.record(twins.kept.student_id, given=False, actor=admin())
    twins.merging.undo(merge.merge_id, actor=admin())
    ids = (twins.kept.student_id, twins.gone.student_id)
    assert school.store.read(lambda it: [consents(it, one) for one in ids]) == [False, False]


def test_deleting_who_stayed_deletes_the_second_too(twins: Twins) -> None:
    fill(twins)
    done = twins.merge()
    twins.school.cases.people.removal.remove(twins.kept, actor=admin())
    for one in (twins.kept, twins.gone):
        found = twins.school.store.read(_getting(one))
        assert found is not None
        assert (found.student_no, found.full_name) == (f"deleted-{one.student_id}", "–")
    with pytest.raises(NotFoundError):
        twins.merging.undo(done.merge_id, actor=admin())


STAYS_BEHIND = {"students", "student_merges", "student_keys", "pending_claims"}
"""What a merge does not hand over: itself, keys (each seals its own pictures), and claims, which only open classes have."""


def test_no_table_that_names_students_is_forgotten_by_a_merge() -> None:
    named = {
        table.name
        for table in METADATA.sorted_tables
        if any(key.column.table.name == "students" for key in table.foreign_keys)
    }
    text = "".join(
        Path(str(one.__file__)).read_text() for one in (merge_queries, merged_contacts, merged_days, merging)
    )
    handed = {
        name
        for name in named
        if next(kind.__name__ for kind in row_classes(Row) if kind.__tablename__ == name) in text
    }
    assert named - handed - STAYS_BEHIND == {"face_samples"} & named


def row_classes(kind: type[Row]) -> list[type[Row]]:
    return [found for sub in kind.__subclasses__() for found in (sub, *row_classes(sub))]


def _getting(student: Student) -> Callable[[Repositories], Student | None]:
    return lambda it: it.students.get(student.student_id)


def test_what_is_written_down_for_the_way_back_says_of_no_phone_which_it_was(twins: Twins) -> None:
    session_id = twins.hold(twins.maths, {twins.kept: Status.PRESENT})
    proof = Evidence(Method.PHONE, twins.school.clock.now(), device="browser-1", address="10.0.0.7")

    def by_phone(it: Repositories) -> None:
        record = it.records.find(session_id, twins.gone.student_id)
        assert record is not None
        wanted = replace(record, status=Status.LATE, method=Method.PHONE, evidence=(proof,))
        it.records.correct(wanted, corrected_at=twins.school.clock.now(), actor="Tom", reason="by phone")

    twins.school.store.write(by_phone)
    done = twins.merge()
    written = twins.school.store.read(lambda it: str(it.db_session.get(StudentMergeRow, done.merge_id)))
    assert "phone" in written
    assert "browser-1" not in written
    assert "10.0.0.7" not in written
    twins.merging.undo(done.merge_id, actor=admin())
    assert twins.history(twins.gone) == [("MA", Status.LATE)]


def test_a_merge_ends_the_sign_ins_of_both(twins: Twins) -> None:
    twins.merge()
    told = {one.student_id for one in twins.school.events if isinstance(one, PinReplaced)}
    assert told == {twins.kept.student_id, twins.gone.student_id}


def test_a_merge_is_taken_back_after_a_restart(tmp_path: Path) -> None:
    def opened() -> Iterator[SmallSchool]:
        school = SmallSchool(tmp_path / "data")
        yield school
        school.database.close()

    before_it = opened()
    twins = Twins(next(before_it))
    fill(twins)
    before = [everything(twins.school, one) for one in (twins.kept, twins.gone)]
    twins.merge()
    next(before_it, None)
    after_it = opened()
    school = next(after_it)
    (done,) = school.cases.people.merging.of_student(twins.kept.student_id, actor=admin())
    school.cases.people.merging.undo(done.merge_id, actor=admin())
    assert [everything(school, one) for one in (twins.kept, twins.gone)] == before
    next(after_it, None)

"""A guardian's address and the stop: who changes them meanwhile, and what becomes of them when two students are one for a while."""

from dataclasses import dataclass

import pytest
from sqlmodel import select

from kiosk.domain.messages.mail import StudentContact
from kiosk.domain.people.merging import DoneMerge
from kiosk.domain.people.students import Student
from kiosk.errors import NotFoundError
from kiosk.services.messages.contacts import ContactChangedError
from kiosk.storage.database.message_tables import StudentContactRow
from kiosk.storage.database.tables import StudentMergeRow
from tests.fakes.actors import admin
from tests.world.school import SmallSchool

ANNA = admin("Anna")
MUM, DAD, AUNT = "mum@home.example", "dad@home.example", "aunt@home.example"


@dataclass
class Pair:
    """Two entries that turn out to be one person, or not."""

    school: SmallSchool
    kept: Student
    gone: Student

    def contact(self, student: Student) -> StudentContact:
        return self.school.cases.messages.contacts.of_student(student.student_id, actor=ANNA)[0]

    def change(self, student: Student, email: str, stopped: bool = False) -> None:
        self.school.clock.advance(60)
        self.school.cases.messages.contacts.change(
            self.contact(student), guardian_email=email, stopped=stopped, actor=ANNA
        )

    def merge(self) -> DoneMerge:
        merging = self.school.cases.people.merging
        return merging.merge(self.kept.student_id, self.gone.student_id, actor=ANNA)

    def part(self, done: DoneMerge) -> None:
        self.school.cases.people.merging.undo(done.merge_id, actor=ANNA)

    @property
    def said(self) -> list[tuple[str, bool]]:
        """Address and stop of both."""
        found = [self.contact(one) for one in (self.kept, self.gone)]
        return [(one.guardian_email, one.stopped_at is not None) for one in found]


@pytest.fixture
def pair(school: SmallSchool) -> Pair:
    _course, (kept, gone) = school.add_course(students=2)
    return Pair(school, kept, gone)


@pytest.mark.parametrize(("kept", "gone"), [("", ""), (DAD, ""), ("", MUM), (DAD, MUM)])
def test_a_stop_that_was_said_while_two_were_one_stands_for_both(pair: Pair, kept: str, gone: str) -> None:
    for student, address in ((pair.kept, kept), (pair.gone, gone)):
        if address:
            pair.change(student, address)
    done = pair.merge()
    pair.change(pair.kept, pair.contact(pair.kept).guardian_email, stopped=True)
    pair.part(done)
    assert pair.said == [(kept, True), (gone, True)]


def test_an_address_that_came_with_the_second_goes_back_with_it(pair: Pair) -> None:
    pair.change(pair.gone, MUM, stopped=True)
    done = pair.merge()
    assert pair.said[0] == (MUM, True)
    pair.part(done)
    assert pair.said == [("", False), (MUM, True)]


def test_the_stop_of_the_second_is_not_lifted_by_what_was_allowed_while_they_were_one(pair: Pair) -> None:
    pair.change(pair.kept, DAD)
    pair.change(pair.gone, MUM, stopped=True)
    done = pair.merge()
    pair.change(pair.kept, DAD, stopped=False)
    pair.part(done)
    assert pair.said == [(DAD, False), (MUM, True)]


@pytest.mark.parametrize(
    ("kept", "gone", "after"),
    [
        ("", "", [AUNT, AUNT]),
        (DAD, "", [AUNT, AUNT]),
        ("", MUM, [AUNT, AUNT]),
        (DAD, MUM, [AUNT, MUM]),
    ],
)
def test_an_address_that_was_entered_while_they_were_one_stays_and_is_given_to_who_has_no_other(
    pair: Pair, kept: str, gone: str, after: list[str]
) -> None:
    for student, address in ((pair.kept, kept), (pair.gone, gone)):
        if address:
            pair.change(student, address)
    done = pair.merge()
    pair.change(pair.kept, AUNT)
    pair.part(done)
    assert [address for address, _stopped in pair.said] == after


def test_an_address_that_was_taken_out_while_they_were_one_comes_back_to_nobody(pair: Pair) -> None:
    pair.change(pair.gone, MUM)
    done = pair.merge()
    pair.change(pair.kept, "")
    pair.part(done)
    assert pair.said == [("", False), ("", False)]
    rows = pair.school.store.read(lambda it: it.db_session.exec(select(StudentContactRow)).all())
    assert rows == []


def test_what_is_written_down_for_the_way_back_holds_no_address(pair: Pair) -> None:
    pair.change(pair.kept, DAD)
    pair.change(pair.gone, MUM)
    done = pair.merge()
    written = pair.school.store.read(lambda it: str(it.db_session.get(StudentMergeRow, done.merge_id)))
    assert MUM not in written
    assert DAD not in written


@pytest.mark.parametrize(
    ("former", "here", "after"),
    [("address", (MUM, True), [("", True), (MUM, True)]), ("", ("", True), [("", True), ("", True)])],
)
def test_a_merge_of_the_version_before_is_taken_back_without_losing_a_stop(
    pair: Pair, former: str, here: tuple[str, bool], after: list[tuple[str, bool]]
) -> None:
    done = pair.merge()

    def as_it_was(repositories: object) -> None:
        row = repositories.db_session.get(StudentMergeRow, done.merge_id)  # type: ignore[attr-defined]
        row.moved = {**row.moved, "contact": former}

    pair.school.store.write(as_it_was)
    pair.change(pair.kept, here[0], stopped=here[1])
    pair.part(done)
    assert pair.said == after


def test_a_form_that_was_opened_before_a_stop_does_not_clear_it(pair: Pair) -> None:
    opened = pair.contact(pair.kept)
    pair.change(pair.kept, "", stopped=True)
    contacts = pair.school.cases.messages.contacts
    with pytest.raises(ContactChangedError, match="Somebody else") as refused:
        contacts.change(opened, guardian_email=MUM, stopped=False, actor=ANNA)
    assert refused.value.now == pair.contact(pair.kept)
    assert refused.value.now.stopped_at is not None
    contacts.change(refused.value.now, guardian_email=MUM, stopped=True, actor=ANNA)
    assert pair.said[0] == (MUM, True)


def test_what_is_there_already_is_no_conflict(pair: Pair) -> None:
    opened = pair.contact(pair.kept)
    pair.change(pair.kept, MUM, stopped=True)
    contacts = pair.school.cases.messages.contacts
    again = contacts.change(opened, guardian_email=MUM, stopped=True, actor=ANNA)
    assert again == pair.contact(pair.kept)


@pytest.mark.parametrize("way", ["merged", "deleted"])
def test_nothing_is_kept_of_who_is_not_in_the_list_any_more(pair: Pair, way: str) -> None:
    opened = pair.contact(pair.gone)
    if way == "merged":
        pair.merge()
    else:
        pair.school.cases.people.removal.remove(pair.gone, actor=ANNA)
    with pytest.raises(NotFoundError, match="does not exist any more"):
        pair.school.cases.messages.contacts.change(opened, guardian_email=MUM, stopped=False, actor=ANNA)

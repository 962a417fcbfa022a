"""Addresses of parents and guardians in a class list: seen before anything is written, and no stop is lost by them."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from kiosk.domain.courses.courses import RosterRow
from kiosk.domain.courses.list_columns import ListChoices
from kiosk.domain.courses.list_questions import Answers
from kiosk.domain.messages.mail import StudentContact
from kiosk.services.courses.class_lists import ClassLists
from kiosk.services.courses.list_guardians import NewGuardian
from kiosk.services.courses.list_import import ImportReport
from kiosk.services.ports.outputs import RosterFile
from tests.fakes.actors import admin
from tests.world.school import SmallSchool

MUM, DAD = "mum@home.example", "dad@home.example"


@dataclass
class Office:
    school: SmallSchool

    def take_in(
        self, number: str, guardian: str, *, name: str = "Ada Berg", dry_run: bool = False, answers: str = ""
    ) -> ImportReport:
        def read(path: Path, choices: ListChoices) -> RosterFile:
            del path, choices
            return RosterFile((RosterRow(2, number, name, None, guardian_email=guardian),), ())

        return ClassLists(store=self.school.store, clock=self.school.clock, read_roster=read).import_roster(
            Path("list.csv"),
            course_code="X",
            since=date(2026, 11, 23),
            actor=admin(),
            dry_run=dry_run,
            answers=Answers.of(answers.split()),
        )

    def contact(self, number: str) -> StudentContact:
        student = self.school.cases.courses.lists.student(number)
        return self.school.cases.messages.contacts.of_student(student.student_id, actor=admin())[0]


@pytest.fixture
def office(school: SmallSchool) -> Office:
    return Office(school)


def test_the_address_of_somebody_new_is_kept_and_said(office: Office) -> None:
    assert office.take_in("N1", MUM, dry_run=True).guardians == (NewGuardian("N1", "", MUM),)
    assert office.take_in("N1", MUM).guardians == (NewGuardian("N1", "", MUM),)
    assert office.contact("N1").guardian_email == MUM
    actions = [one.action for one in office.school.store.read(lambda it: it.audit.entries())]
    assert actions.count("guardian.changed") == 1


def test_another_address_is_shown_beside_the_former_one_before_it_is_kept(office: Office) -> None:
    office.take_in("N1", MUM)
    rehearsed = office.take_in("N1", DAD, dry_run=True)
    assert (rehearsed.guardians, rehearsed.changes) == ((NewGuardian("N1", MUM, DAD),), True)
    assert office.contact("N1").guardian_email == MUM
    office.take_in("N1", DAD)
    assert office.contact("N1").guardian_email == DAD


@pytest.mark.parametrize("again", [MUM, MUM.upper(), ""])
def test_the_same_or_no_address_changes_nothing(office: Office, again: str) -> None:
    office.take_in("N1", MUM)
    report = office.take_in("N1", again)
    assert (report.guardians, report.changes) == ((), False)
    assert office.contact("N1").guardian_email == MUM


def test_a_stop_stands_whatever_the_list_says(office: Office) -> None:
    office.take_in("N1", MUM)
    contacts = office.school.cases.messages.contacts
    stopped = contacts.change(office.contact("N1"), guardian_email=MUM, stopped=True, actor=admin())
    office.take_in("N1", DAD)
    assert office.contact("N1").guardian_email == DAD
    assert office.contact("N1").stopped_at == stopped.stopped_at


def test_the_address_goes_to_whom_the_number_belongs_by_the_answer(office: Office) -> None:
    office.take_in("N1", MUM)
    assert office.take_in("N1", DAD, name="Bo Dahl").guardians == ()
    assert office.contact("N1").guardian_email == MUM
    office.take_in("N1", DAD, name="Bo Dahl", answers="passed-on")
    assert (office.contact("N1").guardian_email, office.contact("N1.old").guardian_email) == (DAD, MUM)

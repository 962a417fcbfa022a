"""A list's own column of family names says by what somebody is sorted, unless a person said it."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from kiosk.domain.courses.courses import RosterRow
from kiosk.domain.courses.list_columns import ListChoices
from kiosk.services.courses.class_lists import ClassLists
from kiosk.services.courses.list_import import ImportReport
from kiosk.services.ports.outputs import RosterFile
from tests.fakes.actors import admin
from tests.world.school import SmallSchool


def take_in(school: SmallSchool, family: str, name: str = "Gabriel García Márquez") -> ImportReport:
    def read(path: Path, choices: ListChoices) -> RosterFile:
        del path, choices
        return RosterFile((RosterRow(2, "N1", name, None, "", family),), ())

    lists = ClassLists(store=school.store, clock=school.clock, read_roster=read)
    day = date(2026, 11, 23)
    return lists.import_roster(Path("list.csv"), course_code="X", since=day, actor=admin())


def family_name(school: SmallSchool) -> str:
    return school.cases.courses.lists.student("N1").family_name


def test_the_family_name_of_a_list_is_kept(school: SmallSchool) -> None:
    assert take_in(school, "García Márquez").added == ("N1",)
    assert family_name(school) == "García Márquez"
    assert take_in(school, "").unchanged == ("N1",)
    assert family_name(school) == "García Márquez"


def test_one_that_comes_later_is_kept_without_a_word(school: SmallSchool) -> None:
    take_in(school, "")
    report = take_in(school, "García Márquez")
    assert (report.unchanged, report.updated) == (("N1",), ())
    assert family_name(school) == "García Márquez"


def test_what_somebody_wrote_down_counts_more_while_the_name_is_the_same(school: SmallSchool) -> None:
    take_in(school, "García Márquez")
    student = school.cases.courses.lists.student("N1")
    school.cases.people.persons.change(student, replace(student, family_name="Márquez"), actor=admin())
    take_in(school, "García Márquez")
    assert family_name(school) == "Márquez"
    take_in(school, "", name="Gabriel J. García Márquez")
    assert family_name(school) == ""

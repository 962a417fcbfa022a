from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from kiosk.domain.people.consents import STUDENT, AnsweredBy, Answerer, ConsentKind
from kiosk.domain.people.students import Student
from kiosk.errors import FileFormatError, ForbiddenError
from kiosk.services.events import ConsentWithdrawn
from tests.fakes.actors import admin, teacher
from tests.world.school import SmallSchool

FACE = ConsentKind.FACE_RECOGNITION


@pytest.fixture
def students(school: SmallSchool) -> list[Student]:
    """Three; the first two are enrolled."""
    _course, people = school.add_course()
    for person, one in enumerate(people[:2]):
        school.enrol(one, person, pictures=2)
    return people


def table(tmp_path: Path, *lines: str, heading: str = "student_no,answer,by,date,guardian_name") -> Path:
    path = tmp_path / "answers.csv"
    path.write_text("\n".join((heading, *lines)), encoding="utf-8")
    return path


def pictures(school: SmallSchool) -> int:
    return sum(school.store.read(lambda repositories: repositories.faces.sample_counts()).values())


def test_the_preview_says_what_the_import_does_and_changes_nothing(
    school: SmallSchool, students: list[Student], tmp_path: Path
) -> None:
    today = school.clock.now().date().isoformat()
    anna, ben, carl = students
    path = table(
        tmp_path,
        f"{anna.student_no},no,student,{today},",
        f"{carl.student_no},Yes,Parent,{today},Eva Rao",
        f"{ben.student_no},maybe,student,{today},",
        f"NOBODY,yes,student,{today},",
        f"{ben.student_no},yes,friend,{today},",
        f"{ben.student_no},yes,student,12/1/2026,",
        f"{ben.student_no},yes,student,2099-01-01,",
        f"?!,yes,student,{today},",
    )
    imports = school.cases.people.answers
    before = pictures(school)
    preview = imports.take(path, actor=admin(), dry_run=True)
    assert [(one.student, one.row.given, one.deleted, one.counts) for one in preview.taken] == [
        (anna, False, 2, False),
        (carl, True, 0, True),
    ]
    assert [one.line for one in preview.refused] == [4, 5, 6, 7, 8, 9]
    assert pictures(school) == before
    assert school.cases.people.consents.newest(carl.student_id) is None

    done = imports.take(path, actor=admin("Ada"))
    assert (done.taken, done.refused) == (preview.taken, preview.refused)
    assert pictures(school) == before - 2
    word = school.cases.people.consents.newest(carl.student_id)
    assert word is not None
    assert (word.answerer, word.answered_on, word.recorded_by) == (
        Answerer(AnsweredBy.GUARDIAN, "Eva Rao"),
        date.fromisoformat(today),
        "Ada",
    )
    assert [one.student_id for one in school.events if isinstance(one, ConsentWithdrawn)] == [anna.student_id]
    again = imports.take(path, actor=admin())
    assert again.taken == ()


def test_an_old_yes_does_not_undo_a_later_no_and_a_yes_of_another_does_not_count(
    school: SmallSchool, students: list[Student], tmp_path: Path
) -> None:
    anna = students[0]
    people = school.cases.people
    people.consents.record(anna.student_id, given=False, actor=admin(), answerer=STUDENT)
    path = table(
        tmp_path,
        f"{anna.student_no},yes,student,2020-01-01,",
        f"{anna.student_no},yes,guardian,2020-01-02,Eva",
    )
    report = people.answers.take(path, actor=admin())
    assert [one.line for one in report.refused] == [2]
    assert [one.counts for one in report.taken] == [False]
    assert (
        school.store.read(lambda repositories: repositories.consents.given_by([anna.student_id], FACE))
        == set()
    )


def test_a_workbook_with_real_dates_is_read(
    school: SmallSchool, students: list[Student], tmp_path: Path
) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Student No.", "Consent", "By whom", "Date"])
    sheet.append([students[2].student_no, "yes", "guardian", date(2026, 1, 5)])
    book.save(tmp_path / "answers.xlsx")
    report = school.cases.people.answers.take(tmp_path / "answers.xlsx", actor=admin())
    assert [one.row.answered_on for one in report.taken] == [date(2026, 1, 5)]


@pytest.mark.parametrize(
    ("heading", "line", "said"),
    [
        ("student_no,answer,by", "S1,yes,student", "no column date"),
        ("student_no,answer,by,date", "S1,perhaps,student,2026-01-01", "no row"),
    ],
)
def test_a_file_that_is_none_is_refused_in_words(
    school: SmallSchool, tmp_path: Path, heading: str, line: str, said: str
) -> None:
    with pytest.raises(FileFormatError, match=said):
        school.cases.people.answers.take(table(tmp_path, line, heading=heading), actor=admin())


def test_a_teacher_imports_no_answers(school: SmallSchool, tmp_path: Path) -> None:
    with pytest.raises(ForbiddenError):
        school.cases.people.answers.take(table(tmp_path, "S1,yes,student,2026-01-01,"), actor=teacher())

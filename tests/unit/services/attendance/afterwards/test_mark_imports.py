from pathlib import Path

import pytest

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.people.students import Student
from kiosk.errors import ConflictError, FileFormatError
from kiosk.services.attendance.afterwards.mark_imports import MarkPreview
from tests.fakes.actors import admin, teacher
from tests.unit.services.attendance.afterwards.test_adding import HOUR, add
from tests.unit.services.attendance.classes import actions, mark, statuses
from tests.world.school import ZONE, SmallSchool


@pytest.fixture
def added(school: SmallSchool) -> tuple[ClassSession, list[Student]]:
    course, students = school.add_course()
    return add(school, course, school.clock.now() - 3 * HOUR), students


def look(school: SmallSchool, session: ClassSession, folder: Path, *lines: str) -> MarkPreview:
    path = folder / "marks.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return school.cases.attendance.afterwards.imports.look(session.session_id, path, actor=teacher())


def test_marks_are_shown_before_they_are_written(
    school: SmallSchool, added: tuple[ClassSession, list[Student]], tmp_path: Path
) -> None:
    session, (anna, ben, carl) = added
    mark(school, session, carl, Status.ABSENT, "list")
    began = session.started_at.astimezone(ZONE)
    preview = look(
        school,
        session,
        tmp_path,
        "Student No,Attendance,Came at",
        f"{anna.student_no},present,",
        f"{ben.student_no.lower()},L,{began:%H}:05",
        f"{carl.student_no},Absent,",
    )
    assert [(one.student, one.before, one.status) for one in preview.marks] == [
        (anna, None, Status.PRESENT),
        (ben, None, Status.LATE),
    ]
    assert (preview.same, preview.refused) == (1, ())
    assert statuses(school, session) == [None, None, Status.ABSENT]

    imports = school.cases.attendance.afterwards.imports
    assert len(imports.write(preview, actor=teacher())) == 2
    assert statuses(school, session) == [Status.PRESENT, Status.LATE, Status.ABSENT]
    record = school.sessions.roster(session.session_id)[1].record
    assert record is not None
    assert record.marked_at.astimezone(ZONE).strftime("%H:%M") == f"{began:%H}:05"
    assert record.evidence[0].reason == "imported from marks.csv"
    assert actions(school)[-1] == "session.marks_imported"
    assert school.cases.trust.audit.verify_records(actor=admin()).changed == ()


def test_lines_that_name_nobody_or_no_status_are_refused_by_name(
    school: SmallSchool, added: tuple[ClassSession, list[Student]], tmp_path: Path
) -> None:
    session, (anna, *_others) = added
    _bio, (other, *_rest) = school.add_course("BIO 1")
    preview = look(
        school,
        session,
        tmp_path,
        "number;status;time",
        "X9;present;",
        f"{other.student_no};present;",
        f"{anna.student_no};maybe;",
        f"{anna.student_no};late;noon",
        f"{anna.student_no};late;9:05 pm",
        f"{anna.student_no};present;",
        ";present;",
        f"{anna.student_no};;",
    )
    assert [one.line for one in preview.refused] == [2, 3, 4, 5, 7, 8, 9]
    reasons = " ".join(one.reason for one in preview.refused)
    for words in (
        "There is no student X9",
        "BIO1-1 is not in this session",
        "“maybe” is no status; it can be present, late, excused, and absent",
        "“noon” is not a time",
        "stands on line 6 already",
        "The student number is missing",
        "The status is missing",
    ):
        assert words in reasons
    assert [(one.line, one.status) for one in preview.marks] == [(6, Status.LATE)]


def test_a_record_that_was_changed_meanwhile_stops_the_whole_import(
    school: SmallSchool, added: tuple[ClassSession, list[Student]], tmp_path: Path
) -> None:
    session, (anna, ben, _carl) = added
    lines = "number,status", f"{anna.student_no},present", f"{ben.student_no},present"
    preview = look(school, session, tmp_path, *lines)
    mark(school, session, ben, Status.EXCUSED, "told me")
    with pytest.raises(ConflictError, match="Student 2 was changed meanwhile"):
        school.cases.attendance.afterwards.imports.write(preview, actor=teacher())
    assert statuses(school, session) == [None, Status.EXCUSED, None]


def test_a_file_without_the_columns_says_which(
    school: SmallSchool, added: tuple[ClassSession, list[Student]], tmp_path: Path
) -> None:
    session, _students = added
    with pytest.raises(FileFormatError, match="no column status"):
        look(school, session, tmp_path, "number,name", "S1,Ada")
    with pytest.raises(FileFormatError, match="no marks in it"):
        look(school, session, tmp_path, "number,status")

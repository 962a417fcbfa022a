import json
import os
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest

from kiosk.domain.people.consents import AnsweredBy, Answerer
from kiosk.domain.people.students import Student
from kiosk.errors import ExportError, ForbiddenError, NotFoundError
from kiosk.storage.database.message_tables import MessageRow, StudentContactRow
from kiosk.storage.database.row import Row
from tests.fakes.actors import admin, teacher
from tests.world.school import SmallSchool


@pytest.fixture
def students(school: SmallSchool) -> list[Student]:
    """Three; all enrolled, and marked by hand in an ended class."""
    course, people = school.add_course()
    for person, one in enumerate(people):
        school.enrol(one, person, pictures=2)
    session = school.sessions.start(course.course_id, actor=admin("Tom"), model="m")
    school.sessions.end(session.session_id, actor=admin("Tom"))
    eva = Answerer(AnsweredBy.GUARDIAN, "=Eva")
    school.cases.people.consents.record(people[0].student_id, given=True, actor=admin(), answerer=eva)
    return people


def mails(student: Student, who: str) -> list[Row]:
    """A guardian's address, and an e-mail that went there."""
    address = f"{who}@home.example"
    return [
        StudentContactRow(student_id=student.student_id, guardian_email=address),
        MessageRow(
            student_id=student.student_id,
            reason="below_limit",
            recipient="guardian",
            address=address,
            subject="Attendance",
            text=f"Dear {who}",
            at=datetime(2026, 3, 2, tzinfo=UTC),
            sent_by="Ada",
            outcome="sent",
        ),
    ]


def test_one_file_holds_all_of_one_student_and_nobody_else(
    school: SmallSchool, students: list[Student], tmp_path: Path
) -> None:
    anna, ben, carl = students
    school.set_pin(anna, "482915")
    school.store.write(lambda it: it.db_session.add_all(mails(anna, "mum") + mails(ben, "dad")))
    path = tmp_path / "anna.zip"
    written = school.cases.records.everything.save(path, anna, actor=admin("Ada"))
    assert (written.pictures, written.records) == (2, 1)
    with ZipFile(path) as zipped:
        names = set(zipped.namelist())
        everything = json.loads(zipped.read("everything.json"))
        texts = b"".join(zipped.read(name) for name in names)
        assert zipped.read("pictures/001.jpg") == b"0"
        consents = zipped.read("tables/consents.csv").decode("utf-8-sig")
    assert {"READ ME.txt", "tables/attendance_records.csv", "pictures/002.jpg"} <= names
    assert everything["about"]["full_name"] == anna.full_name
    assert everything["about"]["has_pin"] is True
    assert everything["tables"]["attendance_records"][0]["course"] == "CS 101"
    assert [one["given"] for one in everything["tables"]["consents"]] == [True, True]
    assert "'=Eva" in consents
    assert everything["tables"]["student_contacts"][0]["guardian_email"] == "mum@home.example"
    assert [one["text"] for one in everything["tables"]["messages"]] == ["Dear mum"]
    assert b"dad@home.example" not in texts
    for other in (ben, carl):
        assert other.full_name.encode() not in texts
        assert other.student_no.encode() not in texts
    hashed = school.store.read(lambda repositories: repositories.students.pin_hash(anna.student_id))
    assert hashed is not None
    assert hashed.encode() not in texts
    entry = school.store.read(lambda repositories: repositories.audit.entries(1))[0]
    assert (entry.entry_id, entry.actor, entry.action, entry.subject) == (
        written.number,
        "Ada",
        "student.exported",
        anna.student_no,
    )
    if os.name == "posix":
        assert path.stat().st_mode & 0o077 == 0


def test_it_is_refused_in_words_and_nothing_is_noted(
    school: SmallSchool, students: list[Student], tmp_path: Path
) -> None:
    everything = school.cases.records.everything
    before = school.store.read(lambda repositories: repositories.audit.entries(1))[0].entry_id
    with pytest.raises(ForbiddenError):
        everything.save(tmp_path / "a.zip", students[0], actor=teacher())
    with pytest.raises(NotFoundError):
        everything.save(tmp_path / "a.zip", Student(99, "S99", "Nobody", None), actor=admin())
    with pytest.raises(ExportError):
        everything.save(tmp_path / "missing" / "a.zip", students[0], actor=admin())
    assert school.store.read(lambda repositories: repositories.audit.entries(1))[0].entry_id == before
    assert list(tmp_path.glob("*.zip")) == []

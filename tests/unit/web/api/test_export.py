import csv
import io
import stat
import tempfile
from pathlib import Path

import pytest
from openpyxl import load_workbook

from kiosk.domain.records.filters import Days
from kiosk.storage.repositories.repositories import Repositories
from tests.fakes.actors import admin
from tests.world.api_school import HELD, ApiSchool, Program


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_table_holds_each_record_once(school: ApiSchool, program: Program, temporary: Path) -> None:
    answer = program.get("/export.csv")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="attendance.csv"'
    found = rows(answer.text)
    assert sorted(int(row["record_id"]) for row in found) == list(range(1, HELD + 1))
    corrected = next(row for row in found if row["record_id"] == "1")
    assert corrected["status"] == "excused"
    assert corrected["version"] == "2"
    assert corrected["full_name"] == "Anita Rao"
    assert corrected["session_started_at"] == "2026-02-23T09:00:00+01:00"
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_exports_are_their_owners_only(school: ApiSchool, tmp_path: Path, suffix: str) -> None:
    reports, path = school.services.exports, tmp_path / f"attendance.{suffix}"
    write = reports.table if suffix == "csv" else reports.workbook
    write(path, Days(None, None, None), actor=admin("Ada"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_workbook_is_the_windows_own(school: ApiSchool, program: Program, temporary: Path) -> None:
    answer = program.get("/export.xlsx?course=1&from=2026-02-16")
    assert answer.status_code == 200
    book = load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames[0] == "Summary"
    assert book["Records"].max_row == 3
    assert list(temporary.iterdir()) == []


def test_an_export_is_logged_with_the_token_that_asked(school: ApiSchool, program: Program) -> None:
    program.get("/export.csv")
    newest = school.classroom.store.read(lambda repositories: repositories.audit.entries(1))[0]
    assert (newest.actor, newest.action, newest.detail) == (
        "token:1 Timetable",
        "records.exported",
        f"{HELD} records",
    )


def test_a_name_is_no_formula_in_the_table(school: ApiSchool, program: Program) -> None:
    def rename(repositories: Repositories) -> None:
        student = repositories.students.get(1)
        assert student is not None
        repositories.students.update(type(student)(1, student.student_no, '=cmd|"/c calc"!A1', None))

    school.classroom.store.write(rename)
    assert {row["full_name"] for row in rows(program.get("/export.csv").text)} == {'\'=cmd|"/c calc"!A1'}


def test_what_cannot_be_exported_is_a_problem(program: Program, temporary: Path) -> None:
    assert program.get("/export.csv?course=99").status_code == 404
    swapped = program.get("/export.xlsx?from=2026-03-02&to=2026-03-01")
    assert swapped.status_code == 422
    assert "before" in swapped.json()["detail"]
    assert program.get("/export.xlsx", Accept="text/csv").status_code == 406
    assert program.get("/export.csv", Accept="text/*").status_code == 200
    assert list(temporary.iterdir()) == []


def test_exports_count_as_ten_requests(program: Program) -> None:
    statuses = [program.get("/export.csv").status_code for _ in range(11)]
    assert statuses == [200] * 10 + [429]

import json
import threading
import tracemalloc
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.domain.attendance.choices import Method
from kiosk.domain.attendance.record import Evidence
from kiosk.domain.records.filters import ReportFilter, ReportRow
from kiosk.storage.database.evidence import to_json
from kiosk.storage.database.sql_database import SqlDatabase
from kiosk.storage.database.sqlite_library import sqlite3
from kiosk.storage.keys.key_ring import database_path
from tests.unit.storage.classroom import START, Classroom, add_session, mark

WEEK = timedelta(days=7)


def test_rows_come_by_course_then_session_then_family_name(
    database: SqlDatabase, classroom: Classroom
) -> None:
    with database.transaction() as repositories:
        art = repositories.courses.add(code="art", title="Art")
        second = add_session(repositories, classroom.course, START - WEEK)
        other = add_session(repositories, art, START + WEEK)
        records = {
            mark(repositories, session, student)
            for session in (classroom.session, second, other)
            for student in classroom.students[:2]
        }
    with database.snapshot() as repositories:
        rows = list(repositories.reports.rows(ReportFilter()))
        assert repositories.reports.sessions(ReportFilter()) == [other, second, classroom.session]
    assert [(row.course.code, row.session, row.student.full_name) for row in rows] == [
        (course, session, name)
        for course, session in (("art", other), ("MATH-1", second), ("MATH-1", classroom.session))
        for name in ("Zoë Adler", "Émile Bauer")
    ]
    assert {row.record for row in rows} == records


def test_a_filter_takes_the_first_moment_and_leaves_the_last(
    database: SqlDatabase, classroom: Classroom
) -> None:
    with database.transaction() as repositories:
        following = add_session(repositories, classroom.course, START + WEEK)
        art = repositories.courses.add(code="art", title="Art")
        foreign = add_session(repositories, art, START)
        for session in (classroom.session, following, foreign):
            mark(repositories, session, classroom.students[0])
    chosen = ReportFilter(course_id=classroom.course.course_id, since=START, until=START + WEEK)
    with database.snapshot() as repositories:
        assert repositories.reports.sessions(chosen) == [classroom.session]
        assert [row.session for row in repositories.reports.rows(chosen)] == [classroom.session]
        since = ReportFilter(since=START + WEEK)
        assert [row.session for row in repositories.reports.rows(since)] == [following]


def test_students_are_the_registered_and_the_recorded(database: SqlDatabase, classroom: Classroom) -> None:
    anna, ben, carl = classroom.students
    with database.transaction() as repositories:
        guest = repositories.students.add(student_no="g1", full_name="Gast", email=None)
        repositories.students.add(student_no="n1", full_name="Nobody", email=None)
        mark(repositories, classroom.session, guest)
        repositories.courses.unregister(classroom.course.course_id, ben.student_id, START.date())
    with database.snapshot() as repositories:
        assert repositories.reports.students(ReportFilter()) == [anna, carl, guest]
        assert repositories.reports.students(ReportFilter(until=START)) == []


def _fill(data_dir: Path, classroom: Classroom, number: int) -> None:
    evidence = json.dumps(to_json([Evidence(Method.FACE, START, distance=0.4, votes=3, model="m" * 40)]))
    moment = START.strftime("%Y-%m-%d %H:%M:%S.%f")
    connection = sqlite3.connect(database_path(data_dir))
    connection.executemany(
        "INSERT INTO students (id, student_no, student_no_folded, full_name, full_name_folded)"
        " VALUES (?, ?, ?, ?, ?)",
        [(1000 + n, f"n{n}", f"n{n}", f"Name {n}", f"name {n}") for n in range(100)],
    )
    connection.executemany(
        "INSERT INTO class_sessions (id, course_id, started_at, late_after_s, policy, liveness, started_by,"
        " model, code_key) VALUES (?, ?, ?, 600, 'either', 'off', 't', 'm', x'00')",
        [(1000 + n, classroom.course.course_id, moment) for n in range(number // 100)],
    )
    connection.executemany(
        "INSERT INTO attendance_records (session_id, student_id, status, method, marked_at, evidence, version, policy)"
        " VALUES (?, ?, 'present', 'face', ?, ?, 1, 'either')",
        [(1000 + n // 100, 1000 + n % 100, moment, evidence) for n in range(number)],
    )
    connection.commit()
    connection.close()


def test_rows_are_streamed_not_collected(database: SqlDatabase, data_dir: Path, classroom: Classroom) -> None:
    _fill(data_dir, classroom, 10_000)
    with database.snapshot() as repositories:
        tracemalloc.start()
        number = sum(1 for _ in repositories.reports.rows(ReportFilter()))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert number == 10_000
    assert peak < 5_000_000, "10,000 rows as objects take over 10 MB"


@pytest.mark.timeout(60)
def test_a_slow_export_does_not_hold_up_a_check_in(
    database: SqlDatabase, data_dir: Path, classroom: Classroom
) -> None:
    _fill(data_dir, classroom, 2_000)
    marked = threading.Event()

    def check_in() -> None:
        with database.transaction() as repositories:
            mark(repositories, classroom.session, classroom.students[0])
        marked.set()

    with database.snapshot() as repositories:
        rows = repositories.reports.rows(ReportFilter())
        first: ReportRow = next(rows)
        thread = threading.Thread(target=check_in)
        thread.start()
        in_time = marked.wait(60)
        rest = list(rows)
        thread.join()
    assert in_time, "the commit waited for the export"
    assert first.student.student_no.startswith("n")
    assert len(rest) == 1_999

"""Makes a large school in a data directory: 5,000 students, 200 courses, 1,000,000 records of a year.

    .venv/bin/python -m tests.benchmarks.large_school DATA_DIR [--records N]

Rows go in by the tables' own definitions, in one transaction, without the use cases: those would take hours.
"""

import argparse
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, insert

from kiosk.domain.attendance.choices import LivenessMode, Method, ProofPolicy, Status
from kiosk.storage.database import tables
from kiosk.storage.database.engine import engine_for
from kiosk.storage.database.row import Row
from kiosk.storage.database.sql_database import SqlDatabase
from kiosk.storage.keys.key_ring import KeyRing, database_path

STUDENTS: Final = 5_000
COURSES: Final = 200
IN_A_COURSE: Final = 125
RECORDS: Final = 1_000_000
FIRST_DAY: Final = datetime.now(UTC).replace(hour=8, minute=0, second=0, microsecond=0) - timedelta(
    days=RECORDS // 125 // 40
)
"""So that the newest sessions are of the last days."""
AT_ONCE: Final = 10_000


def make_large_school(data_dir: Path, *, records: int = RECORDS) -> None:
    """Fill a new data directory."""
    data_dir.mkdir(parents=True, exist_ok=True)
    keys = KeyRing.open_or_create(data_dir)
    SqlDatabase.open(database_path(data_dir), key_ring=keys).close()
    engine = engine_for(database_path(data_dir))
    chance = random.Random(1)
    rosters = [sorted(chance.sample(range(1, STUDENTS + 1), IN_A_COURSE)) for _course in range(COURSES)]
    sessions = records // IN_A_COURSE
    with engine.begin() as connection:
        _put(connection, tables.StudentRow, _students())
        _put(connection, tables.CourseRow, _courses())
        _put(connection, tables.RegistrationRow, _registrations(rosters))
        _put(connection, tables.ClassSessionRow, (_session(number) for number in range(sessions)))
        _put(connection, tables.AttendanceRecordRow, _records(rosters, sessions, chance))
    engine.dispose()


def _put(connection: Connection, table: type[Row], rows: Iterator[dict[str, Any]]) -> None:
    while some := list(islice(rows, AT_ONCE)):
        connection.execute(insert(table), some)


def _students() -> Iterator[dict[str, Any]]:
    for number in range(1, STUDENTS + 1):
        name = f"Student {number:05} of the Large School"
        yield {
            "student_no": f"S{number:05}",
            "student_no_folded": f"s{number:05}",
            "full_name": name,
            "full_name_folded": name.casefold(),
        }


def _courses() -> Iterator[dict[str, Any]]:
    for number in range(1, COURSES + 1):
        code = f"C {number:03}"
        yield {
            "code": code,
            "code_folded": code.casefold(),
            "title": f"Course {number}",
            "room": f"R{number}",
        }


def _registrations(rosters: list[list[int]]) -> Iterator[dict[str, Any]]:
    for course, roster in enumerate(rosters, start=1):
        for student in roster:
            yield {"course_id": course, "student_id": student, "since": date(2026, 1, 1)}


def _session(number: int) -> dict[str, Any]:
    """All courses meet in turn, 40 a day."""
    started = FIRST_DAY + timedelta(days=number // 40, minutes=15 * (number % 40))
    return {
        "course_id": number % COURSES + 1,
        "started_at": started,
        "ended_at": started + timedelta(minutes=90),
        "late_after_s": 600.0,
        "policy": ProofPolicy.EITHER.value,
        "liveness": LivenessMode.OFF.value,
        "started_by": "teacher",
        "model": "dlib-resnet-v1",
        "code_key": b"k" * 32,
    }


def _records(rosters: list[list[int]], sessions: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    statuses = (*(Status.PRESENT,) * 16, Status.LATE, Status.EXCUSED, Status.ABSENT, Status.ABSENT)
    for number in range(sessions):
        started = _session(number)["started_at"]
        for student in rosters[number % COURSES]:
            status = chance.choice(statuses)
            at = started + timedelta(seconds=chance.randint(0, 590))
            method = chance.choice((Method.FACE, Method.PHONE)) if status.attended else None
            evidence = [{"method": method.value, "at": at.isoformat()}] if method else []
            yield {
                "session_id": number + 1,
                "student_id": student,
                "status": status.value,
                "method": method.value if method else None,
                "marked_at": at,
                "evidence": evidence,
                "policy": ProofPolicy.EITHER.value,
            }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("--records", type=int, default=RECORDS)
    asked = parser.parse_args()
    make_large_school(asked.data_dir, records=asked.records)

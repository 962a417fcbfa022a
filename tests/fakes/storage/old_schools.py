"""Databases of earlier schemas, with a small school in them, and the ways up and down between schemas."""

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from kiosk.storage import migrations

RECORD = 1

_SCHOOL = """
INSERT INTO courses (id, code, code_folded, title, room) VALUES (1, 'M', 'm', 'Maths', '');
INSERT INTO students (id, student_no, student_no_folded, full_name, full_name_folded)
VALUES (1, 's1', 's1', 'Ada', 'ada');
INSERT INTO class_sessions (id, course_id, started_at, late_after_s, policy, liveness, started_by, model, code_key)
VALUES (7, 1, '2026-03-02 08:00:00', 600, '{policy}', 'passive', 'Tom', 'm', '')"""
_RECORD = """INSERT INTO attendance_records (id, session_id, student_id, status, marked_at, evidence, version{column})
VALUES (1, 7, 1, 'present', '2026-03-02 08:02:00', '[]', 1{value})"""


def record_of_somebody(revision: str, policy: str = "either") -> str:
    """A statement that writes the student's record; since 0004 records know the policy."""
    knows = revision >= "0004"
    return _RECORD.format(column=", policy" if knows else "", value=f", '{policy}'" if knows else "")


def fill(engine: Engine, revision: str, *, policy: str = "either") -> None:
    """Put a course, a student, a session and a record into a database of that schema."""
    run(engine, *_SCHOOL.format(policy=policy).split(";"), record_of_somebody(revision, policy))


def run(engine: Engine, *statements: str) -> None:
    """In one transaction."""
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def refuses(engine: Engine, *statements: str) -> None:
    """Check that the schema lets none of them happen."""
    for statement in statements:
        with pytest.raises(IntegrityError):
            run(engine, statement)


def move(engine: Engine, to: str, *, up: bool) -> None:
    """Go to a revision; on the way down tables are made anew, for which SQLite must not look at what refers to them."""
    config = Config()
    config.set_main_option("script_location", str(Path(str(migrations.__file__)).parent))
    with engine.connect() as connection:
        if not up and engine.dialect.name == "sqlite":
            connection.connection.execute("PRAGMA foreign_keys=OFF").close()
        with connection.begin():
            config.attributes["connection"] = connection
            (command.upgrade if up else command.downgrade)(config, to)

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from kiosk.errors import StorageError
from kiosk.storage import migrations
from kiosk.storage.database import schema
from kiosk.storage.database.engine import engine_for
from kiosk.storage.database.tables import Row
from tests.fakes.storage.postgresql import PostgresServer

_OLD_SCHOOL = (
    "INSERT INTO courses (id, code, code_folded, title, room) VALUES (1, 'M', 'm', 'Maths', '')",
    (
        "INSERT INTO students (id, student_no, student_no_folded, full_name, full_name_folded) "
        "VALUES (1, 's1', 's1', 'Ada', 'ada')"
    ),
    (
        "INSERT INTO class_sessions (id, course_id, started_at, late_after_s, policy, liveness, started_by, model, code_key) "
        "VALUES (7, 1, '2026-03-02 08:00:00', 600, 'phone', 'passive', 'Tom', 'm', '')"
    ),
    (
        "INSERT INTO attendance_records (id, session_id, student_id, status, marked_at, evidence, version) "
        "VALUES (1, 7, 1, 'present', '2026-03-02 08:02:00', '[]', 1)"
    ),
)


@pytest.fixture
def engine(postgres: PostgresServer) -> Iterator[Engine]:
    made = engine_for(postgres.address(postgres.make_database()))
    yield made
    made.dispose()


def _move(engine: Engine, to: str, *, up: bool) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(str(migrations.__file__)).parent))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        (command.upgrade if up else command.downgrade)(config, to)


def test_a_school_of_the_first_schema_keeps_its_records_on_the_way_up_and_down(engine: Engine) -> None:
    _move(engine, "0001", up=True)
    with engine.begin() as connection:
        for statement in _OLD_SCHOOL:
            connection.exec_driver_sql(statement)
    schema.upgrade(engine)
    kept = "SELECT session_id, student_id, status FROM attendance_records"
    with engine.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Row.metadata) == []
        assert connection.exec_driver_sql(f"{kept} WHERE policy = 'phone'").fetchall() == [(7, 1, "present")]
        connection.exec_driver_sql("UPDATE class_sessions SET liveness = 'active', policy = 'spot_check'")
    for wrong in (
        "UPDATE class_sessions SET liveness = 'maybe'",
        "UPDATE class_sessions SET headcount = -1",
        "UPDATE attendance_records SET policy = 'maybe'",
        "INSERT INTO incidents (session_id, kind, at, times) VALUES (7, 'gossip', '2026-03-02', 1)",
        "DELETE FROM class_sessions",
    ):
        with pytest.raises(IntegrityError), engine.begin() as connection:
            connection.exec_driver_sql(wrong)
    _move(engine, "0001", up=False)
    with engine.begin() as connection:
        assert connection.exec_driver_sql(kept).fetchall() == [(7, 1, "present")]
        assert schema.revision(connection) == "0001"


def test_a_database_of_another_program_is_left_alone(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE recipes (name TEXT)")
    with pytest.raises(StorageError, match="no kiosk database"):
        schema.upgrade(engine)

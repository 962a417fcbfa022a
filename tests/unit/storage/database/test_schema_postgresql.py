from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine

from kiosk.errors import StorageError
from kiosk.storage.database import schema
from kiosk.storage.database.engine import engine_for
from kiosk.storage.database.row import Row
from tests.fakes.storage.old_schools import fill, move, refuses
from tests.fakes.storage.postgresql import PostgresServer


@pytest.fixture
def engine(postgres: PostgresServer) -> Iterator[Engine]:
    made = engine_for(postgres.address(postgres.make_database()))
    yield made
    made.dispose()


def test_a_school_of_the_first_schema_keeps_its_records_on_the_way_up_and_down(engine: Engine) -> None:
    move(engine, "0001", up=True)
    fill(engine, "0001", policy="phone")
    schema.upgrade(engine)
    kept = "SELECT session_id, student_id, status FROM attendance_records"
    with engine.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Row.metadata) == []
        assert connection.exec_driver_sql(f"{kept} WHERE policy = 'phone'").fetchall() == [(7, 1, "present")]
        connection.exec_driver_sql("UPDATE class_sessions SET liveness = 'active', policy = 'spot_check'")
    refuses(
        engine,
        "UPDATE class_sessions SET liveness = 'maybe'",
        "UPDATE class_sessions SET headcount = -1",
        "UPDATE attendance_records SET policy = 'maybe'",
        "INSERT INTO incidents (session_id, kind, at, times) VALUES (7, 'gossip', '2026-03-02', 1)",
        "DELETE FROM class_sessions",
    )
    move(engine, "0001", up=False)
    with engine.begin() as connection:
        assert connection.exec_driver_sql(kept).fetchall() == [(7, 1, "present")]
        assert schema.revision(connection) == "0001"


def test_a_database_of_another_program_is_left_alone(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE recipes (name TEXT)")
    with pytest.raises(StorageError, match="no kiosk database"):
        schema.upgrade(engine)

"""Databases of before class sessions were things of their own: what they hold stays, and the way back works."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect

from kiosk.storage import migrations
from kiosk.storage.database import schema
from kiosk.storage.database.engine import engine_for
from kiosk.storage.database.row import Row
from tests.fakes.storage.old_schools import fill, move, refuses, run


def before(stem: str) -> str:
    """The schema before a migration, whatever its number is."""
    scripts = ScriptDirectory(str(Path(str(migrations.__file__)).parent)).walk_revisions()
    (found,) = (one.down_revision for one in scripts if one.path.endswith(f"_{stem}.py"))
    return str(found)


def _old(path: Path, revision: str) -> Engine:
    engine = engine_for(path)
    move(engine, revision, up=True)
    fill(engine, revision)
    return engine


def test_sessions_of_before_they_were_things_count_and_can_go_back(tmp_path: Path) -> None:
    old = before("sessions_as_things")
    engine = _old(tmp_path / "old.sqlite3", old)
    schema.upgrade(engine)
    with engine.begin() as connection:
        assert connection.exec_driver_sql(
            "SELECT note, room, cancelled_at, cancel_reason, added_at, reopened_until, deleted_at FROM class_sessions"
        ).fetchall() == [("", "", None, "", None, None, None)]
        connection.exec_driver_sql("UPDATE class_sessions SET note = 'b', deleted_at = '2026-03-02'")
        assert compare_metadata(MigrationContext.configure(connection), Row.metadata) == []
    move(engine, old, up=False)
    with engine.begin() as connection:
        columns = {column["name"] for column in inspect(connection).get_columns("class_sessions")}
        assert not columns & {"note", "room", "cancelled_at", "deleted_at"}
        assert connection.exec_driver_sql("SELECT count(*) FROM attendance_records").scalar() == 1
    engine.dispose()


def test_an_old_school_gets_a_place_for_announced_absences_and_can_go_back(tmp_path: Path) -> None:
    old = before("planned_absences")
    engine = _old(tmp_path / "old.sqlite3", old)
    schema.upgrade(engine)
    away = (
        "INSERT INTO planned_absences (student_id, first_day, last_day, reason, made_at, made_by) "
        "VALUES ({}, '2026-03-02', '{}', 'ill', '2026-03-01 08:00:00', 'Tom')"
    )
    run(engine, away.format(1, "2026-03-04"))
    refuses(engine, away.format(99, "2026-03-04"), away.format(1, "2026-03-01"))
    with engine.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Row.metadata) == []
    move(engine, old, up=False)
    with engine.begin() as connection:
        assert "planned_absences" not in inspect(connection).get_table_names()
    engine.dispose()


def test_an_old_school_gets_a_place_for_rechecks_and_can_go_back(tmp_path: Path) -> None:
    old = before("rechecks")
    engine = _old(tmp_path / "old.sqlite3", old)
    schema.upgrade(engine)
    window = (
        "INSERT INTO rechecks (session_id, meaning, started_by, disturbance, taken_back_by) "
        "VALUES ({}, '{}', 'Tom', '', '')"
    )
    asked = "INSERT INTO recheck_students (recheck_id, student_id, evidence) VALUES (1, {}, '[]')"
    run(engine, window.format(7, "noted"))
    run(engine, asked.format(1))
    refuses(
        engine, window.format(99, "noted"), window.format(7, "excused"), asked.format(1), asked.format(99)
    )
    with engine.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Row.metadata) == []
    move(engine, old, up=False)
    with engine.begin() as connection:
        assert not {"rechecks", "recheck_students"} & set(inspect(connection).get_table_names())
        assert connection.exec_driver_sql("SELECT count(*) FROM attendance_records").scalar() == 1
    engine.dispose()


def test_records_of_before_have_one_of_the_four_and_nothing_more(tmp_path: Path) -> None:
    old = before("school_statuses")
    engine = _old(tmp_path / "old.sqlite3", old)
    schema.upgrade(engine)
    status = (
        "INSERT INTO school_statuses (id, name, name_folded, letter, letter_folded, colour, base, percent, version, retired) "
        "VALUES ({}, 'trip', '{}', 'T', '{}', '{}', '{}', {}, 1, 0)"
    )
    run(engine, status.format(1, "trip", "t", "blue", "excused", 100))
    refuses(
        engine,
        status.format(2, "trip", "u", "blue", "excused", 100),
        status.format(2, "tour", "t", "blue", "excused", 100),
        status.format(2, "tour", "u", "pink", "excused", 100),
        status.format(2, "tour", "u", "blue", "away", 100),
        status.format(2, "tour", "u", "blue", "excused", 101),
        "UPDATE attendance_records SET school_status_id = 9",
    )
    with engine.begin() as connection:
        said = connection.exec_driver_sql("SELECT status, school_status_id FROM attendance_records").all()
        assert [tuple(one) for one in said] == [("present", None)]
        connection.exec_driver_sql("UPDATE attendance_records SET status = 'excused', school_status_id = 1")
        assert compare_metadata(MigrationContext.configure(connection), Row.metadata) == []
    refuses(engine, "DELETE FROM school_statuses")
    move(engine, old, up=False)
    with engine.begin() as connection:
        assert "school_statuses" not in inspect(connection).get_table_names()
        assert connection.exec_driver_sql("SELECT status FROM attendance_records").scalar() == "excused"
    engine.dispose()


def test_whoever_taught_a_course_once_is_known_from_rows_and_log_and_nobody_else(tmp_path: Path) -> None:
    old = before("once_assigned")
    engine = _old(tmp_path / "old.sqlite3", old)
    names = ("Ann", "Ben", "Cy", "Be")  # teaches, taught, never did, and whose name is a part of another's
    for number, name in enumerate(names, start=1):
        run(
            engine,
            "INSERT INTO users (id, name, name_folded, role, password_hash, active) "
            f"VALUES ({number}, '{name}', '{name.lower()}', 'teacher', 'x', 1)",
        )
    said = "INSERT INTO audit VALUES ({}, '2026-03-01 08:00:00', 'Ada', 'course.teachers', 'M', '{}', '', '')"
    run(
        engine,
        "INSERT INTO course_teachers (course_id, user_id) VALUES (1, 1)",
        said.format(1, "Ann, Ben"),
        said.format(2, "Ann"),
    )
    schema.upgrade(engine)
    with engine.begin() as connection:
        known = connection.exec_driver_sql("SELECT name, was_assigned FROM users ORDER BY id").fetchall()
        assert known == [("Ann", 1), ("Ben", 1), ("Cy", 0), ("Be", 0)]
        assert compare_metadata(MigrationContext.configure(connection), Row.metadata) == []
    move(engine, old, up=False)
    with engine.begin() as connection:
        columns = {column["name"] for column in inspect(connection).get_columns("users")}
        assert "was_assigned" not in columns
        assert connection.exec_driver_sql("SELECT count(*) FROM users").scalar() == 4
    engine.dispose()


def test_an_old_school_gets_a_place_for_check_outs_and_can_go_back(tmp_path: Path) -> None:
    old = before("check_outs")
    engine = _old(tmp_path / "old.sqlite3", old)
    schema.upgrade(engine)
    out = (
        "INSERT INTO check_outs (session_id, student_id, evidence, minutes, entered_by, reason) "
        "VALUES ({}, {}, '[]', {}, '', '')"
    )
    run(engine, out.format(7, 1, 5))
    refuses(engine, out.format(7, 1, 6), out.format(99, 1, 5), out.format(7, 99, 5))
    run(engine, "DELETE FROM check_outs")
    refuses(engine, out.format(7, 1, -1))
    with engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT check_out_since FROM class_sessions").scalar() is None
        assert compare_metadata(MigrationContext.configure(connection), Row.metadata) == []
    move(engine, old, up=False)
    with engine.begin() as connection:
        assert "check_outs" not in inspect(connection).get_table_names()
        columns = {column["name"] for column in inspect(connection).get_columns("class_sessions")}
        assert "check_out_since" not in columns
        assert connection.exec_driver_sql("SELECT count(*) FROM attendance_records").scalar() == 1
    engine.dispose()

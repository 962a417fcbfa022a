from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, inspect

from kiosk.errors import StorageError
from kiosk.storage import migrations
from kiosk.storage.database import schema
from kiosk.storage.database.engine import engine_for
from kiosk.storage.database.row import Row
from kiosk.storage.database.sql_database import SqlDatabase
from kiosk.storage.database.sqlite_library import sqlite3
from kiosk.storage.keys.key_ring import KeyRing, database_path
from tests.fakes.storage.old_schools import RECORD, fill, move, record_of_somebody, refuses, run


def test_the_migrations_make_what_the_tables_say() -> None:
    engine = create_engine("sqlite://")
    schema.upgrade(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Row.metadata) == []
    engine.dispose()


def test_the_migrations_make_the_same_checks_as_the_tables() -> None:
    migrated, declared = create_engine("sqlite://"), create_engine("sqlite://")
    schema.upgrade(migrated)
    Row.metadata.create_all(declared)
    with migrated.connect() as left, declared.connect() as right:
        assert _checks(left) == _checks(right)
        assert sum(len(checks) for checks in _checks(left).values()) >= 15
    migrated.dispose()
    declared.dispose()


def _checks(connection: Connection) -> dict[str, set[tuple[str, str]]]:
    inspector = inspect(connection)
    return {
        table: {(str(check["name"]), check["sqltext"]) for check in inspector.get_check_constraints(table)}
        for table in Row.metadata.tables
    }


def test_the_newest_script_is_the_revision_that_the_program_expects() -> None:
    scripts = ScriptDirectory(str(Path(str(migrations.__file__)).parent))
    assert scripts.get_heads() == [schema.HEAD]


def test_the_first_revision_can_be_taken_back() -> None:
    engine = create_engine("sqlite://")
    schema.upgrade(engine)
    move(engine, "base", up=False)
    with engine.begin() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
    engine.dispose()


def test_upgrading_a_current_database_changes_nothing(data_dir: Path, key_ring: KeyRing) -> None:
    before = database_path(data_dir).read_bytes()
    SqlDatabase.open(database_path(data_dir), key_ring=key_ring).close()
    assert database_path(data_dir).read_bytes() == before


def test_a_database_of_a_newer_version_is_refused_in_words(data_dir: Path, key_ring: KeyRing) -> None:
    connection = sqlite3.connect(database_path(data_dir))
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    with pytest.raises(StorageError, match="newer version"):
        SqlDatabase.open(database_path(data_dir), key_ring=key_ring)


def test_a_database_of_another_program_is_left_alone(tmp_path: Path, key_ring: KeyRing) -> None:
    path = tmp_path / "other.sqlite3"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.commit()
    connection.close()
    with pytest.raises(StorageError, match="no kiosk database"):
        SqlDatabase.open(path, key_ring=key_ring)
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("recipes",)]
    connection.close()


def _old(path: Path, revision: str, *, policy: str = "either") -> Engine:
    engine = engine_for(path)
    move(engine, revision, up=True)
    fill(engine, revision, policy=policy)
    return engine


def test_a_first_database_keeps_its_sessions_and_records_when_it_learns_of_head_turns(tmp_path: Path) -> None:
    engine = _old(tmp_path / "old.sqlite3", "0001")
    schema.upgrade(engine)
    with engine.begin() as connection:
        assert connection.exec_driver_sql(
            "SELECT s.id, s.liveness, r.status FROM class_sessions s JOIN attendance_records r ON r.session_id = s.id"
        ).fetchall() == [(7, "passive", "present")]
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        connection.exec_driver_sql("UPDATE class_sessions SET liveness = 'active'")
        connection.exec_driver_sql(
            "INSERT INTO suspected_attacks (session_id, at, liveness) VALUES (7, '2026', 0.1)"
        )
        assert compare_metadata(MigrationContext.configure(connection), Row.metadata) == []
    refuses(
        engine, "UPDATE class_sessions SET liveness = 'maybe'", "UPDATE class_sessions SET policy = 'maybe'"
    )
    refuses(engine, "DELETE FROM class_sessions")
    engine.dispose()


def test_each_old_record_learns_what_its_session_demanded(tmp_path: Path) -> None:
    engine = _old(tmp_path / "old.sqlite3", "0003", policy="phone")
    run(
        engine,
        "INSERT INTO record_history (record_id, version, status, marked_at, evidence, corrected_at, actor, reason) "
        "VALUES (1, 1, 'absent', '2026-03-02 08:01:00', '[]', '2026-03-02 08:02:00', 'Tom', 'came')",
    )
    schema.upgrade(engine)
    with engine.begin() as connection:
        assert connection.exec_driver_sql(
            "SELECT r.id, r.status, r.policy, h.status FROM attendance_records r JOIN record_history h "
            "ON h.record_id = r.id"
        ).fetchall() == [(1, "present", "phone", "absent")]
        connection.exec_driver_sql("UPDATE class_sessions SET policy = 'spot_check'")
        connection.exec_driver_sql("UPDATE attendance_records SET policy = 'both'")
        assert compare_metadata(MigrationContext.configure(connection), Row.metadata) == []
    refuses(
        engine,
        "UPDATE attendance_records SET policy = 'maybe'",
        "UPDATE attendance_records SET policy = NULL",
        "INSERT INTO pending_claims (session_id, student_id, evidence, awaits, made_at) VALUES (7, 1, '[]', 'x', '2026')",
        (
            "INSERT INTO attendance_records (session_id, student_id, status, marked_at, evidence, version, policy) "
            "VALUES (7, 1, 'late', '2026', '[]', 1, 'both')"
        ),
        "DELETE FROM attendance_records",
    )
    engine.dispose()


def test_two_proofs_are_forgotten_when_the_schema_is_taken_back() -> None:
    engine = create_engine("sqlite://")
    schema.upgrade(engine)
    fill(engine, schema.HEAD, policy="both")
    move(engine, "0003", up=False)
    with engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT policy FROM class_sessions").fetchall() == [("either",)]
        columns = {column["name"] for column in inspect(connection).get_columns("attendance_records")}
        assert "policy" not in columns
        assert len(_checks_of(connection, "attendance_records")) == 3
    engine.dispose()


def _checks_of(connection: Connection, table: str) -> list[str]:
    return [str(check["name"]) for check in inspect(connection).get_check_constraints(table)]


def test_a_database_whose_rows_refer_to_nothing_is_not_upgraded(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite3"
    engine = engine_for(path)
    move(engine, "0001", up=True)
    with sqlite3.connect(path) as careless:  # foreign keys are off here
        careless.execute(record_of_somebody("0001"))
    careless.close()
    with pytest.raises(StorageError, match="refer to nothing"):
        schema.upgrade(engine)
    with engine.begin() as connection:
        assert schema.revision(connection) == "0001"
    engine.dispose()


def test_an_old_school_gets_a_place_for_incidents_and_can_go_back(tmp_path: Path) -> None:
    engine = _old(tmp_path / "old.sqlite3", "0003")
    schema.upgrade(engine)
    run(
        engine,
        "INSERT INTO device_uses (session_id, student_id, device, at) VALUES (7, 1, 'd', '2026-03-02 08:00:00')",
        "INSERT INTO incidents (session_id, kind, at, times) VALUES (7, 'outside_network', '2026-03-02', 1)",
    )
    refuses(
        engine,
        "INSERT INTO device_uses (session_id, student_id, device, at) VALUES (7, 1, 'd', '2026')",
        "INSERT INTO device_uses (session_id, student_id, device, at) VALUES (7, 99, 'e', '2026')",
        "INSERT INTO incidents (session_id, kind, at, times) VALUES (7, 'gossip', '2026', 1)",
        "INSERT INTO incidents (session_id, kind, at, times) VALUES (7, 'outside_network', '2026', 0)",
        "INSERT INTO incidents (session_id, kind, at, times) VALUES (99, 'outside_network', '2026', 1)",
    )
    move(engine, "0004", up=False)
    with engine.begin() as connection:
        assert not {"incidents", "device_uses"} & set(inspect(connection).get_table_names())
        assert connection.exec_driver_sql("SELECT count(*) FROM attendance_records").scalar() == 1
    engine.dispose()


def test_an_older_school_learns_of_objections_and_back(tmp_path: Path) -> None:
    engine = _old(tmp_path / "old.sqlite3", "0007")
    schema.upgrade(engine)
    row = "INSERT INTO objections (record_id, reason, made_at, outcome, answer) VALUES ({}, 'r', '2026', {}, '')"
    run(engine, *(row.format(RECORD, outcome) for outcome in ("'kept'", "'changed'", "NULL")))
    refuses(engine, row.format(RECORD, "NULL"), row.format(RECORD, "'maybe'"), row.format(99, "NULL"))
    move(engine, "0007", up=False)
    with engine.begin() as connection:
        assert "objections" not in inspect(connection).get_table_names()
        assert connection.exec_driver_sql("SELECT count(*) FROM attendance_records").scalar() == 1
    engine.dispose()


def test_an_older_school_learns_of_tokens_and_back(tmp_path: Path) -> None:
    engine = _old(tmp_path / "old.sqlite3", "0005")
    schema.upgrade(engine)
    token = (
        "INSERT INTO api_tokens (name, scopes, secret_hash, created_at, created_by) "
        "VALUES ('T', '{}', '{}', '2026', 'Ada')"
    )
    with engine.begin() as connection:
        connection.exec_driver_sql(token.format("courses:read", "h"))
        assert connection.exec_driver_sql("SELECT count(*) FROM attendance_records").scalar() == 1
    refuses(engine, token.format("courses:read", "h"), token.format("", "i"))
    move(engine, "0005", up=False)
    with engine.begin() as connection:
        assert "api_tokens" not in inspect(connection).get_table_names()
        assert connection.exec_driver_sql("SELECT count(*) FROM attendance_records").scalar() == 1
    engine.dispose()


def test_an_old_school_gets_a_place_for_headcounts_and_can_go_back(tmp_path: Path) -> None:
    engine = _old(tmp_path / "old.sqlite3", "0006")
    run(
        engine,
        "INSERT INTO incidents (session_id, kind, at, times) VALUES (7, 'outside_network', '2026-03-02', 2)",
    )
    schema.upgrade(engine)
    with engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT headcount FROM class_sessions").fetchall() == [(None,)]
        connection.exec_driver_sql("UPDATE class_sessions SET headcount = 23")
        connection.exec_driver_sql(
            "INSERT INTO incidents (session_id, kind, at, times) VALUES (7, 'expired_codes', '2026-03-02', 5)"
        )
        assert compare_metadata(MigrationContext.configure(connection), Row.metadata) == []
        assert len(_checks_of(connection, "class_sessions")) == 4
    refuses(
        engine,
        "UPDATE class_sessions SET headcount = -1",
        "UPDATE class_sessions SET policy = 'maybe'",
        "UPDATE incidents SET kind = 'gossip'",
        "UPDATE incidents SET times = 0",
        "DELETE FROM class_sessions",
    )
    move(engine, "0006", up=False)
    with engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT kind, times FROM incidents").fetchall() == [
            ("outside_network", 2)
        ]
        columns = {column["name"] for column in inspect(connection).get_columns("class_sessions")}
        assert "headcount" not in columns
        assert len(_checks_of(connection, "class_sessions")) == 3
    engine.dispose()


def test_an_old_school_learns_of_moved_clocks_and_replays_and_can_go_back(tmp_path: Path) -> None:
    engine = _old(tmp_path / "old.sqlite3", "0008")
    run(
        engine,
        "INSERT INTO incidents (session_id, kind, at, times) VALUES (7, 'expired_codes', '2026-03-02', 2)",
    )
    schema.upgrade(engine)
    with engine.begin() as connection:
        known = connection.exec_driver_sql("SELECT clock_moved_s, is_replay FROM class_sessions").fetchall()
        assert known == [(0.0, 0)]
        connection.exec_driver_sql("UPDATE class_sessions SET clock_moved_s = -3600, is_replay = 1")
        connection.exec_driver_sql(
            "INSERT INTO incidents (session_id, kind, at, times) VALUES (7, 'clock_moved', '2026-03-02', 1)"
        )
        assert compare_metadata(MigrationContext.configure(connection), Row.metadata) == []
    refuses(engine, "UPDATE incidents SET kind = 'gossip'", "DELETE FROM class_sessions")
    move(engine, "0008", up=False)
    with engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT kind FROM incidents").fetchall() == [("expired_codes",)]
        columns = {column["name"] for column in inspect(connection).get_columns("class_sessions")}
        assert not columns & {"clock_moved_s", "is_replay"}
    engine.dispose()


def test_an_old_school_says_of_its_pictures_that_they_were_enrolled_and_can_go_back(tmp_path: Path) -> None:
    engine = _old(tmp_path / "old.sqlite3", "0009")
    run(
        engine,
        "INSERT INTO student_keys (student_id, key_id, wrapped_key) VALUES (1, 'k', x'00')",
        "INSERT INTO face_samples (id, student_id, digest, sealed_picture, captured_at) "
        "VALUES (5, 1, 'd', x'00', '2026-03-02')",
        "INSERT INTO face_templates (sample_id, student_id, model, sealed_vector, quality) "
        "VALUES (5, 1, 'm', x'00', 1)",
    )
    schema.upgrade(engine)
    with engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT id, origin FROM face_samples").fetchall() == [
            (5, "enrolled")
        ]
        assert connection.exec_driver_sql("SELECT sample_id FROM face_templates").fetchall() == [(5,)]
        connection.exec_driver_sql(
            "INSERT INTO face_samples (id, student_id, digest, sealed_picture, captured_at, origin) "
            "VALUES (6, 1, 'e', x'00', '2026-03-03', 'learned')"
        )
        assert compare_metadata(MigrationContext.configure(connection), Row.metadata) == []
    refuses(engine, "UPDATE face_samples SET origin = 'found'", "UPDATE face_samples SET digest = 'd'")
    move(engine, "0009", up=False)
    with engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT id FROM face_samples").fetchall() == [(5,)]
        assert connection.exec_driver_sql("SELECT sample_id FROM face_templates").fetchall() == [(5,)]
    engine.dispose()


def test_an_old_school_keeps_letting_people_walk_past_and_a_new_one_chooses(tmp_path: Path) -> None:
    old, new = _old(tmp_path / "old.sqlite3", "0010"), create_engine(f"sqlite:///{tmp_path / 'new.sqlite3'}")
    schema.upgrade(old)
    schema.upgrade(new)

    def kept(engine: Engine) -> list[str]:
        with engine.begin() as connection:
            asked = "SELECT value FROM school_settings WHERE name = 'faces.rule'"
            return [str(row[0]) for row in connection.exec_driver_sql(asked)]

    assert (kept(old), kept(new)) == (["walk_past"], [])
    move(old, "0010", up=False)
    assert kept(old) == []
    old.dispose()
    new.dispose()


def test_words_of_before_answers_had_a_sender_stay_and_a_no_that_stands_survives_the_way_down(
    tmp_path: Path,
) -> None:
    engine = _old(tmp_path / "old.sqlite3", "0010")
    said = "INSERT INTO consents (student_id, kind, given, recorded_at, recorded_by{columns}) VALUES "
    old = "(1, 'face_recognition', 1, '2026-03-02', 'Ada')"
    run(engine, said.format(columns="") + old)
    schema.upgrade(engine)
    with engine.begin() as connection:
        assert connection.exec_driver_sql(
            "SELECT given, answered_by, answered_name, notice_version, notice_hash FROM consents"
        ).fetchall() == [(1, None, "", 1, "")]
        assert compare_metadata(MigrationContext.configure(connection), Row.metadata) == []
    sender = ", answered_by, answered_name, answered_name_folded"
    run(
        engine,
        said.format(columns=sender)
        + "(1, 'face_recognition', 0, '2026-03-03', 'Ada', 'student', '', ''), "
        + "(1, 'face_recognition', 1, '2026-03-04', 'Ada', 'guardian', 'Eva', 'eva')",
    )
    refuses(
        engine,
        "UPDATE consents SET answered_by = 'friend'",
        "UPDATE consents SET notice_version = 0",
        "INSERT INTO consent_notices (version, text, hash, published_at, published_by, renew_by) "
        "VALUES (1, 'a', 'b', '2026-03-02', 'Ada', '2026-03-02')",
    )
    move(engine, "0010", up=False)
    with engine.begin() as connection:
        words = connection.exec_driver_sql("SELECT given, recorded_at FROM consents ORDER BY id").fetchall()
        assert words[-1] == (0, "2026-03-03")
        assert len(words) == 4
    engine.dispose()


def test_an_old_school_learns_of_enrolled_phones_and_can_go_back(tmp_path: Path) -> None:
    engine = _old(tmp_path / "old.sqlite3", "0013")
    run(
        engine,
        "INSERT INTO incidents (session_id, kind, at, times) VALUES (7, 'guessed_pins', '2026-03-02', 2)",
        "INSERT INTO device_uses (session_id, student_id, device, at) VALUES (7, 1, 'd', '2026-03-02 08:00:00')",
    )
    schema.upgrade(engine)
    phone = (
        "INSERT INTO enrolled_phones (student_id, secret_hash, kind, enrolled_at, enrolled_by) "
        "VALUES ({}, '{}', 'iPhone', '2026-03-02', 'Tom')"
    )
    run(
        engine,
        phone.format(1, "h"),
        "INSERT INTO incidents (session_id, kind, at, times) VALUES (7, 'new_browsers', '2026-03-02', 1)",
        "INSERT INTO incidents (session_id, student_id, kind, at, times) "
        "VALUES (7, 1, 'phone_not_enrolled', '2026-03-02', 1)",
    )
    with engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT scanned_at FROM device_uses").fetchall() == [(None,)]
        assert compare_metadata(MigrationContext.configure(connection), Row.metadata) == []
    refuses(
        engine,
        phone.format(1, "h"),
        phone.format(99, "i"),
        "UPDATE incidents SET kind = 'gossip'",
    )
    move(engine, "0013", up=False)
    with engine.begin() as connection:
        assert "enrolled_phones" not in inspect(connection).get_table_names()
        assert connection.exec_driver_sql("SELECT kind FROM incidents").fetchall() == [("guessed_pins",)]
        assert connection.exec_driver_sql("SELECT count(*) FROM device_uses").scalar() == 1
    engine.dispose()


def test_enrolled_phones_keep_their_cookies_when_keys_come_and_those_with_keys_go_when_they_go(
    tmp_path: Path,
) -> None:
    engine = _old(tmp_path / "old.sqlite3", "0014")
    phone = (
        "INSERT INTO enrolled_phones (student_id, secret_hash, kind, enrolled_at, enrolled_by{}) "
        "VALUES (1, '{}', 'iPhone', '2026-03-02', 'Tom'{})"
    )
    run(engine, phone.format("", "old", ""))
    schema.upgrade(engine)
    run(engine, phone.format(", credential_id, public_key, sign_count", "new", ", x'01', x'02', 4294967295"))
    with engine.begin() as connection:
        assert connection.exec_driver_sql(
            "SELECT secret_hash, credential_id, public_key, sign_count FROM enrolled_phones ORDER BY id"
        ).fetchall() == [("old", None, None, None), ("new", b"\x01", b"\x02", 4294967295)]
        assert compare_metadata(MigrationContext.configure(connection), Row.metadata) == []
    move(engine, "0014", up=False)
    with engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT secret_hash FROM enrolled_phones").fetchall() == [("old",)]
    engine.dispose()


def test_students_of_before_are_sorted_by_family_name_and_stay_active(tmp_path: Path) -> None:
    engine = _old(tmp_path / "old.sqlite3", "0015")
    run(
        engine,
        "INSERT INTO students (id, student_no, student_no_folded, full_name, full_name_folded) "
        "VALUES (2, 's2', 's2', 'Zoë van Aken', 'zoe van aken')",
    )
    schema.upgrade(engine)
    with engine.begin() as connection:
        assert connection.exec_driver_sql(
            "SELECT sort_name_folded, family_name, called, inactive_from, merged_into_id FROM students ORDER BY id"
        ).fetchall() == [("ada", "", "", None, None), ("van aken zoe", "", "", None, None)]
    move(engine, "0015", up=False)
    with engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT full_name FROM students ORDER BY id").fetchall() == [
            ("Ada",),
            ("Zoë van Aken",),
        ]
    engine.dispose()


def test_an_old_school_gets_a_place_for_teachers_of_courses_and_can_go_back(tmp_path: Path) -> None:
    engine = _old(tmp_path / "old.sqlite3", "0016")
    run(
        engine,
        "INSERT INTO users (id, name, name_folded, role, password_hash, active) VALUES (9, 'T', 't', 'teacher', 'x', 1)",
    )
    schema.upgrade(engine)
    assigned = "INSERT INTO course_teachers (course_id, user_id) VALUES ({}, {})"
    with engine.begin() as connection:
        course = connection.exec_driver_sql("SELECT id FROM courses").scalar_one()
        assert compare_metadata(MigrationContext.configure(connection), Row.metadata) == []
    run(engine, assigned.format(course, 9))
    refuses(engine, assigned.format(course, 9), assigned.format(course, 99), assigned.format(99, 9))
    move(engine, "0016", up=False)
    with engine.begin() as connection:
        assert "course_teachers" not in inspect(connection).get_table_names()
        assert connection.exec_driver_sql("SELECT count(*) FROM courses").scalar() == 1
    engine.dispose()


def test_an_old_school_gets_places_for_saved_views_and_quick_lists_and_can_go_back(tmp_path: Path) -> None:
    engine = _old(tmp_path / "old.sqlite3", "0017")
    run(
        engine,
        "INSERT INTO users (id, name, name_folded, role, password_hash, active) VALUES (9, 'T', 't', 'teacher', 'x', 1)",
    )
    schema.upgrade(engine)
    view = (
        "INSERT INTO saved_views (id, name, owner_id, is_shared, question, saved_at) "
        "VALUES ({}, 'Week', {}, 1, '{{}}', '2026-03-02')"
    )
    first = "INSERT INTO default_views (user_id, view_id) VALUES ({}, {})"
    run(engine, view.format(1, 9))
    run(engine, first.format(9, 1))
    refuses(engine, view.format(2, 99), first.format(9, 1), first.format(99, 1))
    with engine.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Row.metadata) == []
        indices = {str(one["name"]) for one in inspect(connection).get_indexes("attendance_records")}
        assert "ix_attendance_records_list" in indices
    move(engine, "0017", up=False)
    with engine.begin() as connection:
        assert "saved_views" not in inspect(connection).get_table_names()
        assert connection.exec_driver_sql("SELECT count(*) FROM attendance_records").scalar() == 1
    engine.dispose()


def test_an_old_school_gets_places_for_a_timetable_and_can_go_back(tmp_path: Path) -> None:
    engine = _old(tmp_path / "old.sqlite3", "0018")
    schema.upgrade(engine)
    with engine.begin() as connection:
        assert connection.exec_driver_sql(
            "SELECT code, term_id, archived_at, version FROM courses"
        ).fetchall() == [("M", None, None, 1)]
        assert compare_metadata(MigrationContext.configure(connection), Row.metadata) == []
    term = "INSERT INTO terms (name, name_folded, first_day, last_day) VALUES ('A', 'a', '{}', '{}')"
    slot = "INSERT INTO course_slots (course_id, weekday, begins, minutes, room) VALUES ({}, {}, {}, {}, '')"
    single = (
        "INSERT INTO course_dates (course_id, begins_at, minutes, room, origin, uid) "
        "VALUES ({}, '2026-03-02 08:00:00', 45, '', '{}', '')"
    )
    run(engine, term.format("2026-03-02", "2026-03-02"), slot.format(1, 0, 0, 90), single.format(1, "hand"))
    refuses(
        engine,
        term.format("2026-03-02", "2026-03-02"),
        "UPDATE terms SET last_day = '2026-03-01'",
        slot.format(99, 0, 0, 90),
        slot.format(1, 7, 0, 90),
        slot.format(1, 0, 1440, 90),
        slot.format(1, 0, 0, 0),
        single.format(1, "hand"),
        single.format(1, "gossip"),
        "UPDATE courses SET term_id = 99",
        "INSERT INTO holidays (name, first_day, last_day) VALUES ('H', '2026-03-02', '2026-03-01')",
        "DELETE FROM courses",
    )
    move(engine, "0018", up=False)
    with engine.begin() as connection:
        assert not {"terms", "course_slots"} & set(inspect(connection).get_table_names())
        assert connection.exec_driver_sql("SELECT id, code, room FROM courses").fetchall() == [(1, "M", "")]
    engine.dispose()

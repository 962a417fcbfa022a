from datetime import timedelta

import pytest

from kiosk.domain.people.staff import Role, User
from kiosk.domain.trust.throttle import UNDER, FailureCount
from kiosk.errors import ConflictError, NotFoundError
from kiosk.storage.database.sql_database import SqlDatabase
from tests.unit.storage.classroom import START


def test_a_user_is_found_without_regard_to_case_and_exists_once(database: SqlDatabase) -> None:
    with database.transaction() as repositories:
        anna = repositories.users.add(name="Anna", role=Role.ADMIN, password_hash="h1")
        assert anna == User(anna.user_id, "Anna", Role.ADMIN, active=True)
        with pytest.raises(ConflictError, match="ANNA"):
            repositories.users.add(name="ANNA", role=Role.TEACHER, password_hash="h2")
    with database.snapshot() as repositories:
        assert repositories.users.by_name("anna") == anna
        assert repositories.users.by_name("ben") is None
        assert repositories.users.all() == [anna]
        assert repositories.users.password_hash(anna.user_id) == "h1"


def test_a_password_and_the_right_to_sign_in_can_be_changed(database: SqlDatabase) -> None:
    with database.transaction() as repositories:
        anna = repositories.users.add(name="Anna", role=Role.TEACHER, password_hash="h1")
        repositories.users.set_password_hash(anna.user_id, "h2")
        repositories.users.set_active(anna.user_id, False)
    with database.snapshot() as repositories:
        assert repositories.users.password_hash(anna.user_id) == "h2"
        assert repositories.users.by_name("anna") == User(anna.user_id, "Anna", Role.TEACHER, active=False)


def test_an_unknown_user_is_said_in_words(database: SqlDatabase) -> None:
    with database.snapshot() as repositories, pytest.raises(NotFoundError):
        repositories.users.password_hash(99)


def test_wrong_tries_are_counted_through_a_restart_and_forgiven(database: SqlDatabase) -> None:
    first = FailureCount(1, START)
    second = FailureCount(2, START + timedelta(seconds=3))
    with database.transaction() as repositories:
        assert repositories.failures.get("user:anna") == FailureCount()
        repositories.failures.put("user:anna", first)
        repositories.failures.put("student:s1", first)
    database.close()
    with database.transaction() as repositories:
        assert repositories.failures.get("user:anna") == first
        repositories.failures.put("user:anna", second)
        assert repositories.failures.get("user:anna") == second
    with database.transaction() as repositories:
        repositories.failures.put("user:anna", FailureCount())
    with database.snapshot() as repositories:
        assert repositories.failures.get("user:anna") == FailureCount()
        assert repositories.failures.get("student:s1") == first


def test_settings_of_the_school_are_kept(database: SqlDatabase) -> None:
    with database.transaction() as repositories:
        assert repositories.school_settings.get("late.after") is None
        repositories.school_settings.put("late.after", "10")
        repositories.school_settings.put("face.accept", "0.5")
        repositories.school_settings.put("late.after", "15")
    with database.snapshot() as repositories:
        assert repositories.school_settings.get("late.after") == "15"
        assert repositories.school_settings.all() == {"face.accept": "0.5", "late.after": "15"}


def test_old_wrong_tries_are_forgotten_but_for_those_that_lock(database: SqlDatabase) -> None:
    with database.transaction() as repositories:
        repositories.failures.put("student:s1", FailureCount(99, START - timedelta(days=2)))
        repositories.failures.put("student:s2", FailureCount(100, START - timedelta(days=2)))
        repositories.failures.put("student:s3", FailureCount(1, START))
        repositories.failures.forget_before(START - timedelta(days=1))
        left = repositories.failures.among(["student:s1", "student:s2", "student:s3"])
    assert {account: count.failures for account, count in left.items()} == {
        "student:s2": 100,
        "student:s3": 1,
    }


def test_an_account_is_forgiven_with_what_is_counted_under_it_alone(database: SqlDatabase) -> None:
    with database.transaction() as repositories:
        for account in (
            "student:s1",
            f"student:s1{UNDER}browser x",
            "student:s12",
            f"student:s2{UNDER}browser x",
        ):
            repositories.failures.put(account, FailureCount(3, START))
        repositories.failures.forgive("student:s1")
        assert repositories.failures.below(["student:s1", "student:s2"]) == {
            "student:s2": [FailureCount(3, START)]
        }
        assert repositories.failures.get("student:s1") == FailureCount()
        assert repositories.failures.get("student:s12") == FailureCount(3, START)

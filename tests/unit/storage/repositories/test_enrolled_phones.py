import pytest

from kiosk.domain.phones.phone_key import PhoneKey
from kiosk.errors import NotFoundError
from kiosk.storage.store import Database
from tests.unit.storage.classroom import START, Classroom, add_classroom


@pytest.fixture
def classroom(database: Database) -> Classroom:
    return add_classroom(database)


def test_phones_are_found_by_their_hash_and_by_their_student(
    database: Database, classroom: Classroom
) -> None:
    first, second = classroom.students[:2]
    with database.transaction() as repositories:
        phones = repositories.enrolled_phones
        phone = phones.add(first.student_id, "a" * 64, kind="iPhone", enrolled_at=START, enrolled_by="Tom")
        tablet = phones.add(first.student_id, "b" * 64, kind="iPad", enrolled_at=START, enrolled_by="Tom")
        other = phones.add(second.student_id, "c" * 64, kind="", enrolled_at=START, enrolled_by="Tom")
    with database.snapshot() as repositories:
        phones = repositories.enrolled_phones
        assert phones.by_hash("a" * 64) == phone
        assert phones.by_hash("d" * 64) is None
        assert phones.of_student(first.student_id) == [phone, tablet]
        assert phones.of_student(second.student_id) == [other]
    with database.transaction() as repositories:
        phones = repositories.enrolled_phones
        assert (phones.remove(phone.phone_id), phones.remove(phone.phone_id)) == (True, False)
        assert phones.remove_of(first.student_id) == 1
        assert phones.of_student(second.student_id) == [other]


def test_a_phone_with_a_key_is_kept_with_it_and_its_count_only_grows(
    database: Database, classroom: Classroom
) -> None:
    student_id, key = classroom.students[0].student_id, PhoneKey(b"\x00id", b"public", 2**32 - 2)
    with database.transaction() as repositories:
        phones = repositories.enrolled_phones
        with_key = phones.add(student_id, "a" * 64, kind="", enrolled_at=START, enrolled_by="Tom", key=key)
        plain = phones.add(student_id, "b" * 64, kind="", enrolled_at=START, enrolled_by="Tom")
    assert (with_key.key, plain.key) == (key, None)
    with database.transaction() as repositories:
        phones = repositories.enrolled_phones
        assert phones.with_keys() == {"a" * 64: with_key}
        assert [phones.count(with_key.phone_id, 2**32 - 1) for _again in range(2)] == [True, False]
        assert [phones.count(one, 2**32 - 1) for one in (plain.phone_id, 99)] == [False, False]
    with database.snapshot() as repositories:
        found = repositories.enrolled_phones.by_hash("a" * 64)
        assert found is not None
        assert found.key == PhoneKey(b"\x00id", b"public", 2**32 - 1)


def test_a_phone_of_nobody_is_refused(database: Database) -> None:
    with database.transaction() as repositories, pytest.raises(NotFoundError):
        repositories.enrolled_phones.add(99, "a" * 64, kind="", enrolled_at=START, enrolled_by="Tom")

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from kiosk.domain.faces.frames import Vector
from kiosk.domain.faces.recognition import Template
from kiosk.domain.faces.samples import FaceSample, LearnedSample, SampleKey, SampleOrigin
from kiosk.errors import ConflictError, NotFoundError, StorageError
from kiosk.storage.database.sql_database import SqlDatabase
from kiosk.storage.database.sqlite_library import sqlite3
from kiosk.storage.keys.key_ring import KeyRing, database_path
from tests.unit.storage.classroom import START, Classroom, add_classroom

MODEL = "dlib-resnet-v1"
PICTURE = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)) * 40 + b"\xff\xd9"
SOURCE = b"\xff\xd8 the file as it was handed in " + PICTURE


def _vector(seed: int = 7) -> Vector:
    return np.random.default_rng(seed).normal(size=128).astype(np.float32)


def _enrol(
    database: SqlDatabase, classroom: Classroom, student: int = 0, *, source: bytes = SOURCE, seed: int = 7
) -> tuple[FaceSample, Template]:
    student_id = classroom.students[student].student_id
    with database.transaction() as repositories:
        sample = repositories.faces.add_sample(
            student_id=student_id, picture=PICTURE, source=source, captured_at=START
        )
        assert sample is not None
        template = repositories.faces.add_template(
            sample_id=sample.sample_id, template=Template(0, student_id, MODEL, _vector(seed), 0.8)
        )
    return sample, template


@contextmanager
def _by_hand(data_dir: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(database_path(data_dir))) as connection:
        yield connection
        connection.commit()


def _wrapped_key(connection: sqlite3.Connection, student_id: int) -> bytes:
    query = "SELECT wrapped_key FROM student_keys WHERE student_id = ?"
    found: bytes = connection.execute(query, (student_id,)).fetchone()[0]
    return found


def test_a_sample_and_its_template_come_back_as_they_were(
    database: SqlDatabase, classroom: Classroom
) -> None:
    sample, template = _enrol(database, classroom)
    student_id = classroom.students[0].student_id
    with database.snapshot() as repositories:
        (stored,) = repositories.faces.samples(student_id)
        (vector,) = repositories.faces.templates([student_id], MODEL)
    assert (stored.sample_id, stored.student_id, stored.picture, stored.digest, stored.captured_at) == (
        sample.sample_id,
        student_id,
        PICTURE,
        sample.digest,
        START,
    )
    assert (vector.template_id, vector.student_id, vector.model, vector.quality) == (
        template.template_id,
        student_id,
        MODEL,
        0.8,
    )
    assert vector.vector.dtype == np.float32
    np.testing.assert_array_equal(vector.vector, _vector())


def _everything_on_disk(data_dir: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(data_dir.rglob("*")) if path.is_file())


def test_nothing_of_a_face_is_in_clear_on_disk(
    database: SqlDatabase, classroom: Classroom, data_dir: Path
) -> None:
    vector = _vector()
    pieces = [PICTURE[:12], PICTURE[500:532], SOURCE[:24], SOURCE[2:30]]
    pieces += [vector[start : start + 2].tobytes() for start in range(0, 128, 2)]
    pieces += [f"{value:.5f}".encode() for value in vector[:8]]
    student_id = classroom.students[0].student_id
    with database.transaction() as repositories:
        repositories.school_settings.put("filler", "x" * 3_000_000)  # makes pages reach the disk early
        sample = repositories.faces.add_sample(
            student_id=student_id, picture=PICTURE, source=SOURCE, captured_at=START
        )
        assert sample is not None
        repositories.faces.add_template(
            sample_id=sample.sample_id, template=Template(0, student_id, MODEL, vector, 0.8)
        )
        during = _everything_on_disk(data_dir)
    after = _everything_on_disk(data_dir)
    assert sample.digest.encode() in after, "the search must be able to find what is there"
    assert [piece for piece in pieces if piece in during or piece in after] == []


def test_equal_pictures_are_sealed_differently(
    database: SqlDatabase, classroom: Classroom, data_dir: Path
) -> None:
    _enrol(database, classroom, source=b"one")
    _enrol(database, classroom, source=b"two")
    with _by_hand(data_dir) as connection:
        first, second = connection.execute("SELECT sealed_picture FROM face_samples").fetchall()
        vectors = connection.execute("SELECT DISTINCT sealed_vector FROM face_templates").fetchall()
    assert first != second
    assert len(vectors) == 2


def test_the_same_file_is_kept_once(database: SqlDatabase, classroom: Classroom) -> None:
    _enrol(database, classroom)
    owner, other = (student.student_id for student in classroom.students[:2])
    with database.transaction() as repositories:
        again = repositories.faces.add_sample(
            student_id=owner, picture=PICTURE, source=SOURCE, captured_at=START
        )
        assert again is None
    with database.transaction() as repositories, pytest.raises(ConflictError, match="another student"):
        repositories.faces.add_sample(student_id=other, picture=PICTURE, source=SOURCE, captured_at=START)
    with database.snapshot() as repositories:
        assert len(repositories.faces.samples(classroom.students[0].student_id)) == 1
        assert repositories.faces.samples(classroom.students[1].student_id) == []


def test_templates_are_those_of_the_asked_students_and_model(
    database: SqlDatabase, classroom: Classroom
) -> None:
    anna, ben, carl = (student.student_id for student in classroom.students)
    sample, _ = _enrol(database, classroom, 0, source=b"a", seed=1)
    _enrol(database, classroom, 0, source=b"b", seed=2)
    _enrol(database, classroom, 1, source=b"c", seed=3)
    with database.transaction() as repositories:
        repositories.faces.add_template(
            sample_id=sample.sample_id, template=Template(0, anna, "facenet512", _vector(4)[:64], 0.5)
        )
    with database.snapshot() as repositories:
        found = repositories.faces.templates([anna, carl], MODEL)
        assert [template.student_id for template in found] == [anna, anna]
        np.testing.assert_array_equal(found[1].vector, _vector(2))
        assert repositories.faces.enrolled(MODEL) == {anna: 2, ben: 1}
        assert repositories.faces.enrolled("facenet512") == {anna: 1}
        assert repositories.faces.templates([], MODEL) == []


def test_forgetting_deletes_samples_templates_and_the_key(
    database: SqlDatabase, classroom: Classroom, data_dir: Path
) -> None:
    anna, ben, _ = (student.student_id for student in classroom.students)
    _enrol(database, classroom, 0, source=b"a")
    _enrol(database, classroom, 0, source=b"b")
    _enrol(database, classroom, 1, source=b"c")
    with _by_hand(data_dir) as connection:
        wrapped = _wrapped_key(connection, anna)
        (sealed,) = connection.execute(
            "SELECT sealed_vector FROM face_templates WHERE student_id = ?", (anna,)
        ).fetchone()
    assert wrapped in _everything_on_disk(data_dir)
    with database.transaction() as repositories:
        assert repositories.faces.forget(anna) == 2
        assert repositories.faces.forget(anna) == 0
    with database.snapshot() as repositories:
        assert repositories.faces.samples(anna) == []
        assert repositories.faces.enrolled(MODEL) == {ben: 1}
        assert len(repositories.faces.templates([anna, ben], MODEL)) == 1
    database.close()
    left = _everything_on_disk(data_dir)
    assert wrapped not in left, "deleted content must be overwritten, not only unlinked"
    assert sealed[:64] not in left


def test_a_forgotten_student_can_be_enrolled_again_with_a_new_key(
    database: SqlDatabase, classroom: Classroom
) -> None:
    student_id = classroom.students[0].student_id
    _enrol(database, classroom)
    with database.transaction() as repositories:
        repositories.faces.forget(student_id)
        again = repositories.faces.add_sample(
            student_id=student_id, picture=PICTURE, source=SOURCE, captured_at=START
        )
    assert again is not None
    with database.snapshot() as repositories:
        assert [sample.picture for sample in repositories.faces.samples(student_id)] == [PICTURE]


def test_a_ciphertext_of_another_student_is_detected(
    database: SqlDatabase, classroom: Classroom, data_dir: Path
) -> None:
    anna, ben, _ = (student.student_id for student in classroom.students)
    _enrol(database, classroom, 0, source=b"a")
    _enrol(database, classroom, 1, source=b"b")
    with _by_hand(data_dir) as connection:
        rows = dict(connection.execute("SELECT student_id, sealed_vector FROM face_templates").fetchall())
        for owner, other in ((anna, ben), (ben, anna)):
            connection.execute(
                "UPDATE face_templates SET sealed_vector = ? WHERE student_id = ?", (rows[other], owner)
            )
    with pytest.raises(StorageError, match="encrypted entry"), database.snapshot() as repositories:
        repositories.faces.templates([anna], MODEL)


def test_two_ciphertexts_of_one_student_cannot_be_swapped(
    database: SqlDatabase, classroom: Classroom, data_dir: Path
) -> None:
    student_id = classroom.students[0].student_id
    first, _ = _enrol(database, classroom, source=b"a")
    second, _ = _enrol(database, classroom, source=b"b")
    with _by_hand(data_dir) as connection:
        rows = dict(connection.execute("SELECT id, sealed_picture FROM face_samples").fetchall())
        connection.execute(
            "UPDATE face_samples SET sealed_picture = ? WHERE id = ?",
            (rows[second.sample_id], first.sample_id),
        )
    with pytest.raises(StorageError, match="encrypted entry"), database.snapshot() as repositories:
        repositories.faces.samples(student_id)


@pytest.mark.parametrize(
    ("change", "model"), [("model = 'facenet512'", "facenet512"), ("quality = 0.9", MODEL)]
)
def test_a_template_cannot_be_relabelled(
    database: SqlDatabase, classroom: Classroom, data_dir: Path, change: str, model: str
) -> None:
    _enrol(database, classroom)
    with _by_hand(data_dir) as connection:
        connection.execute(f"UPDATE face_templates SET {change}")
    with pytest.raises(StorageError, match="encrypted entry"), database.snapshot() as repositories:
        repositories.faces.templates([classroom.students[0].student_id], model)


def test_a_data_key_of_another_student_does_not_open(
    database: SqlDatabase, classroom: Classroom, data_dir: Path
) -> None:
    anna, ben, _ = (student.student_id for student in classroom.students)
    _enrol(database, classroom, 0, source=b"a")
    _enrol(database, classroom, 1, source=b"b")
    with _by_hand(data_dir) as connection:
        key = _wrapped_key(connection, ben)
        connection.execute("UPDATE student_keys SET wrapped_key = ? WHERE student_id = ?", (key, anna))
    with pytest.raises(StorageError), database.snapshot() as repositories:
        repositories.faces.samples(anna)


def test_a_template_needs_a_sample_of_the_same_student(database: SqlDatabase, classroom: Classroom) -> None:
    sample, _ = _enrol(database, classroom)
    other = Template(0, classroom.students[1].student_id, MODEL, _vector(), 0.5)
    with database.transaction() as repositories:
        with pytest.raises(NotFoundError):
            repositories.faces.add_template(sample_id=sample.sample_id, template=other)
        with pytest.raises(NotFoundError):
            repositories.faces.add_template(sample_id=99, template=other)


def test_a_sample_of_nobody_is_said_in_words(database: SqlDatabase) -> None:
    with pytest.raises(NotFoundError), database.transaction() as repositories:
        repositories.faces.add_sample(student_id=99, picture=PICTURE, source=SOURCE, captured_at=START)


def test_a_failed_enrolment_leaves_neither_sample_nor_key(
    database: SqlDatabase, classroom: Classroom, data_dir: Path
) -> None:
    student_id = classroom.students[0].student_id

    def enrol_with_an_impossible_quality() -> None:
        with database.transaction() as repositories:
            sample = repositories.faces.add_sample(
                student_id=student_id, picture=PICTURE, source=SOURCE, captured_at=START
            )
            assert sample is not None
            repositories.faces.add_template(
                sample_id=sample.sample_id, template=Template(0, student_id, MODEL, _vector(), 1.5)
            )

    with pytest.raises(Exception, match="quality"):
        enrol_with_an_impossible_quality()
    with _by_hand(data_dir) as connection:
        counts = [
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()
            for table in ("face_samples", "face_templates", "student_keys")
        ]
    assert counts == [(0,), (0,), (0,)]


def test_the_digest_says_nothing_without_the_school_key(
    database: SqlDatabase, classroom: Classroom, key_ring: KeyRing, tmp_path: Path
) -> None:
    sample, _ = _enrol(database, classroom)
    assert sample.digest == key_ring.digest(SOURCE)
    assert sample.digest != KeyRing.open_or_create(tmp_path / "other").digest(SOURCE)


def test_whose_a_picture_is_can_be_asked_without_opening_any(
    database: SqlDatabase, classroom: Classroom
) -> None:
    _enrol(database, classroom, 1)
    with database.snapshot() as repositories:
        assert repositories.faces.owner_of(SOURCE) == classroom.students[1].student_id
        assert repositories.faces.owner_of(b"another file") is None


def test_one_sample_can_be_removed_with_its_templates(database: SqlDatabase, classroom: Classroom) -> None:
    student_id = classroom.students[0].student_id
    _enrol(database, classroom)
    kept, _ = _enrol(database, classroom, source=b"another file", seed=8)
    with database.transaction() as repositories:
        faces = repositories.faces
        assert not faces.remove_sample(student_id=classroom.students[1].student_id, source=SOURCE)
        assert faces.remove_sample(student_id=student_id, source=SOURCE)
        assert not faces.remove_sample(student_id=student_id, source=SOURCE)
    with database.snapshot() as repositories:
        assert [one.sample_id for one in repositories.faces.samples(student_id)] == [kept.sample_id]
        assert len(repositories.faces.templates([student_id], MODEL)) == 1


def test_samples_are_counted_by_student(database: SqlDatabase, classroom: Classroom) -> None:
    anna, ben, _ = (student.student_id for student in classroom.students)
    _enrol(database, classroom, 0, source=b"a")
    _enrol(database, classroom, 0, source=b"b")
    _enrol(database, classroom, 1, source=b"c")
    with database.snapshot() as repositories:
        assert repositories.faces.sample_counts() == {anna: 2, ben: 1}


def test_samples_that_lack_a_template_of_a_model_are_found_without_opening_any(
    database: SqlDatabase, classroom: Classroom
) -> None:
    anna, ben, _ = (student.student_id for student in classroom.students)
    first, _ = _enrol(database, classroom, 1, source=b"b")
    second, _ = _enrol(database, classroom, 0, source=b"a")
    third, _ = _enrol(database, classroom, 0, source=b"c")
    with database.transaction() as repositories:
        repositories.faces.add_template(
            sample_id=second.sample_id, template=Template(0, anna, "facenet512", _vector(4)[:64], 0.5)
        )
    with database.snapshot() as repositories:
        faces = repositories.faces
        assert faces.samples_without(MODEL) == []
        assert faces.samples_without("facenet512") == [
            SampleKey(third.sample_id, anna),
            SampleKey(first.sample_id, ben),
        ]
        assert faces.lacks_template(third.sample_id, "facenet512")
        assert not faces.lacks_template(second.sample_id, "facenet512")
        assert not faces.lacks_template(99, "facenet512")


def test_one_sample_is_opened_by_its_number(database: SqlDatabase, classroom: Classroom) -> None:
    sample, _ = _enrol(database, classroom)
    with database.snapshot() as repositories:
        found = repositories.faces.sample(sample.sample_id)
        assert found is not None
        assert (found.sample_id, found.picture, found.digest) == (sample.sample_id, PICTURE, sample.digest)
        assert repositories.faces.sample(99) is None


@pytest.mark.durable
def test_no_file_of_the_database_holds_a_key_that_was_erased(data_dir: Path, key_ring: KeyRing) -> None:
    database = SqlDatabase.open(database_path(data_dir), key_ring=key_ring)
    classroom = add_classroom(database)
    student_id = _enrol(database, classroom)[0].student_id
    with _by_hand(data_dir) as connection:
        (wrapped,) = connection.execute("SELECT wrapped_key FROM student_keys").fetchone()
    assert any(wrapped in file.read_bytes() for file in data_dir.glob("kiosk.sqlite3*"))

    with database.transaction() as repositories:
        repositories.faces.forget(student_id)

    assert not any(wrapped in file.read_bytes() for file in data_dir.glob("kiosk.sqlite3*"))
    database.close()


@pytest.mark.durable
def test_a_key_that_was_erased_beside_a_reader_is_overwritten_by_the_next_commit(
    data_dir: Path, key_ring: KeyRing
) -> None:
    database = SqlDatabase.open(database_path(data_dir), key_ring=key_ring)
    classroom = add_classroom(database)
    student_id = _enrol(database, classroom)[0].student_id
    with _by_hand(data_dir) as connection:
        (wrapped,) = connection.execute("SELECT wrapped_key FROM student_keys").fetchone()
    with database.snapshot() as reader:
        reader.faces.samples(student_id)
        with database.transaction() as repositories:
            repositories.faces.forget(student_id)
    with database.transaction() as repositories:
        repositories.school_settings.put("late_after_min", "5")

    assert not any(wrapped in file.read_bytes() for file in data_dir.glob("kiosk.sqlite3*"))
    database.close()


def _learn(database: SqlDatabase, student_id: int, *, days: int, origin: SampleOrigin) -> int:
    with database.transaction() as repositories:
        sample = repositories.faces.add_sample(
            student_id=student_id,
            picture=PICTURE,
            source=f"class {days}".encode(),
            captured_at=START + timedelta(days=days),
            origin=origin,
        )
        assert sample is not None
        assert sample.origin is origin
        repositories.faces.add_template(
            sample_id=sample.sample_id, template=Template(0, student_id, MODEL, _vector(days), 0.8)
        )
    return sample.sample_id


def test_learned_pictures_are_told_apart_and_go_without_the_enrolled_ones(
    database: SqlDatabase, classroom: Classroom
) -> None:
    student_id = classroom.students[0].student_id
    _enrol(database, classroom)
    later = _learn(database, student_id, days=2, origin=SampleOrigin.CONFIRMED)
    first = _learn(database, student_id, days=1, origin=SampleOrigin.LEARNED)
    with database.transaction() as repositories:
        faces = repositories.faces
        assert faces.learned(student_id) == [
            LearnedSample(first, START + timedelta(days=1), SampleOrigin.LEARNED),
            LearnedSample(later, START + timedelta(days=2), SampleOrigin.CONFIRMED),
        ]
        assert (faces.sample_counts(), faces.learned_counts()) == ({student_id: 3}, {student_id: 2})
        assert [one.is_learned for one in faces.templates([student_id], MODEL)] == [False, True, True]
        assert faces.remove_learned(student_id, since=START + timedelta(days=2)) == 1
        assert [one.sample_id for one in faces.learned(student_id)] == [first]
        assert faces.remove_learned(student_id) == 1
        assert [one.origin for one in faces.samples(student_id)] == [SampleOrigin.ENROLLED]
        assert [one.is_learned for one in faces.templates([student_id], MODEL)] == [False]

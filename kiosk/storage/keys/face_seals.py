"""Each student's own data key, and what of a face is sealed with it (AES-256-GCM). Runs inside the caller's transaction.

What is sealed is bound to student, kind and row: a ciphertext copied to another place does not open there.
"""

import uuid

import numpy as np
from sqlmodel import Session

from kiosk.domain.faces.frames import Vector
from kiosk.errors import StorageError
from kiosk.storage.database.tables import (
    ErasedKeyRow,
    FaceSampleRow,
    FaceTemplateRow,
    StudentKeyRow,
    StudentRow,
)
from kiosk.storage.keys.key_ring import KeyRing
from kiosk.storage.keys.sealing import context, new_key, seal, unseal
from kiosk.storage.repositories.repository import Repository
from kiosk.translation import _


class FaceSeals(Repository):
    """Seals and opens pictures and templates; a student's key is made with the first picture."""

    def __init__(self, *, db_session: Session, key_ring: KeyRing) -> None:
        super().__init__(db_session=db_session)
        self._key_ring = key_ring
        self._data_keys: dict[int, bytes] = {}

    def has_key(self, student_id: int) -> bool:
        """Whether a student has a data key."""
        return self._data_key(student_id) is not None

    def make_key(self, student_id: int) -> None:
        """Make a student's data key where there is none. Raises NotFoundError when the student does not exist."""
        if not self.has_key(student_id):
            self._new_data_key(student_id)

    def seal_picture(self, picture: bytes, *, student_id: int, digest: str) -> bytes:
        """Raises NotFoundError when the student does not exist."""
        key = self._data_key(student_id) or self._new_data_key(student_id)
        return seal(key, picture, bound_to=_sample_context(student_id, digest))

    def picture(self, row: FaceSampleRow) -> bytes:
        """Raises StorageError when it cannot be decrypted."""
        bound_to = _sample_context(row.student_id, row.digest)
        return unseal(self._needed_key(row.student_id), row.sealed_picture, bound_to=bound_to)

    def seal_vector(self, vector: Vector, row: FaceTemplateRow) -> bytes:
        """What to keep of a template in its row, which says already whose it is."""
        plain = np.asarray(vector, dtype="<f4").tobytes()
        return seal(self._needed_key(row.student_id), plain, bound_to=_template_context(row))

    def vector(self, row: FaceTemplateRow) -> Vector:
        """Raises StorageError when it cannot be decrypted."""
        plain = unseal(self._needed_key(row.student_id), row.sealed_vector, bound_to=_template_context(row))
        return np.frombuffer(plain, dtype="<f4").astype(np.float32)

    def erase_key(self, student_id: int) -> None:
        """Delete a student's data key and note that it is gone: what it sealed in backups opens no more."""
        key = self._db_session.get(StudentKeyRow, student_id)
        if key is not None:
            self._db_session.delete(key)
            self._db_session.add(ErasedKeyRow(key_id=key.key_id))
            self._db_session.flush()
        self._data_keys.pop(student_id, None)

    def _data_key(self, student_id: int) -> bytes | None:
        if student_id not in self._data_keys:
            row = self._db_session.get(StudentKeyRow, student_id)
            if row is None:
                return None
            self._data_keys[student_id] = self._key_ring.unwrap(
                row.wrapped_key, student_id=student_id, key_id=row.key_id
            )
        return self._data_keys[student_id]

    def _new_data_key(self, student_id: int) -> bytes:
        data_key, key_id = new_key(), uuid.uuid4().hex
        wrapped = self._key_ring.wrap(data_key, student_id=student_id, key_id=key_id)
        row = StudentKeyRow(student_id=student_id, key_id=key_id, wrapped_key=wrapped)
        self._insert(row, (StudentRow, student_id))
        self._data_keys[student_id] = data_key
        return data_key

    def _needed_key(self, student_id: int) -> bytes:
        key = self._data_key(student_id)
        if key is None:
            raise StorageError(_("The data key of a student is missing."), _("Restore the newest backup."))
        return key


def _sample_context(student_id: int, digest: str) -> bytes:
    return context("face sample", student_id, digest)


def _template_context(row: FaceTemplateRow) -> bytes:
    return context("face template", row.student_id, row.sample_id, row.model, row.quality.hex())

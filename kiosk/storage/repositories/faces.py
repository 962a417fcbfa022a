"""Sealed samples and templates in the database. Runs inside the caller's transaction.

Everything of a face is encrypted with the student's own data key before it reaches the database, and bound
to student, kind and row: a ciphertext copied to another place does not open there.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Select, delete, func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from kiosk.domain.faces.recognition import Template
from kiosk.domain.faces.samples import FaceSample, LearnedSample, SampleKey, SampleOrigin
from kiosk.errors import ConflictError, NotFoundError
from kiosk.storage.database.tables import FaceSampleRow, FaceTemplateRow, StudentRow
from kiosk.storage.keys.face_seals import FaceSeals
from kiosk.storage.keys.key_ring import KeyRing
from kiosk.storage.repositories.face_pairs import FacePairs
from kiosk.storage.repositories.repository import Repository
from kiosk.translation import _

ERASED: Final = "kiosk_erased"
"""In a database session's `info` when it erased a face, so that older pages that hold it are overwritten after the commit."""

REMOVED: Final = "kiosk_removed"
"""The same with the numbers of the students whom it deleted, so that copies beside the database lose them, too."""

_IS_LEARNED: Final = col(FaceSampleRow.origin) != SampleOrigin.ENROLLED.value


class StoredFaces(Repository):
    """Samples and templates, sealed with each student's own data key (AES-256-GCM)."""

    def __init__(self, *, db_session: Session, key_ring: KeyRing) -> None:
        super().__init__(db_session=db_session)
        self._key_ring = key_ring
        self._seals = FaceSeals(db_session=db_session, key_ring=key_ring)

    def add_sample(
        self,
        *,
        student_id: int,
        picture: bytes,
        source: bytes,
        captured_at: datetime,
        origin: SampleOrigin = SampleOrigin.ENROLLED,
    ) -> FaceSample | None:
        """Keep a sample; None when this student has one of the same source already.

        Raises NotFoundError when the student does not exist, ConflictError when the same source was kept for
        another student: one picture cannot show two people.
        """
        digest = self._key_ring.digest(source)
        owner = self._owner_of(digest)
        if owner == student_id:
            return None
        if owner is not None:
            raise ConflictError(
                _("The same picture is enrolled for another student."), _("Check whose picture it is.")
            )
        sealed = self._seals.seal_picture(picture, student_id=student_id, digest=digest)
        row = FaceSampleRow(
            student_id=student_id,
            digest=digest,
            sealed_picture=sealed,
            captured_at=captured_at,
            origin=origin.value,
        )
        self._db_session.add(row)
        self._db_session.flush()
        return FaceSample(row.id, student_id, picture, digest, captured_at.astimezone(UTC), origin)

    def owner_of(self, source: bytes) -> int | None:
        """The student who has a sample of the same source bytes."""
        return self._owner_of(self._key_ring.digest(source))

    def samples(self, student_id: int) -> list[FaceSample]:
        """Oldest first.

        Raises StorageError when one cannot be decrypted.
        """
        wanted = (
            select(FaceSampleRow)
            .where(FaceSampleRow.student_id == student_id)
            .order_by(col(FaceSampleRow.id))
        )
        return [self._sample_of(row) for row in self._db_session.exec(wanted)]

    def remove_sample(self, *, student_id: int, source: bytes) -> bool:
        """Delete the sample of these source bytes and its templates; False when the student has none."""
        digest = self._key_ring.digest(source)
        sample_id = self._db_session.exec(
            select(FaceSampleRow.id).where(
                FaceSampleRow.digest == digest, FaceSampleRow.student_id == student_id
            )
        ).one_or_none()
        if sample_id is None:
            return False
        self._remove([sample_id])
        return True

    def remove_one(self, student_id: int, sample_id: int) -> bool:
        """Delete one sample and its templates; False when the student has none of that id."""
        row = self._db_session.get(FaceSampleRow, sample_id)
        if row is None or row.student_id != student_id:
            return False
        self._remove([sample_id])
        self._db_session.info[ERASED] = True
        return True

    def learned(self, student_id: int) -> list[LearnedSample]:
        """Pictures of a student that come from classes, oldest first; none is opened."""
        wanted = (
            select(FaceSampleRow.id, FaceSampleRow.captured_at, FaceSampleRow.origin)
            .where(FaceSampleRow.student_id == student_id, _IS_LEARNED)
            .order_by(col(FaceSampleRow.captured_at), col(FaceSampleRow.id))
        )
        return [
            LearnedSample(sample_id, captured_at.astimezone(UTC), SampleOrigin(origin))
            for sample_id, captured_at, origin in self._db_session.exec(wanted)
        ]

    def learned_counts(self) -> dict[int, int]:
        """Number of learned samples per student id."""
        counted = select(FaceSampleRow.student_id, func.count()).where(_IS_LEARNED)
        return dict(self._db_session.exec(counted.group_by(col(FaceSampleRow.student_id))).all())

    def remove_learned(self, student_id: int, *, since: datetime | None = None) -> int:
        """Delete a student's learned samples and their templates, all or those taken `since`; returns how many."""
        gone = [
            one.sample_id for one in self.learned(student_id) if since is None or one.captured_at >= since
        ]
        self._remove(gone)
        if gone:
            self._db_session.info[ERASED] = True
        return len(gone)

    def remove_samples(self, learned: Iterable[LearnedSample]) -> None:
        """Delete some of them."""
        self._remove([one.sample_id for one in learned])

    def sample(self, sample_id: int) -> FaceSample | None:
        """Raises StorageError when it cannot be decrypted."""
        row = self._db_session.get(FaceSampleRow, sample_id)
        return None if row is None else self._sample_of(row)

    def samples_without(self, model: str) -> list[SampleKey]:
        """Samples that have no template of a model, by student, oldest first; none is opened."""
        wanted = _without(model).order_by(col(FaceSampleRow.student_id), col(FaceSampleRow.id))
        return [
            SampleKey(sample_id, student_id) for sample_id, student_id in self._db_session.execute(wanted)
        ]

    def lacks_template(self, sample_id: int, model: str) -> bool:
        """Whether a sample is there and has no template of a model."""
        wanted = _without(model).where(col(FaceSampleRow.id) == sample_id)
        return self._db_session.execute(wanted).first() is not None

    def sample_counts(self) -> dict[int, int]:
        """Number of samples per student id."""
        counted = select(FaceSampleRow.student_id, func.count()).group_by(col(FaceSampleRow.student_id))
        return dict(self._db_session.exec(counted).all())

    def add_template(self, *, sample_id: int, template: Template) -> Template:
        """Raises NotFoundError when the student has no such sample."""
        sample = self._db_session.get(FaceSampleRow, sample_id)
        has_key = self._seals.has_key(template.student_id)
        if sample is None or sample.student_id != template.student_id or not has_key:
            raise NotFoundError(
                _("The picture of this face is no longer stored."), _("Enrol the face again.")
            )
        row = FaceTemplateRow(
            sample_id=sample_id,
            student_id=template.student_id,
            model=template.model,
            sealed_vector=b"",
            quality=template.quality,
        )
        row.sealed_vector = self._seals.seal_vector(template.vector, row)
        self._db_session.add(row)
        self._db_session.flush()
        return Template(row.id, row.student_id, row.model, template.vector, row.quality)

    def templates(self, student_ids: Iterable[int], model: str) -> list[Template]:
        """By student, oldest first.

        Raises StorageError when one cannot be decrypted.
        """
        wanted = (
            select(FaceTemplateRow, FaceSampleRow.captured_at, FaceSampleRow.origin)
            .where(
                col(FaceTemplateRow.student_id).in_(set(student_ids)),
                FaceTemplateRow.model == model,
                FaceTemplateRow.sample_id == FaceSampleRow.id,
            )
            .order_by(col(FaceTemplateRow.student_id), col(FaceTemplateRow.id))
        )
        return [self._template_of(*found) for found in self._db_session.exec(wanted)]

    def enrolled(self, model: str) -> dict[int, int]:
        """Number of templates per student id."""
        counted = (
            select(FaceTemplateRow.student_id, func.count())
            .where(FaceTemplateRow.model == model)
            .group_by(col(FaceTemplateRow.student_id))
        )
        return dict(self._db_session.exec(counted).all())

    def templates_by_model(self) -> dict[str, int]:
        """Number of templates of each model."""
        counted = select(FaceTemplateRow.model, func.count()).group_by(col(FaceTemplateRow.model))
        return dict(self._db_session.exec(counted).all())

    def move(self, sample_ids: Iterable[int] | None, *, of: int, to: int) -> list[int]:
        """Seal a student's samples and templates anew as another's: all, or those of `sample_ids`; returns which.

        Raises StorageError when one cannot be decrypted.
        """
        wanted = select(FaceSampleRow).where(FaceSampleRow.student_id == of).order_by(col(FaceSampleRow.id))
        if sample_ids is not None:
            wanted = wanted.where(col(FaceSampleRow.id).in_(list(sample_ids)))
        rows = self._db_session.exec(wanted).all()
        if not rows:
            return []
        self._seals.make_key(to)
        for row in rows:
            found = select(FaceTemplateRow).where(FaceTemplateRow.sample_id == row.id)
            templates = [
                self._template_of(one, row.captured_at, row.origin)
                for one in self._db_session.exec(found.order_by(col(FaceTemplateRow.id)))
            ]
            picture = self._sample_of(row).picture
            self._db_session.exec(delete(FaceTemplateRow).where(col(FaceTemplateRow.sample_id) == row.id))
            row.student_id = to
            row.sealed_picture = self._seals.seal_picture(picture, student_id=to, digest=row.digest)
            self._db_session.flush()
            for one in templates:
                self.add_template(sample_id=row.id, template=replace(one, student_id=to))
        self._db_session.info[ERASED] = True
        return [row.id for row in rows]

    def forget(self, student_id: int) -> int:
        """Delete all samples and templates and the student's data key; returns how many samples there were.

        The student's look-alike pairs go with them, and the distances of corrections: they were measured on the face.
        Corrections themselves stay, because they are about a mistake of the camera.
        """
        self._db_session.exec(delete(FaceTemplateRow).where(col(FaceTemplateRow.student_id) == student_id))
        samples = delete(FaceSampleRow).where(col(FaceSampleRow.student_id) == student_id)
        gone = self._db_session.exec(samples).rowcount
        self._seals.erase_key(student_id)
        self._db_session.info[ERASED] = True
        FacePairs(db_session=self._db_session).forget_distances(student_id)
        former = select(StudentRow.id).where(StudentRow.merged_into_id == student_id)
        # Who was merged into the student has a key, too, which opens the face in older backups.
        return gone + sum(self.forget(one) for one in self._db_session.exec(former).all())

    def _remove(self, sample_ids: list[int]) -> None:
        self._db_session.exec(delete(FaceTemplateRow).where(col(FaceTemplateRow.sample_id).in_(sample_ids)))
        self._db_session.exec(delete(FaceSampleRow).where(col(FaceSampleRow.id).in_(sample_ids)))

    def _owner_of(self, digest: str) -> int | None:
        wanted = select(FaceSampleRow.student_id).where(FaceSampleRow.digest == digest)
        return self._db_session.exec(wanted).one_or_none()

    def _sample_of(self, row: FaceSampleRow) -> FaceSample:
        picture, origin = self._seals.picture(row), SampleOrigin(row.origin)
        return FaceSample(row.id, row.student_id, picture, row.digest, row.captured_at, origin)

    def _template_of(self, row: FaceTemplateRow, captured_at: datetime, origin: str) -> Template:
        return Template(
            row.id,
            row.student_id,
            row.model,
            self._seals.vector(row),
            row.quality,
            captured_at.astimezone(UTC),
            SampleOrigin(origin).is_learned,
        )


def _without(model: str) -> Select[int, int]:
    """Number and owner of samples that have no template of a model."""
    of_model = select(FaceTemplateRow.id).where(
        FaceTemplateRow.sample_id == FaceSampleRow.id, FaceTemplateRow.model == model
    )
    return select_columns(col(FaceSampleRow.id), col(FaceSampleRow.student_id)).where(~of_model.exists())

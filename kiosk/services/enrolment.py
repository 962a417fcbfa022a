"""Enrolling faces from pictures: consent first, then quality, then sample and template.

Slow: call from a worker thread. No consent recorded means that no embedding is computed, ever.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk.domain.frames import BgrImage, Box, Detection
from kiosk.domain.people import Consent, ConsentKind, Student
from kiosk.domain.recognition import Template
from kiosk.errors import ConflictError, KioskError, NotFoundError
from kiosk.services.ports.clock import Clock
from kiosk.services.ports.store import Repositories, Store
from kiosk.services.ports.vision import (
    Detector,
    Embedder,
    PictureReader,
    PictureWriter,
    Quality,
    QualityMeter,
)

MIN_FACE_PX: Final = 70.0
"""Smallest face in an enrolment picture: the network sees 150 pixels, half of that still names people."""

MIN_SHARPNESS: Final = 15.0
MIN_BRIGHTNESS: Final = 25.0
MAX_BRIGHTNESS: Final = 240.0
SECOND_FACE: Final = 0.35
"""A second face of at least this share of the largest one's height makes a picture ambiguous; a smaller one is
somebody in the background."""

SAMPLE_MARGIN: Final = 0.6
"""Surroundings kept around the face, in face sizes on each side, so that another model can align it anew."""

PICTURE_SUFFIXES: Final = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff"})

OnProgress = Callable[[int, int], None]
"""Called with (done, of)."""


@dataclass(frozen=True, slots=True)
class AcceptedPicture:
    """A picture that became a template."""

    student_no: str
    picture: str


@dataclass(frozen=True, slots=True)
class RefusedPicture:
    """A picture, or a whole folder, that was not taken, and why."""

    student_no: str
    picture: str
    reason: str


@dataclass(frozen=True, slots=True)
class EnrolmentReport:
    """What an import of faces did."""

    accepted: tuple[AcceptedPicture, ...]
    refused: tuple[RefusedPicture, ...]
    known: tuple[AcceptedPicture, ...]
    """Imported before; nothing was done."""


class Enrolment:
    """Makes samples and templates from pictures."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        detector: Detector,
        embedder: Embedder,
        quality: QualityMeter,
        read_picture: PictureReader,
        write_picture: PictureWriter,
    ) -> None:
        self._store = store
        self._clock = clock
        self._detector = detector
        self._embedder = embedder
        self._quality = quality
        self._read_picture = read_picture
        self._write_picture = write_picture

    def record_consent(self, student_id: int, *, given: bool, actor: str) -> None:
        """Write down a student's word on face recognition; a no deletes what is stored at once.

        Raises:
            NotFoundError: No such student.
        """
        now = self._clock.now()

        def work(repositories: Repositories) -> None:
            student = repositories.students.get(student_id)
            if student is None:
                raise NotFoundError("That student does not exist any more.")
            repositories.consents.add(Consent(student_id, ConsentKind.FACE_RECOGNITION, given, now, actor))
            gone = 0 if given else repositories.faces.forget(student_id)
            action = "consent.given" if given else "consent.withdrawn"
            repositories.audit.add(
                at=now,
                actor=actor,
                action=action,
                subject=student.student_no,
                detail="" if given else f"{gone} samples deleted",
            )

        self._store.write(work).result()

    def enrol_folder(
        self, folder: Path, *, consent_recorded: bool, actor: str, progress: OnProgress | None = None
    ) -> EnrolmentReport:
        """Enrol ``folder/<student_no>/*.jpg``.

        Args:
            folder: One folder for each student, named by the student number.
            consent_recorded: The caller confirms that the school holds each student's written consent; it is then
                recorded for those who have none yet. A withdrawn consent is never overridden.
            actor: Who does it.
            progress: Called after each picture.

        Raises:
            NotFoundError: The folder does not exist or has no folders of students.
        """
        if not folder.is_dir():
            raise NotFoundError(f"There is no folder {folder}.", "Please check the name.")
        jobs = [
            (inner.name, picture)
            for inner in sorted(folder.iterdir())
            if inner.is_dir()
            for picture in sorted(inner.iterdir())
            if picture.suffix.lower() in PICTURE_SUFFIXES
        ]
        if not jobs:
            raise NotFoundError(
                f"{folder} has no pictures to enrol.",
                "Put them into one folder for each student, named by number.",
            )
        accepted: list[AcceptedPicture] = []
        refused: list[RefusedPicture] = []
        known: list[AcceptedPicture] = []
        students = {name: self._consenting(name, consent_recorded, actor) for name, _ in jobs}
        for done, (name, picture) in enumerate(jobs, start=1):
            student = students[name]
            try:
                if isinstance(student, KioskError):
                    raise student
                fresh = self.enrol_picture(student.student_id, picture.read_bytes(), actor=actor)
                (accepted if fresh else known).append(AcceptedPicture(student.student_no, picture.name))
            except OSError as error:
                refused.append(RefusedPicture(name, picture.name, f"It cannot be read: {error.strerror}."))
            except KioskError as error:
                refused.append(RefusedPicture(name, picture.name, error.user_text))
            if progress is not None:
                progress(done, len(jobs))
        return EnrolmentReport(tuple(accepted), tuple(refused), tuple(known))

    def enrol_picture(self, student_id: int, data: bytes, *, actor: str) -> bool:
        """Enrol one picture file's bytes; False when the very same file was enrolled before.

        Raises:
            ConflictError: No consent is recorded, or the picture shows no face, several, or a poor one.
            FileFormatError: The file is no picture.
            NotFoundError: No such student.
        """
        self._store.read(lambda repositories: _require_consent(repositories, student_id))
        image = self._read_picture(data)
        face = self._single_face(image)
        vector = self._embedder.embed(image, [face])[0]
        quality = self._quality.measure(image, face)
        sample = self._write_picture(_cut(image, face.box))
        now = self._clock.now()
        info = self._embedder.info

        def work(repositories: Repositories) -> bool:
            student = repositories.students.get(student_id)
            if student is None:
                raise NotFoundError("That student does not exist any more.")
            _require_consent(
                repositories, student_id
            )  # it may have been withdrawn while the face was embedded
            stored = repositories.faces.add_sample(
                student_id=student_id, picture=sample, source=data, captured_at=now
            )
            if stored is None:
                return False
            template = Template(0, student_id, info.name, vector, min(1.0, quality.face_px / 150.0))
            repositories.faces.add_template(sample_id=stored.sample_id, template=template)
            repositories.audit.add(at=now, actor=actor, action="face.enrolled", subject=student.student_no)
            return True

        return self._store.write(work).result()

    def _single_face(self, image: BgrImage) -> Detection:
        faces = sorted(self._detector.detect(image), key=lambda face: face.box.height, reverse=True)
        if not faces:
            raise ConflictError(
                "No face was found in it.", "Use a picture that shows the face from the front."
            )
        largest = faces[0]
        if len(faces) > 1 and faces[1].box.height >= SECOND_FACE * largest.box.height:
            raise ConflictError("It shows more than one face.", "Cut the picture so that one face is left.")
        complaint = _complaint(self._quality.measure(image, largest))
        if complaint is not None:
            raise ConflictError(*complaint)
        return largest

    def _consenting(self, student_no: str, consent_recorded: bool, actor: str) -> Student | KioskError:
        student = self._store.read(lambda repositories: repositories.students.by_no(student_no))
        if student is None:
            return NotFoundError(
                f"There is no student with the number {student_no}.", "Import the class list first."
            )
        word = self._store.read(
            lambda repositories: repositories.consents.newest(
                student.student_id, ConsentKind.FACE_RECOGNITION
            )
        )
        if word is None and consent_recorded:
            self.record_consent(student.student_id, given=True, actor=actor)
        return student


def _require_consent(repositories: Repositories, student_id: int) -> None:
    word = repositories.consents.newest(student_id, ConsentKind.FACE_RECOGNITION)
    if word is None or not word.given:
        raise ConflictError(
            "No consent to face recognition is recorded for this student.",
            "Record it first, or use the code.",
        )


def _complaint(quality: Quality) -> tuple[str, str] | None:
    if quality.face_px < MIN_FACE_PX:
        return (
            f"The face is too small ({quality.face_px:.0f} pixels).",
            f"It needs {MIN_FACE_PX:.0f} or more.",
        )
    if quality.sharpness < MIN_SHARPNESS:
        return "The face is blurred.", "Use a sharper picture."
    if quality.brightness < MIN_BRIGHTNESS:
        return "The face is too dark.", "Use a picture with more light."
    if quality.brightness > MAX_BRIGHTNESS:
        return "The face is too bright.", "Use a picture with less light."
    return None


def _cut(image: BgrImage, box: Box) -> BgrImage:
    """The face with `SAMPLE_MARGIN` around it, as far as the picture reaches."""
    aside, above = box.width * SAMPLE_MARGIN, box.height * SAMPLE_MARGIN
    left, top = max(0, int(box.x - aside)), max(0, int(box.y - above))
    right, bottom = int(box.x + box.width + aside), int(box.y + box.height + above)
    return image[top:bottom, left:right]

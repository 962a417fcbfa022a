"""Reads folders of pictures whose people are known, and embeds the faces in them. Slow: call from a worker thread.

Nothing is stored: pictures, faces and vectors are gone when the caller lets go of them.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk.domain.faces.frames import BgrImage, Vector
from kiosk.errors import ConflictError, FileFormatError, KioskError, NotFoundError
from kiosk.services.faces.face_shots import FaceShots
from kiosk.services.faces.picture_files import PICTURE_SUFFIXES
from kiosk.services.ports.progress import Counter
from kiosk.services.ports.vision import Detector, Embedder, PictureReader, PictureWriter, QualityMeter
from kiosk.translation import _

MAX_BYTES: Final = 200_000_000
"""Larger files are refused before they are read; a picture of 100 megapixels is smaller in every usual format."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A picture from which no face could be taken (a failure to acquire, ISO/IEC 19795-1), and why."""

    picture: str
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class LabelledFace:
    """One face of a picture; `person` is the name of its folder, or empty where nobody said."""

    person: str
    picture: str
    vector: Vector


@dataclass(frozen=True, slots=True)
class LabelledPicture:
    """A picture file, and whose face it shows as far as that is known."""

    person: str
    path: Path

    @property
    def name(self) -> str:
        """How it is called in reports."""
        return f"{self.person}/{self.path.name}" if self.person else self.path.name


def read_file(picture: LabelledPicture) -> bytes:
    """The bytes of a picture's file. Raises FileFormatError: it cannot be read, or is larger than any picture."""
    try:
        if picture.path.stat().st_size > MAX_BYTES:
            raise FileFormatError(_("It is larger than {max_bytes} MB.", max_bytes=MAX_BYTES // 1_000_000))
        return picture.path.read_bytes()
    except OSError as error:
        raise FileFormatError(_("It cannot be read: {strerror}.", strerror=error.strerror)) from error


def pictures_of_people(folder: Path) -> list[LabelledPicture]:
    """The pictures in ``folder/<person>/``, in name order.

    Raises:
        NotFoundError: There is no such folder, or it has no pictures in folders of people.
    """
    _require_folder(folder)
    found = [
        LabelledPicture(inner.name, path)
        for inner in sorted(folder.iterdir())
        if inner.is_dir()
        for path in _pictures_in(inner)
    ]
    if not found:
        raise NotFoundError(
            _("{folder} has no pictures of people.", folder=folder),
            _("Put them into one folder for each person, named after them."),
        )
    return found


def pictures_of_others(folder: Path) -> list[LabelledPicture]:
    """The pictures that lie in `folder` itself, in name order.

    Raises:
        NotFoundError: There is no such folder, or it has no pictures.
    """
    _require_folder(folder)
    found = [LabelledPicture("", path) for path in _pictures_in(folder)]
    if not found:
        raise NotFoundError(
            _("{folder} has no pictures.", folder=folder), _("Put pictures of other people right into it.")
        )
    return found


class FaceTaker:
    """Finds and embeds the faces of picture files, and remembers where that failed."""

    def __init__(
        self,
        *,
        detector: Detector,
        embedder: Embedder,
        quality: QualityMeter,
        read_picture: PictureReader,
        write_picture: PictureWriter,
        counter: Counter,
    ) -> None:
        self._detector = detector
        self._embedder = embedder
        self._shots = FaceShots(
            detector=detector, embedder=embedder, quality=quality, write_picture=write_picture
        )
        self._read_picture = read_picture
        self._counter = counter
        self._seen: dict[bytes, str] = {}
        self.failures: list[Failure] = []

    def single(self, pictures: Sequence[LabelledPicture]) -> list[LabelledFace]:
        """The face of each picture; one that enrolment would refuse, or that came before, becomes a failure."""
        return [face for picture in pictures for face in self._faces(picture, every=False)]

    def every(self, pictures: Sequence[LabelledPicture]) -> list[LabelledFace]:
        """All faces of each picture, good or not; a picture without one becomes a failure."""
        return [face for picture in pictures for face in self._faces(picture, every=True)]

    def _faces(self, picture: LabelledPicture, *, every: bool) -> list[LabelledFace]:
        try:
            data = self._read(picture)
            image = self._read_picture(data)
            vectors = self._all(image) if every else [self._shots.take(image, data).vector]
        except KioskError as error:
            self.failures.append(Failure(picture.name, error.user_text))
            return []
        finally:
            self._counter.add()
        return [LabelledFace(picture.person, picture.name, vector) for vector in vectors]

    def _all(self, image: BgrImage) -> list[Vector]:
        faces = self._detector.detect(image)
        if not faces:
            raise ConflictError(_("No face was found in it."))
        return list(self._embedder.embed(image, faces))

    def _read(self, picture: LabelledPicture) -> bytes:
        data = read_file(picture)
        digest = hashlib.sha256(data).digest()
        if digest in self._seen:
            raise ConflictError(_("It is the same file as {seen}.", seen=self._seen[digest]))
        self._seen[digest] = picture.name
        return data


def _require_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise NotFoundError(_("There is no folder {folder}.", folder=folder), _("Please check the name."))


def _pictures_in(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.iterdir()) if path.suffix.lower() in PICTURE_SUFFIXES]

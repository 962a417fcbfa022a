"""Says how often recognition errs on a labelled folder of pictures: identification, verification, calibration.

Works in no database and stores nothing. Slow: call from a worker thread.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.error_rates import Rate
from kiosk.domain.faces.measurement import Measurement, measure
from kiosk.domain.faces.open_set import (
    OpenSetRates,
    Searches,
    rates,
    searches_of_known,
    searches_of_strangers,
)
from kiosk.domain.faces.recognition import Gallery, ModelInfo, Template, distances
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.faces.evaluation.labelled_pictures import (
    FaceTaker,
    Failure,
    LabelledFace,
    pictures_of_others,
    pictures_of_people,
)
from kiosk.services.ports.progress import UNWATCHED, Counter, Progress
from kiosk.services.ports.vision import Detector, Embedder, PictureReader, PictureWriter, QualityMeter
from kiosk.translation import _


@dataclass(frozen=True, slots=True)
class KnownFace:
    """Which face of an outsiders' picture was taken for somebody who stands in it: the closest one."""

    picture: str
    person: str
    distance: float


@dataclass(frozen=True, slots=True, eq=False)
class EvaluationReport:
    """How well recognition works on one folder.

    Attributes:
        model: What was evaluated.
        detector: What found the faces.
        names: Person by the number used in `measurement` and `searches`.
        pictures: How many pictures of people there were.
        not_enrolled: People of whom no picture could be used (failures to enrol).
        failures: Pictures without a usable face (failures to acquire).
        outsiders: Faces of people who are in no gallery.
        known: Faces in the outsiders' pictures that belong to somebody of the gallery.
        measurement: Of the people alone.
        searches: All of them: leave-one-out, known faces and outsiders.
    """

    model: ModelInfo
    detector: str
    names: dict[int, str]
    pictures: int
    not_enrolled: tuple[str, ...]
    failures: tuple[Failure, ...]
    outsiders: int
    known: tuple[KnownFace, ...]
    measurement: Measurement
    searches: Searches

    @property
    def rates(self) -> OpenSetRates:
        """At calibrated thresholds that were fitted without the person who is judged."""
        more = self.searches.where(np.arange(len(self.searches)) >= len(self.measurement.searches))
        return self.measurement.calibrated(more)

    @property
    def rates_of_model(self) -> OpenSetRates:
        return rates(self.searches, self.measurement.own)

    @property
    def fnir_with_failures(self) -> Rate:
        """FNIR when a picture of a person without a usable face counts as a person not recognised."""
        lost = sum(failure.picture.partition("/")[0] in self.named for failure in self.failures)
        return self.rates.fnir + Rate(lost, lost)

    @property
    def named(self) -> frozenset[str]:
        """Everybody who has a folder."""
        return frozenset(self.names.values()) | frozenset(self.not_enrolled)


class Evaluation:
    """Evaluates one model with one detector."""

    def __init__(
        self,
        *,
        detector: Detector,
        embedder: Embedder,
        quality: QualityMeter,
        read_picture: PictureReader,
        write_picture: PictureWriter,
    ) -> None:
        self._detector = detector
        self._embedder = embedder
        self._quality = quality
        self._read_picture = read_picture
        self._write_picture = write_picture

    def run(
        self,
        folder: Path,
        *,
        outsiders: Path | None = None,
        known: Sequence[str] = (),
        progress: Progress = UNWATCHED,
    ) -> EvaluationReport:
        """Search each picture in a gallery of the others.

        Args:
            folder: ``<person>/*.jpg``.
            outsiders: Pictures of other people; every face found in them counts.
            known: People of `folder` who stand in each of the outsiders' pictures. In each picture the face closest to
                such a person counts as that person's and all others as outsiders': who is who in them, nobody says.
            progress: Told after each picture.

        Raises:
            NotFoundError: A folder is missing or empty, or a known person is none of the people.
            ConflictError: Too few people or pictures can be used.
        """
        people = pictures_of_people(folder)
        others = pictures_of_others(outsiders) if outsiders is not None else []
        everybody = sorted({picture.person for picture in people})
        _require_known(folder, everybody, known)
        taker = FaceTaker(
            detector=self._detector,
            embedder=self._embedder,
            quality=self._quality,
            read_picture=self._read_picture,
            write_picture=self._write_picture,
            counter=Counter(len(people) + len(others), progress),
        )
        faces = taker.single(people)
        names = dict(enumerate(sorted({face.person for face in faces}), start=1))
        gallery = _gallery(self._embedder.info, faces, names)
        _require_enough(folder, faces, known)
        measurement = measure(gallery)
        named, strangers = _assign(gallery, taker.every(others), [_number(names, name) for name in known])
        more = _searches(gallery, named, strangers)
        return EvaluationReport(
            model=self._embedder.info,
            detector=self._detector.name,
            names=names,
            pictures=len(people),
            not_enrolled=tuple(name for name in everybody if name not in names.values()),
            failures=tuple(taker.failures),
            outsiders=len(strangers),
            known=tuple(KnownFace(face.picture, names[one], distance) for face, one, distance in named),
            measurement=measurement,
            searches=measurement.searches + more,
        )


def _number(names: dict[int, str], name: str) -> int:
    return next(number for number, one in names.items() if one == name)


def _gallery(model: ModelInfo, faces: Sequence[LabelledFace], names: dict[int, str]) -> Gallery:
    return Gallery.of(
        model,
        [
            Template(place, _number(names, face.person), model.name, face.vector, 1.0)
            for place, face in enumerate(faces, start=1)
        ],
    )


def _require_known(folder: Path, everybody: Sequence[str], known: Sequence[str]) -> None:
    for name in known:
        if name not in everybody:
            raise NotFoundError(
                _("{name} is none of the people in {folder}.", name=name, folder=folder),
                _("Use the names of its folders."),
            )


def _require_enough(folder: Path, faces: Sequence[LabelledFace], known: Sequence[str]) -> None:
    owners = [face.person for face in faces]
    people = set(owners)
    if not people:
        raise ConflictError(
            _("None of the pictures in {folder} shows a usable face.", folder=folder),
            _("Use pictures of one face each, seen from the front."),
        )
    if len(people) == 1:
        raise ConflictError(
            _(
                "Only one person in {folder} has a usable picture, so nobody can be mistaken for another.",
                folder=folder,
            ),
            _("Add pictures of at least one more person."),
        )
    if all(owners.count(one) == 1 for one in people):
        raise ConflictError(
            _("Nobody in {folder} has two usable pictures, so nobody can be looked for.", folder=folder),
            _("Add a second picture of at least one person."),
        )
    for name in known:
        if name not in people:
            raise ConflictError(
                _(
                    "{name} has no usable picture, so nobody can say which of the outsiders' faces is theirs.",
                    name=name,
                ),
                _("Add a picture, or leave the name out."),
            )


_Named = tuple[LabelledFace, int, float]


def _assign(
    gallery: Gallery, faces: Sequence[LabelledFace], known: Sequence[int]
) -> tuple[list[_Named], list[LabelledFace]]:
    """Split the faces of each picture into (face, person, distance) for the known people, and strangers.

    Where several known people stand in one picture, the closest couple of face and person is taken first.
    """
    named: list[_Named] = []
    strangers: list[LabelledFace] = []
    for picture in dict.fromkeys(face.picture for face in faces):
        left = [face for face in faces if face.picture == picture]
        people = list(dict.fromkeys(known))
        while people and left:
            distance, place, person = min(
                (_distance(gallery, face, person), place, person)
                for place, face in enumerate(left)
                for person in people
            )
            named.append((left.pop(place), person, distance))
            people.remove(person)
        strangers.extend(left)
    return named, strangers


def _distance(gallery: Gallery, face: LabelledFace, person: int) -> float:
    theirs = gallery.matrix[gallery.student_ids == person]
    return float(distances(theirs, face.vector, gallery.model.metric).min())


def _searches(gallery: Gallery, named: Sequence[_Named], strangers: Sequence[LabelledFace]) -> Searches:
    length = gallery.model.dimensions
    return searches_of_known(
        gallery,
        _matrix([face for face, _unused, _unused2 in named], length),
        np.array([person for _unused3, person, _unused4 in named], np.int64),
    ) + searches_of_strangers(gallery, _matrix(strangers, length))


def _matrix(faces: Sequence[LabelledFace], length: int) -> NDArray[np.float32]:
    return np.array([face.vector for face in faces], np.float32).reshape(len(faces), length)

"""Measures a model on labelled pictures as benchmarks do: a list of pairs, drawn rosters, or both from one embedding.

Works in no database and stores nothing. Slow: call from a worker thread.
"""

from collections import Counter as Counts
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.protocols.impostors import closest_impostors
from kiosk.domain.faces.protocols.rosters import (
    RosterPlan,
    RosterRates,
    RosterSearches,
    SearchLog,
    draw_rosters,
    roster_rates,
)
from kiosk.domain.faces.protocols.verification import (
    PairDistances,
    VerificationRates,
    closest_people,
    verification_rates,
)
from kiosk.domain.faces.recognition import ModelInfo, Thresholds, distances
from kiosk.errors import ConflictError
from kiosk.services.faces.evaluation.central_faces import CentralFaces, central_faces
from kiosk.services.faces.evaluation.labelled_pictures import LabelledPicture, pictures_of_people
from kiosk.services.faces.evaluation.pair_list import Pair, read_pairs
from kiosk.services.ports.progress import UNWATCHED, Counter, Progress
from kiosk.services.ports.vision import Detector, Embedder, PictureReader
from kiosk.translation import _, ngettext

MAX_PICTURES: Final = 40_000
"""More pictures would make a billion pairs to compare, and hundreds of megabytes of the closest of them."""

CLOSEST: Final = 5
"""Pairs of people that are named because they look most alike."""


@dataclass(frozen=True, slots=True, eq=False)
class PairsReport:
    """What a list of pairs showed.

    Attributes:
        pairs: How many there are.
        missed: Pairs with a face that was not found; they count as errors.
        impostors: Different-person pairs of the folder that false match rates rest on.
        rates: The figures.
        closest: Pictures of different people that look most alike, and their distance.
    """

    pairs: int
    missed: int
    impostors: int
    rates: VerificationRates
    closest: tuple[tuple[str, str, float], ...]


@dataclass(frozen=True, slots=True, eq=False)
class RostersReport:
    """What drawn rosters showed.

    Attributes:
        plan: What was drawn.
        thresholds: At which searches were judged: the model's own for a roster of that size.
        searches: Each of them.
        rates: The figures.
    """

    plan: RosterPlan
    thresholds: Thresholds
    searches: RosterSearches
    rates: RosterRates


@dataclass(frozen=True, slots=True, eq=False)
class ProtocolReport:
    """What was measured of one model on one folder.

    Attributes:
        model: What was evaluated.
        detector: What found the faces.
        faces: One a picture.
        pairs: Where a list was given.
        rosters: Where a plan was given.
    """

    model: ModelInfo
    detector: str
    faces: CentralFaces
    pairs: PairsReport | None
    rosters: RostersReport | None


class Protocols:
    """Measures one model with one detector."""

    def __init__(self, *, detector: Detector, embedder: Embedder, read_picture: PictureReader) -> None:
        self._detector = detector
        self._embedder = embedder
        self._read_picture = read_picture

    def run(
        self,
        folder: Path,
        *,
        pairs: Path | None = None,
        rosters: RosterPlan | None = None,
        progress: Progress = UNWATCHED,
    ) -> ProtocolReport:
        """Embed each picture once and measure what is asked for. What cannot be measured is said before the first picture.

        Args:
            folder: ``<person>/*.jpg``.
            pairs: A list of pairs of them: see `kiosk.services.faces.evaluation.pair_list`.
            rosters: What to draw from them.
            progress: Told after each picture that was embedded, compared with all others, and after each draw.

        Raises:
            NotFoundError: The folder or the list is missing, or the list names what is not there.
            FileFormatError: The list cannot be read.
            ConflictError: There are too few people or pictures, or too many to compare.
        """
        pictures = pictures_of_people(folder)
        listed = [] if pairs is None else _listed(pairs, pictures)
        if rosters is not None:
            _require_people(folder, pictures, rosters)
        compared = 0 if pairs is None else len(pictures)
        draws = 0 if rosters is None else rosters.draws
        counter = Counter(len(pictures) + compared + draws, progress)
        faces = central_faces(
            pictures,
            detector=self._detector,
            embedder=self._embedder,
            read_picture=self._read_picture,
            counter=counter,
        )
        if not faces.found.any():
            raise ConflictError(
                _("No face was found in any of the pictures in {folder}.", folder=folder),
                _("Use pictures of one face each, seen from the front."),
            )
        model = self._embedder.info
        return ProtocolReport(
            model=model,
            detector=self._detector.name,
            faces=faces,
            pairs=None if pairs is None else measure_pairs(model, faces, listed, counter),
            rosters=None if rosters is None else measure_rosters(model, faces, rosters, counter),
        )


def measure_pairs(
    model: ModelInfo, faces: CentralFaces, pairs: Sequence[Pair], counter: Counter
) -> PairsReport:
    """Compare the pairs of a list, and all pictures of different people with each other."""
    rows = np.flatnonzero(faces.found)
    counter.add(len(faces.found) - len(rows))
    impostors = closest_impostors(faces.vectors[rows], faces.people[rows], model.metric, done=counter.add)
    compared = PairDistances(
        fold=np.array([pair.fold for pair in pairs], np.int64),
        first=np.array([faces.people[pair.first] for pair in pairs], np.int64),
        second=np.array([faces.people[pair.second] for pair in pairs], np.int64),
        distance=_distances(model, faces, pairs),
    )
    return PairsReport(
        pairs=len(pairs),
        missed=compared.missed,
        impostors=impostors.pairs,
        rates=verification_rates(compared, impostors),
        closest=closest_people(impostors, [faces.pictures[int(row)].name for row in rows], CLOSEST),
    )


def measure_rosters(
    model: ModelInfo, faces: CentralFaces, plan: RosterPlan, counter: Counter
) -> RostersReport:
    """Draw rosters and judge each search at the model's own thresholds for their size."""
    thresholds = model.thresholds_for(plan.people)
    log = SearchLog(model, thresholds)
    for drawn in draw_rosters(faces.people, plan):
        log.add(drawn, faces.vectors, faces.people, faces.found)
        counter.add()
    searches = log.searches()
    return RostersReport(plan, thresholds, searches, roster_rates(searches))


def _distances(model: ModelInfo, faces: CentralFaces, pairs: Sequence[Pair]) -> NDArray[np.float64]:
    measured = np.full(len(pairs), np.nan)
    for place, pair in enumerate(pairs):
        if faces.found[pair.first] and faces.found[pair.second]:
            one, other = faces.vectors[pair.first], faces.vectors[pair.second]
            measured[place] = distances(one[np.newaxis], other, model.metric)[0]
    return measured


def _listed(file: Path, pictures: Sequence[LabelledPicture]) -> list[Pair]:
    if len(pictures) > MAX_PICTURES:
        raise ConflictError(
            _(
                "{number:,} pictures are too many to compare each with each; {most:,} can be.",
                number=len(pictures),
                most=MAX_PICTURES,
            ),
            _("Give a folder with fewer people."),
        )
    return read_pairs(file, pictures)


def _require_people(folder: Path, pictures: Sequence[LabelledPicture], plan: RosterPlan) -> None:
    counts = Counts(picture.person for picture in pictures)
    enough = sum(count >= plan.enrol for count in counts.values())
    if not any(count > plan.enrol for count in counts.values()):
        raise ConflictError(
            _(
                "Nobody in {folder} has more pictures than are enrolled, so nobody can be looked for.",
                folder=folder,
            ),
            _("Enrol fewer pictures of each person, or add pictures."),
        )
    if enough < plan.people:
        raise ConflictError(
            ngettext(
                "{folder} has {n} person with enough pictures to be enrolled, fewer than the roster's {people}.",
                "{folder} has {n} people with enough pictures to be enrolled, fewer than the roster's {people}.",
                enough,
                folder=folder,
                n=enough,
                people=plan.people,
            ),
            _("Draw a smaller roster, or enrol fewer pictures of each person."),
        )
    outside = len(counts) - plan.people
    if plan.strangers is not None and plan.strangers > outside:
        raise ConflictError(
            ngettext(
                "{folder} has {n} person outside the roster, fewer than {strangers} strangers.",
                "{folder} has {n} people outside the roster, fewer than {strangers} strangers.",
                outside,
                folder=folder,
                n=outside,
                strangers=plan.strangers,
            ),
            _("Ask for fewer strangers."),
        )

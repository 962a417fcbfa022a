"""1:1 verification on the vision thread: a face is compared only with the templates of who says to be there.

Templates are read when somebody says so and forgotten when nobody awaits that student any more; nobody else's are opened.
While nobody is awaited no face is looked for at all. Of several who are awaited at once each is compared by its own 1:1 threshold;
a face that passes for more than one of them is asked to scan, never guessed at.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from math import inf
from operator import attrgetter
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.frames import Detection, Frame, Vector
from kiosk.domain.faces.one_to_one import verification_distance, verify
from kiosk.domain.faces.recognition import Gallery, Match, Outcome, Thresholds
from kiosk.services.faces.recognition.recogniser import Recogniser, Recognition
from kiosk.services.faces.recognition.track_memory import TrackMemory


def _nobody(_student_id: int) -> Gallery | None:
    return None


@dataclass(frozen=True, slots=True, eq=False)
class Verification(Recognition):
    """What a class is verified with; its own gallery is empty.

    Attributes:
        enrolled: By student id, how many templates there are of each who can be verified; none of them was opened.
        read: Opens one student's templates; None where that student cannot be verified any more.
    """

    enrolled: Mapping[int, int] = field(default_factory=dict)
    read: Callable[[int], Gallery | None] = _nobody

    @property
    def people(self) -> int:
        return len(self.enrolled)

    @property
    def templates(self) -> int:
        return sum(self.enrolled.values())

    def nameable(self) -> frozenset[int]:
        return frozenset(self.enrolled.keys() - self.second_factor)

    def judge(self, match: Match | None) -> Outcome:
        """What was found passed its threshold, or passed for two."""
        if match is None:
            return Outcome.UNKNOWN
        lone = match.runner_up == inf and match.student_id in self.nameable()
        return Outcome.ACCEPTED if lone else Outcome.AMBIGUOUS

    def distance(self, gallery: Gallery, *, awaited: int) -> float:
        """The threshold for a student's templates."""
        limits: Thresholds = self.thresholds
        return verification_distance(
            gallery.model, limits, templates=len(gallery.student_ids), awaited=awaited
        )


class VerifyingRecogniser(Recogniser):
    """Names nobody but who says to be there; needs `expected` and a `Verification`."""

    _opened: Mapping[int, Gallery] = MappingProxyType({})

    def replace(self, recognition: Recognition) -> None:
        """Use what is in force now; templates are opened anew, because a consent may be gone."""
        super().replace(recognition)
        self._opened = {}

    def _find(self, frame: Frame) -> list[Detection]:
        """Look for faces only while somebody is awaited."""
        self._follow_claims()
        self._open()
        return super()._find(frame) if self._opened else []

    @property
    def _knows_anybody(self) -> bool:
        return bool(self._opened)

    def _open(self) -> None:
        """Have the templates of who is awaited, and of nobody else."""
        wanted, recognition = self._expected, self._recognition
        if (
            not isinstance(recognition, Verification)
            or wanted & recognition.enrolled.keys() == self._opened.keys()
        ):
            return
        known = sorted(wanted & recognition.enrolled.keys())
        opened = {one: self._opened.get(one) or recognition.read(one) for one in known}
        self._opened = {one: gallery for one, gallery in opened.items() if gallery is not None}

    def _said(self, memory: TrackMemory, match: Match | None) -> tuple[Outcome, Match | None]:
        return self._recognition.judge(match), match

    def _search(self, vectors: NDArray[np.float32]) -> list[Match | None]:
        return [self._claimant(vector) for vector in vectors]

    def _claimant(self, vector: Vector) -> Match | None:
        """Whose face it is of those who are awaited, each compared alone; with a runner-up where it passes for several."""
        recognition, passed = self._recognition, list[Match]()
        if not isinstance(recognition, Verification):
            return None
        for gallery in self._opened.values():
            match = gallery.search(vector)
            limit = recognition.distance(gallery, awaited=len(self._opened))
            if match is not None and verify(match, limit) is Outcome.ACCEPTED:
                passed.append(match)
        passed.sort(key=attrgetter("distance"))
        return (
            replace(passed[0], runner_up=passed[1].distance) if len(passed) > 1 else next(iter(passed), None)
        )

"""Tracks, templates, galleries and the decision who a face is.

The decision follows open-set identification: the gallery is the roster of one class session, a stranger
may stand in front of the camera at any time, and a guess is worse than asking for a scan. Terms are those
of ISO/IEC 2382-37: a *probe* is the live face, a *template* the stored vector, a *distance* is lower for
closer faces.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from operator import attrgetter
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.distance_spread import DistanceSpread
from kiosk.domain.faces.face_quality import Clarity
from kiosk.domain.faces.frames import Detection, Vector
from kiosk.domain.faces.model_parts import ModelPart, PartDistance, part_distances
from kiosk.domain.faces.template_index import Nearest, TemplateIndex, direct, stacked

BUILTIN_MODEL: Final = "dlib-resnet-v1"
"""The model that needs no download; `models/manifest.toml` says the rest."""

FULL_QUALITY_PX: Final = 150.0
"""Height of a face from which a template counts as of full quality, where nothing but that says it."""

BUILTIN_TEMPLATES: Final = "dlib-resnet-v1-mirrored"
"""By which name templates refer to it; `models/manifest.toml` says the same."""

TIRED: Final = 4
"""A face is looked at for so many times `VotingRule.unaccepted_span_s` before it is asked to scan, whatever it shows."""


class Metric(StrEnum):
    """How the distance of two embeddings is measured."""

    EUCLIDEAN = "euclidean"
    COSINE = "cosine"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where a distance stops being the same person.

    Attributes:
        accept: A best distance at or below it may be accepted. Raising it recognises more people and
            names more strangers wrongly.
        reject: A best distance above it is somebody who is not in the gallery. Between `accept` and
            `reject` the face is ambiguous. Raising it sends more people to the code instead of calling
            them unknown.
        margin: How much farther the runner-up (another person) must be. Raising it protects people who
            look alike and sends more of them to the code.
    """

    accept: float
    reject: float
    margin: float

    def __post_init__(self) -> None:
        """Refuse thresholds that contradict each other.

        Raises:
            ValueError: A threshold is negative, or accept lies above reject.
        """
        if self.accept < 0 or self.margin < 0 or self.accept > self.reject:
            raise ValueError(f"thresholds contradict each other: {self}")

    @property
    def numbers(self) -> tuple[float, float, float]:
        """(accept, reject, margin)."""
        return self.accept, self.reject, self.margin

    def is_stored_as(self, other: "Thresholds") -> bool:
        """Whether two are the same as far as a school stores them, with six decimals."""
        return all(abs(a - b) < 2e-6 for a, b in zip(self.numbers, other.numbers, strict=True))


@dataclass(frozen=True, slots=True)
class RosterThresholds:
    """Thresholds that were chosen for rosters of one size.

    Attributes:
        people: How many were enrolled.
        thresholds: What fits them.
    """

    people: int
    thresholds: Thresholds


LARGEST: Final = 10
"""Beyond so many times the largest measured roster thresholds are not drawn on, because nothing is known there."""


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A recognition model as templates refer to it.

    Attributes:
        name: How templates, pairs and thresholds refer to it: the network together with how it is fed, such as
            ``facenet128-stretched``. Templates of two names never meet.
        dimensions: Length of an embedding.
        metric: How its distances are measured.
        thresholds: Where a few pictures are compared with each other, as at enrolment; where `by_size` is empty also what
            decides in a class until the school calibrates.
        model: What commands, settings and people call it, such as ``facenet128``; empty where that is `name`.
        by_size: What decides in a class until the school calibrates, by how many people are enrolled, rising.
        parts: The networks whose embeddings a vector holds, in their order; empty where it is one network's.
        spread: How its distances are spread; None where that was never measured.
        clarity: What the length of its embeddings says of a face; None where it says nothing.
    """

    name: str
    dimensions: int
    metric: Metric
    thresholds: Thresholds
    model: str = ""
    by_size: tuple[RosterThresholds, ...] = ()
    parts: tuple[ModelPart, ...] = ()
    spread: DistanceSpread | None = field(default=None, compare=False, repr=False)
    clarity: Clarity | None = None

    @property
    def known_as(self) -> str:
        """What commands, settings and people call it."""
        return self.model or self.name

    def weight_of(self, vector: Vector) -> float:
        """How much an embedding counts, above 0 and up to 1: less where its length says that the face is hard to see."""
        return 1.0 if self.clarity is None else self.clarity.of(vector)

    def template_quality(self, vector: Vector, *, face_px: float) -> float:
        """How good a template is, 0 to 1: by its length where that says it, else by how high the face was in its picture."""
        return min(1.0, face_px / FULL_QUALITY_PX) if self.clarity is None else self.clarity.of(vector)

    def thresholds_for(self, people: int) -> Thresholds:
        """Its defaults for a roster in which so many people are enrolled.

        The more people a face is compared with, the closer one of them comes by chance. Between two measured sizes thresholds
        follow the logarithm of the size, below the smallest they are that one's. Above the largest accept and reject go on as between
        the two largest, where that is stricter, up to `LARGEST` times its size.
        """
        if not self.by_size:
            return self.thresholds
        if people <= self.by_size[0].people or len(self.by_size) == 1:
            return self.by_size[0].thresholds
        size = min(people, LARGEST * self.by_size[-1].people)
        upper = next((i for i, one in enumerate(self.by_size) if one.people >= size), len(self.by_size) - 1)
        low, high = self.by_size[upper - 1], self.by_size[upper]
        share = math.log(size / low.people) / math.log(high.people / low.people)
        accept, reject, margin = (
            max(0.0, one + share * (other - one))
            for one, other in zip(low.thresholds.numbers, high.thresholds.numbers, strict=True)
        )
        if share > 1:
            last = high.thresholds
            accept, reject, margin = min(accept, last.accept), min(reject, last.reject), last.margin
        return Thresholds(accept, max(accept, reject), margin)


class Outcome(StrEnum):
    """What was decided about a face."""

    ACCEPTED = "accepted"
    UNKNOWN = "unknown"
    AMBIGUOUS = "ambiguous"
    ATTACK_SUSPECTED = "attack_suspected"


class Liveness(StrEnum):
    """What the liveness gate says of a track so far (presentation attack detection, ISO/IEC 30107)."""

    LIVE = "live"
    """It may be marked once its votes agree."""
    PENDING = "pending"
    """Not known yet: an acceptance waits, everything else goes on."""
    ASKED = "asked"
    """The person was asked for a sign of life and has time for it: nothing is decided meanwhile."""
    NOT_SHOWN = "not_shown"
    """It had its time and showed no sign of life: please scan."""
    ATTACK = "attack"
    """A picture, screen or mask: never marked, whatever the votes say."""


@dataclass(frozen=True, slots=True)
class Match:
    """The answer of a gallery search for one probe.

    Attributes:
        student_id: The closest person.
        distance: Distance to that person's closest template.
        runner_up: Distance to the closest template of anybody else; infinite in a gallery of one person.
        parts: What each network of the model said of that closest template; empty where the model is one network.
    """

    student_id: int
    distance: float
    runner_up: float
    parts: tuple[PartDistance, ...] = ()

    @property
    def margin(self) -> float:
        """How much farther the runner-up is."""
        return self.runner_up - self.distance


@dataclass(frozen=True, slots=True)
class Vote:
    """What one frame says about one track.

    Attributes:
        time_s: Its capture time.
        outcome: What its search means.
        match: Whom it found.
        weight: How much it counts, above 0 and up to 1: less for a poor picture of a face.
    """

    time_s: float
    outcome: Outcome
    match: Match | None
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Decision:
    """What several frames together say about one track.

    Attributes:
        outcome: Accepted, unknown, ambiguous or attack suspected.
        match: For accepted and ambiguous faces the best match among the agreeing votes.
        decided_s: Capture time of the frame that completed the vote.
        votes: How many frames agreed.
    """

    outcome: Outcome
    match: Match | None
    decided_s: float
    votes: int


@dataclass(frozen=True, slots=True)
class VotingRule:
    """How many frames must agree before a face is decided.

    Attributes:
        frames: Consecutive agreeing frames, each counted by its weight; raising it makes a decision slower and safer.
        span_s: Time in seconds that the agreeing frames must cover at least.
        unaccepted_frames: Consecutive frames without an acceptance after which "unknown" or "ambiguous" is
            said; larger than `frames`, so that one blink does not turn a student away.
    """

    frames: int = 3
    span_s: float = 0.3
    unaccepted_frames: int = 12
    unaccepted_span_s: float = 1.0

    @property
    def look_every_s(self) -> float:
        """How often an undecided face needs a look, in seconds: a quarter more often than either verdict asks for.

        Frames that follow each other at once say nearly the same; looking at all of them would decide nothing sooner.
        """
        return 0.8 * min(self.span_s / self.frames, self.unaccepted_span_s / self.unaccepted_frames)


def judge(match: Match | None, thresholds: Thresholds) -> Outcome:
    """Say what a single search result means; None is the answer of an empty gallery.

    With one person enrolled there is no runner-up to be farther away, and the only rule left would be the distance.
    So the margin is kept to the threshold instead: a lone person is accepted only `margin` below `accept`. Measured with
    the built-in model on each of 13 people alone: the closest of 732 pictures of others lay at 0.515, 97 % of the own
    ones at or below the 0.45 that this makes of 0.50.
    """
    if match is None or match.distance > thresholds.reject:
        return Outcome.UNKNOWN
    if math.isinf(match.runner_up):
        lone = match.distance <= thresholds.accept - thresholds.margin
        return Outcome.ACCEPTED if lone else Outcome.AMBIGUOUS
    if match.distance <= thresholds.accept and match.margin >= thresholds.margin:
        return Outcome.ACCEPTED
    return Outcome.AMBIGUOUS


def decide(votes: Sequence[Vote], rule: VotingRule) -> Decision | None:
    """Combine the latest votes of a track, oldest first; None while it is too early to say.

    A student is accepted when the latest `rule.frames` votes (or more, until they cover `rule.span_s`) all
    accept the same person. A face is unknown or ambiguous when none of the latest `rule.unaccepted_frames`
    votes, covering `rule.unaccepted_span_s`, was accepted; ambiguous if any of those was. A face that wavers for `TIRED`
    times that long is ambiguous, too.
    """
    if not votes:
        return None
    newest = votes[-1]
    run: list[Vote] = []
    if newest.outcome is Outcome.ACCEPTED and newest.match is not None:
        for vote in reversed(votes):
            if vote.outcome is not Outcome.ACCEPTED or vote.match is None:
                break
            if vote.match.student_id != newest.match.student_id:
                break
            run.append(vote)
        if weight_of(run) >= rule.frames and _covers(run, rule.span_s):
            best = min((vote.match for vote in run if vote.match), key=attrgetter("distance"))
            return Decision(Outcome.ACCEPTED, best, newest.time_s, len(run))
        return _tired(votes, rule)
    for vote in reversed(votes):
        if vote.outcome is Outcome.ACCEPTED:
            break
        run.append(vote)
    if weight_of(run) < rule.unaccepted_frames or not _covers(run, rule.unaccepted_span_s):
        return _tired(votes, rule)
    ambiguous = [vote.match for vote in run if vote.outcome is Outcome.AMBIGUOUS and vote.match is not None]
    if ambiguous:
        best = min(ambiguous, key=attrgetter("distance"))
        return Decision(Outcome.AMBIGUOUS, best, newest.time_s, len(run))
    return Decision(Outcome.UNKNOWN, None, newest.time_s, len(run))


def _tired(votes: Sequence[Vote], rule: VotingRule) -> Decision | None:
    """Ask a face to scan that was looked at for long and is accepted now and then, but never steadily."""
    long = len(votes) >= TIRED * rule.unaccepted_frames and _covers(
        (votes[-1], votes[0]), TIRED * rule.unaccepted_span_s
    )
    if not long:
        return None
    matches = [vote.match for vote in votes if vote.match is not None]
    best = min(matches, key=attrgetter("distance")) if matches else None
    return Decision(Outcome.AMBIGUOUS, best, votes[-1].time_s, len(votes))


def weight_of(votes: Sequence[Vote]) -> float:
    """How many clear frames several votes count for."""
    # A thousandth of tolerance: weights are fractions.
    return sum(vote.weight for vote in votes) + 1e-3


def _covers(newest_first: Sequence[Vote], span_s: float) -> bool:
    # Half a millisecond of tolerance: frame times are sums of 1/30.
    return newest_first[0].time_s - newest_first[-1].time_s >= span_s - 5e-4


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """A face followed over frames.

    Attributes:
        track_id: Number of the track, never used again in one run.
        detection: The face in the newest frame.
        first_seen_s: Capture time of its first frame.
        missed: Frames since it was last seen; 0 while it is in view.
        may_be_switched: Whether it may have become another person's in this frame: the face was hidden by another one, was
            together with one, or was gone for longer than a blink of the detector.
    """

    track_id: int
    detection: Detection
    first_seen_s: float
    missed: int = 0
    may_be_switched: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """A stored vector of one student's face.

    Attributes:
        template_id: Key in the store; 0 while it is not stored.
        student_id: Whose it is.
        model: `ModelInfo.name` that made it.
        vector: (dimensions,) float32.
        quality: 0 (poor) to 1 (good), from the enrolled picture.
        captured_at: When that was taken, aware; None where nobody knows.
        is_learned: Whether it comes from a class and not from enrolment.
    """

    template_id: int
    student_id: int
    model: str
    vector: Vector
    quality: float
    captured_at: datetime | None = None
    is_learned: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Gallery:
    """A roster's templates, ready for search.

    Attributes:
        model: Whose embeddings these are.
        matrix: (templates, dimensions) float32, rows of one student together, students ascending. Given in another
            order, it is put into this one.
        student_ids: (templates,) int64, the owner of each row.
        days: (templates,) int64, the day that each row's picture was taken on, as an ordinal; 0 where nobody knows.
        learned: (templates,) whether each row's picture comes from a class; nothing given: none does.
    """

    model: ModelInfo
    matrix: NDArray[np.float32]
    student_ids: NDArray[np.int64]
    days: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    learned: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, np.bool_))
    _index: TemplateIndex = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Sort the rows by student and prepare the search: here, so that no frame has to wait for it."""
        if len(self.days) != len(self.student_ids):
            object.__setattr__(self, "days", np.zeros(len(self.student_ids), np.int64))
        if len(self.learned) != len(self.student_ids):
            object.__setattr__(self, "learned", np.zeros(len(self.student_ids), np.bool_))
        if np.any(self.student_ids[1:] < self.student_ids[:-1]):
            order = np.argsort(self.student_ids, kind="stable")
            object.__setattr__(self, "days", self.days[order])
            object.__setattr__(self, "learned", self.learned[order])
            object.__setattr__(self, "matrix", self.matrix[order])
            object.__setattr__(self, "student_ids", self.student_ids[order])
        by_angle = self.model.metric is Metric.COSINE
        index = TemplateIndex.of(self.matrix, self.student_ids, by_angle=by_angle)
        object.__setattr__(self, "_index", index)

    @classmethod
    def of(cls, model: ModelInfo, templates: Sequence[Template], *, zone: tzinfo = UTC) -> Self:
        """Build a gallery from templates of one model.

        Args:
            model: That model.
            templates: In any order.
            zone: Where days begin.

        Raises:
            ValueError: A template was made by another model or has another length.
        """
        for template in templates:
            if template.model != model.name or template.vector.shape != (model.dimensions,):
                raise ValueError(f"template {template.template_id} is not of {model.name}")
        ordered = sorted(templates, key=attrgetter("student_id"))
        ids = np.array([template.student_id for template in ordered], dtype=np.int64)
        vectors = stacked([template.vector for template in ordered], model.dimensions)
        days = [_day(template.captured_at, zone) for template in ordered]
        learned = [template.is_learned for template in ordered]
        return cls(model, vectors, ids, np.array(days, np.int64), np.array(learned, np.bool_))

    @property
    def people(self) -> int:
        """Number of students with at least one template."""
        return len(self._index.owners)

    def holds(self, student_id: int) -> bool:
        """Whether a student has a template here."""
        return student_id in self._index

    def search(self, probe: Vector) -> Match | None:
        """The closest student to `probe`, or None when the gallery is empty or the probe is no vector of numbers."""
        return self.search_all(probe[np.newaxis])[0]

    def search_all(self, probes: NDArray[np.float32]) -> list[Match | None]:
        """The closest student to each of `probes` (probes, dimensions), with one matrix product for all."""
        found = self._index.nearest(np.asarray(probes, np.float32))
        return [
            None if one is None else self._match(one, probe) for one, probe in zip(found, probes, strict=True)
        ]

    def _match(self, found: Nearest, probe: Vector) -> Match:
        parts = part_distances(self.model.parts, self.matrix[found.row], probe)
        return Match(found.owner, found.distance, found.runner_up, parts)


def _day(captured_at: datetime | None, zone: tzinfo) -> int:
    return 0 if captured_at is None else captured_at.astimezone(zone).toordinal()


def distances(matrix: NDArray[np.float32], probe: Vector, metric: Metric) -> NDArray[np.float32]:
    """Distances of `probe` (dimensions,) to each row of `matrix` (n, dimensions), as (n,) float32."""
    return direct(matrix, probe, by_angle=metric is Metric.COSINE)

"""Keeping track of people whom the face alone does not tell apart: found at enrolment, shown to the admin, lifted by him.

Slow where it compares faces: call `refresh` from a worker thread. Templates are read and compared outside the store
thread; only what came of it is written there.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from typing import Final

from kiosk.domain.faces.lookalikes import (
    SMALLEST_ROSTER,
    FacePair,
    Lookalike,
    PairOrigin,
    limit_of,
    lookalikes,
)
from kiosk.domain.faces.recognition import Gallery, ModelInfo
from kiosk.domain.people.consents import ConsentKind
from kiosk.domain.people.students import Student
from kiosk.domain.school.face_rule import FaceRule
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.events import Events, GalleryChanged
from kiosk.services.ports.clock import Clock
from kiosk.services.school.face_rules import choice_of, faces_are_off
from kiosk.services.school.school_settings import School
from kiosk.services.trust.rights import require
from kiosk.storage.store import Repositories, Store
from kiosk.translation import _

CLOSER: Final = 0.005
"""A lifted pair counts again when it came closer by more than this: the risk was taken for another distance."""


@dataclass(frozen=True, slots=True)
class PairWarning:
    """Two people who turned out to be too close for the face alone.

    Attributes:
        student_no: One of them, at an enrolment one of those who were enrolled.
        other_no: Who is too close.
        distance: Of their two closest templates.
        same_person: Whether it may be one person enrolled under two numbers.
        text: What an admin should know, in a sentence or two, with their names.
    """

    student_no: str
    other_no: str
    distance: float
    same_person: bool
    text: str

    @classmethod
    def of(cls, student: Student, other: Student, found: Lookalike) -> "PairWarning":
        """Put it into words."""
        one, two = (f"{who.full_name} ({who.student_no})" for who in (student, other))
        text = (
            _(
                "{one} and {two} may be the same person enrolled twice. Until that is settled, the face alone marks "
                "neither of them: both scan the code.",
                one=one,
                two=two,
            )
            if found.same_person
            else _(
                "{one} and {two} look alike. The face alone marks neither of them: both scan the code.",
                one=one,
                two=two,
            )
        )
        return cls(student.student_no, other.student_no, found.distance, found.same_person, text)


@dataclass(frozen=True, slots=True)
class KnownPair:
    """A pair as the admin sees it; `other` is None for somebody whom nobody named."""

    pair: FacePair
    student: Student
    other: Student | None


class Lookalikes:
    """Finds pairs and remembers them."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        school: School,
        events: Events,
        model: Callable[[], ModelInfo],
    ) -> None:
        """`model` says which one is in use, for `compare`; it may load networks."""
        self._store = store
        self._events = events
        self._clock = clock
        self._school = school
        self._model = model

    def refresh(
        self,
        model: ModelInfo,
        *,
        actor: str,
        among: Collection[int] | None = None,
        is_asked: bool = False,
    ) -> tuple[PairWarning, ...]:
        """Compare faces with everybody else's, and write down who is too close.

        Call it after templates of `model` were stored, and after its thresholds changed. Where the school only verifies,
        nobody's template is opened for that: a face is compared with its own alone, unless an admin asked.

        Args:
            model: Whose templates are compared, at its thresholds in force.
            actor: Who enrolled.
            is_asked: Whether an admin wants faces compared with each other now.
            among: Students who have new templates; None compares everybody with everybody. A correction on one of these
                ends when none of the pictures is left that were enrolled when the camera was wrong.

        Returns:
            Pairs that are new, or whose risk was taken at a larger distance.
        """
        if among is not None and not among:
            return ()
        if not is_asked and self._store.read(_rule) is not FaceRule.WALK_PAST:
            self._store.write(
                lambda repositories: self._end_all_corrections(repositories, among or (), actor)
            )
            self._events.emit(GalleryChanged())
            return ()
        limit = alike_limit(self._school, model)
        gallery = self._store.read(lambda repositories: _everybody(repositories, model))
        found = lookalikes(gallery, limit=limit, among=among)

        def work(repositories: Repositories) -> tuple[PairWarning, ...]:
            self._end_all_corrections(repositories, among or (), actor)
            return self._written(repositories, model, found, among, actor)

        warnings = self._store.write(work)
        self._events.emit(GalleryChanged())
        return warnings

    def compare(self, *, actor: Actor) -> tuple[PairWarning, ...]:
        """Compare everybody with everybody because an admin wants that, whatever the school's rule; the log says so.

        Returns:
            As `refresh`.

        Raises:
            ConflictError: The school uses no faces.
        """
        require(self._store, actor, Right.ADMINISTER)
        if not self._store.read(_rule).uses_faces:
            raise ConflictError(*faces_are_off())
        model = self._model()
        self._store.write(
            lambda repositories: repositories.audit.add(
                self._clock.now(), actor.name, "faces.compared", "everybody", model.name
            )
        )
        return self.refresh(model, actor=actor.name, is_asked=True)

    def listed(self, *, actor: Actor) -> list[KnownPair]:
        """All pairs, those that were lifted too; the closest first, those without a distance last."""
        require(self._store, actor, Right.ADMINISTER)

        def query(repositories: Repositories) -> list[KnownPair]:
            students = {student.student_id: student for student in repositories.students.all()}
            return [
                KnownPair(
                    pair,
                    students[pair.student_id],
                    students[pair.other_id] if pair.other_id is not None else None,
                )
                for pair in repositories.face_pairs.all()
            ]

        return self._store.read(query)

    def lift(self, pair_id: int, *, actor: Actor) -> None:
        """Let the face alone mark both again: the admin knows that they are different people and takes the risk.

        Raises:
            NotFoundError: The pair is not noted any more.
        """
        require(self._store, actor, Right.ADMINISTER)
        self._set_lifted(pair_id, actor.name, lifted=True)

    def put_back(self, pair_id: int, *, actor: Actor) -> None:
        """Ask both of a lifted pair to scan again. Raises NotFoundError: the pair is not noted any more."""
        require(self._store, actor, Right.ADMINISTER)
        self._set_lifted(pair_id, actor.name, lifted=False)

    def _set_lifted(self, pair_id: int, actor: str, *, lifted: bool) -> None:
        now = self._clock.now()

        def work(repositories: Repositories) -> None:
            pair = repositories.face_pairs.get(pair_id)
            if pair is None:
                raise NotFoundError(
                    _("This pair is not noted any more."), _("One of the two was enrolled anew.")
                )
            repositories.face_pairs.update(
                replace(pair, lifted_at=now if lifted else None, lifted_by=actor if lifted else None)
            )
            repositories.audit.add(
                now,
                actor,
                "face.pair_lifted" if lifted else "face.pair_put_back",
                numbers_of(repositories, pair),
                pair.origin.value,
            )

        self._store.write(work)
        self._events.emit(GalleryChanged())

    def _end_corrections(self, repositories: Repositories, student_id: int, actor: str) -> None:
        corrections = [
            pair
            for pair in repositories.face_pairs.of({student_id})
            if pair.origin is PairOrigin.CORRECTION and pair.student_id == student_id
        ]
        if not corrections:
            return
        captured = [sample.captured_at for sample in repositories.faces.samples(student_id)]
        for pair in corrections:
            if captured and min(captured) > pair.found_at:
                repositories.face_pairs.remove(pair.pair_id)
                repositories.audit.add(
                    self._clock.now(),
                    actor,
                    "face.correction_ended",
                    numbers_of(repositories, pair),
                    "enrolled anew",
                )

    def _end_all_corrections(
        self, repositories: Repositories, student_ids: Iterable[int], actor: str
    ) -> None:
        for student_id in student_ids:
            self._end_corrections(repositories, student_id, actor)

    def _written(
        self,
        repositories: Repositories,
        model: ModelInfo,
        found: Iterable[Lookalike],
        among: Collection[int] | None,
        actor: str,
    ) -> tuple[PairWarning, ...]:
        pairs = repositories.face_pairs
        noted = {
            (pair.student_id, pair.other_id): pair
            for pair in (pairs.all() if among is None else pairs.of(among))
            if pair.origin is PairOrigin.LOOKALIKE and pair.model == model.name
        }
        warnings = []
        for one in found:
            both = {one.student_id, one.other_id}
            # A consent may have been withdrawn while the faces were compared.
            if repositories.consents.given_by(both, ConsentKind.FACE_RECOGNITION) != both:
                continue
            if self._note(repositories, model, one, noted.pop((one.student_id, one.other_id), None), actor):
                warnings.append(_warning(repositories, one, among))
        for gone in noted.values():
            pairs.remove(gone.pair_id)
        return tuple(warning for warning in warnings if warning is not None)

    def _note(
        self,
        repositories: Repositories,
        model: ModelInfo,
        found: Lookalike,
        known: FacePair | None,
        actor: str,
    ) -> bool:
        """Write one pair down; False when it was known and counts as it did."""
        now = self._clock.now()
        if known is not None:
            again = known.is_lifted and (known.distance is None or found.distance < known.distance - CLOSER)
            measured = replace(known, distance=found.distance, same_person=found.same_person)
            repositories.face_pairs.update(
                replace(measured, lifted_at=None, lifted_by=None) if again else measured
            )
            if not again:
                return False
        else:
            known = repositories.face_pairs.add(
                student_id=found.student_id,
                other_id=found.other_id,
                origin=PairOrigin.LOOKALIKE,
                model=model.name,
                distance=found.distance,
                same_person=found.same_person,
                found_at=now,
                found_by=actor,
            )
        repositories.audit.add(
            now,
            actor,
            "face.pair_found",
            numbers_of(repositories, known),
            "same person enrolled twice?" if found.same_person else "look alike",
        )
        return True


def alike_limit(school: School, model: ModelInfo) -> float:
    """The distance at or below which two people count as look-alikes now, wherever they are named."""
    return limit_of(school.thresholds(model, people=SMALLEST_ROSTER).thresholds)


def _rule(repositories: Repositories) -> FaceRule:
    return choice_of(repositories.school_settings.all()).rule


def numbers_of(repositories: Repositories, pair: FacePair) -> str:
    """The student numbers of a pair, for the log."""
    people = [repositories.students.get(one) for one in (pair.student_id, pair.other_id) if one is not None]
    return " ".join(one.student_no for one in people if one is not None)


def _everybody(repositories: Repositories, model: ModelInfo) -> Gallery:
    enrolled = repositories.faces.enrolled(model.name)
    willing = repositories.consents.given_by(enrolled, ConsentKind.FACE_RECOGNITION)
    return Gallery.of(model, repositories.faces.templates(willing, model.name))


def _warning(
    repositories: Repositories, found: Lookalike, among: Collection[int] | None
) -> PairWarning | None:
    ids = (found.student_id, found.other_id)
    if among is not None and found.student_id not in among:
        ids = (found.other_id, found.student_id)
    student, other = (repositories.students.get(one) for one in ids)
    if student is None or other is None:
        return None
    return PairWarning.of(student, other, found)

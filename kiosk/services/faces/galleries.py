"""Loads the roster's gallery of a class session, and calibrates thresholds on a roster."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from zoneinfo import ZoneInfo

from kiosk.domain.courses.courses import Course
from kiosk.domain.faces.calibration import Calibration, Verdict
from kiosk.domain.faces.expected_errors import ExpectedErrors
from kiosk.domain.faces.lookalikes import lookalikes, second_factor
from kiosk.domain.faces.measurement import Measurement, measure
from kiosk.domain.faces.recognition import Gallery, ModelInfo, Thresholds
from kiosk.domain.people.consents import ConsentKind
from kiosk.domain.people.students import Student
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.faces.lookalikes import Lookalikes, alike_limit
from kiosk.services.faces.rate_words import verdict_words
from kiosk.services.faces.recognition.recogniser import Recognition
from kiosk.services.faces.recognition.verifying import Verification
from kiosk.services.people.consents import consenting_to_learn
from kiosk.services.school.school_settings import School, ThresholdsInUse
from kiosk.services.trust.rights import require
from kiosk.storage.store import Repositories, Store
from kiosk.translation import _, ngettext


@dataclass(frozen=True, slots=True, eq=False)
class RosterMeasurement:
    """What a course's own pictures say about recognition in it.

    Attributes:
        course: Whose roster it is.
        students: By student id.
        measured: Distances, rates and fitting thresholds.
        in_use: What was in force for so many people when it was measured.
        alike: Ids of those who look too much alike, by the rule and the thresholds of the list of look-alikes.
    """

    course: Course
    students: Mapping[int, Student]
    measured: Measurement
    in_use: ThresholdsInUse
    alike: tuple[tuple[int, int], ...] = ()

    @property
    def origin(self) -> str:
        """What is written down with thresholds that come from it."""
        genuine, _unused = self.measured.calibration.comparisons
        people = self.measured.people
        return _(
            "calibrated on {code}: {people}, {pictures}",
            code=self.course.code,
            people=ngettext("{n} person", "{n} people", people, n=people),
            pictures=ngettext("{n} picture", "{n} pictures", genuine, n=genuine),
        )

    @property
    def confusable(self) -> list[tuple[Student, Student]]:
        """Pairs who stay too close for the face alone: those whom the list of look-alikes names, too."""
        return [(self.students[a], self.students[b]) for a, b in self.alike]

    @property
    def fits_better(self) -> bool:
        """Whether stricter thresholds than the model's own are worth their cost, and are not in use yet."""
        fitting = self.measured.calibration
        return fitting.verdict is Verdict.STRICTER and not fitting.thresholds.is_stored_as(
            self.in_use.thresholds
        )

    @property
    def expected(self) -> tuple[ExpectedErrors, ExpectedErrors] | None:
        """What to expect at the thresholds in use and at those that fit; None where nothing can be forecast."""
        fitting = self.measured.calibration
        now, then = (fitting.expected(limits) for limits in (self.in_use.thresholds, fitting.thresholds))
        return None if now is None or then is None else (now, then)


class Galleries:
    """Knows who can be recognised, with which model, at which thresholds."""

    def __init__(self, *, store: Store, school: School, lookalikes: Lookalikes, zone: ZoneInfo) -> None:
        self._store = store
        self._zone = zone
        self._school = school
        self._lookalikes = lookalikes

    def load(self, course_id: int, *, on: date, model: ModelInfo) -> Recognition:
        """The gallery of a course's roster on a day: students who consent and have templates of `model`.

        Whoever forms a look-alike pair with somebody of the same roster, or was taken for somebody else, is marked as
        needing a second factor.
        """
        # Before the view below: one reader that waits for another, with a writer between them, stops all three until
        # SQLite gives up, where it keeps a rollback journal.
        in_use = self._school.thresholds(model)

        def query(repositories: Repositories) -> Recognition:
            roster = repositories.courses.roster(course_id, on)
            students = {student.student_id: student for student in roster}
            willing = repositories.consents.given_by(students, ConsentKind.FACE_RECOGNITION)
            templates = repositories.faces.templates(willing, model.name)
            look_alike = second_factor(repositories.face_pairs.between(students), model=model.name)
            gallery = Gallery.of(model, templates, zone=self._zone)
            thresholds = in_use.for_roster(gallery.people).thresholds
            may_learn = consenting_to_learn(repositories, students, self._zone)
            return Recognition(gallery, thresholds, students, look_alike, may_learn)

        return self._store.read(query)

    def verification(self, course_id: int, *, on: date, model: ModelInfo) -> Verification:
        """The same people to be verified 1:1: how many templates each has is read, and no template is opened."""
        in_use = self._school.thresholds(model, people=1)

        def query(repositories: Repositories) -> Verification:
            roster = repositories.courses.roster(course_id, on)
            students = {student.student_id: student for student in roster}
            willing = repositories.consents.given_by(students, ConsentKind.FACE_RECOGNITION)
            counts = repositories.faces.enrolled(model.name)
            return Verification(
                Gallery.of(model, [], zone=self._zone),
                in_use.thresholds,
                students,
                second_factor(repositories.face_pairs.between(students), model=model.name),
                enrolled={one: counts[one] for one in sorted(willing) if one in counts},
                read=partial(self._gallery_of, model=model),
            )

        return self._store.read(query)

    def _gallery_of(self, student_id: int, *, model: ModelInfo) -> Gallery | None:
        """One student's templates alone; None where there are none, or consent is gone."""

        def query(repositories: Repositories) -> Gallery | None:
            if not repositories.consents.given_by({student_id}, ConsentKind.FACE_RECOGNITION):
                return None
            templates = repositories.faces.templates({student_id}, model.name)
            return Gallery.of(model, templates, zone=self._zone) if templates else None

        return self._store.read(query)

    def measure(self, course_id: int, *, on: date, model: ModelInfo, actor: Actor) -> RosterMeasurement:
        """Measure the roster's own pictures; changes nothing. Raises NotFoundError: no such course."""
        require(self._store, actor, Right.ADMINISTER)
        course = self._store.read(lambda repositories: repositories.courses.get(course_id))
        if course is None:
            raise NotFoundError(_("That course does not exist any more."))
        recognition = self.load(course_id, on=on, model=model)
        in_use = self._school.thresholds(model, people=recognition.gallery.people)
        found = lookalikes(recognition.gallery, limit=alike_limit(self._school, model))
        alike = tuple((pair.student_id, pair.other_id) for pair in found)
        return RosterMeasurement(course, recognition.students, measure(recognition.gallery), in_use, alike)

    def use(self, found: RosterMeasurement, *, actor: Actor) -> Calibration:
        """Put the thresholds that fit into force; look-alikes are found anew with them.

        Raises:
            ConflictError: The model's own thresholds fit as well, so there is nothing to put into force.
        """
        require(self._store, actor, Right.ADMINISTER)
        fitting, model = found.measured.calibration, found.measured.model
        if fitting.verdict is not Verdict.STRICTER:
            raise ConflictError(verdict_words(found.measured))
        self._school.use_thresholds(
            model,
            fitting.thresholds,
            origin=found.origin,
            actor=actor,
            fitted_to=found.measured.people,
        )
        self._lookalikes.refresh(model, actor=actor.name)
        return fitting

    def set_by_hand(self, model: ModelInfo, thresholds: Thresholds, *, origin: str, actor: Actor) -> None:
        """Put thresholds into force for every roster of the school; look-alikes are found anew with them."""
        require(self._store, actor, Right.ADMINISTER)
        self._school.use_thresholds(model, thresholds, origin=origin, actor=actor)
        self._lookalikes.refresh(model, actor=actor.name)

    def calibrate(self, course_id: int, *, on: date, model: ModelInfo, actor: Actor) -> Calibration:
        """`measure`, and `use` where stricter thresholds than the model's own are worth their cost.

        Raises:
            NotFoundError: No such course.
        """
        require(self._store, actor, Right.ADMINISTER)
        found = self.measure(course_id, on=on, model=model, actor=actor)
        if found.measured.calibration.verdict is not Verdict.STRICTER:
            return found.measured.calibration
        return self.use(found, actor=actor)

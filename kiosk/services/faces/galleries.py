"""Loads the roster's gallery of a class session, and calibrates thresholds on a roster."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kiosk.domain.courses.courses import Course
from kiosk.domain.faces.calibration import Calibration
from kiosk.domain.faces.lookalikes import second_factor
from kiosk.domain.faces.measurement import Measurement, measure
from kiosk.domain.faces.recognition import Gallery, ModelInfo
from kiosk.domain.people.consents import ConsentKind
from kiosk.domain.people.students import Student
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.faces.lookalikes import Lookalikes
from kiosk.services.faces.recognition.recogniser import Recognition
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
        in_use: What was in force when it was measured.
    """

    course: Course
    students: Mapping[int, Student]
    measured: Measurement
    in_use: ThresholdsInUse

    @property
    def origin(self) -> str:
        """What is written down with thresholds that come from it."""
        genuine, _unused = self.measured.calibration.comparisons if self.measured.calibration else (0, 0)
        people = self.measured.people
        return _(
            "calibrated on {code}: {people}, {pictures}",
            code=self.course.code,
            people=ngettext("{n} person", "{n} people", people, n=people),
            pictures=ngettext("{n} picture", "{n} pictures", genuine, n=genuine),
        )

    @property
    def confusable(self) -> list[tuple[Student, Student]]:
        """Pairs who stay too close for the face alone."""
        pairs = self.measured.calibration.confusable if self.measured.calibration else ()
        return [(self.students[a], self.students[b]) for a, b in pairs]


class Galleries:
    """Knows who can be recognised, with which model, at which thresholds."""

    def __init__(self, *, store: Store, school: School, lookalikes: Lookalikes) -> None:
        self._store = store
        self._school = school
        self._lookalikes = lookalikes

    def load(self, course_id: int, *, on: date, model: ModelInfo) -> Recognition:
        """The gallery of a course's roster on a day: students who consent and have templates of `model`.

        Whoever forms a look-alike pair with somebody of the same roster, or was taken for somebody else, is marked as
        needing a second factor.
        """
        # Before the view below: one reader that waits for another, with a writer between them, stops all three until
        # SQLite gives up, where it keeps a rollback journal.
        thresholds = self._school.thresholds(model).thresholds

        def query(repositories: Repositories) -> Recognition:
            roster = repositories.courses.roster(course_id, on)
            students = {student.student_id: student for student in roster}
            willing = repositories.consents.given_by(students, ConsentKind.FACE_RECOGNITION)
            templates = repositories.faces.templates(willing, model.name)
            look_alike = second_factor(repositories.face_pairs.between(students), model=model.name)
            return Recognition(Gallery.of(model, templates), thresholds, students, look_alike)

        return self._store.read(query)

    def measure(self, course_id: int, *, on: date, model: ModelInfo, actor: Actor) -> RosterMeasurement:
        """Measure the roster's own pictures; changes nothing. Raises NotFoundError: no such course."""
        require(self._store, actor, Right.ADMINISTER)
        course = self._store.read(lambda repositories: repositories.courses.get(course_id))
        if course is None:
            raise NotFoundError(_("That course does not exist any more."))
        recognition = self.load(course_id, on=on, model=model)
        in_use = self._school.thresholds(model)
        return RosterMeasurement(course, recognition.students, measure(recognition.gallery), in_use)

    def use(self, found: RosterMeasurement, *, actor: Actor) -> Calibration:
        """Put the thresholds that fit into force; look-alikes are found anew with them.

        Raises:
            ConflictError: Too few people or pictures are enrolled to tell.
        """
        require(self._store, actor, Right.ADMINISTER)
        fitting, model = found.measured.calibration, found.measured.model
        if fitting is None:
            raise ConflictError(
                _("Too few faces are enrolled to calibrate on."),
                _("Enrol at least two pictures each of several students."),
            )
        self._school.use_thresholds(model, fitting.thresholds, origin=found.origin, actor=actor)
        self._lookalikes.refresh(model, actor=actor.name)
        return fitting

    def calibrate(self, course_id: int, *, on: date, model: ModelInfo, actor: Actor) -> Calibration:
        """`measure` and `use` in one.

        Raises:
            ConflictError: Too few people or pictures are enrolled to tell.
            NotFoundError: No such course.
        """
        require(self._store, actor, Right.ADMINISTER)
        return self.use(self.measure(course_id, on=on, model=model, actor=actor), actor=actor)

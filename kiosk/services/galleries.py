"""Loads the roster's gallery of a class session, and calibrates thresholds on a roster."""

from datetime import date

from kiosk.domain.calibration import Calibration, calibrate
from kiosk.domain.lookalikes import second_factor
from kiosk.domain.people import ConsentKind
from kiosk.domain.recognition import Gallery, ModelInfo
from kiosk.errors import ConflictError
from kiosk.services.lookalikes import Lookalikes
from kiosk.services.ports.store import Repositories, Store
from kiosk.services.recognition import Recognition
from kiosk.services.school import School


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

        def query(repositories: Repositories) -> Recognition:
            roster = repositories.courses.roster(course_id, on)
            students = {student.student_id: student for student in roster}
            willing = repositories.consents.given_by(students, ConsentKind.FACE_RECOGNITION)
            templates = repositories.faces.templates(willing, model.name)
            thresholds = self._school.thresholds(model).thresholds
            doubtful = second_factor(repositories.face_pairs.between(students), model=model.name)
            return Recognition(Gallery.of(model, templates), thresholds, students, doubtful)

        return self._store.read(query)

    def calibrate(self, course_id: int, *, on: date, model: ModelInfo, actor: str) -> Calibration:
        """Measure the roster's own pictures and put fitting thresholds into force; look-alikes are found anew with them.

        Raises:
            ConflictError: Too few people or pictures are enrolled to tell.
        """
        found = calibrate(self.load(course_id, on=on, model=model).gallery)
        if found is None:
            raise ConflictError(
                "Too few faces are enrolled to calibrate on.",
                "Enrol at least two pictures each of several students.",
            )
        genuine, impostor = found.comparisons
        self._school.use_thresholds(
            model,
            found.thresholds,
            origin=f"calibrated on {genuine} genuine and {impostor} impostor comparisons",
            actor=actor,
        )
        self._lookalikes.refresh(model, actor=actor)
        return found

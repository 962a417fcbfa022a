"""Chooses the model of a class while the templates of another one are being made. Quick; any thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kiosk.domain.models.model_change import model_for
from kiosk.domain.people.consents import ConsentKind
from kiosk.services.faces.unreadable_faces import outstanding
from kiosk.storage.store import Repositories, Store
from kiosk.translation import ngettext


@dataclass(frozen=True, slots=True)
class ModelForClass:
    """What a class is recognised with.

    Attributes:
        name: The model.
        instead_of: The chosen model when it is not ready yet; empty when it is used.
        missing: How many of the roster's pictures it still lacks.
    """

    name: str
    instead_of: str = ""
    missing: int = 0

    @property
    def words(self) -> str:
        """What to say; empty when the chosen model is used."""
        if not self.instead_of:
            return ""
        return ngettext(
            "{instead_of} is still being prepared ({missing} picture to go); "
            "this class is recognised with {name}.",
            "{instead_of} is still being prepared ({missing} pictures to go); "
            "this class is recognised with {name}.",
            self.missing,
            instead_of=self.instead_of,
            missing=self.missing,
            name=self.name,
        )


class ModelChange:
    """Knows how far each model's templates are."""

    def __init__(self, *, store: Store) -> None:
        self._store = store

    def for_class(self, course_id: int, *, on: date, chosen: str, usable: Sequence[str]) -> ModelForClass:
        """The model for a course's roster on a day.

        Args:
            course_id: Whose roster.
            on: The day.
            chosen: What the settings say, and can be loaded.
            usable: Other models that can be loaded.
        """

        def query(repositories: Repositories) -> ModelForClass:
            roster = [student.student_id for student in repositories.courses.roster(course_id, on)]
            willing = repositories.consents.given_by(roster, ConsentKind.FACE_RECOGNITION)
            missing = {model: len(outstanding(repositories, model, willing)) for model in (chosen, *usable)}
            name = model_for(chosen, missing)
            if name == chosen:
                return ModelForClass(chosen)
            return ModelForClass(name, chosen, missing[chosen])

        return self._store.read(query)

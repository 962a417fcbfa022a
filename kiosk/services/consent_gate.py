"""Consent first: what every use case asks before a face is measured or stored. Any thread."""

from kiosk.domain.people import ConsentKind
from kiosk.errors import ConflictError
from kiosk.services.ports.store import Repositories


def consents(repositories: Repositories, student_id: int) -> bool:
    """Whether the student's newest word on face recognition is yes."""
    word = repositories.consents.newest(student_id, ConsentKind.FACE_RECOGNITION)
    return word is not None and word.given


def require_consent(repositories: Repositories, student_id: int) -> None:
    """Stop here without a yes.

    Raises:
        ConflictError: No consent is recorded, or it was withdrawn.
    """
    if not consents(repositories, student_id):
        raise ConflictError(
            "No consent to face recognition is recorded for this student.",
            "Record it first, or use the code.",
        )

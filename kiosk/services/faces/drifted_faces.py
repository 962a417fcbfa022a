"""Remembers whose faces have moved away from their enrolled pictures. Any thread.

Kept with the settings of the school, as numbers of students; they say nothing of any face.
"""

import json
from typing import Final

from kiosk.storage.store import Repositories

_NAME: Final = "faces.drifted"


def drifted(repositories: Repositories) -> frozenset[int]:
    """Ids of students whom a new enrolment would help."""
    text = repositories.school_settings.get(_NAME)
    return frozenset(json.loads(text)) if text else frozenset()


def note_drift(repositories: Repositories, student_id: int) -> None:
    """Remember one until the next enrolment."""
    _put(repositories, drifted(repositories) | {student_id})


def forget_drift(repositories: Repositories, student_id: int) -> None:
    """The student was enrolled anew, or the learned pictures are gone."""
    _put(repositories, drifted(repositories) - {student_id})


def _put(repositories: Repositories, student_ids: frozenset[int]) -> None:
    if student_ids != drifted(repositories):
        repositories.school_settings.put(_NAME, json.dumps(sorted(student_ids)))

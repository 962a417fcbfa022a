"""Remembers which stored pictures a model could not be made to see a face in, so that nobody waits for them. Any thread.

Kept with the settings of the school, by model, as numbers of samples; they say nothing of any face.
"""

import json
from collections.abc import Iterable

from kiosk.domain.faces.samples import SampleKey
from kiosk.storage.store import Repositories


def unreadable(repositories: Repositories, model: str) -> frozenset[int]:
    """Numbers of samples that cannot be embedded with a model."""
    text = repositories.school_settings.get(_name(model))
    return frozenset(json.loads(text)) if text else frozenset()


def remember_unreadable(repositories: Repositories, model: str, sample_ids: Iterable[int]) -> None:
    """Replace what is remembered for a model."""
    repositories.school_settings.put(_name(model), json.dumps(sorted(sample_ids)))


def outstanding(repositories: Repositories, model: str, willing: Iterable[int]) -> list[SampleKey]:
    """Samples of students who consent that lack a template of a model and may be embedded with it."""
    students, known = set(willing), unreadable(repositories, model)
    return [
        key
        for key in repositories.faces.samples_without(model)
        if key.student_id in students and key.sample_id not in known
    ]


def _name(model: str) -> str:
    return f"faces.unreadable.{model}"

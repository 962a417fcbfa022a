"""Stored pictures of faces, by student."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, eq=False)
class FaceSample:
    """An enrolled picture of a face with some surroundings, kept to embed it again with another model."""

    sample_id: int
    student_id: int
    picture: bytes
    """JPEG, decrypted."""
    digest: str
    """Keyed hash of the file it came from; tells a picture that was imported before, and nothing else."""
    captured_at: datetime


@dataclass(frozen=True, slots=True)
class SampleKey:
    """Which sample, and whose: all that can be said of it without opening it."""

    sample_id: int
    student_id: int

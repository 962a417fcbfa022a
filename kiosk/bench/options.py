"""What a run measures, and how long it takes over it. Pure."""

from dataclasses import dataclass
from typing import Final

from kiosk.bench.sides.film import PEOPLE

DEFAULT_MODEL: Final = "facenet512"


@dataclass(frozen=True, slots=True)
class BenchOptions:
    """What to measure.

    Attributes:
        model: A recognition model's name in the manifest.
        quick: Fewer people, frames and rounds: for a first look, not for figures to quote.
        contenders: Whether deepface, dlib and face_recognition are measured beside this kiosk.
    """

    model: str = DEFAULT_MODEL
    quick: bool = False
    contenders: bool = True

    @property
    def people(self) -> int:
        """In the class."""
        return 4 if self.quick else PEOPLE

    @property
    def film_s(self) -> float:
        """Length of the crowd's video."""
        return 3.0 if self.quick else 12.0

    @property
    def rounds(self) -> int:
        """How often sides are asked by turns."""
        return 1 if self.quick else 3

    @property
    def watched_s(self) -> float:
        """How long the window is watched."""
        return 2.0 if self.quick else 10.0

    @property
    def frames(self) -> int:
        """Frames that a slow contender looks at in a round."""
        return 3 if self.quick else 8

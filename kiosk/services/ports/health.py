"""What works on this PC, looked at one thing after the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class CheckState(StrEnum):
    """What was found of one thing."""

    GOOD = "good"
    WARNING = "warning"
    """A class can be held, but something should be done."""
    FAULT = "fault"
    """It does not work."""


class Remedy(StrEnum):
    """Where the program can mend something by itself, or shows the place where somebody does."""

    CAMERA = "camera"
    MODELS = "models"
    BACKUPS = "backups"
    NETWORK = "network"
    CERTIFICATE = "certificate"
    PHONE_TEST = "phone_test"
    KEPT_DATA = "kept_data"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Attributes:
        name: As the command line and its JSON call it; screens say `kiosk.wording.health.check_title`.
        text: What was found, in a sentence.
        hint: What to do; empty where nothing is to be done.
        remedy: What a screen offers to do about it.
    """

    name: str
    state: CheckState
    text: str
    hint: str = ""
    remedy: Remedy | None = None

    @property
    def works(self) -> bool:
        """Whether it works, though something may have to be done."""
        return self.state is not CheckState.FAULT


class HealthChecks(Protocol):
    """Looks at everything that a class needs. Slow: some things take seconds."""

    def names(self) -> Sequence[str]:
        """What is looked at, in order."""

    def look(self, name: str) -> Check:
        """Look at one of them; what goes wrong is said in the answer."""

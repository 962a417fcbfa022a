"""Setting a new school up: the steps of the assistant, and how far it is. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class SetUpStep(StrEnum):
    """In the order in which they are asked."""

    SCHOOL = "school"
    ADMIN = "admin"
    PASSPHRASE = "passphrase"  # noqa: S105 - the name of a step
    CAMERA = "camera"
    MODEL = "model"
    COURSE = "course"
    PHONE = "phone"


class StepState(StrEnum):
    """What became of a step."""

    OPEN = "open"
    DONE = "done"
    SKIPPED = "skipped"


class SetUpState(StrEnum):
    """What became of the assistant; a school of an earlier version never had one."""

    NONE = "none"
    RUNNING = "running"
    OVER = "over"
    DISMISSED = "dismissed"


CANNOT_BE_SKIPPED: Final = frozenset({SetUpStep.ADMIN})


@dataclass(frozen=True, slots=True)
class SetUpProgress:
    """How far it is.

    Attributes:
        steps: What became of each step.
    """

    state: SetUpState
    steps: Mapping[SetUpStep, StepState]

    @property
    def next(self) -> SetUpStep | None:
        """Where the assistant goes on: the first step that nobody did or skipped."""
        return next((one for one in SetUpStep if self.steps[one] is StepState.OPEN), None)

    @property
    def left(self) -> tuple[SetUpStep, ...]:
        """What is still to be done, skipped or not reached."""
        return tuple(one for one in SetUpStep if self.steps[one] is not StepState.DONE)

    @property
    def is_running(self) -> bool:
        """Whether the assistant was left in the middle, as by a power cut."""
        return self.state is SetUpState.RUNNING

    @property
    def shows_list(self) -> bool:
        """Whether an admin is reminded of what is left."""
        return self.state is SetUpState.OVER and bool(self.left)

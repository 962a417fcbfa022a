"""What the steps of setting up are called, and what is still to be done in each. Pure; any thread."""

from dataclasses import dataclass
from typing import assert_never

from kiosk.domain.school.set_up import SetUpStep
from kiosk.translation import _


@dataclass(frozen=True, slots=True)
class StepWords:
    """Short for the assistant's side, and a sentence for the list of what is left."""

    title: str
    to_do: str


def step_words(step: SetUpStep) -> StepWords:
    """What a step is called."""
    match step:
        case SetUpStep.SCHOOL:
            return StepWords(
                _("Your school"), _("Say what the school is called: slips and reports print it.")
            )
        case SetUpStep.ADMIN:
            return StepWords(_("First admin"), _("Make the first admin."))
        case SetUpStep.PASSPHRASE:
            return StepWords(
                _("Recovery passphrase"),
                _("Have the recovery passphrase on paper: without it no backup opens on another PC."),
            )
        case SetUpStep.CAMERA:
            return StepWords(_("Camera"), _("Choose the camera and look at its picture."))
        case SetUpStep.MODEL:
            return StepWords(_("Recognition"), _("Look at which model recognises faces."))
        case SetUpStep.COURSE:
            return StepWords(_("First course"), _("Import the first class list."))
        case SetUpStep.PHONE:
            return StepWords(_("Phones"), _("Test with a phone whether the network lets phones through."))
        case _:
            assert_never(step)

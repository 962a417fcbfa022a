"""How models, sizes and installations are put into words. Any thread."""

from typing import Final, assert_never

from kiosk.gui.theme import Tone
from kiosk.services.models.installation import InstallJob, ModelOption
from kiosk.services.ports.model_store import InstallProgress, InstallStep, ModelState

TASK_WORDS: Final = {
    "recognition": "Recognition",
    "detection": "Finding faces",
    "liveness": "Liveness",
}


def megabytes(size: int) -> str:
    """A size for people: ``95 MB``, ``3.5 MB``."""
    return f"{size / 1e6:.0f} MB" if size >= 10_000_000 else f"{size / 1e6:.1f} MB"


def state_words(choice: ModelOption) -> str:
    """Whether it is there, and in use."""
    words = _state_title(choice.state)
    return f"{words}, in use" if choice.in_use else words


def _state_title(state: ModelState) -> str:
    match state:
        case ModelState.BUILT_IN:
            return "Built in"
        case ModelState.INSTALLED:
            return "Installed"
        case ModelState.MISSING:
            return "Not installed"
        case ModelState.DAMAGED:
            return "Damaged"
        case _:
            assert_never(state)


def state_tone(choice: ModelOption) -> Tone:
    """The colour of its line."""
    if choice.state is ModelState.DAMAGED:
        return Tone.REFUSED
    if choice.in_use:
        return Tone.PRESENT
    return Tone.MUTED if choice.state is ModelState.MISSING else Tone.TEXT


def progress_words(title: str, progress: InstallProgress) -> str:
    """What an installation is doing."""
    match progress.step:
        case InstallStep.DOWNLOAD:
            return f"Downloading {title}: {progress.done / 1e6:.1f} of {progress.total / 1e6:.1f} MB"
        case InstallStep.CHECK:
            return f"Checking {title}…"
        case InstallStep.CONVERT:
            return f"Preparing {title} for this PC: {progress.done} %"
        case _:
            assert_never(progress.step)


def outcome(job: InstallJob) -> tuple[str, str, Tone]:
    """How an installation ended: a sentence, what to do, and the colour."""
    title = job.choice.title
    if job.error is not None:
        return job.error.user_text, job.error.hint, Tone.REFUSED
    if job.stopped:
        return (
            f"{title} was not installed: it was stopped.",
            "What was downloaded is kept; installing again goes on from there.",
            Tone.LATE,
        )
    return f"{title} is installed.", when_used(job.choice), Tone.PRESENT


def when_used(choice: ModelOption) -> str:
    """From when on something installed or chosen now is at work."""
    if choice.task == "recognition" and choice.state is not ModelState.BUILT_IN:
        return "Classes that start from now on use it, as soon as the enrolled faces are measured with it."
    return "It is used from the next class on."

"""How models, sizes and installations are put into words. Any thread."""

from typing import Final, assert_never

from kiosk.gui.theme import Tone
from kiosk.services.models.installation import InstallJob, ModelOption
from kiosk.services.ports.model_store import InstallProgress, InstallStep, ModelState
from kiosk.translation import N_, _

TASK_WORDS: Final = {
    "recognition": N_("Recognition"),
    "detection": N_("Finding faces"),
    "liveness": N_("Liveness"),
}


def megabytes(size: int) -> str:
    """A size for people: ``95 MB``, ``3.5 MB``."""
    return _("{size:.0f} MB", size=size / 1e6) if size >= 10_000_000 else _("{size:.1f} MB", size=size / 1e6)


def state_words(choice: ModelOption) -> str:
    """Whether it is there, and in use."""
    words = _state_title(choice.state)
    return _("{words}, in use", words=words) if choice.in_use else words


def _state_title(state: ModelState) -> str:
    match state:
        case ModelState.BUILT_IN:
            return _("Built in")
        case ModelState.INSTALLED:
            return _("Installed")
        case ModelState.MISSING:
            return _("Not installed")
        case ModelState.DAMAGED:
            return _("Damaged")
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
            return _(
                "Downloading {title}: {done:.1f} of {total:.1f} MB",
                title=title,
                done=progress.done / 1e6,
                total=progress.total / 1e6,
            )
        case InstallStep.CHECK:
            return _("Checking {title}…", title=title)
        case InstallStep.CONVERT:
            return _("Preparing {title} for this PC: {done} %", title=title, done=progress.done)
        case _:
            assert_never(progress.step)


def outcome(job: InstallJob) -> tuple[str, str, Tone]:
    """How an installation ended: a sentence, what to do, and the colour."""
    title = job.choice.title
    if job.error is not None:
        return job.error.user_text, job.error.hint, Tone.REFUSED
    if job.stopped:
        return (
            _("{title} was not installed: it was stopped.", title=title),
            _("What was downloaded is kept; installing again goes on from there."),
            Tone.LATE,
        )
    return _("{title} is installed.", title=title), _after_install(job.choice), Tone.PRESENT


def _after_install(choice: ModelOption) -> str:
    if choice.task == "recognition" and not choice.in_use:
        return _("The model in use stays. “Use this model” changes over, best after measuring both.")
    return when_used(choice)


def when_used(choice: ModelOption) -> str:
    """From when on something installed or chosen now is at work."""
    if choice.task == "recognition" and choice.state is not ModelState.BUILT_IN:
        return _("Classes that start from now on use it, as soon as the enrolled faces are measured with it.")
    return _("It is used from the next class on.")

"""What can be chosen in the settings. Pure; any thread."""

from enum import StrEnum
from typing import assert_never

from kiosk.domain.attendance.rechecks import RecheckMeaning, RecheckMode
from kiosk.domain.attendance.stays import CheckOutMode
from kiosk.settings import (
    Engine,
    LivenessDefault,
    ModelChoice,
    Motion,
    Reach,
    SecondDeviceUse,
    Subject,
    Theme,
)
from kiosk.translation import _


def choice_title(choice: StrEnum) -> str:
    """One of a setting's choices, alone. Raises TypeError: no setting has such a choice."""
    match choice:
        case Theme():
            return theme_title(choice)
        case Motion():
            return motion_title(choice)
        case ModelChoice():
            return model_choice_title(choice)
        case Engine():
            return engine_title(choice)
        case Reach():
            return reach_title(choice)
        case LivenessDefault():
            return liveness_default_title(choice)
        case SecondDeviceUse():
            return second_device_title(choice)
        case RecheckMode():
            return recheck_mode_title(choice)
        case RecheckMeaning():
            return recheck_meaning_title(choice)
        case CheckOutMode():
            return check_out_title(choice)
        case _:
            raise TypeError(f"no setting has the choice {choice!r}")


def subject_title(subject: Subject) -> str:
    """What settings of one subject are about."""
    match subject:
        case Subject.SCHOOL:
            return _("School and late rule")
        case Subject.LISTS:
            return _("Class lists and people")
        case Subject.PHONES:
            return _("Phones")
        case Subject.CAMERA:
            return _("Camera and recognition")
        case Subject.PRIVACY:
            return _("Privacy and retention")
        case Subject.BACKUPS:
            return _("Backups and data")
        case Subject.USERS:
            return _("Users and rights")
        case Subject.LOOK:
            return _("Look and sound")
        case _:
            assert_never(subject)


def theme_title(theme: Theme) -> str:
    """How the window looks."""
    match theme:
        case Theme.SYSTEM:
            return _("System")
        case Theme.LIGHT:
            return _("Light")
        case Theme.DARK:
            return _("Dark")
        case Theme.HIGH_CONTRAST:
            return _("High contrast")
        case _:
            assert_never(theme)


def motion_title(motion: Motion) -> str:
    """Whether things on the screen glide and fade."""
    match motion:
        case Motion.SYSTEM:
            return _("System")
        case Motion.FULL:
            return _("On")
        case Motion.REDUCED:
            return _("Reduced")
        case _:
            assert_never(motion)


def model_title(name: str) -> str:
    """What people call a recognition model; its name where this program does not know it."""
    return model_choice_title(ModelChoice(name)) if name in set(ModelChoice) else name


def model_choice_title(model: ModelChoice) -> str:
    """Which network recognises faces."""
    match model:
        case ModelChoice.AUTO:
            return _("Best installed")
        case ModelChoice.FACENET_SFACE:
            return _("FaceNet-128 with SFace")
        case ModelChoice.FACENET512:
            return "FaceNet-512"
        case ModelChoice.FACENET128:
            return "FaceNet-128"
        case ModelChoice.SFACE:
            return "SFace"
        case ModelChoice.VGGFACE:
            return "VGG-Face"
        case ModelChoice.BUILT_IN:
            return _("Built in")
        case _:
            assert_never(model)


def engine_title(engine: Engine) -> str:
    """What runs it."""
    match engine:
        case Engine.LITERT:
            return _("LiteRT or ncnn")
        case Engine.TENSORFLOW:
            return "TensorFlow"
        case _:
            assert_never(engine)


def reach_title(reach: Reach) -> str:
    """How far away faces are looked for."""
    match reach:
        case Reach.NEAR:
            return _("Near")
        case Reach.FAR:
            return _("Far")
        case _:
            assert_never(reach)


def check_out_title(mode: CheckOutMode) -> str:
    """Whether students check out on leaving."""
    match mode:
        case CheckOutMode.OFF:
            return _("Off")
        case CheckOutMode.TEACHER:
            return _("Teacher starts it")
        case _:
            assert_never(mode)


def recheck_mode_title(mode: RecheckMode) -> str:
    """When students are asked to show up again."""
    match mode:
        case RecheckMode.OFF:
            return _("Off")
        case RecheckMode.TEACHER:
            return _("Teacher starts it")
        case RecheckMode.RANDOM:
            return _("Random moment, or teacher")
        case _:
            assert_never(mode)


def recheck_meaning_title(meaning: RecheckMeaning) -> str:
    """What becomes of somebody who did not show up again."""
    match meaning:
        case RecheckMeaning.NOTED:
            return _("Only noted")
        case RecheckMeaning.LATE:
            return _("Counts as late")
        case RecheckMeaning.ABSENT:
            return _("Counts as absent")
        case _:
            assert_never(meaning)


def liveness_default_title(mode: LivenessDefault) -> str:
    """How faces are checked where nobody chose."""
    match mode:
        case LivenessDefault.AUTO:
            return _("Auto")
        case LivenessDefault.OFF:
            return _("Off")
        case LivenessDefault.PASSIVE:
            return _("Passive")
        case LivenessDefault.ACTIVE:
            return _("Head turn")
        case _:
            assert_never(mode)


def second_device_title(use: SecondDeviceUse) -> str:
    """What becomes of a phone that marks a second student."""
    match use:
        case SecondDeviceUse.REFUSE:
            return _("Refuse")
        case SecondDeviceUse.FLAG:
            return _("Flag")
        case _:
            assert_never(use)

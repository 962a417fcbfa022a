"""What is said in place of the camera's picture, or over it. Pure; any thread."""

from typing import assert_never

from kiosk.gui.attendance.kiosk_screen.class_state import ClassState
from kiosk.services.events import CameraState
from kiosk.translation import _


def notice_words(state: ClassState, *, has_picture: bool) -> tuple[str, str] | None:
    """Sentence and hint when there is no live picture to look at."""
    match state.camera:
        case CameraState.LOST:
            trouble = state.camera_trouble
            return (trouble.sentence, trouble.hint) if trouble else (_("The camera is gone."), "")
        case CameraState.ENDED:
            return _("The recording has ended."), ""
        case CameraState.OPENING | CameraState.RUNNING:
            return None if has_picture else (_("Starting camera…"), "")
        case CameraState.CLOSED:
            return None if has_picture else (_("The camera is off."), "")
        case _:
            assert_never(state.camera)


def recognition_words(state: ClassState) -> str:
    """What there is to know about recognition; empty while it simply works."""
    if (trouble := state.trouble or state.pass_trouble) is not None:
        return f"{trouble.sentence} {trouble.hint}".strip()
    if not state.faces.uses_faces:
        return _("Hold your pass up to the camera, or scan the code.")
    if state.enrolled is None:
        return _("Loading recognition…")
    if state.enrolled == 0:
        return _("No faces are enrolled in this course. Please scan the code.")
    return state.model_trouble.sentence if state.model_trouble is not None else ""

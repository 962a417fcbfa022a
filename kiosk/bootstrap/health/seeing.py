"""Looks at the camera, the models and the clock. Any thread; it takes seconds, and makes the built-in model."""

from datetime import UTC, datetime
from typing import Final

from kiosk.bootstrap.health.place import Place, settings_of
from kiosk.bootstrap.models import open_model_store
from kiosk.bootstrap.sources import open_recording
from kiosk.services.ports.health import Check, CheckState, Remedy
from kiosk.services.ports.model_store import ModelState
from kiosk.settings import Reach
from kiosk.translation import N_, _
from kiosk.vision.recognition_models import RecognitionModels
from kiosk.wording.dates import numeric_moment
from kiosk.wording.lists import listed

RELEASED: Final = datetime(2026, 11, 1, tzinfo=UTC)
"""A clock before this is wrong for certain."""

AT_WORK: Final = {
    True: N_("{name} recognises, {detector} finds faces, {looks} notice pictures of faces."),
    False: N_("{name} recognises, {detector} finds faces, nothing notices pictures of faces."),
}
"""Whether something tells pictures of faces from faces."""


def look_at_camera(place: Place) -> Check:
    """Whether the chosen camera gives a picture."""
    if place.is_in_class():
        return Check("camera", CheckState.GOOD, _("The class that is open uses the camera."))
    source = open_recording(settings_of(place).camera.source)
    try:
        info = source.open()
        frame = source.read()
    finally:
        source.close()
    if frame is None:
        return Check(
            "camera",
            CheckState.FAULT,
            _("{name} gives no picture.", name=info.name),
            _("Choose another one in the settings."),
            Remedy.CAMERA,
        )
    return Check(
        "camera",
        CheckState.GOOD,
        _(
            "{name} gives pictures of {width}×{height} pixels.",
            name=info.name,
            width=frame.width,
            height=frame.height,
        ),
    )


def look_at_models(place: Place) -> Check:
    """What recognises faces, finds them, and tells them from pictures of faces."""
    chosen = settings_of(place).recognition
    model = place.chosen_model()
    kiosk_vision = RecognitionModels(
        models_dir=place.models_dir, reach=Reach.NEAR, model=model, engine=chosen.engine
    )
    detector, embedder = kiosk_vision.get()
    if kiosk_vision.warning:
        return Check(
            "models",
            CheckState.FAULT,
            _("{name} recognises instead.", name=embedder.info.known_as),
            kiosk_vision.warning,
            Remedy.MODELS,
        )
    rows = open_model_store(place.models_dir).models(chosen=model)
    looks = [row.name for row in rows if row.task == "liveness" and row.in_use]
    text = _(AT_WORK[bool(looks)], name=embedder.info.known_as, detector=detector.name, looks=listed(looks))
    damaged = [row.name for row in rows if row.state is ModelState.DAMAGED]
    if damaged:
        again = "; ".join(f"kiosk models install {name}" for name in damaged)
        return Check(
            "models",
            CheckState.FAULT,
            text + " " + _("Damaged: {damaged}.", damaged=", ".join(damaged)),
            _("Install again: {again}", again=again),
            Remedy.MODELS,
        )
    if not looks:
        hint = _(
            "A photograph held up to the camera would be marked as the person: install the check against photographs "
            "(Settings → Camera and recognition → Recognition models…; on the command line: kiosk models install liveness)."
        )
        return Check("models", CheckState.WARNING, text, hint, Remedy.MODELS)
    return Check("models", CheckState.GOOD, text)


def look_at_clock() -> Check:
    """Whether it can be right."""
    now = datetime.now(UTC)
    if now < RELEASED:
        return Check(
            "clock",
            CheckState.FAULT,
            _("The clock says {now} UTC.", now=numeric_moment(now)),
            _("Set it, or turn on network time."),
        )
    return Check("clock", CheckState.GOOD, _("The clock says {now} UTC.", now=numeric_moment(now)))

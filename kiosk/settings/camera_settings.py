"""What the camera sees and how faces in it are told apart. Any thread."""

from enum import StrEnum
from typing import ClassVar

from pydantic import Field, ValidationInfo, field_validator

from kiosk.settings.about import Subject, about
from kiosk.settings.group import SettingsGroup
from kiosk.translation import N_, _


class ModelChoice(StrEnum):
    """Which network recognises faces; names as in ``models/manifest.toml``."""

    AUTO = "auto"
    FACENET_SFACE = "facenet-sface"
    FACENET512 = "facenet512"
    FACENET128 = "facenet128"
    SFACE = "sface"
    VGGFACE = "vggface"
    BUILT_IN = "dlib-resnet-v1"


class Engine(StrEnum):
    """What runs a network of deepface's."""

    LITERT = "litert"
    TENSORFLOW = "tensorflow"


class Reach(StrEnum):
    """How far away the detector looks for faces."""

    NEAR = "near"
    FAR = "far"


class CameraSettings(SettingsGroup):
    """Where the pictures come from."""

    subject: ClassVar[Subject] = Subject.CAMERA

    source: str = Field(
        default="0",
        title=N_("Camera"),
        description=N_(
            "“Camera…” above chooses it by its name and shows its picture. Here stands its number or device, or a file, a folder or "
            "an address."
        ),
        json_schema_extra=about(also=N_("webcam video picture")),
    )
    mirror: bool = Field(
        default=True,
        title=N_("Mirror the picture"),
        description=N_("Show the picture as a mirror does, so that people steer right."),
        json_schema_extra=about(also=N_("flip left right")),
    )


class RecognitionSettings(SettingsGroup):
    """How sure the kiosk must be. Thresholds belong to the model and are calibrated, not set here."""

    subject: ClassVar[Subject] = Subject.CAMERA

    model: ModelChoice = Field(
        default=ModelChoice.AUTO,
        title=N_("Model"),
        description=N_(
            "The network that tells people apart, from the next class on. Best installed stays with the model that the "
            "enrolled faces were measured with, whatever is installed later. Each model has its own templates: after a "
            "change the kept pictures are prepared for it in the background, and classes use the model before until that is "
            "done. VGG-Face is for research only."
        ),
        json_schema_extra=about(also=N_("network face AI")),
    )
    engine: Engine = Field(
        default=Engine.LITERT,
        title=N_("Engine"),
        description=N_(
            "LiteRT, or ncnn for VGG-Face, gives the same result as TensorFlow, two to fifteen times faster; TensorFlow "
            "runs deepface itself, for comparison, and needs the weights kept at install."
        ),
        json_schema_extra=about(advanced=True, also=N_("deepface speed")),
    )
    reach: Reach = Field(
        default=Reach.NEAR,
        title=N_("Reach"),
        description=N_(
            "Near finds faces from about 150 pixels high; far finds smaller ones and takes four times as long."
        ),
        json_schema_extra=about(also=N_("distance far away slow")),
    )
    frames: int = Field(
        default=3,
        ge=2,
        le=15,
        title=N_("Agreeing frames"),
        description=N_(
            "Frames in a row that must name the same student. More makes a decision slower and safer."
        ),
        json_schema_extra=about(advanced=True),
    )
    span_s: float = Field(
        default=0.3,
        ge=0.1,
        le=3,
        title=N_("Agreeing for"),
        description=N_(
            "Time the agreeing frames must cover at least. More makes a decision slower and safer."
        ),
        json_schema_extra=about(unit=N_("s"), advanced=True),
    )
    unsure_after_s: float = Field(
        default=1.0,
        ge=0.5,
        le=10,
        title=N_("Unsure after"),
        description=N_(
            "Time without an acceptance after which a face is called unknown or asked to scan. "
            "More gives a student longer to be seen well, and a queue longer to wait."
        ),
        json_schema_extra=about(unit=N_("s"), advanced=True, also=N_("unknown")),
    )
    min_face_px: int = Field(
        default=60,
        ge=30,
        le=400,
        title=N_("Smallest face"),
        description=N_(
            "Height in the camera's picture from which on a face is looked at. "
            "More leaves people far away alone until they come nearer, and makes fewer mistakes."
        ),
        json_schema_extra=about(unit=N_("px"), advanced=True, also=N_("distance size")),
    )
    min_sharpness: float = Field(
        default=8,
        ge=0,
        le=200,
        title=N_("Least sharpness"),
        description=N_(
            "Blurred frames below this do not count (a sharp face has 100 and more). "
            "More waits for sharper frames; a poor camera may then never give one."
        ),
        json_schema_extra=about(advanced=True, also=N_("blurred")),
    )
    max_turn: float = Field(
        default=45,
        ge=15,
        le=60,
        title=N_("Largest turn of the head"),
        description=N_(
            "Frames of a head turned further to a side do not count. "
            "More recognises people who do not look at the camera, and makes more mistakes."
        ),
        json_schema_extra=about(unit="°", advanced=True, also=N_("sideways")),
    )
    second_chance: float = Field(
        default=1.3,
        ge=1.1,
        le=3,
        title=N_("Second chance"),
        description=N_(
            "How many times better to see (larger, sharper, straighter, lighter) a face must become to be looked at anew "
            "after it was called unknown or asked to scan. More gives fewer second chances, to strangers too."
        ),
        json_schema_extra=about(advanced=True, also=N_("again")),
    )
    share: float = Field(
        default=0.6,
        ge=0.1,
        le=0.9,
        title=N_("Time for recognition"),
        description=N_(
            "Part of the time that recognising may take beside finding and following faces. "
            "More names a crowd sooner; the boxes then follow less smoothly."
        ),
        json_schema_extra=about(advanced=True, also=N_("speed slow")),
    )
    offer_model: bool = Field(
        default=True,
        title=N_("Offer a better model"),
        description=N_(
            "Admins are told on Today when a model was measured to err less on the enrolled students than the one in use."
        ),
        json_schema_extra=about(advanced=True, also=N_("hint")),
    )


class LivenessSettings(SettingsGroup):
    """How faces are told from pictures of faces. Whether they are is a rule of the school, or chosen for a class."""

    subject: ClassVar[Subject] = Subject.CAMERA

    frames: int = Field(
        default=5,
        ge=3,
        le=30,
        title=N_("Frames that must agree"),
        description=N_("More makes the answer slower and surer."),
        json_schema_extra=about(advanced=True, also=N_("photo cheating")),
    )
    live_from: int = Field(
        default=50,
        ge=10,
        le=99,
        title=N_("Live from"),
        description=N_(
            "Score from which a face counts as live. Raising it stops more pictures and sends more students to "
            "the code."
        ),
        json_schema_extra=about(unit="%", advanced=True, also=N_("photo cheating threshold")),
    )
    attack_below: int = Field(
        default=30,
        ge=0,
        le=99,
        title=N_("Picture below"),
        description=N_(
            "Score below which a face counts as a picture, which the teacher is told. Raising it reports more "
            "pictures, and more students wrongly. Between the two a student is asked to scan."
        ),
        json_schema_extra=about(unit="%", advanced=True, also=N_("photo cheating threshold")),
    )
    turn_degrees: int = Field(
        default=20,
        ge=15,
        le=40,
        title=N_("Head turn"),
        description=N_(
            "How far a head must turn when a class asks for it. Raising it asks for more, and stops pictures that "
            "are held askew very near."
        ),
        json_schema_extra=about(unit="°", advanced=True, also=N_("photo cheating")),
    )
    turn_time_s: float = Field(
        default=8,
        ge=4,
        le=20,
        title=N_("Time for it"),
        description=N_(
            "Time from the request until the person looks straight again. Raising it gives slow readers more "
            "time, and attackers."
        ),
        json_schema_extra=about(unit=N_("s"), advanced=True, also=N_("photo cheating")),
    )

    @field_validator("attack_below")
    @classmethod
    def _below_live(cls, value: int, info: ValidationInfo) -> int:
        if value > info.data.get("live_from", value):
            raise ValueError(_("must not be above the score from which a face counts as live"))
        return value

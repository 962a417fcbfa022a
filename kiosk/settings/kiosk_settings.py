"""The settings of one kiosk PC, kept in ``kiosk.toml`` in its data directory. Any thread."""

import ipaddress
import re
from enum import StrEnum
from pathlib import Path
from typing import ClassVar, Final, Self

import tomlkit
from pydantic import Field, ValidationError, ValidationInfo, field_validator
from tomlkit.exceptions import TOMLKitError

from kiosk.errors import SettingsError
from kiosk.files import OWNER_ONLY, write_whole
from kiosk.settings.about import Subject, about
from kiosk.settings.group import SettingsGroup, explain
from kiosk.translation import N_, _

SETTINGS_FILE: Final = "kiosk.toml"

AT_NEXT_START: Final = frozenset({"storage.database_url"})
"""Settings that a running kiosk does not take up: everything stands on them."""

_NOTHING: Final = "\0\ufeff \t\r\n"
"""What a settings file consists of that a power cut, a full disk or an editor emptied."""

_RESTORE_OR_DELETE: Final = N_(
    "Bring it back from a copy, or delete it to begin with the defaults: phones by plain HTTP, records in SQLite."
)


class Theme(StrEnum):
    """How the window looks."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    HIGH_CONTRAST = "high_contrast"


class Motion(StrEnum):
    """Whether things on the screen glide and fade."""

    SYSTEM = "system"
    FULL = "full"
    REDUCED = "reduced"


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


class CodeSettings(SettingsGroup):
    """The rotating QR code."""

    subject: ClassVar[Subject] = Subject.PHONES

    rotation_s: int = Field(
        default=15,
        ge=5,
        le=30,
        title=N_("New code every"),
        description=N_("A code lives for at most twice this time. Shorter is safer against passing it on."),
        json_schema_extra=about(unit=N_("s"), also=N_("QR code rotation scan")),
    )


_NAME: Final = re.compile(r"(?!-)[\w-]{1,63}(?:\.(?!-)[\w-]{1,63})*\.?")
"""A host's name; letters of any script, as international names are typed."""


def _is_host(text: str) -> bool:
    """Whether this is a name or an address and nothing else."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return _NAME.fullmatch(text) is not None
    return True


def _networks(text: str) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    found = []
    for part in text.replace(",", " ").split():
        try:
            found.append(ipaddress.ip_network(part))
        except ValueError:
            raise ValueError(_("{part} is not a network, such as 10.20.0.0/16", part=part)) from None
    return tuple(found)


class WebSettings(SettingsGroup):
    """How phones reach the kiosk."""

    subject: ClassVar[Subject] = Subject.PHONES

    enabled: bool = Field(
        default=True,
        title=N_("Phones may connect"),
        description=N_("Off: the camera and the teacher's list only."),
        json_schema_extra=about(also=N_("on off smartphone mobile")),
    )
    host: str = Field(
        default="0.0.0.0",  # noqa: S104 - phones are on other machines
        title=N_("Listen on"),
        description=N_("Address to listen on; 0.0.0.0 is every adapter."),
        json_schema_extra=about(advanced=True, also=N_("IP interface")),
    )
    port: int = Field(
        default=8080,
        ge=1024,
        le=65535,
        title=N_("Port"),
        description=N_("Port that phones connect to."),
        json_schema_extra=about(advanced=True, also=N_("firewall")),
    )
    address: str = Field(
        default="",
        title=N_("Address shown"),
        description=N_(
            "Name or address in the QR code; empty: the kiosk finds its own address in the network. Up to 37 "
            "characters the code stays large enough to be read from 2 m in the corner, up to 14 from 4 m over the full screen."
        ),
        json_schema_extra=about(also=N_("IP URL name QR code")),
    )
    adapter: str = Field(
        default="",
        max_length=200,
        title=N_("Network"),
        description=N_(
            "Name of the network adapter whose address is shown, such as eth0 or Wi-Fi; empty: the kiosk chooses. "
            "“Test with a phone” lists them."
        ),
        json_schema_extra=about(advanced=True, also=N_("Wi-Fi LAN interface")),
    )
    allowed_subnets: str = Field(
        default="",
        max_length=1000,
        title=N_("Allowed networks"),
        description=N_(
            "Networks that phones may come from, such as 10.20.0.0/16, 192.168.4.0/24; empty: all. More networks let "
            "more phones in. A phone from elsewhere is refused with a sentence, and the teacher sees it."
        ),
        json_schema_extra=about(advanced=True, also=N_("subnet firewall IP")),
    )
    certificate: str = Field(
        default="",
        max_length=1000,
        title=N_("Certificate"),
        description=N_(
            "File (PEM) of the school's certificate for the address shown, with the chain to its issuer. With it "
            "phones connect by HTTPS; empty: by HTTP."
        ),
        json_schema_extra=about(also=N_("HTTPS TLS SSL secure")),
    )
    certificate_key: str = Field(
        default="",
        max_length=1000,
        validate_default=True,
        title=N_("Certificate's key"),
        description=N_(
            "File (PEM) of the private key that belongs to the certificate, without a passphrase. Only the account "
            "that runs the kiosk should be able to read it."
        ),
        json_schema_extra=about(also=N_("HTTPS TLS SSL secure")),
    )

    @field_validator("address")
    @classmethod
    def _is_bare(cls, text: str) -> str:
        text = text.strip()
        if text.startswith("[") and text.endswith("]"):
            text = text[1:-1]  # IPv6 as it stands in an address; whoever shows it adds them
        if text and not _is_host(text):
            raise ValueError(
                _(
                    "Give the name or address alone, such as kiosk.school.example, without http://, port or path"
                )
            )
        return text

    @field_validator("allowed_subnets")
    @classmethod
    def _are_networks(cls, text: str) -> str:
        _networks(text)
        return text

    @field_validator("certificate", "certificate_key")
    @classmethod
    def _is_whole_path(cls, text: str) -> str:
        text = text.strip()
        if text and not Path(text).expanduser().is_absolute():
            raise ValueError(_("Give the whole path of the file, from the root or the drive on"))
        return text

    @field_validator("certificate_key")
    @classmethod
    def _come_together(cls, key: str, info: ValidationInfo) -> str:
        if bool(key) != bool(info.data.get("certificate", "")):
            raise ValueError(_("A certificate and its key belong together: name both files, or none"))
        return key

    @property
    def served(self) -> tuple[bool, str, int, str, str, str]:
        """What the web part is built from: where one of these changes, another one takes its place."""
        return (
            self.enabled,
            self.host,
            self.port,
            self.allowed_subnets,
            self.certificate,
            self.certificate_key,
        )

    def allowed_networks(self) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
        """`allowed_subnets` as networks."""
        return _networks(self.allowed_subnets)


class LookSettings(SettingsGroup):
    """What people see and hear."""

    subject: ClassVar[Subject] = Subject.LOOK

    theme: Theme = Field(
        default=Theme.SYSTEM,
        title=N_("Theme"),
        description=N_("Light, dark, strong contrast, or as the system says."),
        json_schema_extra=about(also=N_("dark light colour contrast")),
    )
    motion: Motion = Field(
        default=Motion.SYSTEM,
        title=N_("Motion"),
        description=N_("Whether frames around faces glide and fade, or stand still."),
        json_schema_extra=about(also=N_("animation moving still")),
    )
    sounds: bool = Field(
        default=True,
        title=N_("Sounds"),
        description=N_("A tone with each result."),
        json_schema_extra=about(also=N_("tone beep quiet mute volume")),
    )
    success_s: float = Field(
        default=3,
        ge=1,
        le=15,
        title=N_("Show success for"),
        description=N_("Time until the result card goes away."),
        json_schema_extra=about(unit=N_("s"), also=N_("card green")),
    )
    failure_s: float = Field(
        default=5,
        ge=1,
        le=30,
        title=N_("Show failure for"),
        description=N_("Time until a card that asks for something goes away."),
        json_schema_extra=about(unit=N_("s"), also=N_("card red")),
    )


class StorageSettings(SettingsGroup):
    """Where records are kept."""

    subject: ClassVar[Subject] = Subject.BACKUPS

    database_url: str = Field(
        default="",
        title=N_("Database"),
        description=N_(
            "Empty: SQLite in the data directory. Or a PostgreSQL address: postgresql+psycopg://user@host/name."
        ),
        json_schema_extra=about(advanced=True, also=N_("server PostgreSQL SQLite")),
    )
    backup_folder: str = Field(
        default="",
        title=N_("Folder for backups"),
        description=N_(
            "Another disk or a share, as a full path: what burns with this PC does not bring it back. Empty: the folder "
            "backups in the data directory."
        ),
        json_schema_extra=about(also=N_("copy save disk share")),
    )
    backups_kept: int = Field(
        default=14,
        ge=0,
        le=365,
        title=N_("Automatic backups that are kept"),
        description=N_(
            "The kiosk makes one after each class, each night and before each update of the database, and removes the oldest "
            "beyond this number. Those that a person made stay. 0: it makes none by itself, but before an update."
        ),
        json_schema_extra=about(also=N_("copy save number")),
    )

    @field_validator("backup_folder")
    @classmethod
    def _full_path(cls, text: str) -> str:
        text = text.strip()
        if text and not Path(text).expanduser().is_absolute():
            raise ValueError(_("must be a full path, such as /mnt/school/backups or E:\\backups"))
        return text


class KioskSettings(SettingsGroup):
    """The settings of one kiosk PC."""

    camera: CameraSettings = Field(default=CameraSettings(), title=N_("Camera"))
    recognition: RecognitionSettings = Field(default=RecognitionSettings(), title=N_("Recognition"))
    liveness: LivenessSettings = Field(default=LivenessSettings(), title=N_("Liveness"))
    code: CodeSettings = Field(default=CodeSettings(), title=N_("QR code"))
    web: WebSettings = Field(default=WebSettings(), title=N_("Phones"))
    look: LookSettings = Field(default=LookSettings(), title=N_("Look and sound"))
    storage: StorageSettings = Field(default=StorageSettings(), title=N_("Storage"))

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read ``kiosk.toml``; a missing file, and one of comments alone, mean all defaults.

        Windows' editors put a byte order mark before the text; it means nothing.

        Raises:
            SettingsError: The file is empty, is not TOML, or a value is unknown or out of bounds; names the setting.
        """
        try:
            text = path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            return cls()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(
                _("The settings file {path} cannot be read.", path=path), str(error)
            ) from error
        if not text.strip(_NOTHING):
            raise SettingsError(_("The settings file {path} is empty.", path=path), _(_RESTORE_OR_DELETE))
        try:
            return cls.model_validate(tomlkit.parse(text).unwrap())
        except TOMLKitError as error:
            raise SettingsError(
                _("The settings file {path} is not valid TOML.", path=path), f"{error}."
            ) from error
        except ValidationError as error:
            raise SettingsError(
                _("The settings file {path} has a wrong value.", path=path), explain(error)
            ) from error

    def save(self, path: Path) -> None:
        """Write the file atomically, keeping a person's comments.

        Raises:
            SettingsError: The file cannot be written, or somebody broke it meanwhile; it stays as it was.
        """
        document = tomlkit.document()
        if path.exists():
            self.load(path)
            document = tomlkit.parse(path.read_text(encoding="utf-8-sig"))
        try:
            for group, values in self.model_dump(mode="json").items():
                if group not in document:
                    document[group] = tomlkit.table()
                for name, value in values.items():
                    document[group][name] = value
            write_whole(path, tomlkit.dumps(document).encode("utf-8"), mode=OWNER_ONLY)
        except OSError as error:
            raise SettingsError(
                _("The settings file {path} cannot be written.", path=path), f"{error.strerror}."
            ) from error

"""The settings of one kiosk PC, kept in ``kiosk.toml`` in its data directory. Any thread."""

from pathlib import Path
from typing import Final, Self

import tomlkit
from pydantic import Field, ValidationError
from tomlkit.exceptions import TOMLKitError

from kiosk.errors import SettingsError
from kiosk.files import OWNER_ONLY, write_whole
from kiosk.settings.camera_settings import CameraSettings, LivenessSettings, RecognitionSettings
from kiosk.settings.group import SettingsGroup, explain
from kiosk.settings.look_settings import LookSettings
from kiosk.settings.phone_settings import CodeSettings, WebSettings
from kiosk.settings.storage_settings import StorageSettings
from kiosk.translation import N_, _

SETTINGS_FILE: Final = "kiosk.toml"

AT_NEXT_START: Final = frozenset({"storage.database_url"})
"""Settings that a running kiosk does not take up: everything stands on them."""

_NOTHING: Final = "\0\ufeff \t\r\n"
"""What a settings file consists of that a power cut, a full disk or an editor emptied."""

_RESTORE_OR_DELETE: Final = N_(
    "Bring it back from a copy, or delete it to begin with the defaults: phones by plain HTTP, records in SQLite."
)


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

"""Everything that can be set, with defaults, bounds, units and words.

`KioskSettings` are those of one PC (camera, network, look) and live in ``kiosk.toml`` in the data directory;
`SchoolRules` are those of the school and live in its database, `PrivacyRules` among them. All are frozen and typed; the
page of settings and the documentation are generated from the fields' descriptions.
"""

from kiosk.settings.about import Subject, about, said_about
from kiosk.settings.camera_settings import (
    CameraSettings,
    Engine,
    LivenessSettings,
    ModelChoice,
    Reach,
    RecognitionSettings,
)
from kiosk.settings.country import country_of, country_of_pc
from kiosk.settings.group import SettingsGroup, said, validated
from kiosk.settings.kiosk_settings import AT_NEXT_START, SETTINGS_FILE, KioskSettings
from kiosk.settings.look_settings import LookSettings, Motion, Theme
from kiosk.settings.phone_settings import CodeSettings, WebSettings
from kiosk.settings.places import default_data_dir, default_models_dir
from kiosk.settings.privacy_rules import PrivacyRules
from kiosk.settings.school_rules import LivenessDefault, SchoolRules, SecondDeviceUse
from kiosk.settings.storage_settings import StorageSettings

__all__ = [
    "AT_NEXT_START",
    "SETTINGS_FILE",
    "CameraSettings",
    "CodeSettings",
    "Engine",
    "KioskSettings",
    "LivenessDefault",
    "LivenessSettings",
    "LookSettings",
    "ModelChoice",
    "Motion",
    "PrivacyRules",
    "Reach",
    "RecognitionSettings",
    "SchoolRules",
    "SecondDeviceUse",
    "SettingsGroup",
    "StorageSettings",
    "Subject",
    "Theme",
    "WebSettings",
    "about",
    "country_of",
    "country_of_pc",
    "default_data_dir",
    "default_models_dir",
    "said",
    "said_about",
    "validated",
]

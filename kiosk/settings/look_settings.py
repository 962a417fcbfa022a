"""What the window looks and sounds like. Any thread."""

from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from kiosk.settings.about import Subject, about
from kiosk.settings.group import SettingsGroup
from kiosk.translation import N_


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

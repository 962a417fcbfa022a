"""What the checks of this PC are called on a screen. Pure; any thread."""

from typing import Final

from kiosk.translation import N_, _

TITLES: Final = {
    "database": N_("Database"),
    "pages": N_("Damage in the database"),
    "kept here": N_("Marks waiting for the server"),
    "camera": N_("Camera"),
    "models": N_("Face recognition"),
    "codes": N_("QR codes"),
    "display": N_("Display"),
    "address": N_("Address for phones"),
    "code size": N_("Size of the QR code"),
    "certificate": N_("Secure connection"),
    "clock": N_("Clock"),
    "disk": N_("Room on the disk"),
    "backups": N_("Backups"),
    "left-overs": N_("Left-over files"),
}
"""By the name that the command line uses."""


def check_title(name: str) -> str:
    """What a check is called; one without a title by its name."""
    return _(TITLES[name]) if name in TITLES else f"{name[:1].upper()}{name[1:]}"

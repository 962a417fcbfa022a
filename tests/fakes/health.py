"""Checks of a PC that look at nothing."""

from collections.abc import Sequence

from kiosk.services.ports.health import Check, CheckState, Remedy

GOOD = Check("clock", CheckState.GOOD, "The clock says 2026-03-02 08:00 UTC.")
WARNING = Check(
    "backups",
    CheckState.WARNING,
    "None was made yet; they go to /data/backups.",
    "Choose another disk or a share.",
    Remedy.BACKUPS,
)
FAULT = Check(
    "camera",
    CheckState.FAULT,
    "No camera gives a picture.",
    "Plug one in, or choose another one.",
    Remedy.CAMERA,
)

SAID = tuple(text for check in (GOOD, WARNING, FAULT) for text in (check.text, check.hint) if text)
"""What these checks say, which no language knows."""


class FakeHealth:
    """Answers with the checks it was given; implements `HealthChecks`."""

    def __init__(self, *checks: Check) -> None:
        self.checks = {check.name: check for check in checks or (GOOD, WARNING, FAULT)}
        self.looked: list[str] = []

    def names(self) -> Sequence[str]:
        return tuple(self.checks)

    def look(self, name: str) -> Check:
        self.looked.append(name)
        return self.checks[name]

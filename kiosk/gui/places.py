"""The places of the bar: where somebody who signed in can go. Main thread."""

from enum import StrEnum
from typing import Protocol

from kiosk.domain.trust.rights import Actor
from kiosk.translation import N_


class Place(StrEnum):
    """A place, in the bar's order; the value is what the bar calls it."""

    TODAY = N_("Today")
    PEOPLE = N_("People")
    COURSES = N_("Courses")
    RECORDS = N_("Records")
    REPORTS = N_("Reports")
    SETTINGS = N_("Settings")


class PlacePage(Protocol):
    """What each place's widget can do."""

    def show_for(self, actor: Actor) -> None:
        """It came to the front, for this person: read what it shows."""

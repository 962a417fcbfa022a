"""How a page feels. Holds no state."""

from enum import StrEnum


class Tone(StrEnum):
    """How a page feels; the style sheet has a look for each."""

    PLAIN = "plain"
    PRESENT = "present"
    LATE = "late"
    CALM = "calm"
    WAITING = "waiting"
    REFUSED = "refused"

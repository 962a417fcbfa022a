"""Which class of the style sheet colours a status. Pure."""

from typing import assert_never

from kiosk.domain.attendance.school_status import AnyStatus, SchoolStatus, StatusColour


def colour_class(status: AnyStatus) -> str:
    """What follows ``counts-``: the four by their name, one of the school's own by the colour that the school chose."""
    if not isinstance(status, SchoolStatus):
        return status.value
    match status.colour:
        case StatusColour.GREEN:
            return "present"
        case StatusColour.AMBER:
            return "late"
        case StatusColour.RED:
            return "absent"
        case StatusColour.BLUE:
            return "blue"
        case StatusColour.GREY:
            return "grey"
        case _:
            assert_never(status.colour)

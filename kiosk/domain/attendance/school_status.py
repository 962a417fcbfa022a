"""Statuses of the school's own: each refines one of the four, which every rule goes by, and says how much it counts. Pure."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Self

from kiosk.domain.attendance.choices import Status
from kiosk.domain.people.students import clean_text, fold
from kiosk.errors import ConflictError
from kiosk.translation import _, ngettext

MAX_NAME: Final = 32
MAX_LETTERS: Final = 2
"""So many letters as people count them fit into a cell of the register."""

MAX_LENGTH: Final = 16
"""So many code points may stand behind them."""

MOST_OFFERED: Final = 12
"""More than so many could not be told apart where a status is chosen."""

FULL: Final = 100


class StatusColour(StrEnum):
    """Colours that window, phone and paper have with enough contrast, and that tell statuses apart."""

    GREEN = "green"
    AMBER = "amber"
    BLUE = "blue"
    RED = "red"
    GREY = "grey"


@dataclass(frozen=True, slots=True)
class SchoolStatus:
    """What a school calls a kind of being there or not.

    Attributes:
        status_id: Key in the store; 0 for one that is not kept yet.
        name: Inside a sentence and alone, as the school writes it.
        letter: One or two letters or digits of any script, for registers.
        base: Which of the four it is for every rule, report and log.
        percent: How much of a class it counts as attended, 0 to 100; None: the class does not count at all.
        version: Counts changes, from 1.
        is_retired: Whether it is only kept for the records that have it.
    """

    status_id: int
    name: str
    letter: str
    colour: StatusColour
    base: Status
    percent: int | None
    version: int = 1
    is_retired: bool = False

    @property
    def attended(self) -> bool:
        """Whether the student was in the room."""
        return self.base.attended

    @property
    def is_expected(self) -> bool:
        """Whether the class counts for or against the student."""
        return self.percent is not None

    def checked(self) -> Self:
        """The same with clean texts. Raises ConflictError: it cannot be like this."""
        name, letter = clean_text(self.name), unicodedata.normalize("NFC", clean_text(self.letter))
        if not name:
            raise ConflictError(_("The status needs a name."), _("A word or two, such as: school trip."))
        if len(name) > MAX_NAME:
            raise ConflictError(
                _("That name is too long."),
                ngettext(
                    "Please use at most {n} letter.",
                    "Please use at most {n} letters.",
                    MAX_NAME,
                    n=MAX_NAME,
                ),
            )
        if not _is_letter(letter):
            raise ConflictError(
                _("The letter of a status is one or two letters or digits."),
                _("Registers show it in a narrow cell, such as: T."),
            )
        if self.percent is not None and not 0 <= self.percent <= FULL:
            raise ConflictError(_("A status counts from 0 to 100 percent of a class."))
        return replace(self, name=name, letter=letter)


AnyStatus = Status | SchoolStatus
"""How a student counts, as exactly as the school says it."""


def base_of(status: AnyStatus) -> Status:
    """Which of the four it is."""
    return status.base if isinstance(status, SchoolStatus) else status


def own_of(status: AnyStatus) -> SchoolStatus | None:
    """The school's own one; None for one of the four."""
    return status if isinstance(status, SchoolStatus) else None


def percent_of(status: AnyStatus) -> int | None:
    """How much of a class it counts as attended; None: the class does not count."""
    if isinstance(status, SchoolStatus):
        return status.percent
    if not status.is_expected:
        return None
    return FULL if status.attended else 0


def own_statuses(statuses: Iterable[AnyStatus | None]) -> list[SchoolStatus]:
    """The school's own ones among some, each once, in the order of the four and then of names: what a legend explains."""
    found = {one.status_id: one for one in statuses if isinstance(one, SchoolStatus)}
    order = list(Status)
    return sorted(found.values(), key=lambda one: (order.index(one.base), fold(one.name)))


def are_same(one: AnyStatus, other: AnyStatus) -> bool:
    """Whether both are the same status, whatever somebody changed about it meanwhile."""
    mine, theirs = own_of(one), own_of(other)
    if mine is None or theirs is None:
        return mine is theirs and one is other
    return mine.status_id == theirs.status_id


def _is_letter(text: str) -> bool:
    kinds = [unicodedata.category(one) for one in text]
    seen = sum(kind[0] in "LN" for kind in kinds)
    joined = all(kind[0] in "LNM" or kind == "Cf" for kind in kinds)
    return joined and 1 <= seen <= MAX_LETTERS and kinds[0][0] in "LN" and len(text) <= MAX_LENGTH

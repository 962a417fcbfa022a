"""How a school uses faces, and where the law has a new school start strictly. Pure; any thread."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, assert_never


class FaceRule(StrEnum):
    """What the camera may do with faces in this school."""

    OFF = "off"
    """The camera reads passes only, and nothing looks for faces."""
    VERIFY_ONLY = "verify_only"
    """A face is compared only with the templates of the student who says to be there (1:1)."""
    WALK_PAST = "walk_past"
    """A face is searched among everybody enrolled in the course (1:N)."""

    @property
    def uses_faces(self) -> bool:
        """Whether anything looks at faces."""
        match self:
            case FaceRule.VERIFY_ONLY | FaceRule.WALK_PAST:
                return True
            case FaceRule.OFF:
                return False
            case _:
                assert_never(self)


STRICTEST_FIRST: Final = (FaceRule.OFF, FaceRule.VERIFY_ONLY, FaceRule.WALK_PAST)

# The European Union; the parts of it that have a code of their own; the rest of the European Economic Area, and Norway's islands.
_UNION: Final = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
_PARTS: Final = "AX GF GP MF MQ RE YT"
_AREA: Final = "IS LI NO SJ"
STRICT_COUNTRIES: Final = frozenset(f"{_UNION} {_PARTS} {_AREA} GB".split())
"""Countries, by ISO 3166-1, in which a new school is not offered *walk past* at its first start."""


def offered_at_first(country: str | None) -> tuple[FaceRule, ...]:
    """Between which rules a new school chooses, the proposed one first; None: nobody knows where the PC is."""
    if country in STRICT_COUNTRIES:
        return FaceRule.VERIFY_ONLY, FaceRule.OFF
    return FaceRule.VERIFY_ONLY, FaceRule.OFF, FaceRule.WALK_PAST


@dataclass(frozen=True, slots=True)
class FaceChoice:
    """The rule in force, and how it came about.

    Attributes:
        rule: In force.
        chosen_by: Who chose it; empty while nobody has.
        chosen_at: When, aware UTC; None while nobody has.
        is_asked: Whether an admin was asked already.
        is_kept: Whether it stands in the database: a school of an earlier version keeps *walk past* without having chosen it.
    """

    rule: FaceRule
    chosen_by: str = ""
    chosen_at: datetime | None = None
    is_asked: bool = False
    is_kept: bool = False

    @property
    def is_chosen(self) -> bool:
        """Whether somebody has decided."""
        return self.chosen_at is not None

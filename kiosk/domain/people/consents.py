"""What students and their guardians said about face recognition, and what of it counts. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from kiosk.domain.people.students import fold

FIRST_NOTICE: Final = 1
"""Version of the notice that every school begins with; words of before notices had versions count as given to it."""


class ConsentKind(StrEnum):
    """What a student allowed."""

    FACE_RECOGNITION = "face_recognition"


class AnsweredBy(StrEnum):
    """Who gave the answer: the student, or a parent or guardian. No date of birth is kept to tell who may."""

    STUDENT = "student"
    GUARDIAN = "guardian"


@dataclass(frozen=True, slots=True)
class Answerer:
    """Who answered; `name` tells one guardian from another and is empty where nobody wrote it down."""

    by: AnsweredBy
    name: str = ""


STUDENT: Final = Answerer(AnsweredBy.STUDENT)


@dataclass(frozen=True, slots=True)
class Consent:
    """A word on one kind of processing.

    Attributes:
        recorded_by: Who wrote it down.
        answerer: Whose word it is; None: nobody wrote down whose, as in earlier versions.
        notice: Version of the notice that it answers.
        notice_hash: SHA-256 (hex) of that notice's text; empty for words of earlier versions.
        answered_on: When it was given on paper; None: when it was recorded.
    """

    student_id: int
    kind: ConsentKind
    given: bool
    recorded_at: datetime
    recorded_by: str
    answerer: Answerer | None = None
    notice: int = FIRST_NOTICE
    notice_hash: str = ""
    answered_on: date | None = None


class ConsentState(StrEnum):
    """Where a student stands; the order is that of what somebody has to do about it."""

    UNANSWERED = "unanswered"
    RENEW = "renew"
    OBJECTED = "objected"
    NO = "no"
    YES = "yes"


@dataclass(frozen=True, slots=True)
class Standing:
    """What all the words about one student come to.

    Attributes:
        state: `RENEW`: the yes answers an older notice; see `counts` for whether it still does.
        newest: The newest word of all; None: nobody was asked.
        objections: The newest words of those who said no and have not taken it back, while somebody else says yes.
        counts: Whether the face may be measured.
    """

    state: ConsentState
    newest: Consent | None
    objections: tuple[Consent, ...] = ()
    counts: bool = False


NEVER_ASKED: Final = Standing(ConsentState.UNANSWERED, None)


def standing(words: Sequence[Consent], *, notice: int, in_force: int) -> Standing:
    """What the words about one student, oldest first, come to.

    A no stands until whoever said it says yes, whatever others say and whenever they said it. A word of which nobody wrote
    down whose it is counts only while it is the newest.

    Args:
        words: Of one student and kind, in the order in which they were recorded.
        notice: Version of the newest notice.
        in_force: Version of the oldest notice whose answers are still used.
    """
    if not words:
        return NEVER_ASKED
    newest = words[-1]
    refusals = tuple(word for word in _last_of_each(words) if not word.given)
    if not newest.given:
        others_agree = any(word.given for word in _last_of_each(words))
        state = ConsentState.OBJECTED if refusals and others_agree else ConsentState.NO
        return Standing(state, newest, refusals)
    if refusals:
        return Standing(ConsentState.OBJECTED, newest, refusals)
    state = ConsentState.YES if newest.notice >= notice else ConsentState.RENEW
    return Standing(state, newest, (), newest.notice >= in_force)


def _last_of_each(words: Iterable[Consent]) -> list[Consent]:
    last = {(word.answerer.by, fold(word.answerer.name)): word for word in words if word.answerer is not None}
    return list(last.values())

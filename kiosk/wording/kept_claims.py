"""What is said of claims that were kept on this PC while the database server was away. Pure; any thread."""

from typing import assert_never

from kiosk.domain.attendance.choices import CheckInOutcome
from kiosk.domain.attendance.kept import RefusedClaim
from kiosk.translation import _, ngettext


def kept_words(students: int) -> str:
    """What happens to who comes while the database server is away, and how many came so far."""
    if not students:
        return _("Go on as always: marks are kept on this PC, and delivered when the server is back.")
    return ngettext(
        "Go on as always: {n} mark is kept on this PC, and delivered when the server is back.",
        "Go on as always: {n} marks are kept on this PC, and delivered when the server is back.",
        students,
        n=students,
    )


def delivered_words(students: int, refused: int) -> tuple[str, str]:
    """That the server is back and has what was kept, large and small; the whole class reads it."""
    title = ngettext("{n} mark was delivered", "{n} marks were delivered", students, n=students)
    if not refused:
        return title, _("The server is back; nothing was lost")
    return title, ngettext(
        "{n} was not accepted: the roster says whose",
        "{n} were not accepted: the roster says whose",
        refused,
        n=refused,
    )


def refused_claim_sentence(claim: RefusedClaim, *, who: str) -> str:
    """That a claim was kept while the server was away and made no record, and why."""
    match claim.outcome:
        case CheckInOutcome.NOT_REGISTERED:
            return _("The check-in of {who} that was kept here was not accepted: not on the list.", who=who)
        case CheckInOutcome.METHOD_NOT_ACCEPTED:
            return _(
                "The check-in of {who} that was kept here was not accepted: this class is not marked that way.",
                who=who,
            )
        case CheckInOutcome.SECOND_FACTOR_NEEDED:
            return _(
                "The check-in of {who} that was kept here was not accepted: the face alone is not enough.",
                who=who,
            )
        case CheckInOutcome.SESSION_ENDED:
            return _(
                "The check-in of {who} that was kept here was not accepted: the class had ended, or a second proof is missing.",
                who=who,
            )
        case CheckInOutcome.HELD_BY_TEACHER:
            return _(
                "The check-in of {who} that was kept here was not accepted: a teacher decided by hand.",
                who=who,
            )
        case CheckInOutcome.DEVICE_ALREADY_USED:
            return _(
                "The check-in of {who} that was kept here was not accepted: the phone marked somebody else.",
                who=who,
            )
        case CheckInOutcome.PHONE_NOT_ENROLLED:
            return _(
                "The check-in of {who} that was kept here was not accepted: the phone is not enrolled.",
                who=who,
            )
        case (
            CheckInOutcome.MARKED_PRESENT
            | CheckInOutcome.MARKED_LATE
            | CheckInOutcome.ALREADY_MARKED
            | CheckInOutcome.SEEN_AGAIN
            | CheckInOutcome.CHECKED_OUT
            | CheckInOutcome.FACE_AWAITED
            | CheckInOutcome.TEACHER_AWAITED
            | CheckInOutcome.PHONE_AWAITED
            | CheckInOutcome.CLAIM_EXPIRED
            | CheckInOutcome.KEPT
            | None
        ):  # of these only None is ever refused: session or student are gone
            return _(
                "The check-in of {who} that was kept here was not accepted: class or student are gone.",
                who=who,
            )
        case _:
            assert_never(claim.outcome)

"""What people read about re-checks in mid-class. Pure; any thread."""

import math
from datetime import tzinfo
from typing import assert_never

from kiosk.domain.attendance.choices import Method
from kiosk.domain.attendance.rechecks import Asked, Disturbance, Recheck, RecheckMeaning
from kiosk.translation import N_, _, ngettext
from kiosk.wording.attendance import method_words
from kiosk.wording.dates import clock_time


def window_words(left_s: float, *, shown: int, asked: int) -> str:
    """What stands on the kiosk screen while it is open, such as ``Show up again: 3:12 left, 14 of 30``."""
    return _(
        "Show up again: {left} left, {shown} of {asked}", left=left_words(left_s), shown=shown, asked=asked
    )


def left_words(left_s: float) -> str:
    """Minutes and seconds; the last second is not shown as none."""
    minutes, seconds = divmod(max(0, math.ceil(left_s)), 60)
    return f"{minutes}:{seconds:02}"


def recheck_title(recheck: Recheck, *, missing: int, asked: int, zone: tzinfo) -> str:
    """What came of it, in one line."""
    at = clock_time(recheck.began_at, zone) if recheck.began_at is not None else ""
    if not missing:
        return _("Re-check at {at}: all {asked} showed up", at=at, asked=asked)
    return ngettext(
        "Re-check at {at}: {n} of {asked} did not show up",
        "Re-check at {at}: {n} of {asked} did not show up",
        missing,
        n=missing,
        at=at,
        asked=asked,
    )


def recheck_outcome(recheck: Recheck) -> str:
    """What it means for those who did not show up, in a sentence."""
    if recheck.taken_back_at is not None:
        return _("Taken back by {who}: it changes nobody.", who=_(recheck.taken_back_by))
    if recheck.disturbance is not None:
        return _("Incomplete, nobody is judged: {why}", why=disturbance_words(recheck.disturbance))
    match recheck.meaning:
        case RecheckMeaning.NOTED:
            return _("Only noted: their records stay as they are.")
        case RecheckMeaning.LATE:
            return _("They count as late, by the school’s choice.")
        case RecheckMeaning.ABSENT:
            return _("They count as absent, by the school’s choice.")
        case _:
            assert_never(recheck.meaning)


def student_recheck_words(recheck: Recheck, asked: Asked) -> str:
    """What one window says of one student, in sentences; its time stands beside them."""
    if asked.method is not None and not asked.is_missing:
        if asked.method is Method.MANUAL:
            who = asked.evidence[-1].actor or "" if asked.evidence else ""
            return _("Was here, as {who} says.", who=_(who or N_("a teacher")))
        return _("Showed up again, by {method}.", method=method_words(asked.method).word)
    if recheck.is_open:
        return _("Has not shown up again yet.")
    if not recheck.judges:
        return _("Did not show up again. {outcome}", outcome=recheck_outcome(recheck))
    if asked.set_version is not None:
        return _("Did not show up again. The record was changed by that, by the school’s choice.")
    return _("Did not show up again. That is only noted.")


def disturbance_words(disturbance: Disturbance) -> str:
    """Why nobody is judged, behind a colon."""
    match disturbance:
        case Disturbance.CUT_SHORT:
            return _("it was stopped, or the class ended, before its time was over.")
        case Disturbance.NO_WAY:
            return _("for a time neither camera nor phones worked as this class needs them.")
        case Disturbance.CLOCK_MOVED:
            return _("the PC’s clock was moved in it.")
        case Disturbance.RESTARTED:
            return _("the kiosk was off, or started again, in it.")
        case Disturbance.DATABASE_AWAY:
            return _("the database was away in it.")
        case _:
            assert_never(disturbance)

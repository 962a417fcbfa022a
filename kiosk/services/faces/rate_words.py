"""Error rates in words that a person without statistics can act on. Any thread."""

import math
from typing import Final

from kiosk.domain.faces.calibration import STRANGERS_TO_SHOW, TARGET_FPIR
from kiosk.domain.faces.error_rates import Rate
from kiosk.domain.faces.measurement import Measurement
from kiosk.translation import _

NO_BREAK: Final = "\N{NO-BREAK SPACE}"


def percent(share: float) -> str:
    """A share with two significant figures, such as 4.6 %, 0.03 % or 100 %; those above 99 % with one decimal."""
    value = 100 * share
    if value == 0 or value >= 99.95:
        decimals = 0
    elif value > 99:
        decimals = 1
    else:
        decimals = max(0, 1 - math.floor(math.log10(value)))
    return f"{value:.{decimals}f}{NO_BREAK}%"


def rate_words(rate: Rate) -> str:
    """Count, share and interval: ``0 of 63, 0 % (95 % interval 0 % to 5.7 %)``."""
    if rate.value is None:
        return _("not measured")
    interval = rate.interval
    return _(
        "{errors} of {trials}, {rate} (95{no_break}% interval {low} to {high})",
        errors=rate.errors,
        trials=rate.trials,
        rate=percent(rate.value),
        no_break=NO_BREAK,
        low=percent(interval.low),
        high=percent(interval.high),
    )


def stranger_words(fpir: Rate) -> str:
    """What was seen of strangers, and how little that says."""
    if fpir.value is None:
        return _("Nobody could stand for a stranger, so nothing is known about strangers.")
    number = _("None") if fpir.errors == 0 else str(fpir.errors)
    verb = "were" if fpir.errors > 1 else "was"
    seen = _(
        "{number} of {trials} pictures of strangers {verb} accepted",
        number=number,
        trials=fpir.trials,
        verb=verb,
    )
    return _(
        "{seen}; the true rate may still be up to {at_most}.{fpir}",
        seen=seen,
        at_most=percent(fpir.at_most),
        fpir=_more_to_show(fpir),
    )


def roster_words(measured: Measurement) -> tuple[str, str]:
    """What a roster says about strangers, and about its own people."""
    rates = measured.calibrated()
    fpir, fnir = rates.fpir, rates.fnir
    roster = _("With {people} people and {trials} pictures", people=measured.people, trials=fpir.trials)
    if measured.people < 2 or fnir.value is None:
        return _("{roster} nothing can be said about strangers.", roster=roster), _(
            "Nobody has two pictures to compare."
        )
    # Each picture stands for a stranger once: its person is left out of the gallery.
    accepted = (
        _("{errors} of {trials} pictures of strangers were", errors=fpir.errors, trials=fpir.trials)
        if fpir.errors
        else _("no stranger was")
    )
    strangers = _(
        "{roster} {accepted} accepted; the true rate may still be up to {at_most}.{fpir}",
        roster=roster,
        accepted=accepted,
        at_most=percent(fpir.at_most),
        fpir=_more_to_show(fpir),
    )
    own = _("Pictures not recognised by others of the same person: {fnir}.", fnir=rate_words(fnir))
    return strangers, own


def _more_to_show(fpir: Rate) -> str:
    if fpir.at_most <= TARGET_FPIR:
        return ""
    return _(
        " To show that it is at most {target_fpir}, "
        "{strangers_to_show:,} strangers in a row would have to be turned away.",
        target_fpir=percent(TARGET_FPIR),
        strangers_to_show=STRANGERS_TO_SHOW,
    )

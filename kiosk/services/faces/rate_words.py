"""Error rates in words that a person without statistics can act on. Any thread."""

import math
from typing import Final

from kiosk.domain.faces.calibration import STRANGERS_TO_SHOW, TARGET_FPIR
from kiosk.domain.faces.error_rates import Rate
from kiosk.domain.faces.measurement import Measurement

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
        return "not measured"
    interval = rate.interval
    return (
        f"{rate.errors} of {rate.trials}, {percent(rate.value)} "
        f"(95{NO_BREAK}% interval {percent(interval.low)} to {percent(interval.high)})"
    )


def stranger_words(fpir: Rate) -> str:
    """What was seen of strangers, and how little that says."""
    if fpir.value is None:
        return "Nobody could stand for a stranger, so nothing is known about strangers."
    number = "None" if fpir.errors == 0 else str(fpir.errors)
    verb = "were" if fpir.errors > 1 else "was"
    seen = f"{number} of {fpir.trials} pictures of strangers {verb} accepted"
    return f"{seen}; the true rate may still be up to {percent(fpir.at_most)}.{_more_to_show(fpir)}"


def roster_words(measured: Measurement) -> tuple[str, str]:
    """What a roster says about strangers, and about its own people."""
    rates = measured.calibrated()
    fpir, fnir = rates.fpir, rates.fnir
    roster = f"With {measured.people} people and {fpir.trials} pictures"
    if measured.people < 2 or fnir.value is None:
        return f"{roster} nothing can be said about strangers.", "Nobody has two pictures to compare."
    # Each picture stands for a stranger once: its person is left out of the gallery.
    accepted = (
        f"{fpir.errors} of {fpir.trials} pictures of strangers were" if fpir.errors else "no stranger was"
    )
    strangers = f"{roster} {accepted} accepted; the true rate may still be up to {percent(fpir.at_most)}.{_more_to_show(fpir)}"
    own = f"Pictures not recognised by others of the same person: {rate_words(fnir)}."
    return strangers, own


def _more_to_show(fpir: Rate) -> str:
    if fpir.at_most <= TARGET_FPIR:
        return ""
    return (
        f" To show that it is at most {percent(TARGET_FPIR)}, "
        f"{STRANGERS_TO_SHOW:,} strangers in a row would have to be turned away."
    )

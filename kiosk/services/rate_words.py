"""Error rates in words that a person without statistics can act on. Any thread."""

import math

from kiosk.domain.calibration import STRANGERS_TO_SHOW, TARGET_FPIR
from kiosk.domain.error_rates import Rate


def percent(share: float) -> str:
    """A share with two significant figures, such as 4.6 %, 0.03 % or 100 %; those above 99 % with one decimal."""
    value = 100 * share
    if value == 0 or value >= 99.95:
        return f"{value:.0f} %"
    if value > 99:
        return f"{value:.1f} %"
    decimals = max(0, 1 - math.floor(math.log10(value)))
    return f"{value:.{decimals}f} %"


def rate_words(rate: Rate) -> str:
    """Count, share and interval: ``0 of 63, 0 % (95 % interval 0 % to 5.7 %)``."""
    if rate.value is None:
        return "not measured"
    interval = rate.interval
    return (
        f"{rate.errors} of {rate.trials}, {percent(rate.value)} "
        f"(95 % interval {percent(interval.low)} to {percent(interval.high)})"
    )


def stranger_words(fpir: Rate) -> str:
    """What was seen of strangers, and how little that says."""
    if fpir.value is None:
        return "Nobody could stand for a stranger, so nothing is known about strangers."
    number = "None" if fpir.errors == 0 else str(fpir.errors)
    verb = "were" if fpir.errors > 1 else "was"
    seen = f"{number} of {fpir.trials} pictures of strangers {verb} accepted"
    doubt = f"{seen}; the true rate may still be up to {percent(fpir.at_most)}."
    if fpir.at_most <= TARGET_FPIR:
        return doubt
    return (
        f"{doubt} To show that it is at most {percent(TARGET_FPIR)}, "
        f"{STRANGERS_TO_SHOW:,} strangers in a row would have to be turned away."
    )

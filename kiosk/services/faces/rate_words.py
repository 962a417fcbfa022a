"""Error rates in words that a person without statistics can act on. Any thread."""

import math
from typing import Final

from kiosk.domain.faces.calibration import STRANGERS_TO_SHOW, TARGET_FPIR
from kiosk.domain.faces.error_rates import Rate
from kiosk.domain.faces.measurement import Measurement
from kiosk.translation import _, ngettext

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
        "{errors} of {trials}, {rate} (95\N{NO-BREAK SPACE}% interval {low} to {high})",
        errors=rate.errors,
        trials=rate.trials,
        rate=percent(rate.value),
        low=percent(interval.low),
        high=percent(interval.high),
    )


def stranger_words(fpir: Rate) -> str:
    """What was seen of strangers, and how little that says."""
    if fpir.value is None:
        return _("Nobody could stand for a stranger, so nothing is known about strangers.")
    at_most = percent(fpir.at_most)
    seen = (
        ngettext(
            "{n} of {trials} pictures of strangers was accepted; the true rate may still be up to {at_most}.",
            "{n} of {trials} pictures of strangers were accepted; the true rate may still be up to {at_most}.",
            fpir.errors,
            n=fpir.errors,
            trials=fpir.trials,
            at_most=at_most,
        )
        if fpir.errors
        else _(
            "None of {trials} pictures of strangers was accepted; the true rate may still be up to {at_most}.",
            trials=fpir.trials,
            at_most=at_most,
        )
    )
    return f"{seen} {_more_to_show(fpir)}".strip()


def roster_words(measured: Measurement) -> tuple[str, str]:
    """What a roster says about strangers, and about its own people."""
    rates = measured.calibrated()
    fpir, fnir = rates.fpir, rates.fnir
    people, pictures, at_most = measured.people, fpir.trials, percent(fpir.at_most)
    if people < 2 or fnir.value is None:
        return _(
            "With {people} people and {pictures} pictures nothing can be said about strangers.",
            people=people,
            pictures=pictures,
        ), _("Nobody has two pictures to compare.")
    # Each picture stands for a stranger once: its person is left out of the gallery.
    strangers = (
        ngettext(
            "With {people} people and {pictures} pictures {n} of {pictures} pictures of strangers was accepted; "
            "the true rate may still be up to {at_most}.",
            "With {people} people and {pictures} pictures {n} of {pictures} pictures of strangers were accepted; "
            "the true rate may still be up to {at_most}.",
            fpir.errors,
            n=fpir.errors,
            people=people,
            pictures=pictures,
            at_most=at_most,
        )
        if fpir.errors
        else _(
            "With {people} people and {pictures} pictures no stranger was accepted; "
            "the true rate may still be up to {at_most}.",
            people=people,
            pictures=pictures,
            at_most=at_most,
        )
    )
    own = _("Pictures not recognised by others of the same person: {fnir}.", fnir=rate_words(fnir))
    return f"{strangers} {_more_to_show(fpir)}".strip(), own


def _more_to_show(fpir: Rate) -> str:
    if fpir.at_most <= TARGET_FPIR:
        return ""
    return ngettext(
        "To show that it is at most {rate}, {n:,} stranger in a row would have to be turned away.",
        "To show that it is at most {rate}, {n:,} strangers in a row would have to be turned away.",
        STRANGERS_TO_SHOW,
        rate=percent(TARGET_FPIR),
        n=STRANGERS_TO_SHOW,
    )

"""Error rates and calibrations in words that a person without statistics can act on. Any thread."""

import math
from typing import Final

from kiosk.domain.faces.calibration import MIN_PEOPLE, STRANGERS_TO_SHOW, TARGET_FPIR, Verdict
from kiosk.domain.faces.error_rates import Rate
from kiosk.domain.faces.expected_errors import Expectation
from kiosk.domain.faces.measurement import Measurement
from kiosk.translation import N_, _, ngettext

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
    own = _(
        "Pictures not recognised by others of the same person, for the most part of the same sitting: {fnir}.",
        fnir=rate_words(fnir),
    )
    return f"{strangers} {_more_to_show(fpir)}".strip(), own


VERDICTS: Final = {
    Verdict.STRICTER: N_(
        "These people look more alike than those whom the model’s own thresholds were chosen on. Stricter ones save more than "
        "they cost."
    ),
    Verdict.ORDINARY: N_(
        "The model’s own thresholds fit: these people look no more alike than those whom they were chosen on."
    ),
    Verdict.COSTLY: N_(
        "These people look more alike than others, but stricter thresholds would miss as many students as they save, or more. The "
        "model’s own stay best."
    ),
    Verdict.UNMEASURED: N_(
        "How this model’s distances are spread among many people was never measured, so nobody can say what stricter thresholds "
        "would cost. The model’s own stay best."
    ),
}


def verdict_words(measured: Measurement) -> str:
    """What a calibration found, and why."""
    verdict = measured.calibration.verdict
    if verdict is not Verdict.TOO_FEW:
        return _(VERDICTS[verdict])
    return ngettext(
        "Faces of {n} person are enrolled. Fewer than {least} say nothing about how alike a class is, so the model’s own "
        "thresholds stay best.",
        "Faces of {n} people are enrolled. Fewer than {least} say nothing about how alike a class is, so the model’s own "
        "thresholds stay best.",
        measured.people,
        n=measured.people,
        least=MIN_PEOPLE,
    )


def basis_words(measured: Measurement) -> str:
    """What the forecast of missed students rests on; empty where there is none."""
    forecast = measured.calibration.forecast
    if forecast is None:
        return ""
    if not forecast.own_people:
        return _(
            "Nobody has pictures of two days, and pictures of one sitting do not show how people look on other days. So missed "
            "students are forecast from how the model did with {people:,} others ({source}).",
            people=forecast.spread.people,
            source=forecast.spread.source,
        )
    return ngettext(
        "Forecast from the pictures of different days of {n} person, and from how the model did with {people:,} others ({source}).",
        "Forecast from the pictures of different days of {n} people, and from how the model did with {people:,} others ({source}).",
        forecast.own_people,
        n=forecast.own_people,
        people=forecast.spread.people,
        source=forecast.spread.source,
    )


EARLIER: Final = N_(
    "Thresholds in use were calibrated on one sitting by an earlier version: on other days they turn many students away."
)


def expected_words(expected: Expectation) -> str:
    """So many of a hundred, and from where to where: ``2.4 (1.1 to 4.9)``."""
    return _(
        "{number} ({low} to {high})",
        number=_of_hundred(expected.value),
        low=_of_hundred(expected.interval.low),
        high=_of_hundred(expected.interval.high),
    )


def _of_hundred(share: float) -> str:
    """Two significant figures down to a hundredth of one."""
    number = 100 * share
    if number < 0.005:
        return "0"
    return f"{number:.{0 if number >= 10 else 1 if number >= 1 else 2}f}"


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

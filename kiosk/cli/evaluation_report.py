"""What `kiosk evaluate` prints: one JSON object, or lines for a person."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.calibration import STRANGERS_TO_SHOW, TARGET_FPIR, Verdict
from kiosk.domain.faces.error_rates import Rate
from kiosk.domain.faces.recognition import Thresholds
from kiosk.services.faces.evaluation.attack_detection import AttackDetectionReport
from kiosk.services.faces.evaluation.evaluation import EvaluationReport
from kiosk.services.faces.rate_words import percent, rate_words, stranger_words
from kiosk.translation import N_, _, ngettext

METHOD: Final = N_(
    "Leave-one-out: each picture is searched among all others (mated), and among those of everybody else (non-mated). "
    "Thresholds are the model's own for so many people, or stricter where everybody but the person who is judged is so alike that "
    "this saves more than it costs; outsiders are judged by those found with everybody. Intervals: Clopper-Pearson, 95 %, as if pictures were independent; "
    "those of one person are not quite."
)

THRESHOLDS: Final = {
    True: N_(
        "Thresholds: accept {accept:.3f}, reject {reject:.3f}, margin {margin:.3f}, stricter than the model's own: "
        "these people are alike."
    ),
    False: N_(
        "Thresholds: accept {accept:.3f}, reject {reject:.3f}, margin {margin:.3f}, the model's own for {people} people."
    ),
}
"""Whether they are calibrated."""

ATTACKS: Final = {
    False: N_("Attacks taken for live (APCER), {kind}: {apcer}"),
    True: N_(
        "Attacks taken for live (APCER), {kind}: {apcer}; {silent} more without a face that could be judged"
    ),
}
BONA_FIDE: Final = {
    False: N_("Live people refused (BPCER): {bpcer}"),
    True: N_("Live people refused (BPCER): {bpcer}; {silent} more without a face that could be judged"),
}
"""Whether some pictures showed no face that could be judged."""


def as_object(report: EvaluationReport) -> dict[str, Any]:
    """What ``--json`` prints."""
    rates, measured = report.rates, report.measurement
    own = report.rates_of_model
    fmr, fnmr = measured.match_rates
    folds = [limits.accept for limits in measured.folds.values()]
    rank1 = rates.rank1_misses.interval
    return {
        "model": report.model.known_as,
        "detector": report.detector,
        "people": measured.people,
        "pictures": report.pictures,
        "probes": rates.fnir.trials,
        "strangers": rates.fpir.trials,
        "outsiders": report.outsiders,
        "rank1": rates.rank1,
        "rank1_interval": [1 - rank1.high, 1 - rank1.low],
        **rate_object("fnir", rates.fnir),
        **rate_object("fnir_with_failures", report.fnir_with_failures),
        **rate_object("fpir", rates.fpir),
        "fpir_at_most": rates.fpir.at_most,
        "false_identifications": rates.fpir.errors + rates.misnamed.errors,
        "asked_to_scan": {"probes": rates.mated_asked.errors, "strangers": rates.strangers_asked.errors},
        "threshold": measured.thresholds.accept,
        "thresholds": limits_object(measured.thresholds),
        "calibrated": measured.calibration.verdict is Verdict.STRICTER,
        "calibration": measured.calibration.verdict,
        "thresholds_fitted_without_one_person": [min(folds), max(folds)],
        "eer": measured.eer,
        **rate_object("fmr", fmr),
        **rate_object("fnmr", fnmr),
        "genuine": _spread(measured.separation.same),
        "impostor": _spread(measured.separation.different),
        "confusable": _confusable(report),
        "models_own": {
            "thresholds": limits_object(measured.own),
            **rate_object("fnir", own.fnir),
            **rate_object("fpir", own.fpir),
        },
        "target": {"fpir": TARGET_FPIR, "strangers_without_an_error_to_show_it": STRANGERS_TO_SHOW},
        "known": [
            {"picture": one.picture, "person": one.person, "distance": round(one.distance, 6)}
            for one in report.known
        ],
        "failures_to_acquire": [{"picture": one.picture, "reason": one.reason} for one in report.failures],
        "failures_to_enrol": list(report.not_enrolled),
        "method": _(METHOD),
    }


def as_lines(report: EvaluationReport) -> list[str]:
    """What a person reads."""
    return [
        ngettext(
            "{name}, faces found by {detector}: {people} people, "
            "{pictures} of {report_pictures} picture usable, {outsiders} outsiders.",
            "{name}, faces found by {detector}: {people} people, "
            "{pictures} of {report_pictures} pictures usable, {outsiders} outsiders.",
            report.pictures,
            name=report.model.known_as,
            detector=report.detector,
            people=report.measurement.people,
            pictures=report.pictures - _lost(report),
            report_pictures=report.pictures,
            outsiders=report.outsiders,
        ),
        *(
            _(
                "In {picture} the face closest to {person} counts as theirs (distance {distance:.3f}).",
                picture=one.picture,
                person=one.person,
                distance=one.distance,
            )
            for one in report.known
        ),
        *(
            _("{name} could not be enrolled: none of the pictures is usable.", name=name)
            for name in report.not_enrolled
        ),
        "",
        *_rate_lines(report),
        "",
        *_threshold_lines(report),
        stranger_words(report.rates.fpir),
        *(_("{a} and {b} stay too close for the face alone.", a=a, b=b) for a, b in _confusable(report)),
    ]


def _rate_lines(report: EvaluationReport) -> list[str]:
    rates = report.rates
    return [
        ngettext(
            "Right person in front (rank 1)  {rank1} of {trials} picture",
            "Right person in front (rank 1)  {rank1} of {trials} pictures",
            rates.fnir.trials,
            rank1=_share(rates.rank1),
            trials=rates.fnir.trials,
        ),
        _(
            "Not recognised (FNIR)           {fnir}; {errors} asked to scan",
            fnir=rate_words(rates.fnir),
            errors=rates.mated_asked.errors,
        ),
        _("Taken for somebody else         {misnamed}", misnamed=rate_words(rates.misnamed)),
        _(
            "Strangers accepted (FPIR)       {fpir}; {errors} asked to scan",
            fpir=rate_words(rates.fpir),
            errors=rates.strangers_asked.errors,
        ),
        _("Equal error rate (EER)          {eer} of single comparisons", eer=_share(report.measurement.eer)),
    ]


def _threshold_lines(report: EvaluationReport) -> list[str]:
    measured, own = report.measurement, report.rates_of_model
    limits, fitted = measured.thresholds, [one.accept for one in measured.folds.values()]
    return [
        _(
            THRESHOLDS[measured.calibration.verdict is Verdict.STRICTER],
            accept=limits.accept,
            reject=limits.reject,
            margin=limits.margin,
            people=measured.people,
        ),
        _(
            "Found without one person each, accept lies between {least_fitted:.3f} and {most_fitted:.3f}; "
            "everybody was judged by thresholds found with the others.",
            least_fitted=min(fitted),
            most_fitted=max(fitted),
        ),
        _(
            "At the model's own ({accept:.3f}): FNIR {fnir}, FPIR {fpir}.",
            accept=measured.own.accept,
            fnir=rate_words(own.fnir),
            fpir=rate_words(own.fpir),
        ),
    ]


def _lost(report: EvaluationReport) -> int:
    return report.fnir_with_failures.trials - report.rates.fnir.trials


def _share(value: float | None) -> str:
    return _("not measured") if value is None else percent(value)


def rate_object(name: str, rate: Rate) -> dict[str, Any]:
    """A rate with its counts and its interval of 95 %, under keys that begin with `name`."""
    return {
        name: rate.value,
        f"{name}_errors": rate.errors,
        f"{name}_trials": rate.trials,
        f"{name}_interval": [rate.interval.low, rate.interval.high],
    }


def limits_object(thresholds: Thresholds) -> dict[str, float]:
    """Thresholds by name."""
    return {"accept": thresholds.accept, "reject": thresholds.reject, "margin": thresholds.margin}


def _spread(distances: NDArray[np.float32]) -> dict[str, Any]:
    if len(distances) == 0:
        return {"comparisons": 0}
    figures = {
        "smallest": distances.min(),
        "mean": distances.mean(),
        "median": np.median(distances),
        "largest": distances.max(),
    }
    return {"comparisons": len(distances), **{name: round(float(one), 6) for name, one in figures.items()}}


def _confusable(report: EvaluationReport) -> list[list[str]]:
    pairs = report.measurement.calibration.confusable
    return [[report.names[a], report.names[b]] for a, b in pairs]


def pad_object(report: AttackDetectionReport) -> dict[str, Any]:
    """What stands under ``pad``."""
    return {
        "detector": report.detector,
        "live_from": report.live_from,
        "presentations": len(report.presentations),
        "apcer": {
            kind: {**rate_object("apcer", report.apcer(kind)), "non_responses": report.non_responses(kind)}
            for kind in report.kinds
        },
        **rate_object("bpcer", report.bpcer),
        "bona_fide_non_responses": report.non_responses(""),
    }


def pad_lines(report: AttackDetectionReport) -> list[str]:
    """What a person reads about attacks."""
    lines = [
        _(
            "Attack detection by {detector}, one picture at a time, live from {live_from:.2f}:",
            detector=report.detector,
            live_from=report.live_from,
        )
    ]
    for kind in report.kinds:
        silent = report.non_responses(kind)
        apcer = rate_words(report.apcer(kind))
        lines.append(_(ATTACKS[silent > 0], kind=kind, apcer=apcer, silent=silent))
    silent = report.non_responses("")
    lines.append(_(BONA_FIDE[silent > 0], bpcer=rate_words(report.bpcer), silent=silent))
    return lines

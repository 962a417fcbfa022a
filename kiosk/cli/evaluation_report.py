"""What `kiosk evaluate` prints: one JSON object, or lines for a person."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.calibration import STRANGERS_TO_SHOW, TARGET_FPIR
from kiosk.domain.faces.error_rates import Rate
from kiosk.domain.faces.recognition import Thresholds
from kiosk.services.faces.evaluation.attack_detection import AttackDetectionReport
from kiosk.services.faces.evaluation.evaluation import EvaluationReport
from kiosk.services.faces.rate_words import percent, rate_words, stranger_words

METHOD: Final = (
    "Leave-one-out: each picture is searched among all others (mated), and among those of everybody else (non-mated). "
    "Thresholds are fitted to everybody but the person who is judged, never looser than the model's own; "
    "outsiders are judged by those fitted to everybody. Intervals: Clopper-Pearson, 95 %, as if pictures were independent; "
    "those of one person are not quite."
)


def as_object(report: EvaluationReport) -> dict[str, Any]:
    """What ``--json`` prints."""
    rates, measured = report.rates, report.measurement
    own = report.rates_of_model
    fmr, fnmr = measured.match_rates
    folds = [limits.accept for limits in measured.folds.values()]
    rank1 = rates.rank1_misses.interval
    return {
        "model": report.model.name,
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
        "calibrated": measured.calibration is not None,
        "thresholds_fitted_without_one_person": [min(folds), max(folds)],
        "eer": measured.eer,
        **rate_object("fmr", fmr),
        **rate_object("fnmr", fnmr),
        "genuine": _spread(measured.separation.same),
        "impostor": _spread(measured.separation.different),
        "confusable": _confusable(report),
        "models_own": {
            "thresholds": limits_object(report.model.thresholds),
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
        "method": METHOD,
    }


def as_lines(report: EvaluationReport) -> list[str]:
    """What a person reads."""
    rates, measured, own = report.rates, report.measurement, report.rates_of_model
    limits, fitted = measured.thresholds, [one.accept for one in measured.folds.values()]
    lines = [
        (
            f"{report.model.name}, faces found by {report.detector}: {measured.people} people, "
            f"{report.pictures - _lost(report)} of {report.pictures} pictures usable, {report.outsiders} outsiders."
        ),
        *(
            f"In {one.picture} the face closest to {one.person} counts as theirs (distance {one.distance:.3f})."
            for one in report.known
        ),
        *(f"{name} could not be enrolled: none of the pictures is usable." for name in report.not_enrolled),
        "",
        f"Right person in front (rank 1)  {_share(rates.rank1)} of {rates.fnir.trials} pictures",
        f"Not recognised (FNIR)           {rate_words(rates.fnir)}; {rates.mated_asked.errors} asked to scan",
        f"Taken for somebody else         {rate_words(rates.misnamed)}",
        f"Strangers accepted (FPIR)       {rate_words(rates.fpir)}; {rates.strangers_asked.errors} asked to scan",
        f"Equal error rate (EER)          {_share(measured.eer)} of single comparisons",
        "",
        f"Thresholds: accept {limits.accept:.3f}, reject {limits.reject:.3f}, margin {limits.margin:.3f}"
        + ("." if measured.calibration else ", the model's own: too few pictures to calibrate."),
        (
            f"Fitted without one person each, accept lies between {min(fitted):.3f} and {max(fitted):.3f}; "
            "everybody was judged by thresholds fitted to the others."
        ),
        f"At the model's own ({report.model.thresholds.accept:.3f}): FNIR {rate_words(own.fnir)}, FPIR {rate_words(own.fpir)}.",
        stranger_words(rates.fpir),
    ]
    lines += [f"{a} and {b} stay too close for the face alone." for a, b in _confusable(report)]
    return lines


def _lost(report: EvaluationReport) -> int:
    return report.fnir_with_failures.trials - report.rates.fnir.trials


def _share(value: float | None) -> str:
    return "not measured" if value is None else percent(value)


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
    calibration = report.measurement.calibration
    pairs = calibration.confusable if calibration is not None else ()
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
        f"Attack detection by {report.detector}, one picture at a time, live from {report.live_from:.2f}:"
    ]
    lines += [
        f"Attacks taken for live (APCER), {kind}: {rate_words(report.apcer(kind))}{_silent(report.non_responses(kind))}"
        for kind in report.kinds
    ]
    lines.append(
        f"Live people refused (BPCER): {rate_words(report.bpcer)}{_silent(report.non_responses(''))}"
    )
    return lines


def _silent(count: int) -> str:
    return f"; {count} more without a face that could be judged" if count else ""

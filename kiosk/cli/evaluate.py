"""The command that says how often recognition errs on a labelled folder."""

import sys
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray

from kiosk import bootstrap
from kiosk.cli.common import Json, counter, print_json, say
from kiosk.domain.calibration import STRANGERS_TO_SHOW, TARGET_FPIR
from kiosk.domain.error_rates import Rate
from kiosk.domain.recognition import Thresholds
from kiosk.services.evaluation import EvaluationReport
from kiosk.services.rate_words import percent, rate_words, stranger_words
from kiosk.settings import default_models_dir


def evaluate(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="One folder of pictures for each person.")],
    outsiders: Annotated[
        Path | None, typer.Option(help="A folder of pictures of people who are none of them.")
    ] = None,
    known: Annotated[
        str | None,
        typer.Option(
            metavar="NAME,…",
            help="Who of DIR stands in each of those pictures nevertheless: the closest face counts as theirs.",
        ),
    ] = None,
    model: Annotated[
        str | None, typer.Option(help="An installed recognition model instead of the built-in one.")
    ] = None,
    plot: Annotated[
        Path | None, typer.Option(metavar="F.png", help="Draw the distances and the thresholds.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Say how often recognition errs on labelled pictures; nothing is stored.

    Each picture is searched among all the others, and once more with its person left out, as a stranger. Thresholds are
    calibrated on everybody but the person who is judged.
    """
    names = [name.strip() for name in (known or "").split(",") if name.strip()]
    if names and outsiders is None:
        raise typer.BadParameter("It says who stands in the pictures of --outsiders.", param_hint="--known")
    report = bootstrap.build_evaluation(default_models_dir(), model=model).run(
        folder, outsiders=outsiders, known=names, progress=counter if sys.stderr.isatty() else None
    )
    if plot is not None:
        bootstrap.draw_evaluation(report, plot)
    if as_json:
        print_json(as_object(report))
        return
    for failure in report.failures:
        say(f"{failure.picture} was not used: {failure.reason}")
    typer.echo("\n".join(as_lines(report)))
    if plot is not None:
        typer.echo(f"The picture of the distances is {plot}.")


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
        **_rate("fnir", rates.fnir),
        **_rate("fnir_with_failures", report.fnir_with_failures),
        **_rate("fpir", rates.fpir),
        "fpir_at_most": rates.fpir.at_most,
        "false_identifications": rates.fpir.errors + rates.misnamed.errors,
        "asked_to_scan": {"probes": rates.mated_asked.errors, "strangers": rates.strangers_asked.errors},
        "threshold": measured.thresholds.accept,
        "thresholds": _limits(measured.thresholds),
        "calibrated": measured.calibration is not None,
        "thresholds_fitted_without_one_person": [min(folds), max(folds)],
        "eer": measured.eer,
        **_rate("fmr", fmr),
        **_rate("fnmr", fnmr),
        "genuine": _spread(measured.separation.same),
        "impostor": _spread(measured.separation.different),
        "confusable": _confusable(report),
        "models_own": {
            "thresholds": _limits(report.model.thresholds),
            **_rate("fnir", own.fnir),
            **_rate("fpir", own.fpir),
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


METHOD = (
    "Leave-one-out: each picture is searched among all others (mated), and among those of everybody else (non-mated). "
    "Thresholds are fitted to everybody but the person who is judged, never looser than the model's own; "
    "outsiders are judged by those fitted to everybody. Intervals: Clopper-Pearson, 95 %, as if pictures were independent; "
    "those of one person are not quite."
)


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


def _rate(name: str, rate: Rate) -> dict[str, Any]:
    return {
        name: rate.value,
        f"{name}_errors": rate.errors,
        f"{name}_trials": rate.trials,
        f"{name}_interval": [rate.interval.low, rate.interval.high],
    }


def _limits(thresholds: Thresholds) -> dict[str, float]:
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

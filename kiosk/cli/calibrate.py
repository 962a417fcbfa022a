"""The command that fits the thresholds to a course."""

from typing import Annotated, Any, Final

import typer

from kiosk.cli.common import Course, DataDir, Json, actor, find_school, open_kiosk, print_json
from kiosk.cli.evaluation_report import limits_object, rate_object
from kiosk.domain.faces.expected_errors import ExpectedErrors
from kiosk.services.faces.galleries import RosterMeasurement
from kiosk.services.faces.rate_words import EARLIER, basis_words, expected_words, roster_words, verdict_words
from kiosk.translation import N_, _

KEPT: Final = {
    False: N_("Nothing was changed: accept {accept:.3f} stays in use ({origin})."),
    True: N_("Nothing was changed: accept {accept:.3f} stays in use (the model's own)."),
}
"""Whether the thresholds in use are the model's own."""


def calibrate(
    context: typer.Context,
    course: Course,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=N_("Only measure; the thresholds in use stay."))
    ] = False,
    back: Annotated[bool, typer.Option("--back", help=N_("Go back to the model's own thresholds."))] = False,
    as_json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Find out whether a course needs stricter thresholds, and what they would cost."""
    with open_kiosk(find_school(context, data_dir)) as kiosk:
        calibrating = kiosk.app.faces.calibrating
        chosen = kiosk.app.courses.lists.course(course)
        found = calibrating.measure(chosen.course_id, actor=actor())
        changed = not dry_run and (not found.in_use.are_models_own if back else found.fits_better)
        if changed and back:
            calibrating.use_models_own(found.measured.model, actor=actor())
        elif changed:
            calibrating.use(found, actor=actor())
    if as_json:
        print_json(_as_object(found, changed=changed))
        return
    for line in _lines(found):
        typer.echo(line)
    before = found.in_use
    if changed and back:
        typer.echo(_("The model's own thresholds are in use again."))
    elif not changed:
        typer.echo(_(KEPT[before.are_models_own], accept=before.thresholds.accept, origin=before.origin))
        if before.are_of_earlier_version:
            typer.echo(_(EARLIER))
            typer.echo(_("kiosk calibrate --course … --back goes back to the model's own."))


def _lines(found: RosterMeasurement) -> list[str]:
    limits = found.measured.thresholds
    return [
        _(
            "accept {accept:.3f}, reject {reject:.3f}, margin {margin:.3f}",
            accept=limits.accept,
            reject=limits.reject,
            margin=limits.margin,
        ),
        verdict_words(found.measured),
        *_forecast_lines(found),
        *roster_words(found.measured),
        *(
            _(
                "{student_no} and {other_student_no} stay too close for the face alone.",
                student_no=one.student_no,
                other_student_no=other.student_no,
            )
            for one, other in found.confusable
        ),
    ]


def _forecast_lines(found: RosterMeasurement) -> list[str]:
    if found.expected is None:
        return []
    now, then = found.expected
    rows = (
        (
            N_("Students missed of a hundred, one frame: {now} in use, {then} with these."),
            now.missed,
            then.missed,
        ),
        (N_("Students given another name: {now} in use, {then} with these."), now.wrong, then.wrong),
        (N_("Strangers given a name: {now} in use, {then} with these."), now.strangers, then.strangers),
    )
    return [
        *(_(words, now=expected_words(one), then=expected_words(other)) for words, one, other in rows),
        basis_words(found.measured),
    ]


def _as_object(found: RosterMeasurement, *, changed: bool) -> dict[str, Any]:
    measured, fitting = found.measured, found.measured.calibration
    rates, (fmr, fnmr) = measured.calibrated(), measured.match_rates
    return {
        "verdict": fitting.verdict,
        "thresholds": limits_object(fitting.thresholds),
        "confusable": found.alike,
        "comparisons": fitting.comparisons,
        "model": measured.model.name,
        "people": measured.people,
        "changed": changed,
        "before": {
            **limits_object(found.in_use.thresholds),
            "origin": found.in_use.origin,
            "of_earlier_version": found.in_use.are_of_earlier_version,
        },
        "models_own": limits_object(measured.own),
        "expected": None
        if found.expected is None
        else dict(zip(("before", "fitting"), map(_expected_object, found.expected), strict=True)),
        "people_with_pictures_of_different_days": fitting.forecast.own_people if fitting.forecast else None,
        **rate_object("fnir", rates.fnir),
        **rate_object("fpir", rates.fpir),
        "fpir_at_most": rates.fpir.at_most,
        "eer": measured.eer,
        **rate_object("fmr", fmr),
        **rate_object("fnmr", fnmr),
    }


def _expected_object(errors: ExpectedErrors) -> dict[str, Any]:
    shares = {"missed": errors.missed, "wrong": errors.wrong, "strangers": errors.strangers}
    return {name: one.value for name, one in shares.items()} | {
        f"{name}_interval": [one.interval.low, one.interval.high] for name, one in shares.items()
    }

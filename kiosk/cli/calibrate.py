"""The command that fits the thresholds to a course."""

import dataclasses
from typing import Annotated, Any, Final

import typer

from kiosk.cli.common import Course, DataDir, Json, actor, find_data_dir, open_kiosk, print_json
from kiosk.cli.evaluation_report import limits_object, rate_object
from kiosk.errors import ConflictError
from kiosk.services.faces.galleries import RosterMeasurement
from kiosk.services.faces.rate_words import roster_words
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
    as_json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Fit the thresholds to the enrolled faces of a course."""
    with open_kiosk(find_data_dir(context, data_dir)) as kiosk:
        chosen = kiosk.app.courses.course(course)
        found = kiosk.app.faces.calibrating.measure(chosen.course_id, actor=actor())
        if found.measured.calibration is None:
            raise ConflictError(
                _("Too few faces are enrolled to calibrate on."),
                _("Enrol at least two pictures each of several students."),
            )
        if not dry_run:
            kiosk.app.faces.calibrating.use(found, actor=actor())
    if as_json:
        print_json(_as_object(found, changed=not dry_run))
        return
    limits, before = found.measured.thresholds, found.in_use
    typer.echo(
        _(
            "accept {accept:.3f}, reject {reject:.3f}, margin {margin:.3f}",
            accept=limits.accept,
            reject=limits.reject,
            margin=limits.margin,
        )
    )
    for words in roster_words(found.measured):
        typer.echo(words)
    for one, other in found.confusable:
        typer.echo(
            _(
                "{student_no} and {other_student_no} stay too close for the face alone.",
                student_no=one.student_no,
                other_student_no=other.student_no,
            )
        )
    if dry_run:
        typer.echo(_(KEPT[before.are_models_own], accept=before.thresholds.accept, origin=before.origin))


def _as_object(found: RosterMeasurement, *, changed: bool) -> dict[str, Any]:
    measured = found.measured
    rates, (fmr, fnmr) = measured.calibrated(), measured.match_rates
    fitting = dataclasses.asdict(measured.calibration) if measured.calibration else {}
    return {
        **fitting,
        "model": measured.model.name,
        "people": measured.people,
        "changed": changed,
        "before": {**limits_object(found.in_use.thresholds), "origin": found.in_use.origin},
        **rate_object("fnir", rates.fnir),
        **rate_object("fpir", rates.fpir),
        "fpir_at_most": rates.fpir.at_most,
        "eer": measured.eer,
        **rate_object("fmr", fmr),
        **rate_object("fnmr", fnmr),
    }

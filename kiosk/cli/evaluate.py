"""The command that says how often recognition errs on a labelled folder."""

from pathlib import Path
from typing import Annotated, Any

import typer

from kiosk.bootstrap.evaluation import build_evaluation, draw_evaluation, measure_attacks
from kiosk.cli.common import Json, counter, print_json, say
from kiosk.cli.evaluation_report import as_lines, as_object, pad_lines, pad_object
from kiosk.services.faces.evaluation.evaluation import EvaluationReport
from kiosk.settings import default_models_dir
from kiosk.translation import N_, _


def evaluate(
    folder: Annotated[
        Path | None, typer.Argument(metavar="DIR", help=N_("One folder of pictures for each person."))
    ] = None,
    outsiders: Annotated[
        Path | None, typer.Option(help=N_("A folder of pictures of people who are none of them."))
    ] = None,
    known: Annotated[
        str | None,
        typer.Option(
            metavar="NAME,…",
            help=N_(
                "Who of DIR stands in each of those pictures nevertheless: the closest face counts as theirs."
            ),
        ),
    ] = None,
    pad: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help=N_("Pictures real_*.jpg and attack_*.jpg: how well attacks are told from live faces."),
        ),
    ] = None,
    model: Annotated[
        str | None, typer.Option(help=N_("An installed recognition model instead of the built-in one."))
    ] = None,
    plot: Annotated[
        Path | None, typer.Option(metavar="F.png", help=N_("Draw the distances and the thresholds."))
    ] = None,
    as_json: Json = False,
) -> None:
    """Say how often recognition errs on labelled pictures; nothing is stored."""
    names = [name.strip() for name in (known or "").split(",") if name.strip()]
    _refuse_what_does_not_go_together(folder, pad, outsiders, plot, names)
    progress = counter()
    answer: dict[str, Any] = {}
    lines: list[str] = []
    if folder is not None:
        report = build_evaluation(default_models_dir(), model=model).run(
            folder, outsiders=outsiders, known=names, progress=progress
        )
        answer |= as_object(report)
        lines += as_lines(report)
        if plot is not None:
            draw_evaluation(report, plot)
            lines.append(_("The picture of the distances is {plot}.", plot=plot))
        if not as_json:
            _tell_failures(report)
    if pad is not None:
        attacks = measure_attacks(default_models_dir(), pad, progress=progress)
        answer["pad"] = pad_object(attacks)
        lines += ["", *pad_lines(attacks)] if lines else pad_lines(attacks)
    if as_json:
        print_json(answer)
    else:
        typer.echo("\n".join(lines))


def _tell_failures(report: EvaluationReport) -> None:
    for failure in report.failures:
        say(_("{picture} was not used: {reason}", picture=failure.picture, reason=failure.reason))


def _refuse_what_does_not_go_together(
    folder: Path | None, pad: Path | None, outsiders: Path | None, plot: Path | None, names: list[str]
) -> None:
    if folder is None and pad is None:
        raise typer.BadParameter(_("Give a folder of people, or --pad."), param_hint="DIR")
    if folder is None and (outsiders is not None or plot is not None):
        raise typer.BadParameter(_("--outsiders and --plot need a folder of people."), param_hint="DIR")
    if names and outsiders is None:
        raise typer.BadParameter(
            _("It says who stands in the pictures of --outsiders."), param_hint="--known"
        )

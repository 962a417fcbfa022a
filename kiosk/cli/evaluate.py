"""The command that says how often recognition errs on a labelled folder."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from kiosk.bootstrap.evaluation import build_evaluation, build_protocols, draw_evaluation, measure_attacks
from kiosk.cli.common import Json, counter, print_json, say
from kiosk.cli.evaluation_report import as_lines, as_object, pad_lines, pad_object
from kiosk.cli.protocol_report import protocol_lines, protocol_object
from kiosk.domain.faces.protocols.rosters import RosterPlan
from kiosk.services.faces.evaluation.labelled_pictures import Failure
from kiosk.services.ports.progress import Progress
from kiosk.settings import default_models_dir
from kiosk.translation import N_, _

ENROLLED = 3
DRAWS = 10
SEED = 1


@dataclass(frozen=True, slots=True)
class LeaveOneOut:
    """Options of the measurement that is made when no other is asked for."""

    outsiders: Annotated[
        Path | None, typer.Option(help=N_("A folder of pictures of people who are none of them."))
    ] = None
    known: Annotated[
        str | None,
        typer.Option(
            metavar="NAME,…",
            help=N_(
                "Who of DIR stands in each of those pictures nevertheless: the closest face counts as theirs."
            ),
        ),
    ] = None
    plot: Annotated[
        Path | None, typer.Option(metavar="F.png", help=N_("Draw the distances and the thresholds."))
    ] = None

    @property
    def names(self) -> list[str]:
        return [name.strip() for name in (self.known or "").split(",") if name.strip()]

    @property
    def is_given(self) -> bool:
        return self.outsiders is not None or self.plot is not None or bool(self.names)


@dataclass(frozen=True, slots=True)
class DrawnRosters:
    """Options of drawn rosters, and of the list of pairs."""

    pairs: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help=N_(
                "Compare the pairs of pictures in this list, by the protocol of Labeled Faces in the Wild: fold, name, "
                "number, number, or fold, name, number, name, number."
            ),
        ),
    ] = None
    roster: Annotated[
        int | None,
        typer.Option(
            metavar="N", min=1, help=N_("Draw rosters of N people and look for them and for strangers.")
        ),
    ] = None
    enrol: Annotated[
        int | None,
        typer.Option(metavar="K", min=1, help=N_("Pictures enrolled of each; the others are looked for. 3")),
    ] = None
    draws: Annotated[
        int | None, typer.Option(metavar="D", min=1, max=1000, help=N_("How many rosters are drawn. 10"))
    ] = None
    strangers: Annotated[
        int | None,
        typer.Option(
            metavar="S",
            min=0,
            help=N_(
                "People outside the roster who are looked for, with one picture each. Everybody outside it"
            ),
        ),
    ] = None
    seed: Annotated[int | None, typer.Option(min=0, help=N_("The same seed draws the same rosters. 1"))] = (
        None
    )

    @property
    def is_given(self) -> bool:
        return self.pairs is not None or self.roster is not None

    @property
    def needs_roster(self) -> bool:
        return any(one is not None for one in (self.enrol, self.draws, self.strangers, self.seed))

    @property
    def plan(self) -> RosterPlan | None:
        if self.roster is None:
            return None
        return RosterPlan(
            people=self.roster,
            enrol=self.enrol or ENROLLED,
            draws=self.draws or DRAWS,
            strangers=self.strangers,
            seed=SEED if self.seed is None else self.seed,
        )


@dataclass(frozen=True, slots=True)
class Looked:
    """Options that say what looks at the pictures."""

    model: Annotated[
        str | None, typer.Option(help=N_("An installed recognition model instead of the built-in one."))
    ] = None
    detector: Annotated[
        str | None,
        typer.Option(help=N_("An installed face detector, or dlib-hog, instead of the best one here.")),
    ] = None


def evaluate(
    left_out: LeaveOneOut,
    drawn: DrawnRosters,
    looked: Looked,
    folder: Annotated[
        Path | None, typer.Argument(metavar="DIR", help=N_("One folder of pictures for each person."))
    ] = None,
    pad: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help=N_("Pictures real_*.jpg and attack_*.jpg: how well attacks are told from live faces."),
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Say how often recognition errs on labelled pictures; nothing is stored."""
    _refuse_what_does_not_go_together(folder, pad, left_out, drawn)
    progress = counter()
    answer: dict[str, Any] = {}
    lines: list[str] = []
    if folder is not None:
        measure = _measure_protocols if drawn.is_given else _leave_one_out
        answer, lines, failures = measure(folder, left_out, drawn, looked, progress)
        if not as_json:
            _tell_failures(failures)
    if pad is not None:
        attacks = measure_attacks(default_models_dir(), pad, detector=looked.detector, progress=progress)
        answer["pad"] = pad_object(attacks)
        lines += ["", *pad_lines(attacks)] if lines else pad_lines(attacks)
    if as_json:
        print_json(answer)
    else:
        typer.echo("\n".join(lines))


_Measured = tuple[dict[str, Any], list[str], tuple[Failure, ...]]
"""What ``--json`` prints, what a person reads, and pictures without a usable face."""


def _leave_one_out(
    folder: Path, left_out: LeaveOneOut, _drawn: DrawnRosters, looked: Looked, progress: Progress
) -> _Measured:
    report = build_evaluation(default_models_dir(), model=looked.model, detector=looked.detector).run(
        folder, outsiders=left_out.outsiders, known=left_out.names, progress=progress
    )
    lines = as_lines(report)
    if left_out.plot is not None:
        draw_evaluation(report, left_out.plot)
        lines.append(_("The picture of the distances is {plot}.", plot=left_out.plot))
    return as_object(report), lines, report.failures


def _measure_protocols(
    folder: Path, _left_out: LeaveOneOut, drawn: DrawnRosters, looked: Looked, progress: Progress
) -> _Measured:
    report = build_protocols(default_models_dir(), model=looked.model, detector=looked.detector).run(
        folder, pairs=drawn.pairs, rosters=drawn.plan, progress=progress
    )
    return protocol_object(report), protocol_lines(report), report.faces.failures


def _tell_failures(failures: tuple[Failure, ...]) -> None:
    for failure in failures:
        say(_("{picture} was not used: {reason}", picture=failure.picture, reason=failure.reason))


def _refuse_what_does_not_go_together(
    folder: Path | None, pad: Path | None, left_out: LeaveOneOut, drawn: DrawnRosters
) -> None:
    if folder is None and pad is None:
        raise typer.BadParameter(_("Give a folder of people, or --pad."), param_hint="DIR")
    if folder is None and (left_out.outsiders is not None or left_out.plot is not None):
        raise typer.BadParameter(_("--outsiders and --plot need a folder of people."), param_hint="DIR")
    if left_out.names and left_out.outsiders is None:
        raise typer.BadParameter(
            _("It says who stands in the pictures of --outsiders."), param_hint="--known"
        )
    if folder is None and drawn.is_given:
        raise typer.BadParameter(_("--pairs and --roster need a folder of people."), param_hint="DIR")
    if drawn.needs_roster and drawn.roster is None:
        raise typer.BadParameter(
            _("--enrol, --draws, --strangers and --seed say what --roster draws."), param_hint="--roster"
        )
    if drawn.is_given and left_out.is_given:
        raise typer.BadParameter(
            _("--outsiders, --known and --plot do not go with --pairs and --roster."),
            param_hint="--outsiders",
        )

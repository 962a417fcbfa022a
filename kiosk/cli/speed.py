"""The command that measures speed."""

import sys
from typing import Annotated

import typer

from kiosk.cli.common import Json, print_json, say
from kiosk.settings import default_models_dir
from kiosk.translation import N_


def bench(
    model: Annotated[
        str, typer.Option(help=N_("A recognition model that `models list` shows."))
    ] = "facenet512",
    quick: Annotated[
        bool,
        typer.Option(
            "--quick", help=N_("Fewer people, frames and rounds: a first look, no figures to quote.")
        ),
    ] = False,
    skip_contenders: Annotated[
        bool, typer.Option("--skip-contenders", help=N_("Measure this kiosk alone."))
    ] = False,
    as_json: Json = False,
) -> None:
    """Measure speed, against deepface, dlib and face_recognition in the same run; takes a few minutes."""
    from kiosk.bench.options import BenchOptions
    from kiosk.bench.run import run_bench

    report = run_bench(
        BenchOptions(model=model, quick=quick, contenders=not skip_contenders),
        models_dir=default_models_dir(),
        say=_step if sys.stderr.isatty() else _silent,
    )
    if as_json:
        print_json(report.as_json())
    else:
        typer.echo(report.as_text())


def _step(text: str) -> None:
    say(f"{text}…")


def _silent(_text: str) -> None:
    """Nobody watches."""

"""The command that says what works on this PC."""

import dataclasses

import typer

from kiosk.cli.common import DataDir, Json, find_data_dir, print_json
from kiosk.settings import default_models_dir
from kiosk.translation import _


def doctor(context: typer.Context, as_json: Json = False, data_dir: DataDir = None) -> None:
    """Say what works on this PC and what to do about the rest."""
    from kiosk.doctor import examine

    findings = examine(find_data_dir(context, data_dir), default_models_dir())
    if as_json:
        print_json({"checks": [dataclasses.asdict(one) for one in findings]})
    else:
        for one in findings:
            sign = _("ok") if one.works else "!!"
            typer.echo(f"{sign:3} {_(one.name):9} {one.text}{f' {one.hint}' if one.hint else ''}")
    if not all(one.works for one in findings):
        raise typer.Exit(1)

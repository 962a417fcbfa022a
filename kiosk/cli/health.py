"""The command that says what works on this PC."""

from typing import Any

import typer

from kiosk import bootstrap
from kiosk.cli.common import DataDir, Json, data_dir_of, find_data_dir, print_json
from kiosk.services.ports.health import Check, CheckState
from kiosk.settings import default_models_dir
from kiosk.translation import _


def doctor(context: typer.Context, as_json: Json = False, data_dir: DataDir = None) -> None:
    """Say what works on this PC and what to do about the rest."""
    from kiosk.doctor import examine

    place = data_dir_of(context, data_dir)
    if bootstrap.holds_school(place):
        find_data_dir(context, data_dir)
    findings = examine(place, default_models_dir())
    if as_json:
        print_json({"checks": [_as_object(one) for one in findings]})
    else:
        signs = {CheckState.GOOD: _("ok"), CheckState.WARNING: "!", CheckState.FAULT: "!!"}
        width = max(len(_(one.name)) for one in findings)
        for one in findings:
            hint = f" {one.hint}" if one.hint else ""
            typer.echo(f"{signs[one.state]:3} {_(one.name):{width}} {one.text}{hint}")
    if not all(one.works for one in findings):
        raise typer.Exit(1)


def _as_object(check: Check) -> dict[str, Any]:
    """As other programs read it: *works* is false only for what does not work; *state* tells warnings from what is good."""
    return {
        "name": check.name,
        "works": check.works,
        "state": check.state.value,
        "text": check.text,
        "hint": check.hint,
    }

"""Commands of the model store."""

import dataclasses
from pathlib import Path
from typing import Annotated, Final

import typer

from kiosk.cli.common import Json, fail, print_json, say
from kiosk.settings import default_models_dir

models: Final = typer.Typer(help="The model store.", no_args_is_help=True)


@models.command("list")
def models_list(as_json: Json = False) -> None:
    """Show the known models and which are installed."""
    from kiosk.vision.installed import installed_models

    rows = installed_models(default_models_dir())
    if as_json:
        print_json({"models": [dataclasses.asdict(row) for row in rows]})
        return
    for row in rows:
        typer.echo(f"{row.name:20} {row.task:12} {row.state:14} {row.licence}")


@models.command("install")
def models_install(
    name: Annotated[str, typer.Argument(help="A name that `models list` shows.")],
    origin: Annotated[Path, typer.Option("--from", help="The file, or a folder that has it.")],
) -> None:
    """Install a model from a file on disk, after checking it."""
    from kiosk.vision.installed import install_model, installed_models

    models_dir = default_models_dir()
    for row in installed_models(models_dir):
        if row.name == name:
            say(f"{row.name} comes from {row.source}; its licence is {row.licence}.")
    typer.echo(f"{name} is installed: {install_model(name, origin, models_dir)}")


@models.command("verify")
def models_verify(as_json: Json = False) -> None:
    """Check every installed model file."""
    from kiosk.vision.installed import ModelState, installed_models

    rows = installed_models(default_models_dir())
    damaged = [row.name for row in rows if row.state is ModelState.DAMAGED]
    if as_json:
        print_json(
            {"damaged": damaged, "checked": [row.name for row in rows if row.state is not ModelState.MISSING]}
        )
    elif not damaged:
        typer.echo("Every installed model is whole.")
    if damaged:
        fail(f"Damaged: {', '.join(damaged)}. Install again what is damaged.")

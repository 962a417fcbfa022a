"""The command line: parse, call, print.

``--json`` prints one JSON object on stdout; progress, hints and logs go to stderr. Exit code 0 on success, 1 on failure
with one plain sentence, 2 on wrong usage. Commands act as ``local:<OS user>``.
"""

import logging
import sys
from collections.abc import Callable
from typing import Annotated, Final, NoReturn

import typer

from kiosk import __version__
from kiosk.cli import calibrate, evaluate, health, models, people, program, records, speed, tokens
from kiosk.cli.common import RootDataDir, fail
from kiosk.errors import KioskError
from kiosk.translation import N_

app: Final = typer.Typer(
    name="kiosk",
    help=N_("Classroom attendance: faces, QR codes and one record a student."),
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for name, group in {
    "users": people.users,
    "people": people.people,
    "faces": people.faces,
    "models": models.models,
    "audit": records.audit,
    "tokens": tokens.tokens,
}.items():
    app.add_typer(group, name=name)
COMMANDS: Final[dict[str, Callable[..., None]]] = {
    "run": program.run,
    "serve": program.serve,
    "demo": program.demo,
    "replay": program.replay_command,
    "calibrate": calibrate.calibrate,
    "evaluate": evaluate.evaluate,
    "export": records.export,
    "backup": records.backup,
    "restore": records.restore,
    "recover": records.recover,
    "bench": speed.bench,
    "doctor": health.doctor,
}
for name, command in COMMANDS.items():
    app.command(name=name)(command)


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    data_dir: RootDataDir = None,
    version: Annotated[bool, typer.Option("--version", help=N_("Show the version."))] = False,
) -> None:
    """Run the kiosk when no command is given."""
    if version:
        typer.echo(f"kiosk {__version__}")
        raise typer.Exit
    context.obj = data_dir
    if context.invoked_subcommand is None:
        program.run(context)


def main() -> NoReturn:
    """Entry point of ``kiosk`` and ``python -m kiosk``."""
    logging.basicConfig(stream=sys.stderr, level=logging.ERROR, format="%(levelname)s %(name)s: %(message)s")
    try:
        app()
    except KioskError as error:
        fail(str(error))
    sys.exit(0)

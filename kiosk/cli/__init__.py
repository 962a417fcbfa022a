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
from kiosk.cli import (
    calibrate,
    class_sessions,
    contacts,
    courses,
    evaluate,
    health,
    models,
    moving,
    people,
    program,
    records,
    reports,
    speed,
    tokens,
)
from kiosk.cli.admin_check import GivenAdmin, remember_admin
from kiosk.cli.common import RootDataDir, choose_data_dir, fail
from kiosk.cli.help import TranslatedGroup
from kiosk.cli.option_groups import with_groups
from kiosk.errors import KioskError
from kiosk.translation import N_

app: Final = typer.Typer(
    name="kiosk",
    help=N_("Classroom attendance: faces, QR codes and one record a student."),
    cls=TranslatedGroup,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for name, group in {
    "users": people.users,
    "people": contacts.with_contacts,
    "faces": people.faces,
    "models": models.models,
    "sessions": class_sessions.sessions,
    "courses": courses.courses,
    "timetable": courses.timetable,
    "audit": records.audit,
    "recovery": records.recovery,
    "tokens": tokens.tokens,
}.items():
    app.add_typer(group, name=name, callback=choose_data_dir)
COMMANDS: Final[dict[str, tuple[Callable[..., None], str]]] = {
    "run": (program.run, N_("Run the desktop program.")),
    "serve": (program.serve, N_("Run the web part alone, until interrupted.")),
    "demo": (
        program.demo,
        N_("Let a class of drawn students walk past the camera, and end with an Excel file."),
    ),
    "replay": (
        program.replay_command,
        N_("Run a recorded source through the pipeline into a new class session."),
    ),
    "calibrate": (calibrate.calibrate, N_("Fit the thresholds to the enrolled faces of a course.")),
    "evaluate": (
        with_groups(evaluate.evaluate),
        N_(
            "Say how often recognition errs on labelled pictures; nothing is stored.\n\nEach picture is "
            "searched among all the others, and once more with its person left out, as a stranger. "
            "Thresholds are calibrated on everybody but the person who is judged.\n\nWith --pairs or --roster it "
            "measures as benchmarks do instead; all pictures are compared one by one, without a vote."
        ),
    ),
    "export": (records.export, N_("Write the attendance workbook.")),
    "report": (
        reports.report,
        N_("Write a report as PDF: register, weeks, arrivals, methods, below-limit, student or day."),
    ),
    "backup": (records.backup, N_("Write everything but the school key into one sealed file.")),
    "restore": (records.restore, N_("Bring a backup back; the present database is kept beside it.")),
    "migrate-to": (
        moving.migrate_to,
        N_(
            "Move the school from its own file to a PostgreSQL server, and compare every row.\n\nThe kiosk must be closed; its "
            "file is only read. A run that was cut off is gone on with by the next one."
        ),
    ),
    "new-school": (
        records.new_school,
        N_("Begin a new school where the old one's database is gone for good; the old key is put aside."),
    ),
    "recover": (records.recover, N_("Bring the school key back with the recovery passphrase.")),
    "bench": (
        speed.bench,
        N_(
            "Measure speed, against deepface, dlib and face_recognition in the same run; takes a few minutes."
        ),
    ),
    "doctor": (health.doctor, N_("Say what works on this PC and what to do about the rest.")),
}
for name, (command, explained) in COMMANDS.items():
    app.command(name=name, help=explained)(command)


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    data_dir: RootDataDir = None,
    version: Annotated[bool, typer.Option("--version", help=N_("Show the version."))] = False,
    admin: Annotated[
        str | None,
        typer.Option(
            "--admin", metavar="NAME", help=N_("An admin's name, where the school's rules ask for one.")
        ),
    ] = None,
    password_stdin: Annotated[
        bool,
        typer.Option(
            "--password-stdin", help=N_("Read that admin's password from the first line of standard input.")
        ),
    ] = False,
) -> None:
    """Run the kiosk when no command is given."""
    if version:
        typer.echo(f"kiosk {__version__}")
        raise typer.Exit
    context.obj = data_dir
    remember_admin(context, GivenAdmin(admin, password_stdin))
    if context.invoked_subcommand is None:
        program.run(context)


def main() -> NoReturn:
    """Entry point of ``kiosk`` and ``python -m kiosk``."""
    logging.basicConfig(stream=sys.stderr, level=logging.ERROR, format="%(levelname)s %(name)s: %(message)s")
    try:
        app(prog_name="kiosk")
    except KioskError as error:
        fail(str(error))
    sys.exit(0)

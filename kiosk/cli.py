"""The command line: parse, call, print.

``--json`` prints one JSON object on stdout; progress, hints and logs go to stderr. Exit code 0 on success, 1 on failure
with one plain sentence, 2 on wrong usage. Commands act as ``local:<OS user>``.
"""

import dataclasses
import getpass
import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final, NoReturn

import typer

from kiosk import __version__, bootstrap
from kiosk.domain.attendance import LivenessMode
from kiosk.domain.people import Role
from kiosk.errors import KioskError, ModelError
from kiosk.pipeline.replay import EventLog, replay
from kiosk.services.app import KioskApp
from kiosk.services.events import Event, OnEvent, WebStateChanged
from kiosk.services.exports import ExportChoice
from kiosk.settings import default_data_dir, default_models_dir

app: Final = typer.Typer(
    name="kiosk",
    help="Classroom attendance: faces, QR codes and one record a student.",
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
users: Final = typer.Typer(help="Accounts of teachers and admins.", no_args_is_help=True)
people: Final = typer.Typer(help="Class lists and PINs.", no_args_is_help=True)
faces: Final = typer.Typer(help="Enrolling faces.", no_args_is_help=True)
models: Final = typer.Typer(help="The model store.", no_args_is_help=True)
audit: Final = typer.Typer(help="The chained log of changes.", no_args_is_help=True)
for name, group in {
    "users": users,
    "people": people,
    "faces": faces,
    "models": models,
    "audit": audit,
}.items():
    app.add_typer(group, name=name)

RootDataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir", envvar="KIOSK_DATA_DIR", help="Where everything is kept.", show_default="data/"
    ),
]
# The same after a command; without the variable, or it would win over the option before the command.
DataDir = Annotated[Path | None, typer.Option("--data-dir", help="Where everything is kept.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout.")]
Course = Annotated[str, typer.Option("--course", help="Course code.")]


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    data_dir: RootDataDir = None,
    version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
) -> None:
    """Run the kiosk when no command is given."""
    if version:
        typer.echo(f"kiosk {__version__}")
        raise typer.Exit
    context.obj = data_dir
    if context.invoked_subcommand is None:
        run(context)


# -- the program -----------------------------------------------------------------------------------------------------


@app.command()
def run(
    context: typer.Context,
    source: Annotated[
        str | None,
        typer.Option(help="Camera index, file, folder or address instead of the camera in the settings."),
    ] = None,
    windowed: Annotated[bool, typer.Option("--windowed", help="Do not fill the screen.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Run the desktop program."""
    from kiosk.gui.application import run_window
    from kiosk.storage.instance_lock import InstanceLock

    if not bootstrap.has_display() and "QT_QPA_PLATFORM" not in os.environ:
        raise KioskError(
            "There is no display for the window.", "Start the kiosk from the desktop of this PC."
        )
    built: list[bootstrap.Kiosk] = []

    def build(on_event: OnEvent) -> KioskApp:
        """What fails in here is shown in a window: who starts a program by its icon sees no terminal."""
        directory = _data_dir(context, data_dir)
        lock.enter_context(InstanceLock(directory))
        bootstrap.log_to_file(directory)
        kiosk = bootstrap.build(
            directory,
            models_dir=default_models_dir(),
            on_event=on_event,
            source=bootstrap.open_source(source) if source is not None else None,
            with_web=True,
            for_window=True,
        )
        built.append(kiosk)
        kiosk.start()
        return kiosk.app

    with ExitStack() as lock:
        try:
            code = run_window(build, windowed=windowed)
        finally:
            for kiosk in built:
                kiosk.stop()
    raise typer.Exit(code)


@app.command()
def serve(
    context: typer.Context,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.", min=1024, max=65535)] = None,
    data_dir: DataDir = None,
) -> None:
    """Run the web part alone, until interrupted."""
    from kiosk.storage.instance_lock import InstanceLock

    directory = _data_dir(context, data_dir)
    settings = bootstrap.load_settings(directory)
    wanted = {name: value for name, value in {"host": host, "port": port}.items() if value is not None}
    web = settings.web.model_copy(update={**wanted, "enabled": True})
    failures: list[WebStateChanged] = []

    def on_event(event: Event) -> None:
        if isinstance(event, WebStateChanged):
            if event.running:
                _say(f"Phones reach the kiosk at {event.base_url} (Ctrl+C ends it).")
            else:
                failures.append(event)

    with InstanceLock(directory):
        kiosk = bootstrap.build(
            directory,
            models_dir=default_models_dir(),
            on_event=on_event,
            settings=settings.model_copy(update={"web": web}),
            with_web=True,
        )
        _show_passphrase(kiosk)
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        kiosk.start()
        try:
            while not failures and not stop.wait(0.5):
                pass
        finally:
            kiosk.stop()
    for failure in failures:
        raise KioskError(failure.user_text, failure.hint)


@app.command()
def demo(
    headless: Annotated[bool, typer.Option("--headless", help="Show no window.")] = False,
    seed: Annotated[
        int, typer.Option(help="Shuffles who is enrolled, who is a stranger and who walks when.")
    ] = 1,
    students: Annotated[
        int, typer.Option(help="Drawn students in the course, who walk past the camera.")
    ] = 10,
    unenrolled: Annotated[int, typer.Option(help="Drawn strangers who walk past too.")] = 2,
    as_json: Json = False,
    data_dir: Annotated[
        Path | None,
        typer.Option("--data-dir", help="Keep the demo here instead of in a throw-away directory."),
    ] = None,
) -> None:
    """Let a class of drawn students walk past the camera, and end with an Excel file."""
    from kiosk.demo.run import DemoOptions, run_demo

    report = run_demo(
        DemoOptions(
            seed=seed, students=students, unenrolled=unenrolled, headless=headless, data_dir=data_dir
        ),
        models_dir=default_models_dir(),
        say=_say,
    )
    if as_json:
        _print_json(report.as_json())
    else:
        typer.echo(report.as_text())
    if not report.is_right:
        raise typer.Exit(1)


@app.command(name="replay")
def replay_command(
    context: typer.Context,
    source: Annotated[str, typer.Argument(help="Video file, folder of pictures, or address.")],
    course: Course,
    realtime: Annotated[bool, typer.Option("--realtime", help="Pace and drop as a camera does.")] = False,
    liveness: Annotated[
        LivenessMode, typer.Option(help="How faces are checked against pictures.")
    ] = LivenessMode.OFF,
    as_json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Run a recorded source through the pipeline into a new class session."""
    if liveness is not LivenessMode.OFF:
        raise ModelError("No liveness model is installed.", "Replay with --liveness off.")
    frames = bootstrap.open_source(source) if realtime else bootstrap.open_recording(source)
    log = EventLog()
    with _kiosk(_data_dir(context, data_dir), on_event=log.append) as kiosk:
        _, embedder = kiosk.vision.get()
        report = replay(
            kiosk.app.people.course(course),
            sessions=kiosk.app.sessions,
            build_run=lambda session: kiosk.build_run(session, frames, not realtime),
            model=embedder.info.name,
            log=log,
            actor=_actor(),
            on_seconds=_position if sys.stderr.isatty() else None,
        )
    if as_json:
        _print_json(
            {
                "session": report.session_id,
                "records": [dataclasses.asdict(record) for record in report.records],
                "unknown_tracks": report.unknown_tracks,
                "ambiguous_tracks": report.ambiguous_tracks,
                "frames": report.frames,
                "fps": round(report.fps, 1),
            }
        )
        return
    for record in report.records:
        typer.echo(f"{record.marked_s:8.2f} s  {record.student_no}  {record.status}")
    typer.echo(
        f"{len(report.records)} marked, {report.unknown_tracks} unknown, {report.ambiguous_tracks} asked to scan; "
        f"{report.frames} frames at {report.fps:.1f} a second."
    )


# -- people ----------------------------------------------------------------------------------------------------------


@users.command("add")
def users_add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The name to sign in with.")],
    role: Annotated[Role, typer.Option(help="What the account may do.")],
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input.")
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Make an account for a teacher or an admin."""
    with _kiosk(_data_dir(context, data_dir)) as kiosk:
        password = (
            sys.stdin.readline().rstrip("\r\n")
            if password_stdin
            else typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
        )
        user = kiosk.app.accounts.add(name=name, role=role, password=password, actor=_actor())
    typer.echo(f"{user.name} can sign in as {user.role.value}.")


@people.command("import")
def people_import(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="CSV or XLSX with student_no, full_name and perhaps email.")],
    course: Annotated[
        str | None, typer.Option("--course", help="Register them in this course, made when new.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Import a class list."""
    with _kiosk(_data_dir(context, data_dir)) as kiosk:
        report = kiosk.app.people.import_roster(
            file, course_code=course, since=kiosk.app.today(), actor=_actor(), dry_run=dry_run
        )
    for row in report.refused:
        _say(f"Line {row.line} was not taken: {row.reason}")
    would = "would be " if dry_run else ""
    typer.echo(
        f"{len(report.added)} {would}added, {len(report.updated)} {would}updated, {len(report.unchanged)} unchanged, "
        f"{len(report.registered)} {would}registered{f' in {report.course.code}' if report.course else ''}, "
        f"{len(report.refused)} refused."
    )


@people.command("pins")
def people_pins(
    context: typer.Context,
    output: Annotated[Path, typer.Argument(metavar="OUT.pdf", help="The PDF to write.")],
    course: Course,
    renew: Annotated[
        bool, typer.Option("--renew", help="Also replace PINs that exist; those stop working.")
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Make PINs for the students of a course and print them as slips."""
    with _kiosk(_data_dir(context, data_dir)) as kiosk:
        chosen = kiosk.app.people.course(course)
        count = kiosk.app.issue_pin_slips(output, chosen, renew=renew, actor=_actor())
    if count == 0:
        typer.echo("Everybody has a PIN already; --renew replaces them.")
    else:
        typer.echo(f"{count} {'slip is' if count == 1 else 'slips are'} in {output}.")


@faces.command("import")
def faces_import(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="One folder for each student, named by the student number.")],
    consent_recorded: Annotated[
        bool,
        typer.Option("--consent-recorded", help="The school holds each student's written consent."),
    ] = False,
    as_json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Enrol faces from pictures; without recorded consent none is looked at."""
    with _kiosk(_data_dir(context, data_dir)) as kiosk:
        report = kiosk.app.enrolment().enrol_folder(
            folder,
            consent_recorded=consent_recorded,
            actor=_actor(),
            progress=_counter if sys.stderr.isatty() else None,
        )
    if as_json:
        _print_json(dataclasses.asdict(report))
        return
    for refused in report.refused:
        _say(f"{refused.student_no}/{refused.picture} was not taken: {refused.reason}")
    typer.echo(
        f"{len(report.accepted)} pictures enrolled, {len(report.known)} known already, {len(report.refused)} refused."
    )


@app.command()
def calibrate(
    context: typer.Context, course: Course, as_json: Json = False, data_dir: DataDir = None
) -> None:
    """Fit the thresholds to the enrolled faces of a course."""
    with _kiosk(_data_dir(context, data_dir)) as kiosk:
        chosen = kiosk.app.people.course(course)
        _, embedder = kiosk.vision.get()
        found = kiosk.galleries.calibrate(
            chosen.course_id, on=kiosk.app.today(), model=embedder.info, actor=_actor()
        )
    if as_json:
        _print_json(dataclasses.asdict(found))
        return
    limits = found.thresholds
    typer.echo(f"accept {limits.accept:.3f}, reject {limits.reject:.3f}, margin {limits.margin:.3f}")
    typer.echo(f"{len(found.confusable)} pairs of people stay too close for the face alone.")


# -- records ---------------------------------------------------------------------------------------------------------


@app.command()
def export(
    context: typer.Context,
    output: Annotated[Path, typer.Argument(metavar="OUT.xlsx", help="The workbook to write.")],
    course: Annotated[str | None, typer.Option("--course", help="Only this course.")] = None,
    first: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day, such as 2026-09-01.")
    ] = None,
    last: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Write the attendance workbook."""
    with _kiosk(_data_dir(context, data_dir)) as kiosk:
        choice = ExportChoice(
            course_id=kiosk.app.people.course(course).course_id if course else None,
            first_day=first.date() if first else None,
            last_day=last.date() if last else None,
        )
        count = kiosk.app.exports.workbook(output, choice, actor=_actor())
    typer.echo(f"{count} records are in {output}.")


@app.command()
def backup(
    context: typer.Context,
    output: Annotated[Path, typer.Argument(metavar="OUT", help="The file to write.")],
    data_dir: DataDir = None,
) -> None:
    """Write everything but the school key into one file."""
    from kiosk.storage import backup as backups

    directory = _data_dir(context, data_dir)
    with _kiosk(directory) as kiosk:
        backups.create(kiosk.database, directory, output)
    typer.echo(f"The backup is in {output}. Keep the recovery passphrase apart from it.")


@app.command()
def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A backup.")],
    data_dir: DataDir = None,
) -> None:
    """Bring a backup back; the present database is kept beside it."""
    from kiosk.storage import backup as backups

    kept = backups.restore(file, _data_dir(context, data_dir))
    typer.echo("The backup is restored." + (f" The former database is {kept}." if kept else ""))


@app.command()
def recover(context: typer.Context, data_dir: DataDir = None) -> None:
    """Bring the school key back with the recovery passphrase."""
    from kiosk.storage.key_ring import KeyRing

    passphrase = typer.prompt("Recovery passphrase", hide_input=True, err=True)
    KeyRing.recover(_data_dir(context, data_dir), passphrase)
    typer.echo("The school key is back.")


@audit.command("verify")
def audit_verify(context: typer.Context, as_json: Json = False, data_dir: DataDir = None) -> None:
    """Walk the chained log and say whether an entry was changed or removed."""
    with _kiosk(_data_dir(context, data_dir)) as kiosk:
        broken = kiosk.app.verify_audit()
    if as_json:
        _print_json({"intact": broken is None, "first_broken_entry": broken})
    elif broken is None:
        typer.echo("The log is complete and unchanged.")
    if broken is not None:
        _fail(f"The log was changed at entry {broken} or just before it.")


# -- models and health -----------------------------------------------------------------------------------------------


@models.command("list")
def models_list(as_json: Json = False) -> None:
    """Show the known models and which are installed."""
    from kiosk.vision.installed import installed_models

    rows = installed_models(default_models_dir())
    if as_json:
        _print_json({"models": [dataclasses.asdict(row) for row in rows]})
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
            _say(f"{row.name} comes from {row.source}; its licence is {row.licence}.")
    typer.echo(f"{name} is installed: {install_model(name, origin, models_dir)}")


@models.command("verify")
def models_verify(as_json: Json = False) -> None:
    """Check every installed model file."""
    from kiosk.vision.installed import ModelState, installed_models

    rows = installed_models(default_models_dir())
    damaged = [row.name for row in rows if row.state is ModelState.DAMAGED]
    if as_json:
        _print_json(
            {"damaged": damaged, "checked": [row.name for row in rows if row.state is not ModelState.MISSING]}
        )
    elif not damaged:
        typer.echo("Every installed model is whole.")
    if damaged:
        _fail(f"Damaged: {', '.join(damaged)}. Install again what is damaged.")


@app.command()
def doctor(context: typer.Context, as_json: Json = False, data_dir: DataDir = None) -> None:
    """Say what works on this PC and what to do about the rest."""
    from kiosk.doctor import examine

    findings = examine(_data_dir(context, data_dir), default_models_dir())
    if as_json:
        _print_json({"checks": [dataclasses.asdict(one) for one in findings]})
    else:
        for one in findings:
            typer.echo(
                f"{'ok ' if one.works else '!! '} {one.name:9} {one.text}{f' {one.hint}' if one.hint else ''}"
            )
    if not all(one.works for one in findings):
        raise typer.Exit(1)


# -- helpers ---------------------------------------------------------------------------------------------------------


def main() -> NoReturn:
    """Entry point of ``kiosk`` and ``python -m kiosk``."""
    logging.basicConfig(stream=sys.stderr, level=logging.ERROR, format="%(levelname)s %(name)s: %(message)s")
    try:
        app()
    except KioskError as error:
        _fail(str(error))
    sys.exit(0)


def _fail(sentence: str) -> NoReturn:
    _say(sentence)
    sys.exit(1)


def _say(text: str) -> None:
    typer.echo(text, err=True)


def _print_json(value: dict[str, Any]) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, default=str))


def _actor() -> str:
    return f"local:{getpass.getuser()}"


def _data_dir(context: typer.Context, chosen: Path | None) -> Path:
    return bootstrap.prepare_data_dir(chosen or context.find_root().obj or default_data_dir())


@contextmanager
def _kiosk(data_dir: Path, on_event: OnEvent | None = None) -> Iterator[bootstrap.Kiosk]:
    kiosk = bootstrap.build(data_dir, models_dir=default_models_dir(), on_event=on_event or (lambda _: None))
    _show_passphrase(kiosk)
    kiosk.start()
    try:
        yield kiosk
    finally:
        kiosk.stop()


def _show_passphrase(kiosk: bootstrap.Kiosk) -> None:
    if kiosk.app.recovery_passphrase is not None:
        _say(
            "This data directory is new. Its recovery passphrase, shown only now, is\n\n"
            f"    {kiosk.app.recovery_passphrase}\n\nWrite it down and keep it apart from this PC.\n"
        )


def _counter(done: int, total: int) -> None:
    typer.echo(f"\r{done} of {total}", err=True, nl=done == total)


def _position(seconds: float) -> None:
    typer.echo(f"\r{seconds:.0f} s", err=True, nl=False)

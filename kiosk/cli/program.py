"""Commands that run the kiosk: the window, the web part alone, the demo, a recording."""

import dataclasses
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

import typer

from kiosk import bootstrap
from kiosk.bootstrap.rescue import Rescue
from kiosk.cli.common import (
    Course,
    DataDir,
    Json,
    Model,
    actor,
    find_data_dir,
    find_school,
    folder_of_data,
    open_kiosk,
    position,
    print_json,
    say,
    show_passphrase,
)
from kiosk.domain.attendance.choices import LivenessMode, Status
from kiosk.errors import KioskError
from kiosk.pipeline.replay import EventLog, ReplayReport, replay
from kiosk.services.app import KioskApp
from kiosk.services.events import Event, WebStateChanged
from kiosk.services.ports.progress import Progress
from kiosk.services.trust.backups import RestoreWanted
from kiosk.settings import default_models_dir
from kiosk.translation import N_, _
from kiosk.wording.attendance import status_words

REPLAYED: Final = {
    False: N_(
        "{records} marked, {unknown_tracks} unknown, {ambiguous_tracks} asked to scan; "
        "{frames} frames at {fps:.1f} a second."
    ),
    True: N_(
        "{records} marked, {unknown_tracks} unknown, {ambiguous_tracks} asked to scan, "
        "{attack_tracks} taken for pictures; {frames} frames at {fps:.1f} a second."
    ),
}
"""What came of a recording: whether faces were taken for pictures."""


def run(
    context: typer.Context,
    source: Annotated[
        str | None,
        typer.Option(help=N_("Camera index, file, folder or address instead of the camera in the settings.")),
    ] = None,
    model: Model = None,
    windowed: Annotated[bool, typer.Option("--windowed", help=N_("Do not fill the screen."))] = False,
    data_dir: DataDir = None,
) -> None:
    """Run the desktop program."""
    from kiosk.gui.application import TRY_AGAIN, run_window
    from kiosk.storage.database.instance_lock import InstanceLock

    if not bootstrap.has_display() and "QT_QPA_PLATFORM" not in os.environ:
        raise KioskError(
            _("There is no display for the window."), _("Start the kiosk from the desktop of this PC.")
        )

    rescue = Rescue()

    @contextmanager
    def opened() -> Iterator[KioskApp]:
        """What fails in here is shown in a window: who starts a program by its icon sees no terminal."""
        rescue.data_dir = directory = find_data_dir(context, data_dir)
        with InstanceLock(directory):
            bootstrap.log_to_file(directory)
            kiosk = bootstrap.build(
                directory,
                models_dir=default_models_dir(),
                model=model.value if model is not None else None,
                source=bootstrap.open_source(source) if source is not None else None,
                with_web=True,
                for_window=True,
            )
            try:
                kiosk.start()
                yield kiosk.app
            finally:
                kiosk.stop()
                rescue.wanted = kiosk.app.trust.backups.wanted

    while True:
        try:
            code = run_window(opened(), windowed=windowed, rescue=rescue)
        except KioskError:
            if rescue.wanted is None:
                raise
            code = 0
        if code == TRY_AGAIN:
            continue
        wanted, rescue.wanted = rescue.wanted, None
        if wanted is None or rescue.data_dir is None or code != 0:
            raise typer.Exit(code)
        _restore_shown(wanted, rescue.data_dir)


def _restore_shown(wanted: RestoreWanted, data_dir: Path) -> None:
    """Restore a backup between two runs of the window; where that fails, everything is as it was, and that is said."""
    from kiosk.gui.application import show_work
    from kiosk.storage.backup.restoring import restore

    def work(progress: Progress) -> str:
        restored = restore(
            wanted.file,
            data_dir,
            passphrase=wanted.passphrase,
            actor=wanted.actor,
            watch=progress.report,
        )
        if restored.kept is None:
            return _("The backup is restored.")
        return _("The backup is restored. The former database is {kept}.", kept=restored.kept)

    show_work(_("Restore a backup"), _("Restoring the backup…"), work)


def serve(
    context: typer.Context,
    host: Annotated[str | None, typer.Option(help=N_("Address to listen on."))] = None,
    port: Annotated[int | None, typer.Option(help=N_("Port to listen on."), min=1024, max=65535)] = None,
    data_dir: DataDir = None,
) -> None:
    """Run the web part alone, until interrupted."""
    from kiosk.storage.database.instance_lock import InstanceLock

    directory = find_data_dir(context, data_dir)
    settings = bootstrap.load_settings(directory)
    wanted = {name: value for name, value in {"host": host, "port": port}.items() if value is not None}
    web = settings.web.model_copy(update={**wanted, "enabled": True})
    failures: list[WebStateChanged] = []

    def on_event(event: WebStateChanged) -> None:
        if event.running:
            say(_("Phones reach the kiosk at {base_url} (Ctrl+C ends it).", base_url=event.base_url))
        else:
            failures.append(event)

    with InstanceLock(directory):
        kiosk = bootstrap.build(
            directory,
            models_dir=default_models_dir(),
            settings=settings.model_copy(update={"web": web}),
            with_web=True,
        )
        kiosk.events.subscribe(WebStateChanged, on_event)
        show_passphrase(kiosk)
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_unused: stop.set())
        kiosk.start()
        try:
            while not failures and not stop.wait(0.5):
                pass
        finally:
            kiosk.stop()
    for failure in failures:
        raise KioskError(failure.user_text, failure.hint)


def demo(
    headless: Annotated[bool, typer.Option("--headless", help=N_("Show no window."))] = False,
    seed: Annotated[
        int, typer.Option(help=N_("Shuffles who is enrolled, who is a stranger and who walks when."))
    ] = 1,
    students: Annotated[
        int, typer.Option(help=N_("Drawn students in the course, who walk past the camera."))
    ] = 10,
    unenrolled: Annotated[int, typer.Option(help=N_("Drawn strangers who walk past too."))] = 2,
    as_json: Json = False,
    data_dir: Annotated[
        Path | None,
        typer.Option(
            "--data-dir",
            parser=folder_of_data,
            metavar="PATH",
            help=N_("Keep the demo here instead of in a throw-away directory."),
        ),
    ] = None,
) -> None:
    """Let a class of drawn students walk past the camera, and end with an Excel file."""
    from kiosk.demo.run import DemoOptions, run_demo

    report = run_demo(
        DemoOptions(
            seed=seed, students=students, unenrolled=unenrolled, headless=headless, data_dir=data_dir
        ),
        models_dir=default_models_dir(),
        say=say,
    )
    if as_json:
        print_json(report.as_json())
    else:
        typer.echo(report.as_text())
    if not report.is_right:
        raise typer.Exit(1)


def replay_command(
    context: typer.Context,
    source: Annotated[str, typer.Argument(help=N_("Video file, folder of pictures, or address."))],
    course: Course,
    realtime: Annotated[bool, typer.Option("--realtime", help=N_("Pace and drop as a camera does."))] = False,
    liveness: Annotated[
        LivenessMode, typer.Option(help=N_("How faces are checked against pictures."))
    ] = LivenessMode.OFF,
    model: Model = None,
    as_json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Run a recorded source through the pipeline into a new class session."""
    if liveness is LivenessMode.ACTIVE:
        raise KioskError(
            _("A recording cannot be asked to turn its head."), _("Replay with --liveness passive or off.")
        )
    frames = bootstrap.open_source(source) if realtime else bootstrap.open_recording(source)
    log = EventLog()
    with open_kiosk(find_school(context, data_dir), model=model) as kiosk:
        kiosk.events.subscribe(Event, log.on_event)
        note = kiosk.app.school.faces.require_recording()
        kiosk.app.faces.liveness.check(liveness)
        _unused, embedder = kiosk.vision.get()
        if kiosk.vision.warning:
            say(kiosk.vision.warning)
        chosen = kiosk.app.courses.lists.course(course)
        found = kiosk.changes.for_class(
            chosen.course_id, on=kiosk.app.core.today(), chosen=embedder.info.name
        )
        if found.words:
            say(found.words)
        try:
            report = replay(
                chosen,
                replayed=kiosk.app.attendance.replayed,
                classes=kiosk.classes.over(frames, every_frame=not realtime),
                model=found.name,
                log=log,
                actor=actor(),
                liveness=liveness,
                on_seconds=position if sys.stderr.isatty() else None,
            )
        except KioskError:
            say(_("Nothing was kept of this recording: nobody is marked, and nobody is absent."))
            raise
    if note:
        say(note)
    if log.people(report.session_id) == 0:
        say(_("No faces are enrolled in this course, so nobody could be recognised."))
    _print_replay(report, as_json=as_json)


def _print_replay(report: ReplayReport, *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "session": report.session_id,
                "records": [dataclasses.asdict(record) for record in report.records],
                "unknown_tracks": report.unknown_tracks,
                "ambiguous_tracks": report.ambiguous_tracks,
                "attack_tracks": report.attack_tracks,
                "frames": report.frames,
                "fps": round(report.fps, 1),
            }
        )
        return
    for record in report.records:
        typer.echo(
            f"{record.marked_s:8.2f} s  {record.student_no}  {status_words(Status(record.status)).word}"
        )
    typer.echo(
        _(
            REPLAYED[report.attack_tracks > 0],
            records=len(report.records),
            unknown_tracks=report.unknown_tracks,
            ambiguous_tracks=report.ambiguous_tracks,
            attack_tracks=report.attack_tracks,
            frames=report.frames,
            fps=report.fps,
        )
    )
    say(_("This is class session {n}; “kiosk sessions remove {n}” takes it back.", n=report.session_id))

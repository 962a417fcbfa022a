"""What the commands share: options, the kiosk they open, what they print and where."""

import getpass
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from kiosk import bootstrap
from kiosk.domain.trust.rights import Actor
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.ports.progress import UNWATCHED, Progress
from kiosk.settings import ModelChoice, default_data_dir, default_models_dir
from kiosk.translation import N_, _


def folder_of_data(text: str) -> Path:
    """What was said after ``--data-dir``; of nothing a path would make the current folder, as of a variable that is not set."""
    if not text.strip():
        raise typer.BadParameter(_("It is empty; name a folder."))
    return Path(text)


RootDataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        envvar="KIOSK_DATA_DIR",
        parser=folder_of_data,
        metavar="PATH",
        help=N_("Where everything is kept."),
        show_default="data/",
    ),
]
# The same after a command; without the variable, or it would win over the option before the command.
DataDir = Annotated[
    Path | None,
    typer.Option("--data-dir", parser=folder_of_data, metavar="PATH", help=N_("Where everything is kept.")),
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help=N_("Replace a file of that name."))]
Json = Annotated[bool, typer.Option("--json", help=N_("Print one JSON object on stdout."))]
Course = Annotated[str, typer.Option("--course", help=N_("Course code."))]

Model = Annotated[
    ModelChoice | None,
    typer.Option("--model", help=N_("Recognition model instead of the one in the settings.")),
]


def choose_data_dir(context: typer.Context, data_dir: DataDir = None) -> None:
    """The option after a group's name, such as ``kiosk people --data-dir D list``; a later one wins."""
    if data_dir is not None:
        context.find_root().obj = data_dir


def fail(sentence: str) -> NoReturn:
    """End with exit code 1 after one plain sentence on stderr."""
    say(sentence)
    sys.exit(1)


def say(text: str) -> None:
    """Write a line on stderr, where progress and hints go."""
    typer.echo(text, err=True)


def print_json(value: dict[str, Any]) -> None:
    """Write the one JSON object of ``--json`` on stdout."""
    typer.echo(json.dumps(value, ensure_ascii=False, default=str))


def actor() -> Actor:
    """Who a command acts as: who may read the data directory may use it."""
    return Actor.local(getpass.getuser())


def find_data_dir(context: typer.Context, chosen: Path | None) -> Path:
    """The data directory, made when new: the option after the command wins over the one before it.

    For the few commands that may begin a school; all others take `find_school`.
    """
    return bootstrap.prepare_data_dir(chosen or context.find_root().obj or default_data_dir())


def find_school(context: typer.Context, chosen: Path | None) -> Path:
    """The data directory, for what needs a school that is there: a mistyped one begins none.

    Raises:
        NotFoundError: There is no school in it.
    """
    data_dir = data_dir_of(context, chosen)
    if not bootstrap.holds_school(data_dir):
        raise NotFoundError(
            _("There is no school in {place}.", place=data_dir),
            _(
                "Check --data-dir. A school begins with the window, “kiosk users add” or “kiosk people import”."
            ),
        )
    return find_data_dir(context, chosen)


def data_dir_of(context: typer.Context, chosen: Path | None) -> Path:
    """The same, where nothing is to be made."""
    return Path(chosen or context.find_root().obj or default_data_dir()).expanduser().absolute()


def refuse_to_replace(output: Path, *, overwrite: bool) -> None:
    """Before a file is written whose old one may be worth more than the new one.

    Raises:
        ConflictError: It is there, and nobody said that it may go.
    """
    if output.is_dir():
        raise ConflictError(_("{output} is a folder.", output=output), _("Name a file in it."))
    if output.exists() and not overwrite:
        raise ConflictError(
            _("{output} is there already.", output=output),
            _("Choose another name, or say --overwrite to replace it."),
        )


@contextmanager
def open_kiosk(
    data_dir: Path, *, model: ModelChoice | None = None, is_trial: bool = False
) -> Iterator[bootstrap.Kiosk]:
    """A kiosk with neither window nor web part, started, and stopped at the end of the block.

    Of a trial, whose data directory is thrown away, no passphrase is shown.
    """
    kiosk = bootstrap.build(
        data_dir, models_dir=default_models_dir(), model=model.value if model is not None else None
    )
    if not is_trial:
        show_passphrase(kiosk)
    kiosk.start()
    try:
        yield kiosk
    finally:
        kiosk.stop()


def show_passphrase(kiosk: bootstrap.Kiosk) -> None:
    """Show the recovery passphrase of a data directory that has just been made."""
    if kiosk.app.trust.recovery_passphrase is not None:
        say(
            _(
                "This data directory is new. Its recovery passphrase, shown only now, is\n\n"
                "    {recovery_passphrase}\n\nWrite it down and keep it apart from this PC.\n",
                recovery_passphrase=kiosk.app.trust.recovery_passphrase,
            )
        )


class _CountedLine(Progress):
    def report(self, done: int, total: int) -> None:
        typer.echo("\r" + _("{done} of {total}", done=done, total=total), err=True, nl=done == total)


def counter() -> Progress:
    """Shows progress through a known number of things, on one line of a terminal; elsewhere it says nothing."""
    return _CountedLine() if sys.stderr.isatty() else UNWATCHED


def position(seconds: float) -> None:
    """Progress through a recording, on one line of a terminal."""
    typer.echo("\r" + _("{seconds:.0f} s", seconds=seconds), err=True, nl=False)

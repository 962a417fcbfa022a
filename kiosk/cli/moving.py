"""The command that moves a school from its own file to a database server."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.cli.common import DataDir, Json, find_school, print_json, say
from kiosk.translation import N_, _, ngettext

if TYPE_CHECKING:
    from kiosk.storage.moving.move import Moved, Step, Watch


def migrate_to(
    context: typer.Context,
    url: Annotated[
        str,
        typer.Argument(
            metavar="URL", help=N_("The server's database, as postgresql+psycopg://user@host/database.")
        ),
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=N_("Only check both sides and say what would be moved."))
    ] = False,
    switch: Annotated[
        bool,
        typer.Option("--switch", help=N_("Let this kiosk use the server afterwards, without asking.")),
    ] = False,
    as_json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Move the school to a PostgreSQL server, read every row back and compare it; a run that was cut off is gone on with."""
    from kiosk.bootstrap.moving import move_school, rehearse

    directory = find_school(context, data_dir)
    watch = _watch()
    if dry_run:
        found = rehearse(directory, url, watch=watch)
        _print(found, dry_run=True, switched=False, as_json=as_json)
        return
    moved, switched = move_school(
        directory, url, watch=watch, wants_switch=_wants_switch(switch=switch, as_json=as_json)
    )
    _print(moved, dry_run=False, switched=switched, as_json=as_json)
    _say_what_next(directory, switched=switched)


def _wants_switch(*, switch: bool, as_json: bool) -> "Callable[[Moved], bool]":
    def wants(moved: "Moved") -> bool:
        if switch:
            return True
        if as_json or not sys.stdin.isatty():
            return False
        return typer.confirm(
            _(
                "Every row is on {place} and was compared. Shall this kiosk use it from its next start on?",
                place=moved.place,
            ),
            err=True,
        )

    return wants


def _watch() -> "Watch":
    """Says each table on a line of its own; on a terminal also how far it came."""
    from kiosk.storage.moving.move import Step

    words = {Step.LOOKED_AT: _("checked"), Step.COPIED: _("copied"), Step.COMPARED: _("compared")}
    on_terminal = sys.stderr.isatty()

    def told(step: "Step", table: str, done: int, total: int) -> None:
        if on_terminal or done >= total:
            line = _(
                "{table}: {done} of {total} rows {what}",
                table=table,
                done=done,
                total=total,
                what=words[step],
            )
            typer.echo(("\r" if on_terminal else "") + line, err=True, nl=done >= total)

    return told


def _print(moved: "Moved", *, dry_run: bool, switched: bool, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "server": moved.place,
                "rows": moved.rows,
                "tables": {one.name: one.rows for one in moved.tables},
                "dry_run": dry_run,
                "verified": not dry_run,
                "resumed": moved.went_on,
                "was_there": moved.was_there,
                "schema_upgraded": moved.was_upgraded,
                "first_broken_entry": moved.broken_entry,
                "switched": switched,
            }
        )
        return
    for one in moved.tables:
        if one.rows:
            typer.echo(f"{one.rows:>12}  {one.name}")
    said = {"n": moved.rows, "place": moved.place}
    if dry_run:
        typer.echo(
            ngettext(
                "{n} row would be moved to {place}; nothing was changed.",
                "{n} rows would be moved to {place}; nothing was changed.",
                moved.rows,
                **said,
            )
        )
    else:
        typer.echo(
            ngettext(
                "{n} row is on {place}; it was read back and is equal.",
                "{n} rows are on {place}; each was read back and is equal.",
                moved.rows,
                **said,
            )
        )
    if moved.broken_entry is not None:
        say(_("The log was changed at entry {broken} or just before it.", broken=moved.broken_entry))


def _say_what_next(directory: Path, *, switched: bool) -> None:
    from kiosk.storage.keys.key_ring import database_path

    place = database_path(directory)
    if switched:
        say(
            _(
                "This kiosk uses the server from its next start on. The former database stays at {place}, with faces in it: "
                "delete it once you trust the server and its backups.",
                place=place,
            )
        )
    else:
        say(
            _(
                "This kiosk goes on with {place}. Run this again with --switch before anybody is marked here, and it uses the "
                "server.",
                place=place,
            )
        )

"""Commands about what is kept: the workbook, backups, keys, the chained log."""

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final, TypeVar

import typer

from kiosk import bootstrap
from kiosk.cli.admin_check import demand_admin, open_guarded
from kiosk.cli.common import (
    DataDir,
    Json,
    Overwrite,
    actor,
    data_dir_of,
    fail,
    find_data_dir,
    find_school,
    open_kiosk,
    print_json,
    refuse_to_replace,
    say,
)
from kiosk.domain.records.filters import Days
from kiosk.errors import ConflictError, KioskError, NeedsPassphraseError
from kiosk.translation import N_, _, ngettext
from kiosk.wording.backups import NOT_AUTHENTICATED, OLDER_BACKUPS, RENEWED, difference_lines
from kiosk.wording.dates import numeric_moment

T = TypeVar("T")
PassphraseStdin = Annotated[
    bool,
    typer.Option(
        "--passphrase-stdin", help=N_("Read the recovery passphrase from the first line of standard input.")
    ),
]

recovery: Final = typer.Typer(help=N_("The recovery passphrase."), no_args_is_help=True)
audit: Final = typer.Typer(help=N_("The chained log of changes."), no_args_is_help=True)


def export(
    context: typer.Context,
    output: Annotated[Path, typer.Argument(metavar="OUT.xlsx", help=N_("The workbook to write."))],
    course: Annotated[str | None, typer.Option("--course", help=N_("Only this course."))] = None,
    first: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help=N_("First day, such as 2026-09-01.")),
    ] = None,
    last: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help=N_("Last day."))] = None,
    overwrite: Annotated[
        bool,
        typer.Option("--overwrite", help=N_("Replace a file of that name also where there is no record.")),
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Write the attendance workbook."""
    with open_guarded(context, find_school(context, data_dir)) as kiosk:
        choice = Days(
            course_id=kiosk.app.courses.lists.course(course).course_id if course else None,
            first=first.date() if first else None,
            last=last.date() if last else None,
        )
        exports = kiosk.app.reports.exports
        if not overwrite and output.exists() and not exports.has_records(choice, actor=actor()):
            raise ConflictError(
                _("No record is of these days and courses, so {output} was left as it is.", output=output),
                _("Choose other days or another course, or say --overwrite to replace it all the same."),
            )
        count = exports.workbook(output, choice, actor=actor())
    typer.echo(
        ngettext(
            "{count} record is in {output}.",
            "{count} records are in {output}.",
            count,
            count=count,
            output=output,
        )
    )


def backup(
    context: typer.Context,
    output: Annotated[Path, typer.Argument(metavar="OUT", help=N_("The file to write."))],
    overwrite: Overwrite = False,
    data_dir: DataDir = None,
) -> None:
    """Write everything but the school key into one sealed file, and see that it can be restored."""
    from kiosk.storage.backup import backing_up as backups

    directory = find_school(context, data_dir)
    refuse_to_replace(output, overwrite=overwrite)
    with open_kiosk(directory) as kiosk:
        backups.create(kiosk.database, directory, output)
    typer.echo(_("The backup is in {output}. Keep the recovery passphrase apart from it.", output=output))


def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help=N_("A backup."))],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=N_("Only say what would come back and what would be lost."))
    ] = False,
    passphrase_stdin: PassphraseStdin = False,
    data_dir: DataDir = None,
) -> None:
    """Bring a backup back; the present database is kept beside it. On another PC the recovery passphrase is asked for."""
    from kiosk.storage.backup import backing_up as backups
    from kiosk.storage.backup.preview import counted, preview
    from kiosk.storage.keys.key_ring import database_path

    directory = find_data_dir(context, data_dir)
    if dry_run:
        seen = _with_passphrase(
            lambda given: preview(file, directory, passphrase=given), from_stdin=passphrase_stdin
        )
        for line in difference_lines(seen.differences) or [_("The backup holds what is here already.")]:
            typer.echo(line)
        _say_unproved(seen.is_authenticated)
        return
    demand_admin(context, directory)
    restored = _with_passphrase(
        lambda given: backups.restore(file, directory, passphrase=given, actor=actor().name),
        from_stdin=passphrase_stdin,
    )
    _say_unproved(restored.is_authenticated)
    back = counted(database_path(directory))
    typer.echo(
        _(
            "Back is what stood in the backup of {when} UTC: {students}, {records}.",
            when=numeric_moment(restored.manifest.created_at),
            students=ngettext("{n} student", "{n} students", back.students, n=back.students),
            records=ngettext("{n} record", "{n} records", back.records, n=back.records),
        )
    )
    typer.echo(
        _("The backup is restored. The former database is {kept}.", kept=restored.kept)
        if restored.kept
        else _("The backup is restored.")
    )


def _with_passphrase(work: Callable[[str | None], T], *, from_stdin: bool) -> T:
    """Do it; where the backup's school key is not here, ask for the passphrase and do it with that."""
    try:
        return work(None)
    except NeedsPassphraseError as error:
        if not from_stdin:
            say(str(error))
        return work(_passphrase(from_stdin=from_stdin))


def _passphrase(*, from_stdin: bool) -> str:
    """From the first line of standard input where that is wanted or no terminal is there; else asked without an echo."""
    if from_stdin or not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    return str(typer.prompt(_("Recovery passphrase"), hide_input=True, err=True))


def _say_unproved(is_authenticated: bool) -> None:
    if not is_authenticated:
        say(_(NOT_AUTHENTICATED))


def recover(
    context: typer.Context, passphrase_stdin: PassphraseStdin = False, data_dir: DataDir = None
) -> None:
    """Bring the school key back with the recovery passphrase."""
    from kiosk.storage.keys.key_ring import KeyRing

    directory = data_dir_of(context, data_dir)
    if directory.is_dir():
        find_data_dir(context, data_dir)
    passphrase = _passphrase(from_stdin=passphrase_stdin)
    KeyRing.recover(directory, passphrase)
    typer.echo(_("The school key is back."))
    _note_recovered(directory)


def _note_recovered(data_dir: Path) -> None:
    """In the log of the database, where there is one; a key that is back is worth more than the entry."""
    from kiosk.storage.database.engine import is_absent
    from kiosk.storage.keys.key_ring import database_path

    if is_absent(bootstrap.load_settings(data_dir).storage.database_url or database_path(data_dir)):
        return
    try:
        with open_kiosk(data_dir) as kiosk:
            kiosk.app.trust.recovery.note_recovered(actor=actor())
    except KioskError as error:
        say(_("That could not be written into the log of changes: {error}", error=error))


@recovery.command(
    "renew",
    help=N_(
        "Make a new recovery passphrase where the old one is lost; new backups open with the new one only."
    ),
)
def recovery_renew(
    context: typer.Context,
    yes: Annotated[bool, typer.Option("--yes", help=N_("Do not ask."))] = False,
    data_dir: DataDir = None,
) -> None:
    """Make a new recovery passphrase where the old one is lost; it counts once somebody says that it is written down."""
    with open_guarded(context, find_school(context, data_dir)) as kiosk:
        passphrase = kiosk.app.trust.recovery.draw("", actor=actor())
        say(_("Write this passphrase down, and keep it apart from this PC. It is shown only now."))
        typer.echo(passphrase)
        if not yes:
            typer.confirm(
                _("Is it written down? From then on it counts instead of the old one."), abort=True, err=True
            )
        kiosk.app.trust.recovery.use(passphrase, actor=actor())
    say(_(RENEWED))
    say(_(OLDER_BACKUPS))


def new_school(
    context: typer.Context,
    yes: Annotated[bool, typer.Option("--yes", help=N_("Do not ask."))] = False,
    data_dir: DataDir = None,
) -> None:
    """Begin a new school where the old one's database is gone for good; the old key is put aside."""
    from kiosk.storage.database.engine import is_absent
    from kiosk.storage.database.instance_lock import InstanceLock
    from kiosk.storage.keys.key_ring import KeyRing, database_path

    directory = find_school(context, data_dir)
    target = bootstrap.load_settings(directory).storage.database_url or database_path(directory)
    with InstanceLock(directory):
        keys = KeyRing.existing(directory)
        if keys is None:
            raise ConflictError(_("There is no school here yet; the next start begins one."))
        if isinstance(target, Path) and not is_absent(target):
            raise ConflictError(
                _("There is a database at {place}.", place=target),
                _("Move it away first, or choose another data directory with --data-dir."),
            )
        if not yes:
            typer.confirm(
                _("Backups of the old school can then be restored only with its recovery passphrase. Go on?"),
                abort=True,
                err=True,
            )
        for path in keys.put_aside():
            typer.echo(_("Put aside: {path}", path=path))
    typer.echo(_("The next start begins a new school."))


@audit.command(
    "verify", help=N_("Walk the chained log and say whether an entry or a record was changed or removed.")
)
def audit_verify(context: typer.Context, as_json: Json = False, data_dir: DataDir = None) -> None:
    """Walk the chained log and say whether an entry or a record was changed or removed."""
    with open_kiosk(find_school(context, data_dir)) as kiosk:
        broken = kiosk.app.trust.audit.verify(actor=actor())
        records = kiosk.app.trust.audit.verify_records(actor=actor())
    if as_json:
        print_json(
            {
                "intact": broken is None and not records.changed,
                "first_broken_entry": broken,
                "changed_sessions": records.changed,
                "uncovered_sessions": records.uncovered,
            }
        )
    elif broken is None and not records.changed:
        typer.echo(_("The log is complete and unchanged, and so are the records of the classes in it."))
        if records.uncovered:
            typer.echo(_uncovered_words(records.uncovered))
    if broken is not None:
        fail(_("The log was changed at entry {broken} or just before it.", broken=broken))
    if records.changed:
        numbers = ", ".join(map(str, records.changed[:20]))
        fail(
            _(
                "Records were changed or deleted beside the program, in class sessions {numbers}.",
                numbers=numbers,
            )
        )


def _uncovered_words(uncovered: int) -> str:
    return ngettext(
        "{n} class ended before the log knew of records, so its records are not proved.",
        "{n} classes ended before the log knew of records, so their records are not proved.",
        uncovered,
        n=uncovered,
    )

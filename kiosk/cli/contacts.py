"""The command about one student's messages: a guardian's address, stopping them, what was sent."""

from typing import Annotated, Final

import typer

from kiosk.cli.admin_check import open_guarded
from kiosk.cli.common import DataDir, actor, find_school
from kiosk.cli.consents import with_consents
from kiosk.domain.messages.mail import SendingOutcome
from kiosk.translation import N_, _
from kiosk.wording.dates import date_and_time

with_contacts: Final = with_consents
"""`kiosk people` with the command of this module."""


_OUTCOMES: Final = {
    SendingOutcome.SENT: N_("sent"),
    SendingOutcome.SENDING: N_("may have been sent"),
    SendingOutcome.REFUSED: N_("refused"),
}


@with_contacts.command(
    "contact",
    help=N_(
        "Show or change a guardian's address and whether messages by e-mail are wanted; list what was sent."
    ),
)
def contact(
    context: typer.Context,
    student_no: Annotated[str, typer.Argument(metavar="NUMBER", help=N_("Student number."))],
    guardian: Annotated[
        str | None, typer.Option("--guardian", help=N_("Address of a parent or guardian; empty for none."))
    ] = None,
    stop: Annotated[
        bool | None, typer.Option("--stop/--allow", help=N_("Whether messages are stopped."))
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Show or change a guardian's address and whether messages by e-mail are wanted; list what was sent."""
    with open_guarded(context, find_school(context, data_dir)) as kiosk:
        contacts, zone = kiosk.app.messages.contacts, kiosk.app.core.zone
        student = kiosk.app.courses.lists.student(student_no)
        known, messages = contacts.of_student(student.student_id, actor=actor())
        if guardian is not None or stop is not None:
            known = contacts.change(
                known,
                guardian_email=known.guardian_email if guardian is None else guardian,
                stopped=known.stopped_at is not None if stop is None else stop,
                actor=actor(),
            )
    typer.echo(_("Guardian: {address}", address=known.guardian_email or "–"))
    typer.echo(_("Messages are stopped.") if known.stopped_at is not None else _("Messages may be sent."))
    for one in messages:
        typer.echo(f"{date_and_time(one.at, zone)}  {one.to}  {_(_OUTCOMES[one.outcome])}  {one.subject}")

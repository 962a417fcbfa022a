"""Commands about consent, and about one student: letters, answers, everything that is kept, deleting."""

from pathlib import Path
from typing import Annotated, Final

import typer

from kiosk.cli.common import DataDir, actor, find_school, open_kiosk, say
from kiosk.cli.people import people
from kiosk.translation import N_, _, ngettext

with_consents: Final = people
"""The group of commands about people, with those of this module."""

StudentNo = Annotated[str, typer.Argument(metavar="STUDENT_NO", help=N_("The student's number."))]


@people.command("answers", help=N_("Import answers about face recognition; a no deletes the face at once."))
def people_answers(
    context: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(help=N_("CSV or XLSX with student_no, answer, by, date and perhaps guardian_name.")),
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help=N_("Only say what would be done."))] = False,
    data_dir: DataDir = None,
) -> None:
    """Import answers about face recognition; a no deletes the face at once."""
    with open_kiosk(find_school(context, data_dir)) as kiosk:
        report = kiosk.app.people.answers.take(file, actor=actor(), dry_run=dry_run)
    for row in report.refused:
        say(_("Line {line} was not taken: {reason}", line=row.line, reason=row.reason))
    numbers = {
        "yes": sum(one.row.given for one in report.taken),
        "no": sum(not one.row.given for one in report.taken),
        "refused": len(report.refused),
        "deleted": sum(one.deleted for one in report.taken),
    }
    typer.echo(
        _(
            "{yes} times yes, {no} times no, {refused} lines refused; {deleted} pictures would be deleted.",
            **numbers,
        )
        if dry_run
        else _(
            "{yes} times yes, {no} times no, {refused} lines refused; {deleted} pictures were deleted.",
            **numbers,
        )
    )


@people.command("letters", help=N_("Print letters to all who have not answered about face recognition."))
def people_letters(
    context: typer.Context,
    output: Annotated[Path, typer.Argument(metavar="OUT.pdf", help=N_("The PDF to write."))],
    data_dir: DataDir = None,
) -> None:
    """Print letters to all who have not answered about face recognition."""
    with open_kiosk(find_school(context, data_dir)) as kiosk:
        letters = kiosk.app.people.letters
        have_codes = letters.have_codes
        count = letters.issue(output, actor=actor())
    if count == 0:
        typer.echo(_("Everybody has answered."))
        return
    if have_codes:
        typer.echo(
            ngettext(
                "{count} letter is in {output}, with a code to answer it by phone.",
                "{count} letters are in {output}, each with a code to answer it by phone.",
                count,
                count=count,
                output=output,
            )
        )
        return
    typer.echo(
        ngettext(
            "{count} letter is in {output}, to be answered on paper.",
            "{count} letters are in {output}, to be answered on paper.",
            count,
            count=count,
            output=output,
        )
    )
    say(_("They have no code, because phones do not come by HTTPS."))


@people.command("about", help=N_("Write everything that is kept about one student into one file."))
def people_about(
    context: typer.Context,
    student_no: StudentNo,
    output: Annotated[Path, typer.Argument(metavar="OUT.zip", help=N_("The ZIP to write."))],
    data_dir: DataDir = None,
) -> None:
    """Write everything that is kept about one student into one file."""
    with open_kiosk(find_school(context, data_dir)) as kiosk:
        student = kiosk.app.courses.lists.student(student_no)
        written = kiosk.app.records.everything.save(output, student, actor=actor())
    typer.echo(
        _(
            "Everything about {student_no} is in {output}: {records} records, {pictures} pictures.",
            student_no=student.student_no,
            output=output,
            records=written.records,
            pictures=written.pictures,
        )
    )


@people.command(
    "delete", help=N_("Delete a student; counts of past classes stay, under a number that says nothing.")
)
def people_delete(
    context: typer.Context,
    student_no: StudentNo,
    yes: Annotated[bool, typer.Option("--yes", help=N_("Do not ask; this cannot be undone."))] = False,
    data_dir: DataDir = None,
) -> None:
    """Delete a student; counts of past classes stay, under a number that says nothing."""
    with open_kiosk(find_school(context, data_dir)) as kiosk:
        student = kiosk.app.courses.lists.student(student_no)
        if not yes:
            typer.confirm(
                _("Delete {name}? This cannot be undone.", name=student.full_name), abort=True, err=True
            )
        removed = kiosk.app.people.removal.remove(student, actor=actor())
    typer.echo(
        _(
            "{student_no} is deleted, with {pictures} pictures; {records} records stay, nameless (entry {number} of the log).",
            student_no=student.student_no,
            pictures=removed.pictures,
            records=removed.records,
            number=removed.number,
        )
    )

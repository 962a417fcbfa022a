"""Commands about accounts, class lists, PINs and enrolled faces."""

import dataclasses
import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from kiosk.cli.common import (
    Course,
    DataDir,
    Json,
    Model,
    actor,
    counter,
    find_data_dir,
    open_kiosk,
    print_json,
    say,
)
from kiosk.domain.people.staff import Role
from kiosk.settings import ModelChoice
from kiosk.wording.people import role_title

users: Final = typer.Typer(help="Accounts of teachers and admins.", no_args_is_help=True)
people: Final = typer.Typer(help="Class lists and PINs.", no_args_is_help=True)
faces: Final = typer.Typer(help="Enrolling faces.", no_args_is_help=True)


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
    with open_kiosk(find_data_dir(context, data_dir)) as kiosk:
        password = (
            sys.stdin.readline().rstrip("\r\n")
            if password_stdin
            else typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
        )
        user = kiosk.app.people.accounts.add(name=name, role=role, password=password, actor=actor())
    typer.echo(f"{user.name} can sign in as {role_title(user.role).lower()}.")


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
    with open_kiosk(find_data_dir(context, data_dir)) as kiosk:
        report = kiosk.app.courses.import_roster(
            file, course_code=course, since=kiosk.app.core.today(), actor=actor(), dry_run=dry_run
        )
    for row in report.refused:
        say(f"Line {row.line} was not taken: {row.reason}")
    would = "would be " if dry_run else ""
    typer.echo(
        f"{len(report.added)} {would}added, {len(report.updated)} {would}updated, {len(report.unchanged)} unchanged, "
        f"{len(report.registered)} {would}registered{f' in {report.course.code}' if report.course else ''}, "
        f"{len(report.refused)} refused."
    )


@people.command("leave")
def people_leave(
    context: typer.Context,
    course: Course,
    student_nos: Annotated[
        list[str] | None, typer.Argument(metavar="[STUDENT_NO]…", help="Who leaves the course.")
    ] = None,
    everyone: Annotated[bool, typer.Option("--everyone", help="The course is over for all of them.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Take students out of a course from today on; records stay, faces go when no other course needs them."""
    if bool(student_nos) == everyone:
        raise typer.BadParameter("Name students, or say --everyone.")
    with open_kiosk(find_data_dir(context, data_dir)) as kiosk:
        chosen = kiosk.app.courses.course(course)
        leaving = None if everyone else [kiosk.app.courses.student(one) for one in student_nos or ()]
        left = kiosk.app.courses.end_registrations(chosen, leaving, on=kiosk.app.core.today(), actor=actor())
    typer.echo(f"{_many(len(left), 'student')} left {chosen.code}.")


@people.command("pins")
def people_pins(
    context: typer.Context,
    output: Annotated[Path, typer.Argument(metavar="OUT.pdf", help="The PDF to write.")],
    course: Course,
    renew: Annotated[
        bool, typer.Option("--renew", help="Also replace PINs that exist; those stop working.")
    ] = False,
    student: Annotated[
        str | None, typer.Option("--student", help="A new PIN for this student number only.")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Make PINs for the students of a course and print them as slips; a replaced PIN ends its sign-ins."""
    with open_kiosk(find_data_dir(context, data_dir)) as kiosk:
        chosen = kiosk.app.courses.course(course)
        only = kiosk.app.courses.student(student) if student is not None else None
        count = kiosk.app.people.slips.issue(output, chosen, renew=renew, only=only, actor=actor())
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
    with open_kiosk(find_data_dir(context, data_dir)) as kiosk:
        report = kiosk.app.faces.enrolment().enrol_folder(
            folder,
            consent_recorded=consent_recorded,
            actor=actor(),
            progress=counter if sys.stderr.isatty() else None,
        )
    if as_json:
        print_json(dataclasses.asdict(report))
        return
    for refused in report.refused:
        say(f"{refused.student_no}/{refused.picture} was not taken: {refused.reason}")
    for doubtful in report.doubtful:
        say(f"{doubtful.student_no}: {doubtful.reason} ({doubtful.pictures})")
    for warning in report.warnings:
        say(warning.text)
    typer.echo(
        f"{len(report.accepted)} pictures enrolled, {len(report.known)} known already, {len(report.refused)} refused."
    )


@faces.command("expire")
def faces_expire(
    context: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be deleted.")] = False,
    as_json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Delete faces and traces of phones that are no longer needed; a running kiosk does so by itself every day."""
    with open_kiosk(find_data_dir(context, data_dir)) as kiosk:
        retention = kiosk.app.school.retention
        gone = retention.due(actor=actor()) if dry_run else retention.delete(actor=actor())
    if as_json:
        faces = [
            {
                "student_no": one.student.student_no,
                "samples": one.samples,
                "last_needed": one.last_needed,
                "until": one.until,
            }
            for one in gone.faces
        ]
        print_json({"dry_run": dry_run, "faces": faces, **dataclasses.asdict(gone.traces)})
        return
    for one in gone.faces:
        typer.echo(
            f"{one.student.student_no}: {_many(one.samples, 'picture')}, last needed on {one.last_needed}, kept until {one.until}"
        )
    would = "would be" if dry_run else "were"
    typer.echo(
        f"{_many(len(gone.faces), 'face')}, {_many(gone.traces.device_uses, 'check-in')} by phone and "
        f"{_many(gone.traces.incidents, 'note')} "
        f"{would} deleted. Attendance stays."
    )


@faces.command("re-embed")
def faces_re_embed(
    context: typer.Context, model: Model = None, as_json: Json = False, data_dir: DataDir = None
) -> None:
    """Make templates of a model from the stored pictures that lack one; may be stopped and started again."""
    with open_kiosk(find_data_dir(context, data_dir), model=model) as kiosk:
        name = model.value if model and model is not ModelChoice.AUTO else kiosk.vision.model_name()
        report = kiosk.changes.run(
            name,
            actor=actor(),
            progress=counter if sys.stderr.isatty() else None,
        )
    if as_json:
        print_json(dataclasses.asdict(report))
        return
    for lost in report.lost:
        what = "Enrol again." if lost.all_of_them else "Others can be used."
        say(f"{lost.student_no}: no face was found in {lost.pictures} stored pictures. {what}")
    typer.echo(f"{report.embedded} pictures were prepared for {report.model}, {report.remaining} are left.")


def _many(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"

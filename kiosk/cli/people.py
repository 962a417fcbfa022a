"""Commands about accounts, class lists, PINs and enrolled faces."""

import dataclasses
import sys
from pathlib import Path
from typing import Annotated, Final, assert_never

import typer

from kiosk.cli.admin_check import open_guarded
from kiosk.cli.class_lists import people_import
from kiosk.cli.common import (
    Course,
    DataDir,
    Json,
    Model,
    Overwrite,
    actor,
    counter,
    find_data_dir,
    find_school,
    open_kiosk,
    print_json,
    refuse_to_replace,
    say,
)
from kiosk.cli.people_lists import people_list, users_list
from kiosk.domain.courses.courses import Course as TaughtCourse
from kiosk.domain.people.staff import Role, User
from kiosk.domain.school.face_rule import FaceRule
from kiosk.errors import KioskError, NotFoundError
from kiosk.services.app import KioskApp
from kiosk.services.school.retention import ExpiredData
from kiosk.settings import ModelChoice
from kiosk.translation import N_, _, ngettext
from kiosk.wording.face_rule import face_choice_words, face_rule_words

users: Final = typer.Typer(help=N_("Accounts of teachers and admins."), no_args_is_help=True)
people: Final = typer.Typer(help=N_("Class lists and PINs."), no_args_is_help=True)
faces: Final = typer.Typer(
    help=N_("Enrolling faces, and deleting what is no longer kept."), no_args_is_help=True
)


@users.command("add", help=N_("Make an account for a teacher or an admin."))
def users_add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help=N_("The name to sign in with."))],
    role: Annotated[Role, typer.Option(help=N_("What the account may do."))],
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help=N_("Read the password from standard input."))
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Make an account for a teacher or an admin."""
    if not password_stdin and not sys.stdin.isatty():
        raise KioskError(
            _("There is no terminal to type the password at."),
            _("Say --password-stdin and give it on the first line of standard input."),
        )
    with open_guarded(context, find_data_dir(context, data_dir)) as kiosk:
        password = (
            sys.stdin.readline().rstrip("\r\n")
            if password_stdin
            else typer.prompt(_("Password"), hide_input=True, confirmation_prompt=True, err=True)
        )
        user = kiosk.app.people.accounts.add(name=name, role=role, password=password, actor=actor())
        lacks_admin = kiosk.app.people.accounts.needs_first_admin()
    typer.echo(_signs_in(user))
    if lacks_admin:
        say(
            _(
                "There is no admin yet, and somebody has to import lists and change settings: make one with “kiosk users add NAME "
                "--role admin”, or at the first start of the window."
            )
        )


users.command("list", help=N_("List the accounts of teachers and admins."))(users_list)
people.command("import", help=N_("Import a class list."))(people_import)
people.command(
    "list", help=N_("List students by family name, with courses, consent, pictures, PIN and attendance.")
)(people_list)


@people.command(
    "leave",
    help=N_(
        "Take students out of a course from today on; records stay, and faces for as long as the school's rule keeps them."
    ),
)
def people_leave(
    context: typer.Context,
    course: Course,
    student_nos: Annotated[
        list[str] | None, typer.Argument(metavar="[STUDENT_NO]…", help=N_("Who leaves the course."))
    ] = None,
    everyone: Annotated[
        bool, typer.Option("--everyone", help=N_("The course is over for all of them."))
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help=N_("Do not ask before everyone leaves."))] = False,
    data_dir: DataDir = None,
) -> None:
    """Take students out of a course from today on; records stay."""
    if bool(student_nos) == everyone:
        raise typer.BadParameter(_("Name students, or say --everyone."))
    with open_kiosk(find_school(context, data_dir)) as kiosk:
        chosen = kiosk.app.courses.lists.course(course)
        leaving = None if everyone else [kiosk.app.courses.lists.student(one) for one in student_nos or ()]
        if everyone and not yes:
            _ask_before_all_leave(kiosk.app, chosen)
        left = kiosk.app.courses.lists.end_registrations(
            chosen, leaving, on=kiosk.app.core.today(), actor=actor()
        )
    typer.echo(
        ngettext(
            "{left} student left {code}.",
            "{left} students left {code}.",
            len(left),
            left=len(left),
            code=chosen.code,
        )
    )


def _ask_before_all_leave(app: KioskApp, course: TaughtCourse) -> None:
    """Go on only after a yes; where nobody is in the course there is nothing to ask."""
    there = len(app.courses.lists.roster(course.course_id, app.core.today()))
    if there == 0:
        return
    question = ngettext(
        "Take the one student of {code} out of it from today on?",
        "Take all {n} students of {code} out of it from today on?",
        there,
        n=there,
        code=course.code,
    )
    typer.confirm(question, abort=True, err=True)


@people.command(
    "pins",
    help=N_(
        "Make PINs for the students of a course and print them as slips; a replaced PIN ends its sign-ins."
    ),
)
def people_pins(
    context: typer.Context,
    output: Annotated[Path, typer.Argument(metavar="OUT.pdf", help=N_("The PDF to write."))],
    course: Course,
    renew: Annotated[
        bool, typer.Option("--renew", help=N_("Also replace PINs that exist; those stop working."))
    ] = False,
    student: Annotated[
        str | None, typer.Option("--student", help=N_("A new PIN for this student number only."))
    ] = None,
    overwrite: Overwrite = False,
    data_dir: DataDir = None,
) -> None:
    """Make PINs for the students of a course and print them as slips; a replaced PIN ends its sign-ins."""
    directory = find_school(context, data_dir)
    refuse_to_replace(output, overwrite=overwrite)
    with open_guarded(context, directory) as kiosk:
        chosen = kiosk.app.courses.lists.course(course)
        if not kiosk.app.courses.lists.roster(chosen.course_id, kiosk.app.core.today()):
            raise NotFoundError(
                _("Nobody is in {code} today, so there is nobody to make a PIN for.", code=chosen.code),
                _("Import its class list with “kiosk people import FILE --course CODE” first."),
            )
        only = kiosk.app.courses.lists.student(student) if student is not None else None
        count = kiosk.app.people.slips.issue(output, chosen, renew=renew, only=only, actor=actor())
    if count == 0:
        typer.echo(_("Everybody has a PIN already; --renew replaces them."))
    else:
        typer.echo(
            ngettext(
                "{count} slip is in {output}.",
                "{count} slips are in {output}.",
                count,
                count=count,
                output=output,
            )
        )


@faces.command("import", help=N_("Enrol faces from pictures; without recorded consent none is looked at."))
def faces_import(
    context: typer.Context,
    folder: Annotated[
        Path,
        typer.Argument(help=N_("One folder or one picture for each student, named by the student number.")),
    ],
    consent_recorded: Annotated[
        bool, typer.Option("--consent-recorded", help=N_("The school holds each student's written consent."))
    ] = False,
    as_json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Enrol faces from pictures; without recorded consent none is looked at."""
    with open_guarded(context, find_school(context, data_dir)) as kiosk:
        report = kiosk.app.faces.enrolments.build().enrol_folder(
            folder, consent_recorded=consent_recorded, actor=actor(), progress=counter()
        )
    if as_json:
        print_json(dataclasses.asdict(report))
        return
    for refused in report.refused:
        name = "/".join(part for part in (refused.student_no, refused.picture) if part)
        say(_("{name} was not taken: {reason}", name=name, reason=refused.reason))
    for odd in report.odd:
        say(f"{odd.student_no}: {odd.reason} ({odd.pictures})")
    for alike in report.alike:
        say(f"{alike.student_no}: {alike.reason}")
    for warning in report.warnings:
        say(warning.text)
    typer.echo(
        ngettext(
            "{accepted} picture enrolled, {known} known already, {refused} refused.",
            "{accepted} pictures enrolled, {known} known already, {refused} refused.",
            len(report.accepted),
            accepted=len(report.accepted),
            known=len(report.known),
            refused=len(report.refused),
        )
    )


@faces.command(
    "rule", help=N_("Say how the school uses faces and who chose it, or choose it (an admin's right).")
)
def faces_rule(
    context: typer.Context,
    rule: Annotated[
        FaceRule | None,
        typer.Argument(help=N_("How faces are used from now on; without it only what is in force is said.")),
    ] = None,
    as_json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Say how the school uses faces, or choose it."""
    with open_kiosk(find_school(context, data_dir)) as kiosk:
        rules = kiosk.app.school.faces
        choice = rules.choose(rule, actor=actor()) if rule is not None else rules.choice()
        zone, offered = kiosk.app.core.zone, rules.offered()
    if as_json:
        print_json({"rule": choice.rule, "chosen_by": choice.chosen_by, "chosen_at": choice.chosen_at})
        return
    typer.echo(f"{choice.rule}: {face_rule_words(choice.rule).explanation}")
    typer.echo(face_choice_words(choice, zone))
    if not choice.is_chosen:
        for one in offered:
            typer.echo(f"  kiosk faces rule {one} – {face_rule_words(one).explanation}")


@faces.command(
    "expire",
    help=N_(
        "Delete what the school's rules no longer keep: faces, which phone checked in whom, and notes about "
        "classes. Attendance stays. A running kiosk does so by itself every day."
    ),
)
def faces_expire(
    context: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=N_("Only say what would be deleted."))] = False,
    as_json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Delete what the school's rules no longer keep: faces, traces of phones, notes about classes; not attendance."""
    with open_kiosk(find_school(context, data_dir)) as kiosk:
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
            ngettext(
                "{student_no}: {samples} picture, last needed on {last_needed}, kept until {until}",
                "{student_no}: {samples} pictures, last needed on {last_needed}, kept until {until}",
                one.samples,
                student_no=one.student.student_no,
                samples=one.samples,
                last_needed=one.last_needed,
                until=one.until,
            )
        )
    expired = _expired(gone)
    typer.echo(
        _("{expired} would be deleted. Attendance stays.", expired=expired)
        if dry_run
        else _("{expired} were deleted. Attendance stays.", expired=expired)
    )


@faces.command(
    "re-embed",
    help=N_(
        "Make templates of a model from the stored pictures that lack one; may be stopped and started again."
    ),
)
def faces_re_embed(
    context: typer.Context, model: Model = None, as_json: Json = False, data_dir: DataDir = None
) -> None:
    """Make templates of a model from the stored pictures that lack one; may be stopped and started again."""
    with open_kiosk(find_school(context, data_dir), model=model) as kiosk:
        name = model.value if model and model is not ModelChoice.AUTO else kiosk.vision.model_name()
        report = kiosk.changes.run(name, actor=actor(), progress=counter())
    if as_json:
        print_json(dataclasses.asdict(report))
        return
    for lost in report.lost:
        found = ngettext(
            "{student_no}: no face was found in {pictures} stored picture.",
            "{student_no}: no face was found in {pictures} stored pictures.",
            lost.pictures,
            student_no=lost.student_no,
            pictures=lost.pictures,
        )
        what = _("Enrol again.") if lost.all_of_them else _("Others can be used.")
        say(f"{found} {what}")
    typer.echo(
        ngettext(
            "{embedded} picture was prepared for {model}, {remaining} are left.",
            "{embedded} pictures were prepared for {model}, {remaining} are left.",
            report.embedded,
            embedded=report.embedded,
            model=report.model,
            remaining=report.remaining,
        )
    )


def _signs_in(user: User) -> str:
    match user.role:
        case Role.TEACHER:
            return _("{name} can sign in as teacher.", name=user.name)
        case Role.ADMIN:
            return _("{name} can sign in as admin.", name=user.name)
        case _:
            assert_never(user.role)


def _expired(gone: ExpiredData) -> str:
    faces, uses, notes = len(gone.faces), gone.traces.device_uses, gone.traces.incidents
    return _(
        "{faces}, {uses} and {notes}",
        faces=ngettext("{faces} face", "{faces} faces", faces, faces=faces),
        uses=ngettext("{uses} check-in by phone", "{uses} check-ins by phone", uses, uses=uses),
        notes=ngettext("{notes} note", "{notes} notes", notes, notes=notes),
    )

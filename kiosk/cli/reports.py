"""The command that writes a report as PDF."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from kiosk.cli.admin_check import open_guarded
from kiosk.cli.common import DataDir, actor, find_school
from kiosk.domain.reports.kinds import ReportKind, ReportQuestion
from kiosk.translation import N_
from kiosk.wording.reports import summary


def report(
    context: typer.Context,
    name: Annotated[ReportKind, typer.Argument(metavar="NAME", help=N_("Which report."))],
    output: Annotated[Path, typer.Argument(metavar="OUT.pdf", help=N_("The file to write."))],
    course: Annotated[str | None, typer.Option("--course", help=N_("Only this course."))] = None,
    student: Annotated[
        str | None, typer.Option("--student", help=N_("Student number, for one student's calendar."))
    ] = None,
    first: Annotated[
        datetime | None,
        typer.Option(
            "--from", formats=["%Y-%m-%d"], help=N_("First day, such as 2026-09-01; of “day” the day.")
        ),
    ] = None,
    last: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help=N_("Last day."))] = None,
    data_dir: DataDir = None,
) -> None:
    """Write a report as PDF."""
    with open_guarded(context, find_school(context, data_dir)) as kiosk:
        lists = kiosk.app.courses.lists
        question = ReportQuestion(
            name,
            course_id=lists.course(course).course_id if course else None,
            student_id=lists.student(student).student_id if student else None,
            first=first.date() if first else None,
            last=last.date() if last else None,
        )
        written = kiosk.app.reports.files.save(output, question, actor=actor())
    typer.echo(f"{output}: {summary(written)}")

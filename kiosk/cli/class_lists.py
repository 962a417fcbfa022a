"""The command that takes in a class list: what was read and how, what is asked, and what was done."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from kiosk.cli.admin_check import open_guarded, open_rehearsal
from kiosk.cli.common import DataDir, Json, actor, find_data_dir, print_json, say
from kiosk.domain.courses.list_columns import ListChoices, ListReading
from kiosk.domain.courses.list_questions import ANSWERS, Answer, Answers, Question
from kiosk.services.courses.list_guardians import NewGuardian
from kiosk.services.courses.list_import import ImportReport
from kiosk.translation import N_, _, ngettext
from kiosk.wording.class_lists import answer_words, question_words, unanswered_words

IMPORTED: Final = {
    (False, False): N_(
        "{added} added, {updated} updated, {unchanged} unchanged, {registered} registered, {refused} refused."
    ),
    (False, True): N_(
        "{added} added, {updated} updated, {unchanged} unchanged, {registered} registered in {code}, "
        "{refused} refused."
    ),
    (True, False): N_(
        "{added} would be added, {updated} would be updated, {unchanged} unchanged, "
        "{registered} would be registered, {refused} refused."
    ),
    (True, True): N_(
        "{added} would be added, {updated} would be updated, {unchanged} unchanged, "
        "{registered} would be registered in {code}, {refused} refused."
    ),
}
"""What an import did: whether it was only tried, and whether a course was named."""

SHOWN_NAMES: Final = 3

Column = Annotated[
    str | None, typer.Option("--number", help=N_("Column of the student numbers: heading, letter or number."))
]
Names = Annotated[
    list[str] | None,
    typer.Option("--name", help=N_("Column of names; several are joined in this order."), show_default=False),
]
Email = Annotated[
    str | None, typer.Option("--email", help=N_("Column of e-mail addresses; an empty one for none."))
]
Guardian = Annotated[
    str | None,
    typer.Option("--guardian", help=N_("Column of parents' e-mail addresses; an empty one for none.")),
]
Accept = Annotated[
    list[str] | None,
    typer.Option(
        "--accept",
        metavar="ANSWER[:NUMBER]",
        help=N_(
            "Answer what is asked, for one number or for all: renamed, passed-on, zeros, zeros-count, new-number, namesake, "
            "left, counted, guessed, clock. Several with commas."
        ),
        show_default=False,
    ),
]


def people_import(
    context: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(help=N_("CSV, XLSX or ODS with student numbers, names and perhaps e-mail addresses.")),
    ],
    course: Annotated[
        str | None, typer.Option("--course", help=N_("Register them in this course, made when new."))
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=N_("Only say what would be done."))] = False,
    sheet: Annotated[str | None, typer.Option("--sheet", help=N_("The sheet of a workbook."))] = None,
    encoding: Annotated[
        str | None, typer.Option("--encoding", help=N_("How a text file's letters are read, such as cp1251."))
    ] = None,
    number: Column = None,
    name: Names = None,
    email: Email = None,
    guardian: Guardian = None,
    accept: Accept = None,
    as_json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Import a class list.

    Exit code 0: what was clear is taken, and the last line says what is not; 1: nothing could be taken; 2: wrong usage.
    """
    choices = ListChoices(sheet, encoding, number, tuple(name or ()), email, guardian)
    answers = _answers(accept or [])
    opened = (
        open_rehearsal(context, data_dir)
        if dry_run
        else open_guarded(context, find_data_dir(context, data_dir))
    )
    with opened as kiosk:
        report = kiosk.app.courses.lists.import_roster(
            file,
            course_code=course,
            since=kiosk.app.core.today(),
            actor=actor(),
            dry_run=dry_run,
            choices=choices,
            answers=answers,
        )
    if as_json:
        print_json(_as_json(report))
    else:
        _tell(report)
    if report.left_out and not (report.added or report.updated or report.unchanged):
        raise typer.Exit(1)


def _answers(texts: list[str]) -> Answers:
    words = [word for text in texts for word in text.split(",") if word.strip()]
    try:
        return Answers.of(words)
    except ValueError as error:
        raise typer.BadParameter(
            _("Answers are: {answers}.", answers=", ".join(Answer)), param_hint="--accept"
        ) from error


def _tell(report: ImportReport) -> None:
    for line in _how_it_was_read(report):
        say(line)
    for note in report.notes:
        say(_("Line {line}: {text}", line=note.line, text=note.text) if note.line else note.text)
    for row in report.refused:
        say(_("Line {line} was not taken: {reason}", line=row.line, reason=row.reason))
    for question in report.questions:
        say(_asked(question))
    for number, former in report.passed_on.items():
        say(
            _(
                "{number} belongs to somebody else now; who had it keeps face, answers and records, as {former}.",
                number=number,
                former=former,
            )
        )
    _tell_of_guardians(report.guardians)
    typer.echo(
        _(
            IMPORTED[report.dry_run, report.course is not None],
            added=len(report.added),
            updated=len(report.updated),
            unchanged=len(report.unchanged),
            registered=len(report.registered),
            code=report.course.code if report.course else "",
            refused=len(report.refused),
        )
    )
    if report.left_out:
        typer.echo(
            ngettext(
                "{n} row was left out until what is asked about it is answered: {numbers}.",
                "{n} rows were left out until what is asked about them is answered: {numbers}.",
                len(report.left_out),
                n=len(report.left_out),
                numbers=_shortened(report.left_out),
            )
        )
    open_questions = [one for one in report.questions if one.answer is None]
    if report.left_out or report.refused or open_questions:
        typer.echo(
            _(
                "NOT COMPLETE: rows refused: {refused}, rows left out: {left_out}, open questions: {questions}. Mend the list or answer "
                "with --accept, and import it again; what is taken already stays.",
                refused=len(report.refused),
                left_out=len(report.left_out),
                questions=len(open_questions),
            )
        )


def _tell_of_guardians(guardians: Sequence[NewGuardian]) -> None:
    """Name each whose address becomes another one; of those who had none it is enough to know how many."""
    for one in guardians:
        if one.old:
            say(
                _(
                    "{number}: the e-mail address of a parent or guardian is {new}, until now {old}.",
                    number=one.student_no,
                    new=one.new,
                    old=one.old,
                )
            )
    first = sum(not one.old for one in guardians)
    if first:
        say(
            ngettext(
                "{count} student who had none gets the e-mail address of a parent or guardian.",
                "{count} students who had none get the e-mail address of a parent or guardian.",
                first,
                count=first,
            )
        )


def _how_it_was_read(report: ImportReport) -> list[str]:
    """Which column was taken as what, and letters that may be others; nothing where our own headings say it all."""
    reading = report.reading
    names = [reading.heading(place) for place in reading.names]
    if (reading.heading(reading.number), names) == ("student_no", ["full_name"]) and reading.encoding in {
        "",
        "utf-8",
    }:
        return []
    shown = ", ".join(f"{row.student_no} {row.full_name}" for row in report.rows[:SHOWN_NAMES])
    lines = [
        _(
            "Read as number: “{number}”; as name: “{names}”. It begins with {shown}.",
            number=reading.heading(reading.number),
            names=" + ".join(names),
            shown=shown,
        )
    ]
    if reading.encoding not in {"", "utf-8", "utf-16"}:
        lines.append(
            _("Letters were read as {encoding}; --encoding chooses another one.", encoding=reading.encoding)
        )
    return lines


def _asked(question: Question) -> str:
    words = question_words(question)
    if question.answer is not None:
        return _("{question} Answer: {answer}.", question=words, answer=answer_words(question.answer))
    suffix = f":{question.student_no}" if question.student_no else ""
    ways = [f"--accept {answer}{suffix} ({answer_words(answer)})" for answer in ANSWERS[question.kind]]
    return _(
        "{question} {done} To answer: {ways}.",
        question=words,
        done=unanswered_words(question.kind),
        ways=ways[0] if len(ways) == 1 else _("{one} or {other}", one=ways[0], other=ways[1]),
    )


def _shortened(numbers: tuple[str, ...], most: int = 20) -> str:
    shown = ", ".join(numbers[:most])
    return f"{shown} …" if len(numbers) > most else shown


def _as_json(report: ImportReport) -> dict[str, Any]:
    found = dataclasses.asdict(report)
    found["course"] = report.course.code if report.course else None
    found["reading"] = _reading_as_json(report.reading)
    found["rows"] = len(report.rows)
    return found


def _reading_as_json(reading: ListReading) -> dict[str, Any]:
    return {
        "sheet": reading.sheet,
        "encoding": reading.encoding,
        "number": reading.heading(reading.number),
        "names": [reading.heading(place) for place in reading.names],
        "email": reading.heading(reading.email),
        "guardian": reading.heading(reading.guardian),
    }

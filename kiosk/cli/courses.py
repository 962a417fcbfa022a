"""Commands about courses and their timetable."""

from typing import Annotated, Any, Final

import typer

from kiosk.cli.common import Course, DataDir, Json, actor, find_school, open_kiosk, print_json
from kiosk.domain.listing import ListQuestion
from kiosk.services.courses.course_calendars import CalendarOpinion
from kiosk.services.courses.course_listing import CourseFilter, CourseLine
from kiosk.translation import N_, _, ngettext
from kiosk.wording.calendars import changes_words, meeting_words, notes_words
from kiosk.wording.dates import day_and_time

courses: Final = typer.Typer(help=N_("Courses."), no_args_is_help=True)
timetable: Final = typer.Typer(help=N_("When courses meet."), no_args_is_help=True)


@courses.command("list", help=N_("List courses with teachers, students, next meeting and term."))
def courses_list(
    context: typer.Context,
    archived: Annotated[
        bool, typer.Option("--archived", help=N_("Those that are archived instead."))
    ] = False,
    as_json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """List courses with teachers, students, next meeting and term."""
    filters = frozenset({CourseFilter.ARCHIVED.value}) if archived else frozenset()
    with open_kiosk(find_school(context, data_dir)) as kiosk:
        found = kiosk.app.courses.listing.lines(ListQuestion(filters=filters), actor=actor())
        zone = kiosk.app.core.zone
    if as_json:
        print_json({"courses": [_facts(one) for one in found]})
        return
    for one in found:
        meeting = one.next_meeting
        parts = (
            one.course.label,
            one.teacher_names,
            ngettext("{n} student", "{n} students", one.students, n=one.students),
            _("next: {when}", when=day_and_time(meeting.begins_at, zone)) if meeting is not None else "",
            one.term.name if one.term is not None else "",
        )
        typer.echo(" · ".join(part for part in parts if part))


@timetable.command(
    "import",
    help=N_(
        "Take a course's meetings from a calendar, a file (.ics) or an address.\n\nSays what is new, changed and gone. "
        "With --nightly an address is read again each night by the kiosk that is running."
    ),
)
def timetable_import(
    context: typer.Context,
    source: Annotated[str, typer.Argument(metavar="FILE-or-URL", help=N_("The calendar."))],
    course: Course,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=N_("Only say what would change."))] = False,
    nightly: Annotated[
        bool, typer.Option("--nightly", help=N_("Read the address again each night."))
    ] = False,
    as_json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Take a course's meetings from a calendar."""
    with open_kiosk(find_school(context, data_dir)) as kiosk:
        calendars, zone = kiosk.app.courses.calendars, kiosk.app.core.zone
        chosen = kiosk.app.courses.lists.course(course)
        opinion = calendars.look(chosen, source, actor=actor())
        changes = opinion.changes
        if not dry_run:
            changes = calendars.take(opinion, actor=actor(), nightly=nightly)
    if as_json:
        print_json({"course": chosen.code, "dry_run": dry_run, **_counted(opinion)})
        return
    for meeting in changes.new:
        typer.echo(f"+ {meeting_words(meeting, zone)}")
    for before, after in changes.changed:
        typer.echo(f"~ {day_and_time(before.begins_at, zone)} → {meeting_words(after, zone)}")
    for gone in changes.gone:
        typer.echo(f"- {day_and_time(gone.begins_at, zone)}")
    for words in (changes_words(changes), *notes_words(opinion.reading.notes)):
        typer.echo(words)
    if dry_run:
        typer.echo(_("Nothing was written."))


def _facts(one: CourseLine) -> dict[str, Any]:
    meeting = one.next_meeting
    return {
        "code": one.course.code,
        "title": one.course.title,
        "room": one.course.room,
        "teachers": [teacher.name for teacher in one.teachers],
        "students": one.students,
        "next_meeting": meeting.begins_at.isoformat() if meeting is not None else None,
        "term": one.term.name if one.term is not None else None,
        "archived": one.course.is_archived,
    }


def _counted(opinion: CalendarOpinion) -> dict[str, Any]:
    changes = opinion.changes
    return {
        "new": [one.begins_at.isoformat() for one in changes.new],
        "changed": [
            [before.begins_at.isoformat(), after.begins_at.isoformat()] for before, after in changes.changed
        ],
        "gone": [one.begins_at.isoformat() for one in changes.gone],
        "same": changes.same,
    }

"""Commands about class sessions: list, add, cancel, remove and put back, and the times of one whose clock was moved."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Final

import typer

from kiosk import bootstrap
from kiosk.cli.common import DataDir, Json, actor, find_school, open_kiosk, print_json, say
from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.class_session import SESSIONS_KEPT_DAYS
from kiosk.services.attendance.afterwards.adding import NewSession
from kiosk.services.attendance.afterwards.deleting import DeletedLine
from kiosk.services.attendance.afterwards.held_sessions import LISTED, SessionFacts
from kiosk.translation import N_, _, ngettext
from kiosk.wording.attendance import status_count
from kiosk.wording.dates import day_and_time
from kiosk.wording.incidents import clock_sentence

sessions: Final = typer.Typer(help=N_("Class sessions."), no_args_is_help=True)

Number = Annotated[int, typer.Argument(help=N_("Its number, as “kiosk sessions list” says it."))]
Yes = Annotated[bool, typer.Option("--yes", help=N_("Do not ask."))]


@sessions.command("list", help=N_("Say which class sessions there are, the newest first."))
def sessions_list(
    context: typer.Context,
    course: Annotated[str | None, typer.Option("--course", help=N_("Only this course."))] = None,
    most: Annotated[int, typer.Option("--most", min=1, help=N_("At most so many."))] = LISTED,
    deleted: Annotated[
        bool, typer.Option("--deleted", help=N_("Those that were removed and can be put back."))
    ] = False,
    as_json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Say which class sessions there are, the newest first."""
    with open_kiosk(find_school(context, data_dir)) as kiosk:
        cases = kiosk.app.attendance.afterwards
        chosen = kiosk.app.courses.lists.course(course).course_id if course else None
        if deleted:
            gone = cases.deleting.deleted(chosen, actor=actor())[:most]
            lines = [_deleted_line(kiosk, one) for one in gone]
            found = [_facts(SessionFacts(one.deleted.session, one.course, one.count)) for one in gone]
        else:
            listed = cases.held.newest(chosen, actor=actor(), limit=most)
            lines = [_line(kiosk, one) for one in listed]
            found = [_facts(one) for one in listed]
    if as_json:
        print_json({"sessions": found})
        return
    for line in lines:
        typer.echo(line)


@sessions.command("add", help=N_("Write down a class session that was held without the kiosk."))
def sessions_add(
    context: typer.Context,
    course: Annotated[str, typer.Option("--course", help=N_("Course code."))],
    start: Annotated[
        datetime,
        typer.Option("--start", formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], help=N_("Day and time.")),
    ],
    minutes: Annotated[int, typer.Option("--minutes", min=1, help=N_("How long it was."))] = 45,
    room: Annotated[str, typer.Option("--room", help=N_("Where, if not in the course's own room."))] = "",
    note: Annotated[str, typer.Option("--note", help=N_("What tells it from others of the day."))] = "",
    as_json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Write down a class session that was held without the kiosk; nobody in it is marked yet."""
    with open_kiosk(find_school(context, data_dir)) as kiosk:
        new = NewSession(
            kiosk.app.courses.lists.course(course).course_id,
            start.replace(tzinfo=kiosk.app.core.zone),
            timedelta(minutes=minutes),
            note,
            room,
        )
        session = kiosk.app.attendance.afterwards.adding.add(new, actor=actor())
        facts = kiosk.app.attendance.afterwards.held.facts(session.session_id, actor=actor())
    if as_json:
        print_json(_facts(facts))
        return
    typer.echo(
        ngettext(
            "Class session {n} is added; {students} student is not marked yet.",
            "Class session {n} is added; {students} students are not marked yet.",
            facts.unmarked,
            n=session.session_id,
            students=facts.unmarked,
        )
    )


@sessions.command("cancel", help=N_("Let a class session not count, with the reason that students read."))
def sessions_cancel(
    context: typer.Context,
    session: Number,
    reason: Annotated[str, typer.Option("--reason", help=N_("Why; students read it."))] = "",
    undo: Annotated[bool, typer.Option("--undo", help=N_("Let it count again."))] = False,
    data_dir: DataDir = None,
) -> None:
    """Let a class session not count, with the reason that students read."""
    with open_kiosk(find_school(context, data_dir)) as kiosk:
        cancelling = kiosk.app.attendance.afterwards.cancelling
        if undo:
            cancelling.take_back(session, actor=actor())
            typer.echo(_("Class session {n} counts again.", n=session))
            return
        cancelling.cancel(session, reason=reason, actor=actor())
    typer.echo(_("Class session {n} is cancelled: its records count for nobody.", n=session))


@sessions.command(
    "remove", help=N_("Remove a class session with all of its records; “restore” puts it back for a while.")
)
def sessions_remove(
    context: typer.Context, session: Number, yes: Yes = False, data_dir: DataDir = None
) -> None:
    """Remove a class session with all of its records; one that a replay made goes at once and for good."""
    with open_kiosk(find_school(context, data_dir)) as kiosk:
        cases = kiosk.app.attendance
        facts = cases.afterwards.held.facts(session, actor=actor())
        count, is_replay = facts.count.total, facts.session.is_replay
        if not yes:
            say(_line(kiosk, facts))
            typer.confirm(
                ngettext(
                    "Remove it with its {count} record?",
                    "Remove it with its {count} records?",
                    count,
                    count=count,
                ),
                abort=True,
                err=True,
            )
        if is_replay:
            count = cases.replayed.take_back(session, actor=actor())
        else:
            cases.afterwards.deleting.delete(session, actor=actor())
    if is_replay:
        typer.echo(
            ngettext(
                "Class session {n} is taken back; it had {count} record.",
                "Class session {n} is taken back; it had {count} records.",
                count,
                n=session,
                count=count,
            )
        )
        return
    typer.echo(
        _(
            "Class session {n} is removed. “kiosk sessions restore {n}” puts it back within {days} days.",
            n=session,
            days=SESSIONS_KEPT_DAYS,
        )
    )


@sessions.command("restore", help=N_("Put a removed class session back with all of its records."))
def sessions_restore(context: typer.Context, session: Number, data_dir: DataDir = None) -> None:
    """Put a removed class session back with all of its records."""
    with open_kiosk(find_school(context, data_dir)) as kiosk:
        kiosk.app.attendance.afterwards.deleting.restore(session, actor=actor())
    typer.echo(_("Class session {n} is back.", n=session))


@sessions.command(
    "correct-clock",
    help=N_("Add what the PC's clock was moved by during a class to the times of that class."),
)
def sessions_correct_clock(
    context: typer.Context,
    session: Annotated[
        int | None, typer.Argument(help=N_("Its number; without one, say which classes there are."))
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=N_("Only say what would be changed."))] = False,
    data_dir: DataDir = None,
) -> None:
    """Add what the PC's clock was moved by during a class to the times of that class."""
    with open_kiosk(find_school(context, data_dir)) as kiosk:
        correction, zone = kiosk.app.attendance.clock_correction, kiosk.app.core.zone
        if session is None:
            for course, moved in correction.moved(actor=actor()):
                number, began = moved.session_id, day_and_time(moved.started_at, zone)
                about = clock_sentence(moved.clock_moved)
                typer.echo(f"{number}: {course.label}, {began}. {about}.")
            return
        done = correction.correct(session, actor=actor(), dry_run=dry_run)
    words = (
        ngettext(
            "Class session {n} and its {count} record would be of {after} instead of {before}.",
            "Class session {n} and its {count} records would be of {after} instead of {before}.",
            done.records,
        )
        if dry_run
        else ngettext(
            "Class session {n} and its {count} record are now of {after}; they were of {before}.",
            "Class session {n} and its {count} records are now of {after}; they were of {before}.",
            done.records,
        )
    )
    before, after = (
        day_and_time(at, zone) for at in (done.before.started_at, done.before.started_at + done.moved)
    )
    typer.echo(words.format(n=session, count=done.records, before=before, after=after))


def _line(kiosk: bootstrap.Kiosk, facts: SessionFacts) -> str:
    """One session on one line: number, course, time, what tells it from others, what it came to."""
    session = facts.session
    parts = [day_and_time(session.started_at, kiosk.app.core.zone), session.room, session.note]
    parts += [status_count(status, facts.count.of(status)) for status in Status if facts.count.of(status)]
    if session.is_open:
        parts.append(_("open now"))
    if session.is_to_mark(facts.count.total):
        parts.append(_("not marked yet"))
    if session.cancelled is not None:
        parts.append(_("cancelled: {reason}", reason=session.cancelled.reason))
    said = " · ".join(part for part in parts if part)
    return f"{session.session_id}: {facts.course.code}, {said}"


def _deleted_line(kiosk: bootstrap.Kiosk, line: DeletedLine) -> str:
    when = day_and_time(line.deleted.deleted_at, kiosk.app.core.zone)
    gone = _("removed {when} by {who}", when=when, who=line.deleted.deleted_by)
    return f"{_line(kiosk, SessionFacts(line.deleted.session, line.course, line.count))} · {gone}"


def _facts(facts: SessionFacts) -> dict[str, Any]:
    session = facts.session
    return {
        "session": session.session_id,
        "course": facts.course.code,
        "started_at": session.started_at.isoformat(),
        "ended_at": session.ended_at.isoformat() if session.ended_at else None,
        "room": session.room,
        "note": session.note,
        "added_afterwards": session.added_at is not None,
        "cancelled": session.cancelled.reason if session.cancelled else None,
        "records": {status.value: facts.count.of(status) for status in Status},
    }

"""Commands that print who there is: accounts, and people with their courses and attendance."""

from typing import Annotated, Any, Final

import typer

from kiosk.cli.common import DataDir, Json, actor, find_school, open_kiosk, print_json
from kiosk.domain.attendance.attendance_rates import whole_percent
from kiosk.domain.listing import ListQuestion
from kiosk.domain.people.people_list import ListedPerson, PeopleFilter
from kiosk.translation import N_, _
from kiosk.wording.people import role_title

PAGE: Final = 500


def users_list(context: typer.Context, as_json: Json = False, data_dir: DataDir = None) -> None:
    """List the accounts of teachers and admins."""
    with open_kiosk(find_school(context, data_dir)) as kiosk:
        found = kiosk.app.people.accounts.all(actor=actor())
    if as_json:
        print_json({"users": [{"name": one.name, "role": one.role, "active": one.active} for one in found]})
        return
    for one in found:
        typer.echo("\t".join((one.name, role_title(one.role), "" if one.active else _("Closed"))).rstrip())


def people_list(
    context: typer.Context,
    course: Annotated[
        str | None, typer.Option("--course", help=N_("Only those who are in this course today."))
    ] = None,
    search: Annotated[
        str, typer.Option("--search", help=N_("A name, number or e-mail, or a part of it."))
    ] = "",
    only: Annotated[
        list[PeopleFilter] | None,
        typer.Option("--only", help=N_("Whom to list; may be given several times.")),
    ] = None,
    as_json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """List students by family name, with courses, consent, pictures, PIN and attendance."""
    asked = ListQuestion(search, frozenset(only or ()))
    with open_kiosk(find_school(context, data_dir)) as kiosk:
        listing = kiosk.app.people.listing
        course_id = kiosk.app.courses.lists.course(course).course_id if course is not None else None
        number = listing.count(asked, actor=actor(), course_id=course_id)
        found: list[ListedPerson] = []
        for first in range(0, number, PAGE):
            found += listing.page(asked, first=first, most=PAGE, actor=actor(), course_id=course_id)
    if as_json:
        print_json({"people": [_plain(one) for one in found]})
        return
    for one in found:
        percent = whole_percent(one.count)
        share = f"{percent} %" if percent is not None else ""
        parts = (one.student.student_no, one.student.full_name, ", ".join(one.courses), share)
        typer.echo("\t".join(parts).rstrip())


def _plain(one: ListedPerson) -> dict[str, Any]:
    student = one.student
    return {
        "student_no": student.student_no,
        "full_name": student.full_name,
        "family_name": student.family_name,
        "called": student.called,
        "email": student.email,
        "courses": list(one.courses),
        "consent": one.standing.state,
        "pictures": one.faces,
        "has_pin": one.has_pin,
        "attended": one.count.attended,
        "expected": one.count.expected,
        "attendance_percent": whole_percent(one.count),
        "below_limit": one.is_below,
        "last_seen": one.seen_at.isoformat() if one.seen_at is not None else None,
        "inactive_from": one.inactive_from,
    }

"""Wires what teachers do on a phone or tablet. Making it reads nothing."""

from collections.abc import Callable

from kiosk.domain.trust.rights import Actor
from kiosk.services.app import AttendanceCases, FaceCases, LessonCases, PeopleCases
from kiosk.services.attendance.lesson.staff_sign_ins import StaffSignIns
from kiosk.services.attendance.lesson.teaching import Teaching
from kiosk.services.core import Core
from kiosk.services.events import SessionEnded
from kiosk.services.school.school_settings import School


def build_lesson(
    core: Core,
    attendance: AttendanceCases,
    people: PeopleCases,
    faces: FaceCases,
    school: School,
    *,
    end: Callable[[Actor], SessionEnded],
) -> LessonCases:
    """Wire it over a store; `end` ends the class that is shown here."""
    return LessonCases(
        teaching=Teaching(
            store=core.store,
            running=attendance.running,
            sessions=attendance.sessions,
            marks=attendance.marks,
            claims=attendance.claims,
            faces=faces.ambiguous,
            keeping=attendance.keeping,
            statuses=attendance.statuses,
            end=end,
        ),
        sign_ins=StaffSignIns(accounts=people.accounts, school=school, clock=core.clock),
    )

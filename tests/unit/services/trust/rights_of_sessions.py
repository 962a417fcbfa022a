"""The use cases about class sessions as things: which right each needs, and what it is asked."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.school_status import SchoolStatus, StatusColour
from kiosk.domain.trust.rights import Right
from kiosk.services.app import KioskApp
from kiosk.services.attendance.afterwards.adding import NewSession
from kiosk.services.attendance.afterwards.mark_imports import MarkPreview
from kiosk.services.attendance.afterwards.session_times import NewTimes
from kiosk.services.attendance.planned_absences import Announcement

Asked = tuple[str, Right, object, tuple[object, ...], dict[str, Any]]


def session_cases(app: KioskApp, session: int, course: int, folder: Path) -> Iterator[Asked]:
    """Name, right, use case, and what it is given by place and by name."""
    cases = app.attendance.afterwards
    now, hour = app.core.clock.now(), timedelta(hours=1)
    before = app.attendance.sessions.session(session)
    new, same = NewSession(course, now - 2 * hour, hour), NewTimes(before, before, ())
    see, correct = Right.SEE_RECORDS, Right.CORRECT
    yield "HeldSessions.facts", see, cases.held, (session,), {}
    yield "HeldSessions.newest", see, cases.held, (course,), {}
    yield "HeldSessions.describe", correct, cases.held, (session,), {"note": "", "room": ""}
    yield "AddingSessions.look", see, cases.adding, (course, now.date()), {}
    yield "AddingSessions.add", correct, cases.adding, (new,), {}
    yield "SessionTimes.look", correct, cases.times, (session, now - hour, now), {}
    yield "SessionTimes.change", correct, cases.times, (same,), {"with_records": False}
    yield "CancellingSessions.cancel", correct, cases.cancelling, (session,), {"reason": "strike"}
    yield "CancellingSessions.take_back", correct, cases.cancelling, (session,), {}
    yield "DeletingSessions.delete", correct, cases.deleting, (session,), {}
    yield "DeletingSessions.restore", correct, cases.deleting, (session,), {}
    yield "DeletingSessions.deleted", see, cases.deleting, (), {}
    away = Announcement((), now.date(), now.date(), "ill")
    yield "PlannedAbsences.coming", see, app.attendance.absences, (), {}
    yield "PlannedAbsences.written", correct, app.attendance.absences, (away,), {}
    yield "PlannedAbsences.announce", correct, app.attendance.absences, (away,), {"with_written": False}
    yield "PlannedAbsences.take_back", correct, app.attendance.absences, (1,), {}
    again = app.attendance.rechecks
    yield "Rechecks.of_session", see, again, (session,), {}
    yield "Rechecks.of_student", see, again, (session, 1), {}
    yield "Rechecks.start", Right.TAKE, again, (session,), {}
    yield "Rechecks.stop", Right.TAKE, again, (session,), {}
    yield "Rechecks.was_here", correct, again, (1, 1), {}
    yield "Rechecks.take_back", correct, again, (1,), {}
    leaving = app.attendance.check_outs
    yield "CheckOuts.of_session", see, leaving, (session,), {}
    yield "CheckOuts.open", Right.TAKE, leaving, (session,), {}
    yield "CheckOuts.close", Right.TAKE, leaving, (session,), {}
    yield "CheckOuts.correct", correct, leaving, (session, 1, 5), {"reason": "left"}
    own = SchoolStatus(0, "trip", "T", StatusColour.BLUE, Status.EXCUSED, None)
    yield "SchoolStatuses.save", Right.ADMINISTER, app.attendance.statuses, (own,), {}
    for name in ("retire", "bring_back", "remove"):
        yield f"SchoolStatuses.{name}", Right.ADMINISTER, app.attendance.statuses, (own,), {}
    nothing = MarkPreview(before, "none.csv", (), 0, ())
    yield "MarkImports.look", correct, cases.imports, (session, folder / "none.csv"), {}
    yield "MarkImports.write", correct, cases.imports, (nothing,), {}
    yield "ReopeningSessions.open_again", Right.TAKE, cases.reopening, (session,), {}

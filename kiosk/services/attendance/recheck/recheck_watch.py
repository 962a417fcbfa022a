"""Keeps an eye on the re-checks of the class that is shown: when one begins, whether students can show up, when it is over.

`on_event` runs on the thread of each event, `tick` on the housekeeping thread, `now` on the main thread. What cannot be
written down is tried again with the next tick.
"""

import threading
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from kiosk.domain.attendance.choices import CheckInOutcome, Method, ProofPolicy
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.incidents import IncidentKind
from kiosk.domain.attendance.rechecks import Disturbance, Draw, Recheck, can_show_up, draw_moment, fairly
from kiosk.services.attendance.awaited_faces import AwaitedFaces
from kiosk.services.attendance.recheck.judging import KIOSK, recheck_queries
from kiosk.services.core import Core
from kiosk.services.events import (
    CheckInResult,
    Event,
    FacesInClass,
    IncidentNoted,
    RecheckChanged,
    RecordCorrected,
    RuntimeStopped,
    SessionEnded,
    SessionStarted,
    StoreStateChanged,
    WebStateChanged,
)
from kiosk.settings import SchoolRules
from kiosk.storage.store import Repositories

if TYPE_CHECKING:
    from kiosk.services.attendance.recheck.rechecks import Rechecks

SOON: Final = timedelta(minutes=1)
"""After a restart camera and phones get so long before a drawn moment may come."""


class Ways:
    """Whether the camera names faces, and phones reach the kiosk."""

    def __init__(self, awaited: AwaitedFaces) -> None:
        """Subscribe it behind `awaited`, which knows of the camera."""
        self._awaited = awaited
        self._uses_faces = True
        self._serves = False

    def on_event(self, event: Event) -> None:
        match event:
            case FacesInClass():
                self._uses_faces = event.rule.uses_faces
            case WebStateChanged():
                self._serves = event.running

    def can_show_up(self, policy: ProofPolicy) -> bool:
        """Whether students of a class under this policy can be marked at all now."""
        sees = self._uses_faces and self._awaited.can_see()
        return can_show_up(policy, sees=sees, serves=self._serves)


@dataclass(frozen=True, slots=True)
class RecheckNow:
    """The window that is open, as the screens show it."""

    recheck: Recheck
    asked: frozenset[int]
    shown: frozenset[int]
    left_s: float

    @property
    def missing(self) -> frozenset[int]:
        """Who has not shown up yet."""
        return self.asked - self.shown


class RecheckWatch:
    """Begins and judges windows, and notes what disturbs them."""

    def __init__(self, core: Core, *, ways: Ways, draw: Draw = fairly) -> None:
        self._core = core
        self._ways = ways
        self._draw = draw
        self._rechecks: Rechecks | None = None
        self._lock = threading.Lock()
        self._session: ClassSession | None = None
        self._open: RecheckChanged | None = None
        self._planned: Recheck | None = None
        self._plan_after: datetime | None = None
        self._disturbed: Disturbance | None = None

    def follow(self, rechecks: "Rechecks") -> None:
        """Begin and judge by these."""
        self._rechecks = rechecks

    def now(self, session_id: int) -> RecheckNow | None:
        """The window of a class that is open; None also while it is only waited for who scanned in its last moment."""
        with self._lock:
            known, session = self._open, self._session
        if known is None or session is None or session.session_id != session_id:
            return None
        closes_at = known.recheck.closes_at
        left_s = (closes_at - self._core.clock.now()).total_seconds() if closes_at is not None else 0.0
        return RecheckNow(known.recheck, known.asked, known.shown, left_s) if left_s > 0 else None

    def on_event(self, event: Event) -> None:
        """Know what is open, and what disturbs it."""
        match event:
            case SessionStarted():
                self._begin(event.session)
            case SessionEnded() if self._session is not None and event.session_id == self._session.session_id:
                self._forget()
            case RuntimeStopped():
                self._forget()
            case RecheckChanged() if self._is_shown(event.recheck.session_id):
                with self._lock:
                    self._open = event if event.recheck.is_open else None
            case CheckInResult(outcome=CheckInOutcome.SEEN_AGAIN) if self._is_shown(event.session_id):
                self._note(event.student.student_id)
            case RecordCorrected() if self._is_shown(event.record.session_id):
                self._note_by_hand(event)
            case IncidentNoted() if event.incident.kind is IncidentKind.CLOCK_MOVED:
                self._disturb(Disturbance.CLOCK_MOVED)
            case StoreStateChanged() if event.user_text:
                self._disturb(Disturbance.DATABASE_AWAY)
            case _:
                self._look_at_ways()

    def tick(self) -> None:
        """Do what is due in the class that is shown.

        Raises:
            StorageError: It could not be written; the next tick tries again.
        """
        with self._lock:
            session, known = self._session, self._open
            planned, plan_after = self._planned, self._plan_after
        if session is None or self._rechecks is None:
            return
        now = self._core.clock.now()
        if plan_after is not None:
            self._plan(self._rechecks, session, plan_after)
        elif planned is not None and planned.due_at is not None and now >= planned.due_at:
            self._begin_planned(self._rechecks, session, planned)
        if known is None:
            return
        if self._disturbed is not None:
            self._rechecks.disturb(session.session_id, self._disturbed)
            self._disturbed = None
        if known.recheck.is_over(now):
            self._rechecks.judge(session.session_id)

    # -- inside --------------------------------------------------------------------------------------------------

    def _is_shown(self, session_id: int) -> bool:
        return self._session is not None and self._session.session_id == session_id

    def _begin(self, session: ClassSession) -> None:
        def query(repositories: Repositories) -> tuple[list[Recheck], RecheckChanged | None]:
            from kiosk.services.attendance.recheck.rechecks import told

            queries = recheck_queries(repositories)
            known = queries.open_of(session.session_id)
            return queries.of_session(session.session_id), told(repositories, known) if known else None

        found, known = self._core.store.read(query)
        planned, now = next((one for one in found if one.began_at is None), None), self._core.clock.now()
        plan_after = now if not found and not session.is_replay else None
        if planned is not None and planned.due_at is not None and planned.due_at < now + SOON:
            planned, plan_after = None, now + SOON
        with self._lock:
            self._session, self._open = session, known
            self._planned, self._plan_after = planned, plan_after
            self._disturbed = Disturbance.RESTARTED if known is not None else None

    def _forget(self) -> None:
        with self._lock:
            self._session = self._open = self._planned = self._plan_after = self._disturbed = None

    def _plan(self, rechecks: "Rechecks", session: ClassSession, after: datetime) -> None:
        """Draw the moment, and write it down: whoever starts the kiosk anew in mid-class does not draw twice."""

        def draw(rules: SchoolRules) -> Recheck | None:
            low, high = sorted((rules.recheck_from_min, rules.recheck_to_min))
            earliest = max(session.started_at + timedelta(minutes=low), after)
            latest = session.started_at + timedelta(minutes=high)
            if earliest > latest:
                return None
            due_at = draw_moment(earliest, latest, self._draw)
            return Recheck(0, session.session_id, due_at, None, None, None, rules.recheck_meaning, KIOSK)

        planned = rechecks.plan(session, draw)
        with self._lock:
            self._planned, self._plan_after = planned, None

    def _begin_planned(self, rechecks: "Rechecks", session: ClassSession, planned: Recheck) -> None:
        """Begin it, or wait for as long again as it may take while nobody could show up."""
        if not self._ways.can_show_up(session.policy):
            late = planned.due_at is not None and self._core.clock.now() > planned.due_at + 10 * SOON
            if not late:
                return
            rechecks.drop_planned(session)
        else:
            rechecks.begin_planned(session, planned)
        with self._lock:
            self._planned = None

    def _note(self, student_id: int) -> None:
        with self._lock:
            known = self._open
            if known is not None and student_id in known.asked:
                self._open = replace(known, shown=known.shown | {student_id})

    def _note_by_hand(self, event: RecordCorrected) -> None:
        """Whom a teacher marks as here, or confirms, within the window is here."""
        record = event.record
        with self._lock:
            known = self._open
        if known is None or not record.status.attended or not record.evidence:
            return
        last, began_at = record.evidence[-1], known.recheck.began_at
        if last.method is Method.MANUAL and began_at is not None and last.at >= began_at:
            self._note(event.student.student_id)

    def _disturb(self, disturbance: Disturbance) -> None:
        with self._lock:
            if self._open is not None and self._disturbed is None:
                self._disturbed = disturbance

    def _look_at_ways(self) -> None:
        session = self._session
        if session is not None and self._open is not None and not self._ways.can_show_up(session.policy):
            self._disturb(Disturbance.NO_WAY)

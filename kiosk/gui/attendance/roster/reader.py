"""Reads one class session's roster and keeps its state true as events arrive. Main thread; tasks read the store."""

from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from kiosk.domain.people.students import fold
from kiosk.domain.trust.rights import NOBODY, Actor
from kiosk.gui.attendance.roster.state import Question, RosterFilter, RosterLine, RosterState, StoredRoster
from kiosk.gui.attendance.roster.wording import correction_words
from kiosk.gui.bridge import Bridge
from kiosk.gui.tasks import Tasks
from kiosk.services.app import KioskApp
from kiosk.services.attendance.claims import Waiting
from kiosk.services.events import (
    CheckInResult,
    ClaimsDelivered,
    Event,
    FaceDecided,
    ObjectionMade,
    RecordCorrected,
    SessionEnded,
)
from kiosk.services.faces.ambiguous_faces import WaitingFaces
from kiosk.services.records.objections import ObjectionAnswered, WaitingObjection
from kiosk.wording.attendance import evidence_words

SOON_MS: Final = 200
"""Several events in a moment are one look at who waits."""

LOOK_MS: Final = 5_000
"""How often it looks by itself: claims expire, and faces are forgotten with time."""

TICK_MS: Final = 1_000


@dataclass(frozen=True, slots=True)
class _Waiting:
    claims: tuple[Waiting, ...]
    faces: WaitingFaces


@dataclass(frozen=True, slots=True)
class _Known:
    history: tuple[str, ...]
    locked_out: bool


class RosterReader(QObject):
    """Holds the state that the sections draw.

    Signals:
        changed: `RosterState`: it is another one.
        failed: `KioskError`: something could not be read.
    """

    changed = Signal(object)
    failed = Signal(object)

    def __init__(self, app: KioskApp, parent: QObject, bridge: Bridge | None, *, in_class: bool) -> None:
        """Show no session yet.

        Args:
            app: What is read.
            parent: The widget that owns it.
            bridge: Tells it what happens.
            in_class: Whether who and which faces wait is looked for, too.
        """
        super().__init__(parent)
        self._app = app
        self._in_class = in_class
        self._tasks = Tasks(self)
        self._state = RosterState(app.core.zone)
        self.actor = NOBODY
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self.look)
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.timeout.connect(self._load)
        self._offered = QTimer(self, interval=TICK_MS)
        self._offered.timeout.connect(self._tick)
        if bridge is not None:
            bridge.arrived.connect(self.on_event)

    @property
    def state(self) -> RosterState:
        """The session as it is now."""
        return self._state

    @property
    def looks(self) -> bool:
        """Whether it will look who waits."""
        return self._timer.isActive() or self._soon.isActive()

    def show_session(self, session_id: int, actor: Actor) -> None:
        """Begin with a session; what the teacher does is written down as done by `actor`."""
        self.actor = actor
        self.put(RosterState(self._app.core.zone, session_id))
        if self._in_class:
            self._timer.start()
        self.read_again()

    def read_again(self) -> None:
        """Read everything of the session anew; does nothing where none is shown."""
        if self._state.session_id:
            self.look()
            self.look_at_objections()
            self._load()

    def on_event(self, event: Event) -> None:
        """Take in what happened."""
        self.put(self._state.after(event))
        if isinstance(event, CheckInResult | ClaimsDelivered) and self._state.session_id:
            kept = self._app.attendance.keeping.students(self._state.session_id)
            self.put(self._state.with_kept(kept))
        if (
            isinstance(event, FaceDecided | CheckInResult | ClaimsDelivered | RecordCorrected | SessionEnded)
            and self._timer.isActive()
        ):
            self._soon.start()
        match event:
            case ObjectionMade(session_id=session_id) if session_id == self._state.session_id:
                self.look_at_objections()
            case ObjectionAnswered(record=record) if record.session_id == self._state.session_id:
                self.look_at_objections()
            case SessionEnded(session_id=session_id) if session_id == self._state.session_id:
                self._load()

    def put(self, state: RosterState) -> None:
        """Show another state."""
        if state is self._state:
            return
        self._state = state
        if state.offer is not None and not self._offered.isActive():
            self._offered.start()
        self.changed.emit(state)

    def rest(self) -> None:
        """The roster is put away: forget who waits, and look no more."""
        self._timer.stop()
        self._soon.stop()
        self.put(self._state.put_away())

    def look(self) -> None:
        """Look who and which faces wait."""
        session_id, actor = self._state.session_id, self.actor
        if not self._timer.isActive():
            return

        def work() -> _Waiting:
            claims = tuple(self._app.attendance.claims.waiting(session_id, actor=actor).values())
            return _Waiting(claims, self._app.faces.ambiguous.waiting(session_id, actor=actor))

        def then(waiting: _Waiting) -> None:
            if session_id == self._state.session_id and self._timer.isActive():
                self.put(self._state.with_waiting(waiting.claims, waiting.faces))

        self._tasks.run(work, then=then, failed=self.failed.emit)

    def look_at_objections(self) -> None:
        """Look which messages wait for an answer."""
        session_id, actor = self._state.session_id, self.actor

        def work() -> list[WaitingObjection]:
            return self._app.records.objections.waiting(session_id, actor=actor)

        def then(waiting: list[WaitingObjection]) -> None:
            if session_id == self._state.session_id:
                self.put(replace(self._state, objections=tuple(waiting)))

        self._tasks.run(work, then=then, failed=self.failed.emit)

    # -- what the teacher looks at -------------------------------------------------------------------------------

    def choose(self, chosen: RosterFilter) -> None:
        """Show only rows of one kind."""
        self.put(replace(self._state, chosen=chosen))

    def search(self, text: str) -> None:
        """Show only rows that contain every word."""
        self.put(replace(self._state, words=tuple(fold(text).split())))

    def ask(self, student_id: int) -> None:
        """Ask what a student is to be marked, and read what is known so far."""
        self.put(self._state.asking(Question.MARK, student_id))
        line = self._state.line_of(student_id)
        record, zone, actor = (line.record if line is not None else None), self._app.core.zone, self.actor

        def work() -> _Known:
            history: list[str] = []
            if record is not None:
                corrections = self._app.attendance.sessions.history(record.record_id, actor=actor)
                history += [evidence_words(evidence, zone) for evidence in record.evidence]
                history += [correction_words(correction, zone) for correction in corrections]
            return _Known(tuple(history), self._app.people.pins.needs_unlocking(student_id))

        def then(known: _Known) -> None:
            if self._state.asked == student_id:
                self.put(replace(self._state, history=known.history, locked_out=known.locked_out))

        self._tasks.run(work, then=then, failed=self.failed.emit)

    def ask_all(self, lines: tuple[RosterLine, ...]) -> None:
        """Ask what several students are to be marked."""
        self.put(self._state.asking_all(lines))

    def ask_whose_face(self) -> None:
        """Ask who it was instead."""
        self.put(self._state.asking(Question.WRONG_FACE, self._state.asked))

    def ask_about_faces(self) -> None:
        """Ask who the ambiguous faces are."""
        self.put(self._state.asking(Question.AMBIGUOUS))

    def toggle_reasons(self) -> None:
        """Show what the class should not read, or hide it again."""
        self.put(replace(self._state, is_discreet=not self._state.is_discreet))

    def ask_nothing(self) -> None:
        """Close the question."""
        self.put(self._state.asked_nothing())

    # -- inside --------------------------------------------------------------------------------------------------

    def _load(self) -> None:
        session_id, actor = self._state.session_id, self.actor

        def work() -> StoredRoster:
            session = self._app.attendance.sessions.session(session_id)
            return StoredRoster(
                session,
                self._app.attendance.sessions.course_of(session),
                self._app.attendance.sessions.roster(session_id),
                self._app.attendance.attacks.of_session(session_id, actor=actor),
                self._app.attendance.incidents.of_session(session_id, actor=actor),
                self._app.attendance.keeping.students(session_id),
                self._app.attendance.keeping.refused(session_id),
                self._app.school.shared.rules().roster_names_only,
                tuple(self._app.attendance.statuses.offered()),
            )

        def then(read: StoredRoster) -> None:
            self.put(self._state.with_stored(read))

        self._tasks.run(work, then=then, failed=self.failed.emit)

    def _tick(self) -> None:
        self.put(self._state.at(self._app.core.clock.monotonic()))
        if self._state.offer is None:
            self._offered.stop()

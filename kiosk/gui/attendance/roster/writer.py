"""Writes what a teacher does in the roster, and says what came of it. Main thread; tasks call the services."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import assert_never

from PySide6.QtCore import QObject, Signal

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.record import AttendanceRecord
from kiosk.domain.attendance.school_status import AnyStatus
from kiosk.domain.people.students import Student
from kiosk.domain.trust.rights import Actor
from kiosk.errors import KioskError
from kiosk.gui.attendance.roster.reader import RosterReader
from kiosk.gui.attendance.roster.reasons import RecentReasons
from kiosk.gui.attendance.roster.state import MarkedTogether, OneUndo, Question, RosterLine, Undo
from kiosk.gui.attendance.roster.wording import confirmed_words
from kiosk.gui.tasks import Tasks
from kiosk.services.app import KioskApp
from kiosk.services.attendance.marks_by_hand import Marked, MarkedMissing, UndoneMarks
from kiosk.services.events import HeadcountChanged, RecordCorrected
from kiosk.services.faces.ambiguous_faces import Confirmed
from kiosk.services.faces.corrections import MistakenFace
from kiosk.services.records.objections import ObjectionAnswered, WaitingObjection
from kiosk.translation import _
from kiosk.wording.attendance import (
    marked_together_words,
    state_word,
    status_word,
    undone_together_words,
)


class RosterWriter(QObject):
    """Takes the sections' wishes; each that was done stands in the reader's state.

    Signals:
        refused: `Question` (None: no question was open about it) and `KioskError`: why something was not done.
        unlocked: `Student`, who can sign in on the phone again.
    """

    refused = Signal(object, object)
    unlocked = Signal(object)

    def __init__(self, app: KioskApp, reader: RosterReader) -> None:
        super().__init__(reader)
        self._app = app
        self._reader = reader
        self._tasks = Tasks(self)
        self.reasons = RecentReasons()

    def mark(self, status: AnyStatus, reason: str) -> None:
        """Mark the student, or all the students, who are asked about by hand."""
        state, actor = self._reader.state, self._reader.actor
        if state.asked_all:
            self._mark_all(state.asked_all, status, reason)
            return
        line = state.line_of(state.asked)
        if line is None:
            return
        student, claim = line.student, state.claim_of(line.student.student_id)

        def work() -> AttendanceRecord:
            return self._app.attendance.marks.mark(
                state.session_id,
                student.student_id,
                status,
                actor=actor,
                reason=reason,
                seen=_version(line),
            )

        def then(record: AttendanceRecord) -> None:
            self.reasons.remember(reason)
            words = _("{full_name} is marked {word}.", full_name=student.full_name, word=status_word(status))
            undo = Marked(student, line.record, record, claim)
            self._done(student, record, words, undo, closes=Question.MARK)

        self._tasks.run(work, then=then, failed=partial(self.refused.emit, Question.MARK))

    def _mark_all(self, lines: tuple[RosterLine, ...], status: AnyStatus, reason: str) -> None:
        session_id, actor = self._reader.state.session_id, self._reader.actor
        seen = {line.student.student_id: _version(line) for line in lines}

        def work() -> MarkedMissing:
            return self._app.attendance.marks.mark_missing(
                session_id, seen, status, actor=actor, reason=reason
            )

        def then(done: MarkedMissing) -> None:
            self.reasons.remember(reason)
            words = marked_together_words(
                len(done.marked),
                status,
                came=[one.full_name for one in done.came],
                changed=[one.full_name for one in done.changed],
            )
            undo = MarkedTogether(done.marked) if done.marked else None
            self._done_all([RecordCorrected(one.student, one.record) for one in done.marked], words, undo)
            if done.changed:
                self._reader.read_again()

        self._tasks.run(work, then=then, failed=partial(self.refused.emit, Question.MARK))

    def take_back(self, other_id: int | None) -> None:
        """Take back the mark of the student who is asked about: it was another face (None: nobody known)."""
        state, actor = self._reader.state, self._reader.actor
        student_id = state.asked
        if student_id is None:
            return

        def work() -> MistakenFace:
            return self._app.faces.corrections.not_this_person(
                state.session_id, student_id, other_id, actor=actor
            )

        def then(mistaken: MistakenFace) -> None:
            name = mistaken.student.full_name
            words = _("The mark of {name} is taken back; the camera asks to scan from now on.", name=name)
            self._done(mistaken.student, mistaken.record, words, mistaken, closes=Question.WRONG_FACE)

        self._tasks.run(work, then=then, failed=partial(self.refused.emit, Question.WRONG_FACE))

    def name_face(self, face_id: int, student_id: int, learn: bool) -> None:
        """Say who an ambiguous face is, and whether its picture is learnt."""
        actor = self._reader.actor

        def work() -> Confirmed:
            return self._app.faces.ambiguous.confirm(face_id, student_id, actor=actor, learn=learn)

        def then(confirmed: Confirmed) -> None:
            words = confirmed_words(confirmed, self._app.core.zone)
            self._done(confirmed.student, confirmed.record, words, confirmed, closes=Question.AMBIGUOUS)
            self._reader.look()

        self._tasks.run(work, then=then, failed=partial(self.refused.emit, Question.AMBIGUOUS))

    def dismiss_face(self, face_id: int) -> None:
        """An ambiguous face is nobody of this class."""
        actor = self._reader.actor

        def work() -> None:
            self._app.faces.ambiguous.dismiss(face_id, actor=actor)

        self._tasks.run(
            work,
            then=lambda _done: self._reader.look(),
            failed=partial(self.refused.emit, Question.AMBIGUOUS),
        )

    def confirm_claim(self, student: Student) -> None:
        """A scan is confirmed by the teacher's eye."""
        state, actor = self._reader.state, self._reader.actor
        student_id, claim = student.student_id, state.claim_of(student.student_id)
        self._reader.put(replace(state, settling=state.settling | {student_id}))

        def work() -> AttendanceRecord:
            return self._app.attendance.claims.confirm(state.session_id, student_id, actor=actor)

        def settled() -> None:
            now = self._reader.state
            self._reader.put(replace(now, settling=now.settling - {student_id}))
            self._reader.look()

        def then(record: AttendanceRecord) -> None:
            words = _(
                "{full_name} is marked {word}, seen by you.",
                full_name=student.full_name,
                word=status_word(record.shown),
            )
            self._done(student, record, words, Marked(student, None, record, claim))
            settled()

        def failed(error: KioskError) -> None:
            self.refused.emit(None, error)
            settled()

        self._tasks.run(work, then=then, failed=failed)

    def answer(self, waiting: WaitingObjection, status: Status | None, words: str) -> None:
        """Answer a message, and change its record (None: it stays)."""
        actor = self._reader.actor

        def work() -> ObjectionAnswered:
            return self._app.records.objections.answer(waiting, status=status, answer=words, actor=actor)

        def then(answered: ObjectionAnswered) -> None:
            student, before, record = answered.student, answered.before, answered.record
            if record.version == before.version:
                self._done(
                    student,
                    record,
                    _("{full_name} reads your answer; the record stays.", full_name=student.full_name),
                    None,
                )
            else:
                said = _(
                    "{full_name} is marked {word} and reads your answer.",
                    full_name=student.full_name,
                    word=status_word(record.shown),
                )
                self._done(student, record, said, Marked(student, before, record))
            self._reader.look_at_objections()

        def failed(error: KioskError) -> None:
            self.refused.emit(None, error)
            self._reader.look_at_objections()

        self._tasks.run(work, then=then, failed=failed)

    def keep_headcount(self, headcount: int | None) -> None:
        """Keep how many people are in the room; None takes the number back."""
        state, actor = self._reader.state, self._reader.actor

        def work() -> ClassSession:
            return self._app.attendance.sessions.set_headcount(state.session_id, headcount, actor=actor)

        def then(kept: ClassSession) -> None:
            self._reader.put(self._reader.state.after(HeadcountChanged(kept)))

        self._tasks.run(work, then=then, failed=partial(self.refused.emit, None))

    def unlock(self, student: Student) -> None:
        """Let a student try PINs again."""
        actor = self._reader.actor

        def work() -> None:
            self._app.people.pins.unlock(student.student_id, actor=actor)

        def then(_done: None) -> None:
            state = self._reader.state
            if state.asked == student.student_id:
                self._reader.put(replace(state, locked_out=False))
            self.unlocked.emit(student)

        self._tasks.run(work, then=then, failed=partial(self.refused.emit, None))

    def undo(self) -> None:
        """Take the way back that is offered."""
        state, actor = self._reader.state, self._reader.actor
        undo = state.offer.undo if state.offer is not None else None
        if undo is None:
            return
        self._reader.put(replace(state, offer=None))
        if isinstance(undo, MarkedTogether):
            self._undo_all(undo)
            return

        def then(record: AttendanceRecord) -> None:
            counts = state_word(undo.before)
            self._done(
                undo.student,
                record,
                _("Undone: {full_name} counts as {counts}.", full_name=undo.student.full_name, counts=counts),
                None,
            )

        self._tasks.run(
            partial(self._undone, undo, state.session_id, actor),
            then=then,
            failed=partial(self.refused.emit, None),
        )

    def _undo_all(self, undo: MarkedTogether) -> None:
        session_id, actor = self._reader.state.session_id, self._reader.actor

        def work() -> UndoneMarks:
            return self._app.attendance.marks.undo_all(session_id, undo.marks, actor=actor)

        def then(done: UndoneMarks) -> None:
            words = undone_together_words(len(done.undone), changed=[one.full_name for one in done.changed])
            self._done_all([one.corrected for one in done.undone], words, None)
            self._reader.read_again()

        self._tasks.run(work, then=then, failed=partial(self.refused.emit, None))

    def _done_all(self, changed: Sequence[RecordCorrected], words: str, undo: Undo | None) -> None:
        """Show several records that were written, and close the question about them."""
        state = self._reader.state
        for one in changed:
            state = state.with_record(one.student, one.record)
        if state.asked_all:
            state = state.asked_nothing()
        self._reader.put(state.offering(words, undo, self._app.core.clock.monotonic()))

    def _undone(self, undo: OneUndo, session_id: int, actor: Actor) -> AttendanceRecord:
        match undo:
            case Marked(student=student, before=before, record=record, claim=claim):
                return self._app.attendance.marks.undo(
                    session_id, student.student_id, before, actor=actor, after=record, claim=claim
                )
            case MistakenFace():
                return self._app.faces.corrections.undo(undo, actor=actor)
            case Confirmed():
                return self._app.faces.ambiguous.undo(undo, actor=actor)
            case _:
                assert_never(undo)

    def _done(
        self,
        student: Student,
        record: AttendanceRecord,
        words: str,
        undo: Undo | None,
        *,
        closes: Question | None = None,
    ) -> None:
        """Show a record that was written, and close the question that it answers."""
        state = self._reader.state
        if record.session_id != state.session_id:
            return
        if state.question is closes and state.asked in {None, student.student_id}:
            state = state.asked_nothing()
        state = state.with_record(student, record)
        self._reader.put(state.offering(words, undo, self._app.core.clock.monotonic()))


def _version(line: RosterLine) -> int:
    """Which version of a record the teacher sees, 0 for none."""
    return line.record.version if line.record is not None else 0

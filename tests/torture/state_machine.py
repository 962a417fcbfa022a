"""A school in which anything happens in any order while one thing fails: what was answered is what is stored.

    python -m tests.torture.state_machine FOLDER [--runs N] [--seed N] [--server] [--shrink]

A Hypothesis state machine over the one door, marks by hand, the class and consent. Before a step a fault may be armed
(`one_fault`): it strikes at the nth statement, BEGIN, COMMIT, write, sync, open, or loses the server's socket. After each
step everybody was answered, and the records are exactly those that the answers so far add up to: none is lost, none is there
that was refused, once a student and class; consent and faces are as last answered; the log is whole. Where a server's answer
was lost, what is stored may be what was before or what was asked for.
"""

import argparse
import json
import logging
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotAnsweredError
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, Final, TypeVar

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from kiosk.domain.attendance.choices import CheckInOutcome, Method, Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.record import AttendanceRecord, Evidence
from kiosk.domain.people.consents import ConsentKind
from kiosk.domain.people.students import Student
from kiosk.errors import KioskError, StorageError, UnknownOutcomeError
from kiosk.services.attendance.check_in import Claim
from kiosk.services.events import CheckInResult, SessionStarted
from kiosk.settings import KioskSettings, StorageSettings
from kiosk.storage.store import Repositories
from kiosk.storage.store_worker import StoreWorker
from tests.fakes.actors import admin
from tests.fakes.clock import FakeClock
from tests.fakes.storage.postgresql import running_postgres
from tests.torture.one_fault import ON_DISK, ON_SERVER, ON_SQLITE, Fault, OneFault, disk_can_fail
from tests.world.kiosk import Parts, QuickHasher, build_kiosk
from tests.world.school import ZONE, start_store

STUDENTS: Final = 12
STEPS: Final = 30
ANSWERED_S: Final = 30.0
PROBE_S: Final = 0.05
"""How soon a store that failed tries again by itself."""

ACTOR: Final = admin("torture")

T = TypeVar("T")

_MANY_CHANCES: Final = (Fault.STATEMENT, Fault.SOCKET, Fault.WRITE)

_COMING: Final = st.lists(
    st.tuples(st.integers(0, STUDENTS - 1), st.sampled_from((Method.FACE, Method.PHONE)), st.integers(0, 9)),
    min_size=3,
    max_size=12,
)
"""Who comes, how, and with which phone; enough that some share a commit."""

Who = tuple[int, int]
"""A class session and a student."""

Known = tuple[Status, Method | None, int]
"""Status, method and version of a record."""


@dataclass(slots=True)
class Found:
    """What came of all runs."""

    runs: int = 0
    struck: int = 0
    answers: Counter[str] = field(default_factory=Counter)


class School(RuleBasedStateMachine):
    """One school, from its first class until the example is over."""

    place: ClassVar[Path]
    url: ClassVar[str] = ""
    clear: ClassVar[Any] = staticmethod(lambda: None)
    found: ClassVar[Found] = Found()

    def __init__(self) -> None:
        super().__init__()
        self.data_dir = self.place / "school"
        shutil.rmtree(self.data_dir, ignore_errors=True)
        self.clear()
        self.clock, self.fault = FakeClock(), OneFault()
        self.listening = self.fault.listening()
        self.listening.__enter__()
        self.pool = ThreadPoolExecutor(8)
        self.known: dict[Who, Known] = {}
        self.unknown: set[Who] = set()
        self.consents: dict[int, bool | None] = {}
        self.session: ClassSession | None = None
        self.ended: list[int] = []
        self.undoable: list[tuple[Who, AttendanceRecord | None]] = []
        self._open()

    # -- the kiosk -----------------------------------------------------------------------------------------------

    def _open(self) -> None:
        settings = KioskSettings(storage=StorageSettings(database_url=self.url))
        parts = Parts(self.clock, QuickHasher(), partial(start_store, probe_s=PROBE_S), ZONE)
        self.kiosk = build_kiosk(self.data_dir, models_dir=self.data_dir, parts=parts, settings=settings)
        self.store = self.kiosk.app.core.store

    def _close(self) -> None:
        assert isinstance(self.store, StoreWorker)
        self.kiosk.app.attendance.delivery.stop()
        assert self.store.drain(ANSWERED_S), "the store did not end"
        self.kiosk.app.attendance.keeping.close()
        self.kiosk.database.close()

    def teardown(self) -> None:
        self.fault.disarm()
        self._close()
        self.pool.shutdown()
        self.listening.__exit__(None, None, None)
        self.found.runs += 1
        self.found.struck += self.fault.struck

    @initialize()
    def begin(self) -> None:
        def work(repositories: Repositories) -> list[Student]:
            course = repositories.courses.add(code="T", title="Torture", room="")
            repositories.audit.add(self.clock.now(), "torture", "course.added", "T")
            people = [
                repositories.students.add(student_no=f"t{number}", full_name=f"Student {number}", email=None)
                for number in range(STUDENTS)
            ]
            for student in people:
                repositories.courses.register(course.course_id, student.student_id, date(2020, 1, 1))
            return people

        self.students = self.store.write(work)
        self.course = self.kiosk.app.courses.lists.courses()[0]
        self.consents = {student.student_id: None for student in self.students}

    # What cannot be done just then is left out in the step itself, not forbidden by a precondition: what can be done depends
    # on how threads met a fault, and Hypothesis wants its choices to be the same each time.

    # -- steps ---------------------------------------------------------------------------------------------------

    @rule(kind=st.sampled_from(Fault), nth=st.integers(1, 20))
    def arm(self, kind: Fault, nth: int) -> None:
        """Let something fail in this step or a later one: a fault of this kind, where it is to be had."""
        possible = ON_SERVER if self.url else ON_SQLITE + (ON_DISK if disk_can_fail() else ())
        kind = kind if kind in possible else possible[nth % len(possible)]
        self.fault.arm(kind, nth if kind in _MANY_CHANCES else 1 + nth % 3)

    @rule()
    def start(self) -> None:
        if self.session is not None:
            return
        sessions = self.kiosk.app.attendance.sessions
        session = self._try(lambda: sessions.start(self.course.course_id, actor=ACTOR, model="none"))
        if session is None and self._answer == "unknown":
            opened = self._look(lambda repositories: repositories.class_sessions.open_ones())
            session = opened[0] if opened else None
        if session is not None:
            self._show(session)

    @rule()
    def end(self) -> None:
        if self.session is None:
            return
        session = self.session
        sessions = self.kiosk.app.attendance.sessions
        ended = self._try(lambda: sessions.end(session.session_id, actor=ACTOR))
        if ended is None and self._answer == "unknown":
            ended = self._try(
                lambda: sessions.end(session.session_id, actor=ACTOR)
            )  # as the screen says: once more
        if ended is not None:
            for student in self.students:
                self.known.setdefault((session.session_id, student.student_id), (Status.ABSENT, None, 1))
            self.kiosk.app.attendance.running.clear()
            self.ended.append(session.session_id)
            self.session = None

    @rule(coming=_COMING, kind=st.sampled_from(Fault), nth=st.integers(1, 20))
    def come_to_a_fault(self, coming: list[tuple[int, Method, int]], kind: Fault, nth: int) -> None:
        self.arm(kind, nth)
        self.come(coming)

    @rule(coming=_COMING)
    def come(self, coming: list[tuple[int, Method, int]]) -> None:
        """Students come, some at once, some twice, some with another's phone."""
        if self.session is None:
            return
        session_id, now = self.session.session_id, self.kiosk.app.core.clock.now()
        claims = [
            Claim(
                session_id,
                self.students[number].student_id,
                Evidence(method, now, device=f"d{phone}" if method is Method.PHONE else None),
            )
            for number, method, phone in coming
        ]
        answers = [self.kiosk.app.attendance.check_in.submit(claim) for claim in claims]
        kept: list[Who] = []
        for claim, answer in zip(claims, answers, strict=True):
            result = self._await(answer)
            who = (claim.session_id, claim.student_id)
            if isinstance(result, CheckInResult) and result.record is not None:
                self.known[who] = _known(result.record)
                self.unknown.discard(who)
                if result.outcome.is_marked:
                    assert result.record.status is Status.PRESENT, "a class of minutes has no late ones"
            elif self._answer == "unknown":
                self.unknown.add(who)
            elif isinstance(result, CheckInResult) and result.outcome is CheckInOutcome.KEPT:
                kept.append(who)
        self._deliver(kept)

    def _deliver(self, kept: list[Who]) -> None:
        """What was kept is brought to the server, through faults that are still to come, and is then judged."""
        attendance, until_s = self.kiosk.app.attendance, time.monotonic() + ANSWERED_S
        while attendance.keeping.count:
            assert time.monotonic() < until_s, "what was kept is never delivered"
            attendance.delivery.tick()
            time.sleep(0.005)
        for who in kept:
            came = attendance.keeping.came_of(*who)
            assert came is not None, "nobody knows what came of a claim that was kept"
            if came.record is not None:
                self.known[who] = _known(came.record)

    @rule(number=st.integers(0, STUDENTS - 1), status=st.sampled_from(Status), earlier=st.integers(0, 3))
    def mark(self, number: int, status: Status, earlier: int) -> None:
        """A teacher marks by hand, in the class that is open or in one that has ended."""
        if self.session is None and not self.ended:
            return
        classes = [*self.ended, *([self.session.session_id] if self.session else [])]
        who = (classes[-1 - earlier % len(classes)], self.students[number].student_id)
        marks = self.kiosk.app.attendance.marks
        before = self._look(lambda repositories: repositories.records.find(*who))
        record = self._try(lambda: marks.mark(*who, status, actor=ACTOR, reason="here"))
        self._remember(who, record)
        if record is not None:
            self.undoable.append((who, before))

    @rule()
    def undo(self) -> None:
        if not self.undoable:
            return
        who, before = self.undoable[-1]
        marks = self.kiosk.app.attendance.marks
        record = self._try(lambda: marks.undo(*who, before, actor=ACTOR))
        self._remember(who, record)
        if record is not None:
            self.undoable.pop()

    @rule(number=st.integers(0, STUDENTS - 1), given=st.booleans())
    def consent(self, number: int, given: bool) -> None:
        """A student says yes, and a face is there; or no, and it is gone."""
        student, consents = self.students[number], self.kiosk.app.people.consents
        receipt = self._try(lambda: consents.record_own(student, given=given))
        if receipt is not None:
            self.consents[student.student_id] = given
        elif self._answer == "unknown":
            self.consents[student.student_id] = self._word(student.student_id)
        if self.consents[student.student_id]:
            self._try(
                lambda: self.store.write(
                    lambda repositories: _take_picture(repositories, student, self.clock)
                )
            )

    @rule(minutes=st.sampled_from((-1440, -60, 60, 1440, 5_000_000)))
    def leap(self, minutes: int) -> None:
        """The PC's clock is set, and the housekeeping looks."""
        self.clock.set_wall_clock(60.0 * minutes)
        attendance = self.kiosk.app.attendance
        self._try(attendance.clock.tick)
        if self._answer:  # the next look is four seconds later
            with self.fault.waiting():
                self._try(attendance.clock.tick)
        shown = self.session.session_id if self.session else None
        self._try(lambda: attendance.sessions.end_forgotten(shown=shown))

    @rule(seconds=st.integers(1, 15))
    def wait(self, seconds: int) -> None:
        self.clock.advance(seconds)

    @rule()
    def restart(self) -> None:
        """The program is closed and started again; where that fails, once more."""
        self._close()
        try:
            self._open()
        except StorageError:
            self.fault.disarm()
            self._open()
        if self.session is not None:
            number = self.session.session_id
            again = self._look(lambda repositories: repositories.class_sessions.get(number))
            assert again is not None
            self._show(again)

    # -- what must hold ------------------------------------------------------------------------------------------

    @invariant()
    def what_is_stored_is_what_was_answered(self) -> None:
        if not hasattr(self, "students"):
            return
        stored, is_open, broken = self._look(_stored)
        for who in self.unknown:  # it was said that this is not known; from now on it is
            if who in stored:
                self.known[who] = stored[who]
        self.unknown.clear()
        differs = {who: (stored.get(who), self.known.get(who)) for who in stored.keys() | self.known.keys()}
        assert stored == self.known, {who: pair for who, pair in differs.items() if pair[0] != pair[1]}
        assert is_open == ([self.session.session_id] if self.session else [])
        assert broken is None, f"the log is broken at entry {broken}"
        for student_id, given in self.consents.items():
            assert self._word(student_id) is given
            pictures = self._look(lambda repositories: repositories.faces.sample_counts())
            assert given or not pictures.get(student_id, 0)

    # -- answers -------------------------------------------------------------------------------------------------

    def _try(self, step: Any) -> Any:
        """What a step answers; None where it was refused or its outcome is not known."""
        return self._await(self.pool.submit(step))

    def _await(self, answer: "Future[Any]") -> Any:
        try:
            result = answer.result(ANSWERED_S)
        except NotAnsweredError:
            self._answer = "unanswered"
            raise AssertionError("somebody was not answered") from None
        except UnknownOutcomeError:
            self._answer = "unknown"
        except KioskError:
            self._answer = "refused"
        else:
            said = isinstance(result, CheckInResult | AttendanceRecord)
            marked = getattr(result, "record", result) is not None
            kept = isinstance(result, CheckInResult) and result.outcome is CheckInOutcome.KEPT
            self.found.answers["promised"] += said and (marked or kept)
            self._answer = ""
            return result
        self.found.answers[self._answer] += 1
        return None

    def _remember(self, who: Who, record: AttendanceRecord | None) -> None:
        if record is not None:
            self.known[who] = _known(record)
        elif self._answer == "unknown":
            self.unknown.add(who)

    def _show(self, session: ClassSession) -> None:
        """Show a class as the runtime does; where that fails, somebody goes on with it a moment later."""
        self.session, running = session, self.kiosk.app.attendance.running
        started = SessionStarted(session, self.course, STUDENTS)
        running.show(session, self.course)
        try:
            self.kiosk.events.emit(started)
        except StorageError:
            running.clear()
            with self.fault.waiting():
                running.show(session, self.course)
                self.kiosk.events.emit(started)

    def _look(self, query: Callable[[Repositories], T]) -> T:
        """Read without meeting the fault."""
        with self.fault.waiting():
            return self.store.read(query)

    def _word(self, student_id: int) -> bool | None:
        newest = self._look(
            lambda repositories: repositories.consents.newest(student_id, ConsentKind.FACE_RECOGNITION)
        )
        return newest.given if newest is not None else None


def _known(record: AttendanceRecord) -> Known:
    return record.status, record.method, record.version


def _stored(repositories: Repositories) -> tuple[dict[Who, Known], list[int], int | None]:
    """All records, each once; the classes that are open; the first entry of the log that does not fit."""
    courses = repositories.courses.all()
    sessions = [
        one.session_id
        for course in courses
        for one in repositories.class_sessions.of_course(course.course_id)
    ]
    records = [record for session_id in sessions for record in repositories.records.of_session(session_id)]
    stored = {(record.session_id, record.student_id): _known(record) for record in records}
    assert len(stored) == len(records), "somebody has two records in one class"
    return (
        stored,
        [one.session_id for one in repositories.class_sessions.open_ones()],
        repositories.audit.verify(),
    )


def _take_picture(repositories: Repositories, student: Student, clock: FakeClock) -> None:
    if not repositories.consents.given_by({student.student_id}, ConsentKind.FACE_RECOGNITION):
        return
    picture = student.student_no.encode()
    repositories.faces.add_sample(
        student_id=student.student_id, picture=picture, source=picture, captured_at=clock.now()
    )


def play(
    place: Path, *, runs: int, number: int, url: str = "", clear: Any = lambda: None, shrinks: bool = False
) -> Found:
    """Play so many schools; a failure raises, with the steps that lead to it."""
    found = Found()
    machine = type(
        "School", (School,), {"place": place, "url": url, "found": found, "clear": staticmethod(clear)}
    )
    run_state_machine_as_test(
        seed(number)(machine),
        settings=settings(
            max_examples=runs,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            print_blob=False,
            phases=(Phase.generate, Phase.shrink) if shrinks else (Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )
    return found


def main(arguments: list[str]) -> int:
    """Play, and print what came of it as one JSON object; 1 where something did not hold."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--server", action="store_true", help="keep the school on a PostgreSQL server")
    parser.add_argument(
        "--shrink", action="store_true", help="look for the shortest way to a failure; takes long"
    )
    asked = parser.parse_args(arguments)
    logging.disable(logging.CRITICAL)  # most of what fails is said in the log
    wanted = {"runs": asked.runs, "number": asked.seed, "shrinks": asked.shrink}
    if asked.server:
        with running_postgres() as server:
            name = server.make_database()
            found = play(asked.folder, url=server.address(name), clear=lambda: server.clear(name), **wanted)
    else:
        found = play(asked.folder, **wanted)
    print(json.dumps({"runs": found.runs, "struck": found.struck, "answers": found.answers}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

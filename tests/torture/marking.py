"""A kiosk in a process of its own that marks students as fast as they come, and says each answer as it gets it.

    python -m tests.torture.marking DATA_DIR [--seed N] [--bursts N] [--database URL]

Each answer is one line on standard output, written before the next thing happens: whoever cuts this process off holds
what a screen would have shown. A line is ``session student method outcome time``, the time being the claim's own; an outcome is
one of the one door's, ``refused``, ``again`` (who was refused comes once more), or ``unknown`` where a server went away while it committed and the screen said so. Marks by hand, faces and phones come mixed, 1 to 60 at once. A class that is full is ended and the next begins.
"""

import argparse
import os
import random
import sys
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import partial
from pathlib import Path
from typing import Any, Final

from kiosk.bootstrap.attendance import build_attendance
from kiosk.bootstrap.core import build_core, open_kept_claims, tell_of_store
from kiosk.domain.attendance.choices import CheckInOutcome, Method, Status
from kiosk.domain.attendance.record import Evidence
from kiosk.domain.trust.rights import Actor
from kiosk.errors import KioskError, UnknownOutcomeError
from kiosk.services.app import AttendanceCases
from kiosk.services.attendance.check_in import Claim
from kiosk.services.core import Core
from kiosk.services.events import CheckInResult, SessionStarted
from kiosk.services.school.school_settings import School
from kiosk.settings import KioskSettings
from kiosk.storage.database.sql_database import SqlDatabase
from kiosk.storage.kept_claims import KeptClaimsFile
from kiosk.storage.keys.key_ring import KeyRing, database_path
from kiosk.storage.store_worker import StoreWorker

ACTOR: Final = Actor.system("torture")

MOST_AT_ONCE: Final = 60

ANSWERED_S: Final = 60.0
"""Who has no answer after that is said to be unanswered; the promise is 15 s and is counted by whoever reads the lines."""

TICK_S: Final = 0.5
"""How often what is kept is tried again, as the housekeeping does."""

REFUSED: Final = "refused"
UNKNOWN: Final = "unknown"
AGAIN: Final = "again"
UNANSWERED: Final = "unanswered"
READY: Final = "ready"


def main(arguments: list[str]) -> int:
    """Mark until cut off, or for some bursts."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--bursts", type=int, default=1_000_000)
    parser.add_argument("--database", default="")
    asked = parser.parse_args(arguments)
    keys = KeyRing.open_or_create(asked.data_dir)
    database = SqlDatabase.open(asked.database or database_path(asked.data_dir), key_ring=keys)
    store = StoreWorker(database=database)
    core = build_core(store, data_dir=asked.data_dir, models_dir=asked.data_dir, settings=KioskSettings())
    store.tell_of_trouble(partial(tell_of_store, core.events))
    marking = Marking(core, random.Random(asked.seed), open_kept_claims(asked.data_dir, database, keys))
    marking.begin()
    store.start()
    _say(READY)
    marking.run(asked.bursts)
    drained = store.drain(ANSWERED_S)
    marking.close()
    database.close()
    return 0 if drained else 1


class Marking:
    """Marks all students of the first course, class after class."""

    def __init__(self, core: Core, chance: random.Random, kept_claims: KeptClaimsFile | None) -> None:
        self._core = core
        school = School(store=core.store, clock=core.clock)
        self._cases: AttendanceCases = build_attendance(core, school, kept_claims)
        self._over = threading.Event()
        self._housekeeping = threading.Thread(target=self._keep_house, daemon=True)
        self._chance = chance
        self._pool = ThreadPoolExecutor(8)
        self._left: list[int] = []
        self._session = 0
        self._refused: set[int] = set()

    def begin(self) -> None:
        """As the program starts: what was kept before is written first."""
        self._cases.delivery.begin()
        self._housekeeping.start()

    def close(self) -> None:
        """As the program ends."""
        self._cases.delivery.stop()
        self._over.set()
        self._housekeeping.join()
        self._cases.keeping.close()

    def _keep_house(self) -> None:
        while not self._over.wait(TICK_S):
            self._cases.delivery.tick()

    def run(self, bursts: int) -> None:
        """Let students come in bursts; whoever was refused comes again."""
        for _burst in range(bursts):
            if not self._left:
                self._next_class()
                continue
            size = self._chance.randint(1, min(MOST_AT_ONCE, len(self._left)))
            coming = [self._left.pop(self._chance.randrange(len(self._left))) for _one in range(size)]
            answers = {self._come(student): student for student in coming}
            wait(answers, ANSWERED_S)
            refused = False
            for answer, student in answers.items():
                if not answer.done():
                    _say(f"{self._session} {student} - {UNANSWERED} -")
                elif answer.exception() is not None:
                    self._left.append(student)
                    self._refused.add(student)
                    refused = True
            if refused:
                time.sleep(0.05)  # as nobody comes again at once
        self._pool.shutdown()

    def _come(self, student: int) -> "Future[Any]":
        session, method = self._session, self._chance.choice((Method.FACE, Method.PHONE, Method.MANUAL))
        now = self._core.clock.now()
        at = now.isoformat()
        answer: Future[Any]
        if student in self._refused:  # what is stored now may be of this time, whose answer nobody has yet
            _say(f"{session} {student} {method.value} {AGAIN} {at}")
        if method is Method.MANUAL:
            mark = self._cases.marks.mark
            answer = self._pool.submit(mark, session, student, Status.PRESENT, actor=ACTOR, reason="here")
        else:
            device = f"{session}-{student}" if method is Method.PHONE else None
            evidence = Evidence(method, now, device=device)
            answer = self._cases.check_in.submit(Claim(session, student, evidence))
        answer.add_done_callback(lambda done: _tell(session, student, method, at, done))
        return answer

    def _next_class(self) -> None:
        """End what is open and begin anew; while that fails, try again with the next burst."""
        store, sessions = self._core.store, self._cases.sessions
        try:
            for one in store.read(lambda repositories: repositories.class_sessions.open_ones()):
                sessions.end(one.session_id, actor=ACTOR)
            course = store.read(lambda repositories: repositories.courses.all()[0])
            session = sessions.start(course.course_id, actor=ACTOR, model="none")
            self._core.events.emit(SessionStarted(session, course, 0))
            self._session = session.session_id
            self._refused.clear()
            day = session.started_at.astimezone(self._core.zone).date()
            roster = store.read(lambda repositories: repositories.courses.roster(course.course_id, day))
            self._left = [student.student_id for student in roster]
        except KioskError as error:
            print(error, file=sys.stderr)
            _say(f"{self._session} 0 class {REFUSED} -")
            time.sleep(0.05)


def _tell(session: int, student: int, method: Method, at: str, done: "Future[Any]") -> None:
    error = done.exception()
    if error is not None:
        if not isinstance(error, KioskError):
            print(repr(error), file=sys.stderr)
        outcome = UNKNOWN if isinstance(error, UnknownOutcomeError) else REFUSED
    else:
        result = done.result()
        outcome = (
            result.outcome.value if isinstance(result, CheckInResult) else CheckInOutcome.MARKED_PRESENT.value
        )
    _say(f"{session} {student} {method.value} {outcome} {at}")


def _say(line: str) -> None:
    os.write(sys.stdout.fileno(), f"{line}\n".encode())  # one call a line: none is cut in two


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

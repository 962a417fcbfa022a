"""The PC's clock leaps while a class is open, by minutes, days or years, and the kiosk is started anew meanwhile: everybody
counts as they would have without it, and a class ends when it is forgotten, not before."""

import logging
import random
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from kiosk.bootstrap.attendance import build_attendance
from kiosk.bootstrap.core import build_core
from kiosk.domain.attendance.choices import CheckInOutcome, Method, Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.record import Evidence
from kiosk.services.app import AttendanceCases
from kiosk.services.attendance.check_in import Claim
from kiosk.services.core import Core
from kiosk.services.events import RuntimeStopped, SessionStarted
from kiosk.services.school.school_settings import School
from kiosk.settings import KioskSettings, SchoolRules
from kiosk.storage.database.sql_database import SqlDatabase
from kiosk.storage.keys.key_ring import KeyRing, database_path
from kiosk.storage.store_worker import StoreWorker
from tests.fakes.clock import FakeClock
from tests.torture.marking import ACTOR
from tests.torture.school import Answer, Stored, Tally, make_school
from tests.world.kiosk import go_by

LEAPS_S: Final = (90.0, 3600.0, 86400.0, 31e6, 350e6)
STUDENTS: Final = 30


def run(place: Path, *, runs: int, seed: int) -> Tally:
    """Hold class after class until the clock has leapt so often."""
    logging.getLogger("kiosk.services.attendance.class_clock").setLevel(logging.ERROR)
    chance, tally = random.Random(seed), Tally()
    while tally.runs < runs:
        data_dir = make_school(place / f"leaps-{seed}-{tally.runs}", students=STUDENTS)
        _Class(data_dir, chance, tally).hold(runs)
    return tally


class _Class:
    """One class, with what a clock that nobody moved would have said."""

    def __init__(self, data_dir: Path, chance: random.Random, tally: Tally) -> None:
        self._data_dir = data_dir
        self._chance = chance
        self._tally = tally
        self._clock = FakeClock()
        self._passed_s = 0.0
        self._session: ClassSession | None = None
        self._said: list[Answer] = []

    def hold(self, most: int) -> None:
        """From start to end, with so many leaps in all classes at most."""
        while not self._is_over():
            with ExitStack() as closing:
                core, cases = self._start(closing)
                for _step in range(self._chance.randint(3, 12)):
                    self._pass_time(leaps=self._tally.runs < most and self._chance.random() < 0.5)
                    self._step(core, cases)
                    if self._is_over():
                        break
                cases.clock.tick()
                core.events.emit(RuntimeStopped(()))
        self._tally.end(self._said)
        state = Stored.read(self._data_dir)
        self._tally.lost += sum(
            one.promises and (one.session, one.student) not in state.attended for one in self._said
        )
        self._tally.broken += not state.whole

    def _start(self, closing: ExitStack) -> tuple[Core, AttendanceCases]:
        keys = KeyRing.open_or_create(self._data_dir)
        database = SqlDatabase.open(database_path(self._data_dir), key_ring=keys)
        closing.callback(database.close)
        store = StoreWorker(database=database)
        store.start()
        closing.callback(store.drain, 60.0)
        go_by(self._clock, closing.enter_context(pytest.MonkeyPatch.context()))
        core = build_core(store, data_dir=self._data_dir, models_dir=self._data_dir, settings=KioskSettings())
        cases = build_attendance(core, School(store=store, clock=core.clock))
        course = store.read(lambda repositories: repositories.courses.all()[0])
        if self._session is None:
            self._session = cases.sessions.start(course.course_id, actor=ACTOR, model="none")
        else:
            self._note("ended at a start", cases.sessions.end_forgotten() != [])
        core.events.emit(SessionStarted(cases.sessions.session(self._session.session_id), course, STUDENTS))
        return core, cases

    def _pass_time(self, *, leaps: bool) -> None:
        passed_s = self._chance.choice((1.0, 30.0, 240.0, 1800.0))
        self._clock.advance(passed_s)
        self._passed_s += passed_s
        if leaps:
            self._clock.set_wall_clock(self._chance.choice((-1, 1)) * self._chance.choice(LEAPS_S))
            self._tally.runs += 1

    def _step(self, core: Core, cases: AttendanceCases) -> None:
        session = self._session
        assert session is not None
        if self._chance.random() < 0.7:
            cases.clock.tick()
            ended = cases.sessions.end_forgotten(shown=session.session_id)
            self._note("ended at another time", bool(ended) is not self._is_over())
        elif self._is_over():
            cases.sessions.end_forgotten(shown=session.session_id)
        else:
            self._mark(core, cases, session)

    def _mark(self, core: Core, cases: AttendanceCases, session: ClassSession) -> None:
        student = self._chance.randint(1, STUDENTS)
        evidence = Evidence(Method.FACE, core.clock.now(), distance=0.1)
        result = cases.check_in.submit(Claim(session.session_id, student, evidence)).result()
        self._said.append(Answer(session.session_id, student, Method.FACE.value, result.outcome.value))
        if result.outcome in {CheckInOutcome.MARKED_PRESENT, CheckInOutcome.MARKED_LATE}:
            late = timedelta(seconds=self._passed_s) >= session.late_after
            record = result.record
            self._note(
                "counted otherwise",
                record is None or record.status is not (Status.LATE if late else Status.PRESENT),
            )

    def _is_over(self) -> bool:
        return self._passed_s >= SchoolRules().auto_end_h * 3600

    def _note(self, what: str, bad: bool) -> None:
        if bad:
            self._tally.notes[what] += 1

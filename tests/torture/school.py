"""What every fault begins with and ends with: a school to mark in, and a count of what was promised and kept."""

import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import IO, Final, Self

from kiosk.domain.attendance.choices import CheckInOutcome
from kiosk.storage.database.sql_database import SqlDatabase
from kiosk.storage.keys.key_ring import KeyRing, database_path
from tests.torture.marking import AGAIN, READY, REFUSED, UNANSWERED, main

ROOT: Final = Path(__file__).parents[2]

MARKED: Final = {CheckInOutcome.MARKED_PRESENT, CheckInOutcome.MARKED_LATE, CheckInOutcome.ALREADY_MARKED}
"""Answers that promise a record now."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a screen would have shown to one student."""

    session: int
    student: int
    method: str
    outcome: str
    at: str = ""

    @classmethod
    def read(cls, line: str) -> Self:
        """One line of `tests.torture.marking`."""
        session, student, method, outcome, at = line.split()
        return cls(int(session), int(student), method, outcome, at)

    @property
    def who(self) -> tuple[int, int]:
        """Session and student."""
        return self.session, self.student

    @property
    def promises(self) -> bool:
        """Whether it said that the student is marked, or that the claim is kept and will be delivered."""
        return self.outcome in MARKED or self.outcome == CheckInOutcome.KEPT


@dataclass(slots=True)
class Tally:
    """What came of a fault, over all its runs.

    Attributes:
        runs: How often the fault struck.
        answers: How many answers of each kind were given.
        lost: Marks that were shown and are not stored.
        broken: Runs after which the database or its log was not whole.
        notes: Anything else that was not as it must be.
        measured: What else the table says of it.
    """

    runs: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    lost: int = 0
    broken: int = 0
    notes: Counter[str] = field(default_factory=Counter)
    measured: str = ""

    @property
    def kept(self) -> bool:
        """Whether every promise was."""
        return not self.bad

    def add(self, other: "Tally") -> None:
        """Take in what another series of the same fault found."""
        self.runs += other.runs
        self.answers += other.answers
        self.lost += other.lost
        self.broken += other.broken
        self.notes += other.notes
        self.measured = other.measured or self.measured

    @property
    def bad(self) -> int:
        """How often anything was not as it was promised."""
        return self.lost + self.broken + self.answers[UNANSWERED] + self.notes.total()

    def end(self, answers: list[Answer]) -> None:
        """Count what one process said in all."""
        for answer in (one for one in answers if one.outcome != AGAIN):
            self.answers["promised" if answer.promises else answer.outcome] += 1

    def count(self, answers: list[Answer], state: "Stored") -> None:
        """Compare all that a process has said so far with what is stored."""
        self.runs += 1
        for answer in answers:
            self.lost += answer.promises and answer.who not in state.attended
        said: dict[tuple[int, int], set[str]] = {}
        for answer in answers:
            said.setdefault(answer.who, set()).add(answer.outcome)
        self.notes["refused, but stored"] += sum(
            outcomes == {REFUSED} and who in state.attended for who, outcomes in said.items()
        )
        self.notes["kept, but not stored at its time"] += sum(
            said[who] == {CheckInOutcome.KEPT} and state.attended.get(who, at) != at
            for who, at in _first_kept(answers).items()
        )
        self.notes["more than one record"] += state.doubled
        self.notes += Counter()  # drop what was counted 0 times
        self.broken += not state.whole


@dataclass(frozen=True, slots=True)
class Stored:
    """What a database holds.

    Attributes:
        attended: Who attended which class, and since when.
        doubled: Records beyond one for each student and class.
        whole: Whether it and its log are.
    """

    attended: dict[tuple[int, int], str]
    doubled: int
    whole: bool

    @classmethod
    def read(cls, data_dir: Path, url: str = "") -> Self:
        """Look at it as the next start of the program would."""
        keys = KeyRing.open_or_create(data_dir)
        database = SqlDatabase.open(url or database_path(data_dir), key_ring=keys)
        try:
            with database.snapshot() as repositories:
                records = [
                    record
                    for session in repositories.class_sessions.latest(datetime(2000, 1, 1, tzinfo=UTC))
                    for record in repositories.records.of_session(session.session_id)
                ]
                whole = repositories.audit.verify() is None
        finally:
            database.close()
        attended = {
            (record.session_id, record.student_id): record.marked_at.isoformat()
            for record in records
            if record.status.attended
        }
        return cls(attended, len(records) - len({(one.session_id, one.student_id) for one in records}), whole)


def _first_kept(answers: list[Answer]) -> dict[tuple[int, int], str]:
    """When who is kept came first."""
    found: dict[tuple[int, int], str] = {}
    for answer in answers:
        if answer.outcome == CheckInOutcome.KEPT:
            found.setdefault(answer.who, answer.at)
    return found


def make_school(data_dir: Path, *, students: int = 60, url: str = "") -> Path:
    """A new data directory with one course of so many students."""
    data_dir.mkdir(parents=True, exist_ok=True)
    database = SqlDatabase.open(url or database_path(data_dir), key_ring=KeyRing.open_or_create(data_dir))
    with database.transaction() as repositories:
        repositories.school_settings.put("faces.rule", "walk_past")
        course = repositories.courses.add(code="TORTURE", title="Torture", room="")
        for number in range(students):
            student = repositories.students.add(
                student_no=f"t{number}", full_name=f"Student {number}", email=None
            )
            repositories.courses.register(course.course_id, student.student_id, date(2020, 1, 1))
    database.close()
    return data_dir


class Marker:
    """A process of `tests.torture.marking`, and what it has said: read as it comes, or its pipe would hold stale answers."""

    def __init__(self, process: "subprocess.Popen[str] | BaseProcess", stream: IO[str]) -> None:
        self.process = process
        self._stream = stream
        self._said: list[Answer] = []
        self._more = threading.Condition()
        self._ended = False
        self._reader = threading.Thread(target=self._read, name="answers")
        self._reader.start()

    def wait_for(self, more: int) -> None:
        """Wait until it has given so many more answers, or has ended."""
        with self._more:
            until = len(self._said) + more
            self._more.wait_for(lambda: len(self._said) >= until or self._ended)

    def said(self) -> list[Answer]:
        """All that it has said by now."""
        while not self._ended and select.select([self._stream.fileno()], [], [], 0)[0]:
            time.sleep(0.001)  # the reader has it in a moment
        with self._more:
            return list(self._said)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Let it stand still; only one that `marker` started."""
        assert isinstance(self.process, subprocess.Popen)
        self.process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, self.process.pid, os.WSTOPPED)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)

    def stop(self) -> list[Answer]:
        """Kill it; what it said before it died counts."""
        self.process.kill()
        self._reader.join()
        _wait_for(self.process)
        return self._said

    def _read(self) -> None:
        for line in self._stream:
            with self._more:
                self._said.append(Answer.read(line))
                self._more.notify_all()
        with self._more:
            self._ended = True
            self._more.notify_all()


@contextmanager
def marker(data_dir: Path, *words: str, environment: dict[str, str] | None = None) -> Iterator[Marker]:
    """Start it, and kill it at the end of the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.torture.marking", str(data_dir), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        bufsize=1,
        cwd=ROOT,
        env=environment,
    )
    assert process.stdout is not None
    with _begun(process, process.stdout) as kiosk:
        yield kiosk


@contextmanager
def marker_at_once(data_dir: Path, *words: str) -> Iterator[Marker]:
    """The same, begun by a process that has imported everything already: nothing is spent on that for each."""
    begins = get_context("forkserver")
    begins.set_forkserver_preload(["tests.torture.marking"])
    reads, writes = begins.Pipe(duplex=False)
    process = begins.Process(target=_mark, args=(writes, [str(data_dir), *words]), daemon=True)
    process.start()
    writes.close()
    with reads, _begun(process, os.fdopen(os.dup(reads.fileno()), encoding="ascii")) as kiosk:
        yield kiosk


def _mark(answers: "Connection[bytes, bytes]", words: list[str]) -> None:
    """In the new process: mark, with answers going to whoever began it."""
    os.dup2(answers.fileno(), 1)
    with Path(os.devnull).open("wb") as nothing:
        os.dup2(nothing.fileno(), 2)
    main(words)


@contextmanager
def _begun(process: "subprocess.Popen[str] | BaseProcess", stream: IO[str]) -> Iterator[Marker]:
    try:
        if stream.readline().strip() != READY:
            raise RuntimeError("the kiosk did not start")
        kiosk = Marker(process, stream)
        try:
            yield kiosk
        finally:
            kiosk.stop()
    finally:
        process.kill()
        _wait_for(process)
        stream.close()


def _wait_for(process: "subprocess.Popen[str] | BaseProcess") -> None:
    if isinstance(process, BaseProcess):
        process.join()
    else:
        process.wait()


__all__ = [
    "MARKED",
    "REFUSED",
    "UNANSWERED",
    "Answer",
    "Marker",
    "Stored",
    "Tally",
    "make_school",
    "marker",
    "marker_at_once",
]

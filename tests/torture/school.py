"""What every fault begins with and ends with: a school to mark in, and a count of what was promised and kept."""

import select
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final, Self

from kiosk.domain.attendance.choices import CheckInOutcome
from kiosk.storage.database.sql_database import SqlDatabase
from kiosk.storage.keys.key_ring import KeyRing, database_path
from tests.torture.marking import READY, REFUSED, UNANSWERED

ROOT: Final = Path(__file__).parents[2]

MARKED: Final = {CheckInOutcome.MARKED_PRESENT, CheckInOutcome.MARKED_LATE, CheckInOutcome.ALREADY_MARKED}
"""Answers that promise a record."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a screen would have shown to one student."""

    session: int
    student: int
    method: str
    outcome: str

    @classmethod
    def read(cls, line: str) -> Self:
        """One line of `tests.torture.marking`."""
        session, student, method, outcome = line.split()
        return cls(int(session), int(student), method, outcome)

    @property
    def promises(self) -> bool:
        """Whether it said that the student is marked."""
        return self.outcome in MARKED


@dataclass(slots=True)
class Tally:
    """What came of a fault, over all its runs.

    Attributes:
        runs: How often the fault struck.
        answers: How many answers of each kind were given.
        lost: Marks that were shown and are not stored.
        broken: Runs after which the database or its log was not whole.
        notes: Anything else that was not as it must be.
    """

    runs: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    lost: int = 0
    broken: int = 0
    notes: Counter[str] = field(default_factory=Counter)

    @property
    def kept(self) -> bool:
        """Whether every promise was."""
        return not (self.lost or self.broken or self.notes or self.answers[UNANSWERED])

    def count(self, answers: list[Answer], state: "Stored") -> None:
        """Take in one run."""
        self.runs += 1
        for answer in answers:
            promise = "promised" if answer.promises else answer.outcome
            self.answers[promise] += 1
            self.lost += answer.promises and (answer.session, answer.student) not in state.attended
        last = {(answer.session, answer.student): answer for answer in answers}
        for who, answer in last.items():
            self.notes["refused, but stored"] += answer.outcome == REFUSED and who in state.attended
        self.notes += Counter()  # drop what was counted 0 times
        self.broken += not state.whole


@dataclass(frozen=True, slots=True)
class Stored:
    """What a database holds: who attended which class, and whether it and its log are whole."""

    attended: frozenset[tuple[int, int]]
    whole: bool

    @classmethod
    def read(cls, data_dir: Path, url: str = "") -> Self:
        """Look at it as the next start of the program would."""
        keys = KeyRing.open_or_create(data_dir)
        database = SqlDatabase.open(url or database_path(data_dir), key_ring=keys)
        try:
            with database.snapshot() as repositories:
                attended = {
                    (record.session_id, record.student_id)
                    for session in repositories.class_sessions.latest(datetime(2000, 1, 1, tzinfo=UTC))
                    for record in repositories.records.of_session(session.session_id)
                    if record.status.attended
                }
                whole = repositories.audit.verify() is None
        finally:
            database.close()
        return cls(frozenset(attended), whole)


def make_school(data_dir: Path, *, students: int = 60, url: str = "") -> Path:
    """A new data directory with one course of so many students."""
    data_dir.mkdir(parents=True, exist_ok=True)
    database = SqlDatabase.open(url or database_path(data_dir), key_ring=KeyRing.open_or_create(data_dir))
    with database.transaction() as repositories:
        course = repositories.courses.add(code="TORTURE", title="Torture", room=None)
        for number in range(students):
            student = repositories.students.add(student_no=f"t{number}", full_name=f"Student {number}", email=None)
            repositories.courses.register(course.course_id, student.student_id, date(2020, 1, 1))
    database.close()
    return data_dir


@dataclass(slots=True)
class Marker:
    """A process of `tests.torture.marking`, ready to mark."""

    process: "subprocess.Popen[str]"

    def read(self, most: int) -> list[Answer]:
        """The next answers, as many as that or until it ends."""
        found: list[Answer] = []
        stream = self.process.stdout
        assert stream is not None
        while len(found) < most and (line := stream.readline()):
            if line.endswith("\n"):
                found.append(Answer.read(line))
        return found


    def said(self) -> list[Answer]:
        """What it has said so far and nobody has read, without waiting for more."""
        stream = self.process.stdout
        assert stream is not None
        found: list[Answer] = []
        while select.select([stream], [], [], 0)[0] and (line := stream.readline()):
            found.append(Answer.read(line))
        return found


@contextmanager
def marker(data_dir: Path, *words: str, environment: dict[str, str] | None = None) -> Iterator[Marker]:
    """Start it, and kill it at the end of the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.torture.marking", str(data_dir), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE if environment is None else None,
        text=True,
        bufsize=1,
        cwd=ROOT,
        env=environment,
    )
    try:
        assert process.stdout is not None
        if process.stdout.readline().strip() != READY:
            raise RuntimeError(f"the kiosk did not start: {process.communicate()[1]}")
        yield Marker(process)
    finally:
        process.kill()
        process.communicate()


__all__ = ["MARKED", "REFUSED", "UNANSWERED", "Answer", "Marker", "Stored", "Tally", "make_school", "marker"]

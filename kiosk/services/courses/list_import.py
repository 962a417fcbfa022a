"""Taking a class list in: what its rows come to, what has to be asked, and writing it. In one transaction on the store thread.

A rehearsal only reads, so that it keeps no class's marks waiting.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

from kiosk.domain.courses.courses import Course, RosterRow
from kiosk.domain.courses.list_columns import ListReading
from kiosk.domain.courses.list_questions import Answer, Answers, Question, QuestionKind
from kiosk.domain.people.same_person import is_turned_round, name_key
from kiosk.domain.people.students import Student, fold
from kiosk.errors import ConflictError
from kiosk.services.courses.going_on import archived
from kiosk.services.courses.list_guardians import Guardians, NewGuardian
from kiosk.services.courses.list_matching import ListMatching
from kiosk.services.ports.outputs import ListNote, RefusedRow, RosterFile
from kiosk.storage.store import Repositories
from kiosk.translation import _

EARLIEST: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""A clock before this is wrong: there was no such program."""
BACK: Final = timedelta(days=1)
"""The log's newest entry may be younger than the clock by this much before the clock is doubted."""

NOT_MADE: Final = 0
"""The id of a course that a rehearsal would make."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or with `dry_run` would do; students are named by the number in the list.

    Attributes:
        questions: What had to be asked, with the answer that was given.
        left_out: Rows that were not taken because nobody answered what is open about them.
        ended: Who left the course.
        passed_on: The number that somebody has now whose former one belongs to another person, by the former one.
        guardians: Whose guardian's address is another one from now on, with the former one.
        notes: What to know about rows that were taken, or about the list.
        reading: How the file was read.
        rows: What the list says, as it was read.
    """

    course: Course | None
    added: tuple[str, ...]
    updated: tuple[str, ...]
    unchanged: tuple[str, ...]
    registered: tuple[str, ...]
    refused: tuple[RefusedRow, ...]
    dry_run: bool
    questions: tuple[Question, ...] = ()
    left_out: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    passed_on: Mapping[str, str] = field(default_factory=dict)
    guardians: tuple[NewGuardian, ...] = ()
    notes: tuple[ListNote, ...] = ()
    reading: ListReading = field(default_factory=ListReading)
    rows: tuple[RosterRow, ...] = ()

    @property
    def changes(self) -> bool:
        """Whether anything is, or would be, written."""
        return bool(
            self.added or self.updated or self.registered or self.ended or self.passed_on or self.guardians
        )

    @property
    def open_questions(self) -> tuple[Question, ...]:
        """Those that nobody answered."""
        return tuple(one for one in self.questions if one.answer is None)


@dataclass(slots=True)
class _Done:
    """What is written, row by row."""

    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    registered: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    passed_on: dict[str, str] = field(default_factory=dict)
    guardians: list[NewGuardian] = field(default_factory=list)


class ListImport:
    """One import; lives for one transaction."""

    def __init__(
        self,
        repositories: Repositories,
        *,
        file: RosterFile,
        answers: Answers,
        now: datetime,
        since: date,
        actor: str,
        dry_run: bool,
    ) -> None:
        self._repositories = repositories
        self._file = file
        self._answers = answers
        self._now = now
        self._since = since
        self._actor = actor
        self._dry_run = dry_run
        self._matching = ListMatching(
            repositories.students.all(),
            former=repositories.students.former_numbers(),
            rows=file.rows,
            answers=answers,
        )
        self._done = _Done()
        self._notes: list[ListNote] = []

    def run(self, code: str | None) -> ImportReport:
        """Write what is plain or answered, or say what that would be; the course is made when new and somebody is taken in."""
        course = self._repositories.courses.by_code(code) if code is not None else None
        if course is not None and course.is_archived:
            raise archived(course)
        roster = (
            self._repositories.courses.roster(course.course_id, self._since) if course is not None else []
        )
        listed = self._matching.listed | {fold(row.student_no) for row in self._file.refused}
        gone = {name_key(one.full_name): one for one in roster if fold(one.student_no) not in listed}
        of_list = self._of_list()
        holds_up = any(one.answer is None for one in of_list)
        plans = [(row, *self._matching.plan(row, gone)) for row in self._file.rows]
        taken = [
            (row, known, question)
            for row, known, question in plans
            if (question is None or question.answer is not None)
            and (not holds_up or (known is not None and question is None))
        ]
        kept = {row.line for row, _known, _question in taken}
        self._done.left_out = [row.student_no for row, _known, _question in plans if row.line not in kept]
        if course is None and code is not None and taken:
            course = self._course(code)
        leaving = [] if holds_up else self._matching.not_listed(roster, listed, plans)
        students = [self._taken(row, known, question) for row, known, question in taken]
        if self._dry_run:
            self._foresee(students, {one.student_id for one in roster}, into_course=code is not None)
        else:
            self._register(students, course)
        rows = [row for row, _known, _question in taken]
        self._done.guardians += Guardians(
            self._repositories, now=self._now, actor=self._actor, dry_run=self._dry_run
        ).take_in(rows, students)
        self._end(leaving, roster, course)
        questions = (*of_list, *(one for _row, _known, one in plans if one is not None), *leaving)
        return self._report(course, questions)

    def _course(self, code: str) -> Course:
        """A new one."""
        if self._dry_run:
            return Course(NOT_MADE, code, code)
        return self._repositories.courses.add(code=code, title=code)

    def _report(self, course: Course | None, questions: tuple[Question, ...]) -> ImportReport:
        done = self._done
        return ImportReport(
            course,
            tuple(done.added),
            tuple(done.updated),
            tuple(done.unchanged),
            tuple(done.registered),
            self._file.refused,
            self._dry_run,
            questions,
            tuple(done.left_out),
            tuple(done.ended),
            done.passed_on,
            tuple(done.guardians),
            (*self._file.notes, *self._matching.notes, *self._notes),
            self._file.reading,
            self._file.rows,
        )

    def _of_list(self) -> list[Question]:
        """What is open about the list as a whole."""
        reading = self._file.reading
        asked = []
        if reading.counts_lines and not all(self._matching.is_known(row) for row in self._file.rows):
            numbers = [row.student_no for row in self._file.rows]
            asked.append(
                Question(
                    QuestionKind.COUNTED,
                    old=reading.heading(reading.number),
                    new=f"{numbers[0]} … {numbers[-1]}",
                )
            )
        if reading.is_guess and not all(self._matching.is_known(row) for row in self._file.rows):
            names = " + ".join(reading.heading(place) for place in reading.names)
            asked.append(Question(QuestionKind.GUESSED, old=reading.heading(reading.number), new=names))
        newest = self._repositories.audit.entries(1)
        latest = max([EARLIEST, *(entry.at for entry in newest)])
        if self._now < latest - BACK:
            asked.append(
                Question(
                    QuestionKind.CLOCK, old=f"{latest:%Y-%m-%d %H:%M}", new=f"{self._now:%Y-%m-%d %H:%M}"
                )
            )
        return [replace(one, answer=self._answers.to(one.kind, "")) for one in asked]

    def _taken(self, row: RosterRow, known: Student | None, question: Question | None) -> Student | RosterRow:
        """The student of a row as he or she is from now on; the row itself for somebody new."""
        answer = question.answer if question is not None else None
        if known is None or answer in {Answer.OTHER_ZEROS, Answer.NAMESAKE}:
            return row
        if answer is Answer.PASSED_ON:
            self._give_up_number(known, row)
            return row
        if (
            question is None
            and is_turned_round(known.full_name, row.full_name)
            and "," not in known.full_name
        ):
            row = replace(row, full_name=known.full_name)  # another system's order is no new name
        if question is None and known.full_name != row.full_name:
            self._say_new_name(row, known)
        return self._kept(row, known, number=row.student_no if answer is Answer.NEW_NUMBER else "")

    def _say_new_name(self, row: RosterRow, known: Student) -> None:
        """A name that is hardly another one is taken without a question, but not without a word."""
        words = _(
            "{number}: {old} is {new} from now on.",
            number=known.student_no,
            old=known.full_name,
            new=row.full_name,
        )
        self._notes.append(ListNote(row.line, words))

    def _register(self, students: list[Student | RosterRow], course: Course | None) -> None:
        """Add who is new, and register everybody in the course, all at once: a list may have ten thousand."""
        rows = [one for one in students if isinstance(one, RosterRow)]
        new = self._repositories.students.add_all(rows)
        self._done.added += [one.student_no for one in new]
        if course is None:
            return
        by_no = {one.student_no: one for one in new}
        everybody = [by_no[one.student_no] if isinstance(one, RosterRow) else one for one in students]
        ids = [one.student_id for one in everybody]
        registered = self._repositories.courses.register_all(course.course_id, ids, self._since)
        self._done.registered += [one.student_no for one in everybody if one.student_id in registered]

    def _foresee(
        self, students: list[Student | RosterRow], registered: set[int], *, into_course: bool
    ) -> None:
        """Say what `_register` would do; `registered` are those in the course by their ids."""
        self._done.added += [one.student_no for one in students if isinstance(one, RosterRow)]
        if into_course:
            self._done.registered += [
                one.student_no
                for one in students
                if isinstance(one, RosterRow) or one.student_id not in registered
            ]

    def _kept(self, row: RosterRow, known: Student, *, number: str = "") -> Student:
        """The student as the list has him or her; a missing address and the number stay as they are."""
        wanted = replace(
            known,
            student_no=number or known.student_no,
            full_name=row.full_name,
            email=row.email or known.email,
            system_id=row.system_id or known.system_id,
            # What somebody wrote down on the student's page counts more than a list, while the name is the same.
            family_name=(known.family_name or row.family_name)
            if known.full_name == row.full_name
            else row.family_name,
        )
        if replace(wanted, system_id=known.system_id, family_name=known.family_name) == known:
            if wanted != known:
                self._update(
                    wanted
                )  # the id nobody sees, and the other only sorts: nothing that people know was changed
            self._done.unchanged.append(known.student_no)
        else:
            self._update(wanted)
            self._done.updated.append(wanted.student_no)
            if wanted.student_no != known.student_no:
                self._note("student.renumbered", wanted.student_no, known.student_no)
        return wanted

    def _give_up_number(self, known: Student, row: RosterRow) -> None:
        """Who had a number that is another person's now keeps everything else: face, answers, PIN, phones, records."""
        former = self._free_number(known.student_no)
        self._update(replace(known, student_no=former))
        self._done.passed_on[row.student_no] = former
        self._note("student.renumbered", former, known.student_no)

    def _free_number(self, number: str) -> str:
        """``S013.old``, ``S013.old2`` …, the first that nobody has, within 32 characters."""
        count = 1
        while True:
            suffix = f".old{count if count > 1 else ''}"
            free = number[: 32 - len(suffix)] + suffix
            if not self._matching.is_taken(free) and self._repositories.students.by_no(free) is None:
                return free
            count += 1

    def _end(self, leaving: list[Question], roster: list[Student], course: Course | None) -> None:
        gone = {fold(one.student_no) for one in leaving if one.answer is not None}
        if not gone or course is None:
            return
        if any(one.course_id == course.course_id for one in self._repositories.class_sessions.open_ones()):
            raise ConflictError(_("A class of this course is open."), _("End it first."))
        for one in roster:
            if fold(one.student_no) in gone:
                if not self._dry_run:
                    self._repositories.courses.unregister(course.course_id, one.student_id, self._since)
                self._done.ended.append(one.student_no)
                self._note("registration.ended", one.student_no, course.code)

    def _note(self, action: str, subject: str, detail: str) -> None:
        if not self._dry_run:
            self._repositories.audit.add(self._now, self._actor, action, subject, detail)

    def _update(self, student: Student) -> None:
        if not self._dry_run:
            self._repositories.students.update(student)

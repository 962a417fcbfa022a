"""What a class list leaves open, so that nobody silently becomes somebody else: questions, and the answers to them. Pure.

Without an answer nothing is done: the row is left out, the student stays as he or she is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from kiosk.domain.courses.courses import RosterRow
from kiosk.domain.people.same_person import same_name
from kiosk.domain.people.students import Student, fold


class QuestionKind(StrEnum):
    """What is open."""

    OTHER_NAME = "other-name"
    """A known number comes with another name."""
    ZEROS = "zeros"
    """A new number differs only by leading zeros from that of a student of this name."""
    OTHER_NUMBER = "other-number"
    """Somebody of this name is in the course under another number, which the list lacks."""
    NOT_IN_LIST = "not-in-list"
    """Somebody is registered in the course and not in the list."""
    COUNTED = "counted"
    """The numbers only count the lines of the list."""
    GUESSED = "guessed"
    """Columns were found by what stands in them."""
    CLOCK = "clock"
    """The clock of this PC is wrong, and with it the day from which students are registered."""


class Answer(StrEnum):
    """What can be said to a question; the values are typed on the command line."""

    RENAMED = "renamed"
    """The same person under a new name."""
    PASSED_ON = "passed-on"
    """The number belongs to another person now; who had it keeps everything, under another number."""
    SAME_ZEROS = "zeros"
    """The same person: a spreadsheet took the zeros off."""
    OTHER_ZEROS = "zeros-count"
    """Another person, whose number only looks like it."""
    NEW_NUMBER = "new-number"
    """The same person, who has a new number."""
    NAMESAKE = "namesake"
    """Another person of the same name."""
    LEFT = "left"
    """Not in the course any more."""
    COUNTED = "counted"
    """The school's numbers are such."""
    GUESSED = "guessed"
    """The columns are right."""
    CLOCK = "clock"
    """The clock is right."""


ANSWERS: Final = {
    QuestionKind.OTHER_NAME: (Answer.RENAMED, Answer.PASSED_ON),
    QuestionKind.ZEROS: (Answer.SAME_ZEROS, Answer.OTHER_ZEROS),
    QuestionKind.OTHER_NUMBER: (Answer.NEW_NUMBER, Answer.NAMESAKE),
    QuestionKind.NOT_IN_LIST: (Answer.LEFT,),
    QuestionKind.COUNTED: (Answer.COUNTED,),
    QuestionKind.GUESSED: (Answer.GUESSED,),
    QuestionKind.CLOCK: (Answer.CLOCK,),
}
"""What can be answered to each."""


@dataclass(frozen=True, slots=True)
class Question:
    """Something to decide about one student, or about the whole list.

    Attributes:
        kind: What is open.
        student_no: The number in the list, or of who is not in it; empty for the whole list.
        old: Number and name that the kiosk has, or what speaks against the list.
        new: Number and name in the list.
        line: Of the list; 0 where it is about no line.
        answer: What was said; None leaves everything as it is.
    """

    kind: QuestionKind
    student_no: str = ""
    old: str = ""
    new: str = ""
    line: int = 0
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """What a person said before the import; each for one number, or for all questions of its kind (without a number)."""

    given: frozenset[tuple[Answer, str]] = frozenset()

    @classmethod
    def of(cls, texts: Iterable[str]) -> Self:
        """From words such as ``renamed:S013`` or ``left``. Raises ValueError: there is no such answer."""
        given = set()
        for text in texts:
            word, _colon, number = text.partition(":")
            given.add((Answer(word.strip().casefold()), fold(number)))
        return cls(frozenset(given))

    def to(self, kind: QuestionKind, student_no: str) -> Answer | None:
        """What was said to this question; the one for the number first. Two that contradict each other say nothing."""
        for number in {fold(student_no): None, "": None}:
            found = [answer for answer in ANSWERS[kind] if (answer, number) in self.given]
            if found:
                return found[0] if len(found) == 1 else None
        return None


def question_of(
    row: RosterRow, *, known: Student | None, zeros: Student | None, namesake: Student | None
) -> Question | None:
    """What is open about a row; None where it is plain.

    Args:
        row: A line of the list.
        known: Who has this number.
        zeros: Who has a number that differs by leading zeros.
        namesake: Who has this name in the course, or is this one for the school's own system, under a number that the list lacks.
    """
    if known is not None:
        if same_name(known.full_name, row.full_name):
            return None
        return _question(QuestionKind.OTHER_NAME, row, known)
    if zeros is not None and same_name(zeros.full_name, row.full_name):
        return _question(QuestionKind.ZEROS, row, zeros)
    if namesake is not None:
        return _question(QuestionKind.OTHER_NUMBER, row, namesake)
    return None


def _question(kind: QuestionKind, row: RosterRow, known: Student) -> Question:
    return Question(
        kind,
        row.student_no,
        f"{known.student_no} {known.full_name}",
        f"{row.student_no} {row.full_name}",
        row.line,
    )

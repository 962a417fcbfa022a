"""Whom the rows of a class list mean among the students whom the kiosk has, and what has to be asked about it. Only looks."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kiosk.domain.courses.courses import RosterRow
from kiosk.domain.courses.list_questions import Answer, Answers, Question, QuestionKind, question_of
from kiosk.domain.people.same_person import name_key, without_zeros
from kiosk.domain.people.students import Student, fold
from kiosk.services.ports.outputs import ListNote
from kiosk.translation import _

Plan = tuple[RosterRow, Student | None, Question | None]
"""A row, whom it means, and what is open about it."""


class ListMatching:
    """Finds the student of each row by number, by the school system's id, or by name; nobody is meant by two rows.

    Attributes:
        listed: The numbers in the list, folded.
        notes: What the system's ids say of whether two are the same person.
    """

    def __init__(
        self,
        students: Sequence[Student],
        *,
        former: Mapping[str, Student],
        rows: Sequence[RosterRow],
        answers: Answers,
    ) -> None:
        self._answers = answers
        self._by_no = {**former, **{fold(one.student_no): one for one in students}}
        self._by_bare_no: dict[str, list[Student]] = {}
        for one in students:
            self._by_bare_no.setdefault(without_zeros(one.student_no), []).append(one)
        self._by_system_id = _singles(students)
        self._meant: set[int] = set()
        self.listed = {fold(row.student_no) for row in rows}
        self.notes: list[ListNote] = []

    def is_known(self, row: RosterRow) -> bool:
        """Whether the row means somebody without a question."""
        known = self._by_no.get(fold(row.student_no))
        return known is not None and question_of(row, known=known, zeros=None, namesake=None) is None

    def is_taken(self, number: str) -> bool:
        """Whether somebody has, or had, a number."""
        return fold(number) in self._by_no

    def plan(self, row: RosterRow, gone: dict[str, Student]) -> tuple[Student | None, Question | None]:
        """Whom the kiosk has for a row, and what is open about it; nobody is meant by two rows."""
        known = self._by_no.get(fold(row.student_no))
        zeros = None if known is not None else self._without_zeros(row)
        namesake = self._of_the_same_id(row, known) or gone.get(name_key(row.full_name))
        question = question_of(row, known=known, zeros=zeros, namesake=namesake)
        if known is not None:
            self._say_about_id(row, known, is_asked=question is not None)
        if question is None:
            return known, None
        whom = {
            QuestionKind.OTHER_NAME: known,
            QuestionKind.ZEROS: zeros,
            QuestionKind.OTHER_NUMBER: namesake,
        }[question.kind]
        if whom is namesake and whom is not None and gone.get(name_key(whom.full_name)) is whom:
            gone.pop(name_key(whom.full_name))
        if whom is not None:
            self._meant.add(whom.student_id)
        return whom, replace(question, answer=self._answers.to(question.kind, row.student_no))

    def _of_the_same_id(self, row: RosterRow, known: Student | None) -> Student | None:
        """Whom the school's system knows by the id of this row, where the number is new and that student's is not in the list."""
        found = self._by_system_id.get(row.system_id) if known is None and row.system_id else None
        if found is None or fold(found.student_no) in self.listed or found.student_id in self._meant:
            return None
        return found

    def _say_about_id(self, row: RosterRow, known: Student, *, is_asked: bool) -> None:
        """What the id says of whether this is the same person."""
        if not row.system_id or not known.system_id:
            return
        is_same = row.system_id == known.system_id
        if is_asked and is_same:
            words = _("{number}: your system knows both names by one id.", number=row.student_no)
        elif is_same:
            return
        else:
            words = _(
                "{number}: your system knows {old} by another id than {new}.",
                number=row.student_no,
                old=known.full_name,
                new=row.full_name,
            )
        self.notes.append(ListNote(row.line, words))

    def _without_zeros(self, row: RosterRow) -> Student | None:
        """Who has this name and a number that differs by leading zeros and is not in the list itself."""
        return next(
            (
                one
                for one in self._by_bare_no.get(without_zeros(row.student_no), ())
                if fold(one.student_no) not in self.listed
                and one.student_id not in self._meant
                and question_of(row, known=one, zeros=None, namesake=None) is None
            ),
            None,
        )

    def not_listed(
        self,
        roster: list[Student],
        listed: set[str],
        plans: list[Plan],
    ) -> list[Question]:
        """Who is registered in the course and neither in the list nor meant by one of its rows."""
        meant = {
            known.student_id
            for _row, known, question in plans
            if known is not None
            and (
                question is None
                or question.answer not in {Answer.PASSED_ON, Answer.OTHER_ZEROS, Answer.NAMESAKE}
            )
        }
        passed_on = {
            known.student_id
            for _row, known, question in plans
            if known is not None and question is not None and question.answer is Answer.PASSED_ON
        }
        return [
            Question(
                QuestionKind.NOT_IN_LIST,
                one.student_no,
                f"{one.student_no} {one.full_name}",
                # Who gave up the number is another person than the one in the list, who comes in the place.
                answer=Answer.LEFT
                if one.student_id in passed_on
                else self._answers.to(QuestionKind.NOT_IN_LIST, one.student_no),
            )
            for one in roster
            if one.student_id not in meant
            and (fold(one.student_no) not in listed or one.student_id in passed_on)
        ]


def _singles(students: Sequence[Student]) -> dict[str, Student]:
    """Students by what the school's system knows them by, without ids that two have."""
    found: dict[str, list[Student]] = {}
    for one in students:
        if one.system_id:
            found.setdefault(one.system_id, []).append(one)
    return {system_id: having[0] for system_id, having in found.items() if len(having) == 1}

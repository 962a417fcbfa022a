"""Taking in answers about face recognition that a school collected elsewhere, after a look at what they do. Any thread."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kiosk.domain.people.consents import Consent
from kiosk.domain.people.students import Student, fold
from kiosk.domain.trust.rights import Actor, Right
from kiosk.services.core import Core
from kiosk.services.people.consents import Answer, ConsentReceipt, FaceConsents, write_down
from kiosk.services.ports.answers import AnswerFileReader, AnswerRow
from kiosk.services.ports.outputs import RefusedRow
from kiosk.services.trust.rights import require
from kiosk.storage.store import Repositories
from kiosk.translation import _


@dataclass(frozen=True, slots=True)
class TakenAnswer:
    """An answer that was written down, or with a dry run would be.

    Attributes:
        deleted: How many pictures a no deletes.
        counts: Whether the face may be measured then.
    """

    row: AnswerRow
    student: Student
    deleted: int
    counts: bool


@dataclass(frozen=True, slots=True)
class AnswersReport:
    """What an import did, or with `dry_run` would do, by line."""

    taken: tuple[TakenAnswer, ...]
    refused: tuple[RefusedRow, ...]
    dry_run: bool


class _DryRunError(Exception):
    def __init__(self, report: AnswersReport) -> None:
        super().__init__()
        self.report = report


class AnswerImports:
    """Reads such a file and writes it down, whole or not at all."""

    def __init__(self, core: Core, *, consents: FaceConsents, read: AnswerFileReader) -> None:
        self._core = core
        self._consents = consents
        self._read = read

    def take(self, path: Path, *, actor: Actor, dry_run: bool = False) -> AnswersReport:
        """Write down every usable line in one transaction; with `dry_run` only say what that would do.

        A line is refused where the same person has answered on a later day, or as it says already.

        Raises:
            FileFormatError: The file is not such a table.
        """
        require(self._core.store, actor, Right.ENROL)
        require(self._core.store, actor, Right.DELETE_FACES)
        file = self._read(path)
        receipts: list[tuple[int, ConsentReceipt]] = []

        def work(repositories: Repositories) -> AnswersReport:
            receipts.clear()
            taken, refused = [], list(file.refused)
            for row in sorted(file.rows, key=lambda one: (one.answered_on, one.line)):
                student = repositories.students.by_no(row.student_no)
                reason = self._fault(repositories, row, student)
                if student is None or reason:
                    refused.append(RefusedRow(row.line, reason))
                    continue
                receipt = write_down(
                    repositories,
                    student.student_id,
                    Answer(row.given, row.answerer, row.answered_on),
                    actor=actor.name,
                    now=self._core.clock.now(),
                )
                receipts.append((student.student_id, receipt))
                taken.append(TakenAnswer(row, student, receipt.deleted, receipt.counts))
            refused.sort(key=lambda one: one.line)
            report = AnswersReport(tuple(taken), tuple(refused), dry_run)
            if dry_run:
                raise _DryRunError(report)
            numbers = f"{len(taken)} taken, {len(refused)} refused"
            repositories.audit.add(self._core.clock.now(), actor.name, "answers.imported", path.name, numbers)
            return report

        try:
            report = self._core.store.write(work)
        except _DryRunError as rehearsal:
            return rehearsal.report
        for student_id, receipt in receipts:
            self._consents.tell(student_id, receipt)
        return report

    def _fault(self, repositories: Repositories, row: AnswerRow, student: Student | None) -> str:
        """Why a line cannot be taken; empty when it can."""
        if student is None:
            return _("There is no student {student_no}.", student_no=row.student_no)
        if row.answered_on > self._core.today():
            return _("{day} is still to come.", day=row.answered_on)
        same = [one for one in repositories.consents.words(student.student_id) if _is_same(one, row)]
        if not same:
            return ""
        newest = same[0]
        if self._day_of(newest) > row.answered_on:
            return _("A later answer of the same person is recorded: {day}.", day=self._day_of(newest))
        if self._day_of(newest) == row.answered_on and newest.given == row.given:
            return _("This answer is recorded already.")
        return ""

    def _day_of(self, word: Consent) -> date:
        return word.answered_on or word.recorded_at.astimezone(self._core.zone).date()


def _is_same(word: Consent, row: AnswerRow) -> bool:
    who = word.answerer
    return who is not None and (who.by, fold(who.name)) == (row.answerer.by, fold(row.answerer.name))

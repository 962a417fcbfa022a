"""Letters that ask for consent, and the answers that come back by their codes. Any thread but the window's.

A code is answered once. Wrong ones are counted by where they come from, so nobody keeps others from answering; a code has
55 bits, so guessing is hopeless at any rate that the kiosk can serve, and the count spares its work.
"""

import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from kiosk.domain.people.consents import AnsweredBy, ConsentKind, ConsentState
from kiosk.domain.people.letter_codes import new_code, tidy_code
from kiosk.domain.people.notices import Notice
from kiosk.domain.people.students import Student
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import CodeError, ConflictError, ExportError, ThrottledError
from kiosk.services.core import Core
from kiosk.services.people.consents import (
    Answer,
    ConsentReceipt,
    FaceConsents,
    usable_answerer,
    write_down,
)
from kiosk.services.people.notices import current_notice
from kiosk.services.ports.clock import Clock
from kiosk.services.ports.letters import ConsentLetter, LetterWords, LetterWriter
from kiosk.services.trust.rights import require
from kiosk.settings import SchoolRules
from kiosk.storage.store import Repositories, Store
from kiosk.translation import _

ANSWER_PATH: Final = "/answer"
CODE_DAYS: Final = 60
MOST_WRONG: Final = 10
WINDOW_S: Final = 600.0
MOST_SOURCES: Final = 1000

ASKED: Final = frozenset({ConsentState.UNANSWERED, ConsentState.RENEW})
"""Who gets a letter unless students are named."""


@dataclass(frozen=True, slots=True)
class LetterQuestion:
    """What whoever holds a letter is asked.

    Attributes:
        deciding_age: From which age the student answers; 0: always.
    """

    student: Student
    notice: Notice
    deciding_age: int


class WrongCodes:
    """Counts wrong codes by source, so many sources at most. Safe to call from any thread."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._wrong: OrderedDict[str, deque[float]] = OrderedDict()

    def require_tries_left(self, source: str) -> None:
        """Raises ThrottledError: too many wrong codes came from there."""
        with self._lock:
            tries = self._wrong.get(source, deque())
            while tries and tries[0] <= self._clock.monotonic() - WINDOW_S:
                tries.popleft()
            if len(tries) >= MOST_WRONG:
                raise ThrottledError(
                    _("Too many wrong codes were typed."),
                    _("Please wait ten minutes, or hand in the signed letter."),
                )

    def add(self, source: str) -> None:
        """One more wrong code came from there."""
        with self._lock:
            self._wrong.setdefault(source, deque(maxlen=MOST_WRONG)).append(self._clock.monotonic())
            self._wrong.move_to_end(source)
            while len(self._wrong) > MOST_SOURCES:
                self._wrong.popitem(last=False)


class ConsentLetters:
    """Writes letters and takes answers."""

    def __init__(
        self, core: Core, *, consents: FaceConsents, address: Callable[[], str], write: LetterWriter
    ) -> None:
        """`address` says where phones reach the kiosk now, or will whenever it serves; empty where they cannot."""
        self._store: Store = core.store
        self._core = core
        self._consents = consents
        self._address = address
        self._write = write
        self._wrong = WrongCodes(core.clock)

    @property
    def have_codes(self) -> bool:
        """Whether letters of now can be answered by phone: that needs HTTPS."""
        return self._address().startswith("https://")

    def issue(self, path: Path, *, actor: Actor, only: Collection[int] | None = None) -> int:
        """Write one letter a student; a code on an earlier letter is then no good any more.

        The file is written first and the codes are kept after, so a full disk changes nothing.

        Args:
            path: The PDF.
            actor: Who asks for them.
            only: Students by id; None: all who have not answered or are to renew.

        Returns:
            How many; no file is written for none.

        Raises:
            ExportError: The PDF cannot be written.
        """
        require(self._store, actor, Right.ENROL)
        now, today = self._core.clock.now(), self._core.today()
        asked, notice, rules = self._store.read(lambda repositories: _asked(repositories, only))
        if not asked:
            return 0
        by_code = self.have_codes
        letters = [ConsentLetter(one, new_code() if by_code else "") for one in asked]
        words = LetterWords(
            rules.school_name,
            notice,
            f"{self._address()}{ANSWER_PATH}" if by_code else "",
            today,
            today + timedelta(days=CODE_DAYS),
            rules.student_decides_from_age,
        )
        self._write(path, words, letters)

        def keep(repositories: Repositories) -> None:
            if current_notice(repositories).version != notice.version:
                raise ExportError(
                    _("The notice was changed while the letters were written."), _("Print them again.")
                )
            for one in letters if by_code else ():
                tidied = tidy_code(one.code) or ""
                until = now + timedelta(days=CODE_DAYS)
                repositories.consent_codes.put(
                    one.student.student_id, tidied, made_at=now, made_by=actor.name, until=until
                )
            repositories.audit.add(
                now, actor.name, "letters.printed", f"{len(letters)} letters", f"notice {notice.version}"
            )

        self._store.write(keep)
        return len(letters)

    def question(self, code: str, *, source: str) -> LetterQuestion:
        """What the letter with a code asks.

        Raises:
            ThrottledError: Too many wrong codes came from `source`.
            CodeError: There is no such code, it was answered already, or its time is over.
        """

        def query(repositories: Repositories) -> LetterQuestion | None:
            student = self._student_of(repositories, code)
            if student is None:
                return None
            rules = SchoolRules.from_texts(repositories.school_settings.all())
            return LetterQuestion(student, current_notice(repositories), rules.student_decides_from_age)

        self._wrong.require_tries_left(source)
        found = self._store.read(query)
        if found is None:
            self._wrong.add(source)
            raise _no_good()
        return found

    def answer(
        self, code: str, said: Answer, *, notice: int, source: str, is_of_age: bool = False
    ) -> ConsentReceipt:
        """Write down the answer to a letter, which uses its code up.

        Args:
            code: Of the letter.
            said: The answer, with who gives it.
            notice: Version of the notice that was shown.
            source: Where it comes from.
            is_of_age: Whether a student who answers says to be old enough.

        Raises:
            ThrottledError: Too many wrong codes came from `source`.
            CodeError: The code is no good (any more).
            ConflictError: A guardian without a name, a yes of a student who is too young, or the notice was changed.
        """
        self._wrong.require_tries_left(source)
        who = usable_answerer(said.answerer)
        if who is None or (who.by is AnsweredBy.GUARDIAN and not who.name):
            raise ConflictError(_("The name of the parent or guardian is missing."), _("Type your name."))
        now = self._core.clock.now()

        def work(repositories: Repositories) -> tuple[int, ConsentReceipt] | None:
            student = self._student_of(repositories, code)
            if student is None or not repositories.consent_codes.use_up(tidy_code(code) or ""):
                return None
            age = SchoolRules.from_texts(repositories.school_settings.all()).student_decides_from_age
            if said.given and who.by is AnsweredBy.STUDENT and age and not is_of_age:
                raise ConflictError(
                    _("You can consent by yourself from the age of {age} on.", age=age),
                    _("Until then a parent or guardian answers. You yourself can say no at any time."),
                )
            if current_notice(repositories).version != notice:
                raise ConflictError(
                    _("The notice was changed meanwhile."), _("Type the code again to read the new one.")
                )
            receipt = write_down(
                repositories,
                student.student_id,
                Answer(said.given, who),
                actor=f"letter to {student.student_no}",
                now=now,
            )
            return student.student_id, receipt

        done = self._store.write(work)
        if done is None:
            self._wrong.add(source)
            raise _no_good()
        self._consents.tell(*done)
        return done[1]

    def _student_of(self, repositories: Repositories, code: str) -> Student | None:
        tidied = tidy_code(code)
        found = repositories.consent_codes.find(tidied) if tidied else None
        if found is None or found.expires_at <= self._core.clock.now():
            return None
        return repositories.students.get(found.student_id)


def _asked(
    repositories: Repositories, only: Collection[int] | None
) -> tuple[list[Student], Notice, SchoolRules]:
    students = repositories.students.all()
    if only is not None:
        asked = [one for one in students if one.student_id in only]
    else:
        known = repositories.consents.standings(ConsentKind.FACE_RECOGNITION)
        asked = [
            one for one in students if one.student_id not in known or known[one.student_id].state in ASKED
        ]
    rules = SchoolRules.from_texts(repositories.school_settings.all())
    return asked, current_notice(repositories), rules


def _no_good() -> CodeError:
    return CodeError(
        _("This code is not good."),
        _("It may be mistyped, answered already, replaced by a newer letter, or its time is over."),
    )

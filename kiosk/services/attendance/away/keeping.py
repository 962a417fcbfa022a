"""Keeps claims on this PC while the school's database server is away. Any thread.

Who comes then is told that the claim is kept here and will be delivered; it is on this PC's disk before that is said.
`kiosk.services.attendance.away.delivery` brings it to the server. Where the database is a file of this PC nothing is ever kept.
Two threads ``kept-claims`` write the file and deliver, so that neither vision nor the event loop waits for a disk.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from kiosk.domain.attendance.choices import CheckInOutcome, Method, ProofPolicy
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.kept import KeptClaim, RefusedClaim
from kiosk.errors import StorageError
from kiosk.services.attendance.away.class_copy import ClassCopy, CopiedStudent
from kiosk.services.attendance.check_in import Claim
from kiosk.services.events import CheckInResult, ConsentWithdrawn, Events, StoreStateChanged
from kiosk.services.ports.clock import Clock
from kiosk.storage.store import Store

if TYPE_CHECKING:
    from kiosk.storage.kept_claims import KeptClaimsFile

REMEMBERED: Final = 5000
"""What came of so many delivered claims is kept in memory for the phones that ask."""

log = logging.getLogger(__name__)

Who = tuple[int, int]
"""A session and a student."""


@dataclass(frozen=True, slots=True, eq=False)
class _Wanted:
    """A claim that is about to be kept, why it could not be saved, and who waits for the answer."""

    claim: KeptClaim
    result: CheckInResult
    refusal: StorageError
    answer: "Future[CheckInResult]"


class Keeping:
    """Says of each claim that cannot be saved whether it is kept, and knows which wait."""

    def __init__(
        self, *, file: "KeptClaimsFile | None", copy: ClassCopy, store: Store, clock: Clock, events: Events
    ) -> None:
        """Without a file nothing is kept."""
        self._file = file
        self._copy = copy
        self._store = store
        self._clock = clock
        self._events = events
        self._lock = threading.Lock()
        self._wanted: list[_Wanted] = []
        self._waiting: dict[Who, frozenset[Method]] = {}
        self._came: dict[Who, CheckInResult | None] = {}
        self._keeps = True
        self._pool = ThreadPoolExecutor(2, "kept-claims")
        self._after_keeping: Callable[[], None] = lambda: None
        for one in self._of_earlier():
            self._note(one)

    @property
    def is_on(self) -> bool:
        """Whether this kiosk keeps claims."""
        return self._file is not None

    @property
    def count(self) -> int:
        """How many students' claims wait to be delivered."""
        return len(self._waiting)

    def students(self, session_id: int) -> frozenset[int]:
        """Whose claims on a session wait to be delivered."""
        with self._lock:
            return frozenset(student for session, student in self._waiting if session == session_id)

    def tell_when_kept(self, after_keeping: Callable[[], None]) -> None:
        """Call it each time something was kept; it must return at once."""
        self._after_keeping = after_keeping

    def on_event(self, event: ConsentWithdrawn) -> None:
        """Forget what was measured on the face of somebody whose consent is withdrawn; the claim stays."""
        if self._file is not None:
            self.run(partial(self._forget_faces, event.student_id))

    def saved_or_kept(
        self, claim: Claim, save: "Callable[[], Future[CheckInResult]]"
    ) -> "Future[CheckInResult]":
        """Save a claim, or keep it where the server is known to be away or turns out to be."""
        answer: Future[CheckInResult] = Future()
        answer.set_running_or_notify_cancel()  # nobody can cancel a claim
        trouble = self._store.trouble
        if trouble is not None:
            self._keep(claim, trouble, answer)
        elif self._waits(claim) and self._is_known(claim):  # the claim that waits is older, so it comes first
            self._keep(claim, StorageError(""), answer)
        else:
            save().add_done_callback(partial(self._take, claim, answer))
        return answer

    def came_of(self, session_id: int, student_id: int) -> CheckInResult | None:
        """What came of a student's kept claim when it was delivered; None while it waits, or where nobody knows."""
        return self._came.get((session_id, student_id))

    def waiting(self) -> list[KeptClaim]:
        """All claims that wait, in the order of keeping.

        Raises:
            StorageError: The file cannot be read.
        """
        return self._file.waiting() if self._file is not None else []

    def refused(self, session_id: int) -> list[RefusedClaim]:
        """Which kept claims of a session were refused when they were delivered.

        Raises:
            StorageError: The file cannot be read.
        """
        return self._file.refused(session_id) if self._file is not None else []

    def settle(
        self, judged: Sequence[KeptClaim], refused: Sequence[RefusedClaim], results: Sequence[CheckInResult]
    ) -> None:
        """Forget claims that the server has judged.

        Raises:
            StorageError: They stay, and are delivered once more.
        """
        if self._file is None:
            return
        self._file.settle(judged, refused, now=self._clock.now())
        with self._lock:
            for result in results:
                self._came[(result.session_id, result.student.student_id)] = result
            for one in judged:
                who = (one.session_id, one.student_id)
                left = self._waiting.get(who, frozenset()) - {one.method}
                if left:
                    self._waiting[who] = left
                else:
                    self._waiting.pop(who, None)
            while len(self._came) > REMEMBERED:
                del self._came[next(iter(self._came))]

    def run(self, work: Callable[[], None]) -> None:
        """Do something on a thread of its own; here, once those are closed."""
        try:
            self._pool.submit(work)
        except RuntimeError:
            work()

    def close(self) -> None:
        """Finish what is under way."""
        self._pool.shutdown()
        if self._file is not None:
            self._file.close()

    # -- inside --------------------------------------------------------------------------------------------------

    def _of_earlier(self) -> list[KeptClaim]:
        try:
            return self.waiting()
        except StorageError:
            log.exception("the claims that are kept on this PC cannot be read")
            return []

    def _waits(self, claim: Claim) -> bool:
        return (claim.session_id, claim.student_id) in self._waiting

    def _is_known(self, claim: Claim) -> bool:
        """Whether it is of the class that is shown, by somebody of its roster."""
        session = self._copy.session
        is_shown = session is not None and session.session_id == claim.session_id
        by_hand = claim.evidence.method is Method.MANUAL
        return is_shown and not by_hand and self._copy.student(claim.student_id) is not None

    def _take(self, claim: Claim, answer: "Future[CheckInResult]", saved: "Future[CheckInResult]") -> None:
        """On whatever thread answers for the store."""
        error = saved.exception()
        if error is None:
            answer.set_result(saved.result())
        elif isinstance(error, StorageError):
            self._keep(claim, error, answer)
        else:
            answer.set_exception(error)

    def _keep(self, claim: Claim, refusal: StorageError, answer: "Future[CheckInResult]") -> None:
        session, known = self._copy.session, self._copy.student(claim.student_id)
        if session is None or known is None or not self._is_known(claim):
            answer.set_exception(refusal)
            return
        result = _known_result(claim, session, known)
        if result.outcome is not CheckInOutcome.KEPT:
            self._events.emit(result)
            answer.set_result(result)
            return
        kept = KeptClaim(
            session.session_id, session.started_at, claim.student_id, claim.evidence, self._clock.now()
        )
        with self._lock:
            self._wanted.append(_Wanted(kept, result, refusal, answer))
        self.run(self._write_down)

    def _write_down(self) -> None:
        """Write down all that came meanwhile: they share one wait for the disk."""
        with self._lock:
            wanted, self._wanted = self._wanted, []
        if not wanted or self._file is None:
            return
        try:
            self._file.keep([one.claim for one in wanted])
        except StorageError as error:
            log.exception("claims could not be kept on this PC")
            self._say_whether_it_keeps(False)
            for one in wanted:
                one.answer.set_exception(one.refusal if str(one.refusal) else error)
            return
        self._say_whether_it_keeps(True)
        with self._lock:
            for one in wanted:
                self._note(one.claim)
        for one in wanted:
            self._events.emit(one.result)
            one.answer.set_result(one.result)
        self._after_keeping()

    def _say_whether_it_keeps(self, keeps: bool) -> None:
        """The red line must not promise what this PC cannot do."""
        news, self._keeps = not (keeps and self._keeps), keeps
        trouble = self._store.trouble
        if news and trouble is not None:
            self._events.emit(StoreStateChanged(trouble.user_text, trouble.hint, keeps))

    def _note(self, claim: KeptClaim) -> None:
        who = (claim.session_id, claim.student_id)
        self._waiting[who] = self._waiting.get(who, frozenset()) | {claim.method}
        self._came.pop(who, None)

    def _forget_faces(self, student_id: int) -> None:
        if self._file is None:
            return
        try:
            self._file.forget_faces(student_id)
        except StorageError:
            log.exception("what was measured on a face could not be forgotten; delivery leaves it out")


def _known_result(claim: Claim, session: ClassSession, known: CopiedStudent) -> CheckInResult:
    """What this PC can say by itself; `KEPT` where only the server can judge."""
    record, evidence = known.record, claim.evidence
    if record is not None and record.status.attended:
        outcome = CheckInOutcome.ALREADY_MARKED
    elif record is not None and not record.is_undecided:
        outcome = CheckInOutcome.HELD_BY_TEACHER
    elif evidence.method is Method.FACE and session.policy is ProofPolicy.PHONE:
        outcome, record = CheckInOutcome.METHOD_NOT_ACCEPTED, None
    else:
        outcome, record = CheckInOutcome.KEPT, None
    return CheckInResult(
        outcome,
        session.session_id,
        known.student,
        evidence.method,
        record,
        evidence.at,
        is_from_memory=True,
    )

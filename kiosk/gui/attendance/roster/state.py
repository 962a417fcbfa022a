"""What the roster knows about one class session, as one value without Qt; times are handed in. Main thread only."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.claims import Awaited, PendingClaim
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.class_tally import ClassTally, standing
from kiosk.domain.attendance.incidents import Incident, IncidentKind
from kiosk.domain.attendance.kept import RefusedClaim
from kiosk.domain.attendance.record import AttendanceRecord
from kiosk.domain.attendance.school_status import SchoolStatus
from kiosk.domain.courses.courses import Course
from kiosk.domain.faces.liveness import SuspectedAttack
from kiosk.domain.people.names import name_order
from kiosk.domain.people.students import Student, fold
from kiosk.services.attendance.claims import Waiting
from kiosk.services.attendance.marks_by_hand import Marked
from kiosk.services.attendance.sessions import RosterEntry
from kiosk.services.events import (
    AttackRecorded,
    CheckInResult,
    ClaimsDelivered,
    Event,
    HeadcountChanged,
    IncidentNoted,
    RecordCorrected,
)
from kiosk.services.faces.ambiguous_faces import Confirmed, WaitingFaces
from kiosk.services.faces.corrections import MistakenFace
from kiosk.services.records.objections import WaitingObjection
from kiosk.translation import N_, _
from kiosk.wording.attendance import ANNOUNCED, proof_words, state_title, status_count
from kiosk.wording.dates import clock_time, day_and_time

OFFERED_S: Final = 10.0
"""Long enough to read a name, notice the mistake and press *Undo*."""

KEPT_HERE: Final = N_("Kept on this PC")
"""What stands beside a student whose claim waits for the server."""

NO_RECORD: Final = N_("No record")
"""What stands beside a student who was put into the class after its end."""

NO_FACES: Final = WaitingFaces((), (), frozenset())


class RosterFilter(Enum):
    """Which rows are shown."""

    ALL = "all"
    MISSING = "missing"
    PRESENT = "present"
    LATE = "late"
    EXCUSED = "excused"

    @classmethod
    def of(cls, record: AttendanceRecord | None) -> "RosterFilter":
        """The one beside ALL that shows a student with this record; "not here" is who should be here and is not."""
        if record is None:
            return cls.MISSING
        match record.status:
            case Status.PRESENT:
                return cls.PRESENT
            case Status.LATE:
                return cls.LATE
            case Status.EXCUSED:
                return cls.EXCUSED
            case Status.ABSENT:
                return cls.MISSING
            case _:
                assert_never(record.status)

    def lets(self, record: AttendanceRecord | None) -> bool:
        """Whether a student with this record is shown."""
        return self in {RosterFilter.ALL, RosterFilter.of(record)}

    def number(self, tally: ClassTally, rows: int) -> int:
        """How many of a class with so many rows it shows."""
        match self:
            case RosterFilter.ALL:
                return rows
            case RosterFilter.MISSING:
                return tally.missing + tally.kept
            case RosterFilter.PRESENT:
                return tally.present
            case RosterFilter.LATE:
                return tally.late
            case RosterFilter.EXCUSED:
                return tally.excused
            case _:
                assert_never(self)


class Question(Enum):
    """What the roster asks the teacher; one at a time."""

    MARK = "mark"
    WRONG_FACE = "wrong face"
    AMBIGUOUS = "ambiguous"


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One row, ready to draw.

    Attributes:
        record: As it counts; None for a mark that was taken back while the class is open, too.
        state: Such as ``Present`` or ``Not here yet``.
        proof: Such as ``09:02 · face``; may be empty.
        searchable: Name and number without case and accents.
        version: Of the newest record that was heard of; 0 for none.
        is_kept: Whether a claim without a record waits on this PC for the server.
        is_veiled: Whether it shows the name alone.
    """

    student: Student
    record: AttendanceRecord | None
    state: str
    proof: str
    searchable: str
    version: int = 0
    is_kept: bool = False
    is_veiled: bool = False

    @classmethod
    def of(
        cls,
        student: Student,
        record: AttendanceRecord | None,
        zone: ZoneInfo,
        *,
        is_open: bool = True,
        is_kept: bool = False,
        is_planned: bool = False,
    ) -> "RosterLine":
        """Work out the words of a row; `is_planned` where somebody announced that the student will be away."""
        searchable = f"{fold(student.full_name)} {fold(student.student_no)}"
        counts = standing(record, is_open=is_open)
        version = record.version if record is not None else 0
        is_kept = is_kept and counts is None
        state = _(NO_RECORD) if counts is None and not is_open else state_title(counts)
        state = _(KEPT_HERE) if is_kept else state
        proof = _(ANNOUNCED) if is_planned and counts is None else proof_words(counts, zone)
        return cls(student, counts, state, proof, searchable, version, is_kept)

    def veiled(self) -> "RosterLine":
        """The same row with the name alone."""
        return replace(self, state="", proof="", is_veiled=True)

    @property
    def order(self) -> tuple[str, str]:
        """Rows stand by family name, as the service and all other lists have them."""
        return name_order(self.student)

    @property
    def spoken(self) -> str:
        """What a screen reader says."""
        parts = (self.student.full_name, self.student.student_no, self.state, self.proof)
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class MarkedTogether:
    """One mark by hand for several students."""

    marks: tuple[Marked, ...]


OneUndo = Marked | MistakenFace | Confirmed
Undo = OneUndo | MarkedTogether
"""What can be taken back, each its own way."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What was just done, in a sentence, with the way back (None: there is none)."""

    text: str
    undo: Undo | None
    until_s: float


@dataclass(frozen=True, slots=True)
class StoredRoster:
    """A class session as it was read from the store."""

    session: ClassSession
    course: Course
    entries: list[RosterEntry]
    attacks: list[SuspectedAttack]
    incidents: list[Incident]
    kept: frozenset[int]
    refused: list[RefusedClaim]
    names_only: bool = True
    """Whether the school hides statuses and reasons where the class can read them."""
    statuses: tuple[SchoolStatus, ...] = ()
    """Those of the school's own that can be chosen."""


@dataclass(frozen=True, slots=True)
class RosterState:
    """The class session that is shown; each method makes the next state.

    Attributes:
        session: None until it was read.
        lines: Everybody, by name.
        attacks: Oldest first.
        incidents: Oldest first.
        kept: Ids of students whose claims wait on this PC for the server.
        refused: Claims that were kept here and made no record when they were delivered, oldest first.
        claims: First proofs that wait for a second one, the teacher's own first.
        settling: Ids of students whose claim is being confirmed.
        objections: Messages that wait for an answer.
        ambiguous: Faces that wait for a name.
        words: What is searched for, folded.
        question: What the teacher is asked; about `asked`, or `asked_all` as they stood then, unless it is about ambiguous faces.
        history: What is known about the record of `asked`.
        locked_out: Whether `asked` cannot sign in on the phone until a teacher unlocks it.
        offer: What was just done.
        veils: Whether the class can read this roster, so that statuses, reasons and messages wait until asked for.
        is_discreet: Whether they are hidden now.
        statuses: Those of the school's own that can be chosen.
    """

    zone: ZoneInfo
    session_id: int = 0
    session: ClassSession | None = None
    course: Course | None = None
    lines: tuple[RosterLine, ...] = ()
    attacks: tuple[SuspectedAttack, ...] = ()
    incidents: tuple[Incident, ...] = ()
    kept: frozenset[int] = frozenset()
    refused: tuple[RefusedClaim, ...] = ()
    claims: tuple[Waiting, ...] = ()
    settling: frozenset[int] = frozenset()
    objections: tuple[WaitingObjection, ...] = ()
    ambiguous: WaitingFaces = NO_FACES
    chosen: RosterFilter = RosterFilter.ALL
    words: tuple[str, ...] = ()
    question: Question | None = None
    asked: int | None = None
    asked_all: tuple[RosterLine, ...] = ()
    history: tuple[str, ...] = ()
    locked_out: bool = False
    offer: Offer | None = None
    veils: bool = False
    is_discreet: bool = False
    statuses: tuple[SchoolStatus, ...] = ()

    # -- what it says --------------------------------------------------------------------------------------------

    @property
    def shown(self) -> tuple[RosterLine, ...]:
        """The rows that fit the filter and contain every word, without regard to case and accents."""
        return tuple(
            line
            for line in self.lines
            if self.chosen.lets(line.record) and all(word in line.searchable for word in self.words)
        )

    @property
    def missing(self) -> tuple[RosterLine, ...]:
        """The rows that are shown while those who are not here are looked at; otherwise none."""
        return self.shown if self.chosen is RosterFilter.MISSING else ()

    @property
    def is_open(self) -> bool:
        """Whether the class goes on."""
        return self.session is None or self.session.is_open

    @property
    def is_to_mark(self) -> bool:
        """Whether who has no record is still to be marked: while the class goes on, and in one that was written down afterwards."""
        return self.is_open or (self.session is not None and self.session.added_at is not None)

    @property
    def count(self) -> ClassTally:
        """How many are here, and how many are not."""
        kept = sum(line.is_kept for line in self.lines)
        return ClassTally.of((line.record for line in self.lines), is_open=self.is_to_mark, kept=kept)

    def number(self, chosen: RosterFilter) -> int:
        """How many rows a filter lets through, those without a record in a class that has ended not counted."""
        return chosen.number(self.count, len(self.lines))

    @property
    def summary(self) -> str:
        """How many are here, and when the class was; empty until it was read."""
        if self.session is None:
            return ""
        started, zone = self.session.started_at, self.zone
        when = (
            _("started {started}", started=clock_time(started, zone))
            if self.session.is_open
            else day_and_time(started, zone)
        )
        count = self.count
        said = [_("{attended} of {expected} here", attended=count.attended, expected=count.expected)]
        if count.excused:
            said.append(status_count(Status.EXCUSED, count.excused))
        return " · ".join((*said, when))

    @property
    def hidden_number(self) -> int:
        """How many notes there are that are hidden in front of the class."""
        hidden = (self.incidents, self.attacks, self.refused, self.objections, self.ambiguous.faces)
        return sum(map(len, hidden))

    def in_front_of_the_class(self, veils: bool) -> "RosterState":
        """The same session where the class can read it, or where only the teacher can."""
        return replace(self, veils=veils, is_discreet=veils)

    def as_seen(self) -> "RosterState":
        """What is drawn: without what the class should not read, while that is hidden. The counts are the same."""
        if not self.is_discreet:
            return self
        return replace(
            self,
            lines=tuple(line.veiled() for line in self.lines),
            incidents=(),
            attacks=(),
            refused=(),
            objections=(),
            ambiguous=NO_FACES,
            history=(),
        )

    def line_of(self, student_id: int | None) -> RosterLine | None:
        """A student's row, or None."""
        return next((line for line in self.lines if line.student.student_id == student_id), None)

    def likely(self, student_id: int, now: datetime) -> Status | None:
        """How a student who has no record is marked at this moment; None where nothing is likely."""
        line, session = self.line_of(student_id), self.session
        if line is None or line.record is not None or session is None or not session.is_open:
            return None
        return session.status_at(now)

    def claim_of(self, student_id: int) -> PendingClaim | None:
        """The scan of a student that waits; None where none does."""
        return next((one.claim for one in self.claims if one.student.student_id == student_id), None)

    def name_of(self, student_id: int) -> str:
        """A student's name; empty for somebody who is not in this roster."""
        line = self.line_of(student_id)
        return line.student.full_name if line is not None else ""

    # -- what happens --------------------------------------------------------------------------------------------

    def with_stored(self, read: StoredRoster) -> "RosterState":
        """The same session as the store had it; what events have said since is kept."""
        if read.session.session_id != self.session_id:
            return self
        newer = {line.student.student_id: line for line in self.lines}
        lines = []
        for entry in read.entries:
            is_kept = entry.student.student_id in read.kept
            line = RosterLine.of(
                entry.student,
                entry.record,
                self.zone,
                is_open=read.session.is_open,
                is_kept=is_kept,
                is_planned=entry.is_planned,
            )
            told = newer.pop(entry.student.student_id, line)
            lines.append(told if told.version > line.version else line)
        state = replace(
            self,
            session=read.session,
            course=read.course,
            lines=_by_name((*lines, *(line for line in newer.values() if line.version))),
            attacks=(*read.attacks, *(one for one in self.attacks if one not in read.attacks)),
            incidents=_joined(read.incidents, self.incidents),
            kept=read.kept,
            statuses=read.statuses,
            veils=self.veils and read.names_only,
            is_discreet=self.is_discreet and read.names_only,
            refused=(*read.refused, *(one for one in self.refused if one not in read.refused)),
        )
        return self if state == self else state

    def after(self, event: Event) -> "RosterState":
        """The state once `event` has happened; the same object when it changes nothing here."""
        match event:
            case CheckInResult() if event.session_id == self.session_id:
                state = self
                if event.record is not None:
                    state = state.with_record(event.student, event.record)
                return state._with_incident(event.incident) if event.incident is not None else state
            case ClaimsDelivered():
                return self._with_delivered(event)
            case RecordCorrected():
                return self.with_record(event.student, event.record)
            case IncidentNoted(incident=incident):
                return self._with_incident(incident)
            case HeadcountChanged(session=session):
                if self.session is not None and session.session_id == self.session_id:
                    return replace(self, session=replace(self.session, headcount=session.headcount))
            case AttackRecorded(attack=attack):
                if attack.session_id == self.session_id and attack not in self.attacks:
                    return replace(self, attacks=(*self.attacks, attack))
        return self

    def with_record(self, student: Student, record: AttendanceRecord) -> "RosterState":
        """Somebody's new record; who was not listed is put in by name, and an older version changes nothing."""
        known = self.line_of(student.student_id)
        if record.session_id != self.session_id or (known is not None and known.version > record.version):
            return self
        others = (line for line in self.lines if line is not known)
        is_kept = student.student_id in self.kept
        line = RosterLine.of(student, record, self.zone, is_open=self.is_open, is_kept=is_kept)
        return replace(self, lines=_by_name((*others, line)))

    def with_kept(self, students: frozenset[int]) -> "RosterState":
        """The same session while these students' claims wait on this PC."""
        if students == self.kept:
            return self
        changed = students ^ self.kept
        lines = tuple(
            RosterLine.of(
                line.student,
                line.record,
                self.zone,
                is_open=self.is_open,
                is_kept=line.student.student_id in students,
            )
            if line.student.student_id in changed and line.record is None
            else line
            for line in self.lines
        )
        return replace(self, kept=students, lines=lines)

    def _with_delivered(self, event: ClaimsDelivered) -> "RosterState":
        state = self
        for result in event.results:
            state = state.after(result)
        refused = (
            one for one in event.refused if one.session_id == self.session_id and one not in self.refused
        )
        if news := tuple(refused):
            state = replace(state, refused=(*state.refused, *news))
        return state

    def with_waiting(self, claims: Iterable[Waiting], faces: WaitingFaces) -> "RosterState":
        """Who and which faces wait now; a question about faces is over when none is left."""
        over = self.question is Question.AMBIGUOUS and not faces.faces
        return replace(
            self, claims=_in_order(claims), ambiguous=faces, question=None if over else self.question
        )

    def _with_incident(self, incident: Incident) -> "RosterState":
        if incident.session_id != self.session_id:
            return self
        return replace(self, incidents=_joined(self.incidents, (incident,)))

    def put_away(self) -> "RosterState":
        """The roster is hidden: names, words and pictures of who waits are forgotten."""
        return replace(self.with_waiting((), NO_FACES), objections=(), settling=frozenset())

    # -- what the teacher does -----------------------------------------------------------------------------------

    def asking(self, question: Question, student_id: int | None = None) -> "RosterState":
        """Ask one question in place of any other."""
        return replace(self.asked_nothing(), question=question, asked=student_id)

    def asking_all(self, lines: tuple[RosterLine, ...]) -> "RosterState":
        """Ask how several students are marked."""
        return replace(self.asked_nothing(), question=Question.MARK, asked_all=lines)

    def asked_nothing(self) -> "RosterState":
        """No question is open any more."""
        return replace(self, question=None, asked=None, asked_all=(), history=(), locked_out=False)

    def offering(self, text: str, undo: Undo | None, now_s: float) -> "RosterState":
        """Say what was just done; a newer offer replaces the older."""
        return replace(self, offer=Offer(text, undo, now_s + OFFERED_S))

    def at(self, now_s: float) -> "RosterState":
        """The state at a moment: an offer goes by itself."""
        over = self.offer is not None and now_s >= self.offer.until_s
        return replace(self, offer=None) if over else self


def _by_name(lines: Iterable[RosterLine]) -> tuple[RosterLine, ...]:
    return tuple(sorted(lines, key=_order))


def _order(line: RosterLine) -> tuple[str, str]:
    return line.order


def _in_order(claims: Iterable[Waiting]) -> tuple[Waiting, ...]:
    """Those that only the teacher can settle first, then those whom the camera may still see; oldest first."""

    def urgency(one: Waiting) -> int:
        if one.claim.awaits is Awaited.EYE:
            return 0
        return 2 if one.is_good else 1

    return tuple(sorted(claims, key=lambda one: (urgency(one), one.claim.made_at)))


def _joined(first: Iterable[Incident], later: Iterable[Incident]) -> tuple[Incident, ...]:
    """All incidents, each once with its highest number, in the order in which they were last seen."""
    joined: dict[tuple[IncidentKind, int | None, int | None], Incident] = {}
    for one in (*first, *later):
        about = one.kind, one.student_id, one.other_id
        known = joined.get(about)
        if known is None or one.times > known.times:
            joined.pop(about, None)
            joined[about] = one
    return tuple(joined.values())

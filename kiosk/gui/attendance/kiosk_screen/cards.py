"""Which result cards are shown, and for how long: the rules, without Qt. Main thread; times are handed in.

- A mark is shown at once and takes away whatever asked for something. Several marks stand together, the newest first,
  at most `MOST`; one more waits until the oldest was readable for `READABLE_S`.
- "Already marked" is not said to somebody whose own mark is younger than `OWN_MARK_S`, nor twice within that time.
- What was kept while the server was away and is delivered now is one card, whoever it was.
- "Not recognised" and "please scan" never cover a fresh mark: they wait until it is gone, and are dropped when they
  are then no news any more. The same face is not told twice within `SAME_FACE_S`.
"""

from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from kiosk.domain.attendance.choices import CheckInOutcome, Method
from kiosk.domain.faces.recognition import Outcome
from kiosk.services.events import CheckInResult, ClaimsDelivered, Event, FaceDecided, PassExpired
from kiosk.translation import _
from kiosk.wording.attendance import screen_words
from kiosk.wording.kept_claims import delivered_words

MOST: Final = 3
READABLE_S: Final = 1.2
OWN_MARK_S: Final = 10.0
SAME_FACE_S: Final = 12.0
NO_NEWS_S: Final = 4.0
MOST_WAITING: Final = 12


class CardKind(StrEnum):
    """What a card says."""

    PRESENT = "present"
    LATE = "late"
    ALREADY = "already"
    KEPT = "kept"
    DELIVERED = "delivered"
    UNKNOWN = "unknown"
    PLEASE_SCAN = "please_scan"
    REFUSED = "refused"

    @property
    def is_success(self) -> bool:
        """Whether the student has nothing more to do."""
        match self:
            case CardKind.PRESENT | CardKind.LATE | CardKind.ALREADY | CardKind.KEPT | CardKind.DELIVERED:
                return True
            case CardKind.UNKNOWN | CardKind.PLEASE_SCAN | CardKind.REFUSED:
                return False
            case _:
                assert_never(self)


@dataclass(frozen=True, slots=True)
class Card:
    """One result as a screen shows it."""

    kind: CardKind
    title: str
    detail: str

    @property
    def spoken(self) -> str:
        """What a screen reader says."""
        return f"{self.title}: {self.detail}"


@dataclass(frozen=True, slots=True)
class ShownCard:
    """A card on the screen; `number` tells two cards with the same words apart."""

    card: Card
    number: int
    since_s: float
    until_s: float

    def remaining(self, now_s: float) -> float:
        """Share of its time that is left, 1 to 0."""
        return min(1.0, max(0.0, (self.until_s - now_s) / (self.until_s - self.since_s)))


@dataclass(frozen=True, slots=True)
class _Waiting:
    card: Card
    since_s: float


class CardBoard:
    """Takes events in and says which cards are to be seen at a moment."""

    def __init__(self, *, zone: ZoneInfo, success_s: float, failure_s: float) -> None:
        self._zone = zone
        self._success_s = success_s
        self._failure_s = failure_s
        self._number = 0
        self.clear()

    def show_for(self, *, success_s: float, failure_s: float) -> None:
        """Show the cards to come for so long."""
        self._success_s, self._failure_s = success_s, failure_s

    def clear(self) -> None:
        """Forget everything, for a new class."""
        self._shown: list[ShownCard] = []
        self._successes: deque[Card] = deque(maxlen=MOST_WAITING)
        self._request: _Waiting | None = None
        self._told_student: dict[int, float] = {}
        self._told_face: dict[int, float] = {}
        self._delivered: set[int] = set()
        self._not_accepted = 0

    def on_event(self, event: Event, now_s: float) -> None:
        """Take an event in; others than results and decisions are ignored."""
        if isinstance(event, CheckInResult):
            self._take_result(event, now_s)
        elif isinstance(event, FaceDecided):
            self._take_decision(event, now_s)
        elif isinstance(event, ClaimsDelivered):
            self._take_delivered(event, now_s)
        elif isinstance(event, PassExpired):
            self._ask(_expired_pass_card(), now_s)

    def shown(self, now_s: float) -> tuple[ShownCard, ...]:
        """The cards to be seen now, newest first."""
        self._shown = [one for one in self._shown if one.until_s > now_s]
        while self._successes and self._make_room(now_s):
            self._show(self._successes.popleft(), now_s)
        if self._request is not None and not self._shown:
            if now_s - self._request.since_s <= NO_NEWS_S:
                self._show(self._request.card, now_s)
            self._request = None
        return tuple(reversed(self._shown))

    def _take_result(self, result: CheckInResult, now_s: float) -> None:
        card = _result_card(result, self._zone)
        if card is None:
            return
        student_id = result.student.student_id
        told_s = self._told_student.get(student_id)
        if told_s is not None and now_s - told_s < OWN_MARK_S and not result.outcome.is_marked:
            return
        self._told_student[student_id] = now_s
        if card.kind.is_success:
            self._successes.append(card)
            self.shown(now_s)
        else:
            self._ask(card, now_s)

    def _take_delivered(self, event: ClaimsDelivered, now_s: float) -> None:
        self._delivered |= {one.student.student_id for one in event.results if not one.outcome.is_refused}
        self._not_accepted += len(event.refused)
        if event.left:
            return
        words = delivered_words(len(self._delivered), self._not_accepted)
        self._delivered, self._not_accepted = set(), 0
        self._successes.append(Card(CardKind.DELIVERED, *words))
        self.shown(now_s)

    def _take_decision(self, decision: FaceDecided, now_s: float) -> None:
        card = _decision_card(decision.outcome)
        if card is None:
            return
        told_s = self._told_face.get(decision.track_id)
        if told_s is not None and now_s - told_s < SAME_FACE_S:
            return
        self._told_face = {
            track: when for track, when in self._told_face.items() if now_s - when < SAME_FACE_S
        }
        self._told_face[decision.track_id] = now_s
        self._ask(card, now_s)

    def _ask(self, card: Card, now_s: float) -> None:
        self._shown = [one for one in self._shown if one.card.kind.is_success]
        self._request = _Waiting(card, now_s)
        self.shown(now_s)

    def _make_room(self, now_s: float) -> bool:
        self._shown = [one for one in self._shown if one.card.kind.is_success]
        if len(self._shown) < MOST:
            return True
        if now_s - self._shown[0].since_s < READABLE_S:
            return False
        del self._shown[0]
        return True

    def _show(self, card: Card, now_s: float) -> None:
        self._number += 1
        duration_s = self._success_s if card.kind.is_success else self._failure_s
        self._shown.append(ShownCard(card, self._number, now_s, now_s + duration_s))


def _expired_pass_card() -> Card:
    hint = _("It renews by itself: show the one on your phone now")
    return Card(CardKind.PLEASE_SCAN, _("This pass has expired"), hint)


def _decision_card(outcome: Outcome) -> Card | None:
    match outcome:
        case Outcome.ACCEPTED:
            return None  # its record has a card
        case Outcome.UNKNOWN:
            return Card(CardKind.UNKNOWN, _("Not recognised"), _("Please scan the code with your phone"))
        case Outcome.AMBIGUOUS:
            return Card(CardKind.PLEASE_SCAN, _("Please scan the code"), _("The camera is not sure enough"))
        case Outcome.ATTACK_SUSPECTED:
            return Card(CardKind.PLEASE_SCAN, _("Please scan the code"), _("The camera needs a live face"))
        case _:
            assert_never(outcome)


def _result_card(result: CheckInResult, zone: ZoneInfo) -> Card | None:
    said = screen_words(
        result.outcome, name=result.student.shown_name, method=result.method, record=result.record, zone=zone
    )
    return Card(_kind(result), *said) if said is not None else None


def _kind(result: CheckInResult) -> CardKind:
    match result.outcome:
        case CheckInOutcome.MARKED_PRESENT | CheckInOutcome.SEEN_AGAIN | CheckInOutcome.CHECKED_OUT:
            return CardKind.PRESENT
        case CheckInOutcome.MARKED_LATE:
            return CardKind.LATE
        case CheckInOutcome.ALREADY_MARKED:
            return CardKind.ALREADY
        case CheckInOutcome.KEPT:
            return CardKind.KEPT
        case (
            CheckInOutcome.SECOND_FACTOR_NEEDED
            | CheckInOutcome.FACE_AWAITED
            | CheckInOutcome.TEACHER_AWAITED
            | CheckInOutcome.PHONE_AWAITED
            | CheckInOutcome.CLAIM_EXPIRED
        ):
            return CardKind.PLEASE_SCAN
        case CheckInOutcome.METHOD_NOT_ACCEPTED:
            return CardKind.PLEASE_SCAN if result.method is Method.FACE else CardKind.REFUSED
        case (
            CheckInOutcome.NOT_REGISTERED
            | CheckInOutcome.SESSION_ENDED
            | CheckInOutcome.HELD_BY_TEACHER
            | CheckInOutcome.DEVICE_ALREADY_USED
            | CheckInOutcome.PHONE_NOT_ENROLLED
        ):
            return CardKind.REFUSED
        case _:
            assert_never(result.outcome)

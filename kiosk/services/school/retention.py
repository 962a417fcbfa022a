"""Deleting what is no longer needed: faces after the last class, traces of phones after some months. Any thread but the window's.

Every deletion is a transaction of its own for each student, and looks again whether the face is still to go.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from kiosk.domain.people.students import Student
from kiosk.domain.school.kept_data import EnrolledFace, PhoneTraces
from kiosk.domain.school.retention import Belonging, last_needed, months_after
from kiosk.domain.trust.rights import Actor, Right
from kiosk.services.ports.clock import Clock
from kiosk.services.ports.progress import UNWATCHED, Progress
from kiosk.services.trust.rights import require
from kiosk.settings import PrivacyRules, SchoolRules
from kiosk.storage.store import Repositories, Store

if TYPE_CHECKING:
    from kiosk.services.school.retention_queries import RetentionQueries

TRACES_AT_ONCE: Final = 200
"""Check-ins by phone that one transaction deletes, so that no mark waits behind thousands."""


@dataclass(frozen=True, slots=True)
class FaceTerm:
    """Until when a student's face is kept; `until` is the day on which it goes, None: no day is set."""

    student: Student
    samples: int
    last_needed: date
    until: date | None

    def is_over(self, today: date) -> bool:
        """Whether it may be deleted on that day."""
        return self.until is not None and self.until <= today


@dataclass(frozen=True, slots=True)
class KeptUntil:
    """What a student reads about how long something is kept; `face` is None when there are no pictures."""

    rules: PrivacyRules
    face: FaceTerm | None


@dataclass(frozen=True, slots=True)
class ExpiredData:
    """What the school's rules no longer keep: what a round deleted, or would."""

    faces: tuple[FaceTerm, ...]
    traces: PhoneTraces

    def __bool__(self) -> bool:
        return bool(self.faces or self.traces)


class Retention:
    """Knows what is due and deletes it."""

    def __init__(self, *, store: Store, clock: Clock, zone: ZoneInfo) -> None:
        self._store = store
        self._clock = clock
        self._zone = zone

    def due(self, *, actor: Actor) -> ExpiredData:
        """What would be deleted now."""
        require(self._store, actor, Right.DELETE_FACES)
        return self._due()

    def _due(self) -> ExpiredData:

        def query(repositories: Repositories) -> ExpiredData:
            rules = _rules(repositories)
            return ExpiredData(
                tuple(self._over(repositories, rules)),
                _queries(repositories).traces(self._traces_before(rules)),
            )

        return self._store.read(query)

    def terms(self) -> tuple[list[FaceTerm], int]:
        """Until when each face is kept, by student number, and the months that the rule gives; 0: no end."""

        def query(repositories: Repositories) -> tuple[list[FaceTerm], int]:
            rules = _rules(repositories)
            enrolled = _queries(repositories).enrolled()
            return [self._term(face, rules) for face in enrolled], rules.faces_kept_months

        return self._store.read(query)

    def kept(self, student_id: int) -> KeptUntil:
        """Until when the face of one student, and traces of their phone, are kept."""

        def query(repositories: Repositories) -> KeptUntil:
            rules = _rules(repositories)
            found = _queries(repositories).enrolled(student_id)
            return KeptUntil(rules, self._term(found[0], rules) if found else None)

        return self._store.read(query)

    def delete(self, *, actor: Actor, progress: Progress = UNWATCHED) -> ExpiredData:
        """Delete what is due, until `progress` cancels it; what is left is due the next time. Each deletion is audited.

        Raises:
            StorageError: It could not be written; what was deleted before stays deleted.
        """
        require(self._store, actor, Right.DELETE_FACES)
        faces: list[FaceTerm] = []
        for term in self._due().faces:
            if progress.is_cancelled():
                break
            gone = self._forget(term.student.student_id, actor.name)
            if gone is not None:
                faces.append(gone)
        return ExpiredData(tuple(faces), self._forget_traces(actor.name, progress))

    def _forget(self, student_id: int, actor: str) -> FaceTerm | None:
        def work(repositories: Repositories) -> FaceTerm | None:
            term = next(iter(self._over(repositories, _rules(repositories), student_id)), None)
            if term is None:
                return None
            gone = repositories.faces.forget(student_id)
            repositories.audit.add(
                self._clock.now(),
                actor,
                "faces.expired",
                term.student.student_no,
                f"{gone} samples deleted, last needed on {term.last_needed.isoformat()}",
            )
            return term

        return self._store.write(work)

    def _forget_traces(self, actor: str, progress: Progress) -> PhoneTraces:
        all_gone = PhoneTraces()
        while not progress.is_cancelled():
            gone = self._store.write(lambda repositories: self._forget_some(repositories, actor))
            all_gone = PhoneTraces(
                all_gone.device_uses + gone.device_uses, all_gone.incidents + gone.incidents
            )
            if gone.device_uses < TRACES_AT_ONCE:
                break
        return all_gone

    def _forget_some(self, repositories: Repositories, actor: str) -> PhoneTraces:
        before = self._traces_before(_rules(repositories))
        gone = _queries(repositories).forget_traces(before, limit=TRACES_AT_ONCE)
        repositories.failures.forget_before(before)
        if gone:
            repositories.audit.add(
                self._clock.now(),
                actor,
                "traces.expired",
                "phones",
                f"{gone.device_uses} check-ins by phone and {gone.incidents} notes from before {before.date()}",
            )
        return gone

    def _over(
        self, repositories: Repositories, rules: PrivacyRules, student_id: int | None = None
    ) -> list[FaceTerm]:
        today = self._day(self._clock.now())
        terms = (self._term(face, rules) for face in _queries(repositories).enrolled(student_id))
        return [term for term in terms if term.is_over(today)]

    def _term(self, face: EnrolledFace, rules: PrivacyRules) -> FaceTerm:
        belongings = [
            Belonging(one.since, one.until, self._day(one.last_class_at) if one.last_class_at else None)
            for one in face.courses
        ]
        today, enrolled_on = self._day(self._clock.now()), self._day(face.newest_at)
        last = last_needed(belongings, enrolled_on=enrolled_on, today=today)
        months = rules.faces_kept_months
        return FaceTerm(face.student, face.samples, last, months_after(last, months) if months else None)

    def _traces_before(self, rules: PrivacyRules) -> datetime:
        return self._clock.now() - timedelta(days=rules.traces_kept_days)

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self._zone).date()


def _rules(repositories: Repositories) -> PrivacyRules:
    return SchoolRules.from_texts(repositories.school_settings.all())


def _queries(repositories: Repositories) -> "RetentionQueries":
    from kiosk.services.school.retention_queries import RetentionQueries

    return RetentionQueries(db_session=repositories.db_session)

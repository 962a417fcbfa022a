"""Re-checks as the staff see them: start, stop, who did not show up, and taking back what one did. Any thread but the store's."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from kiosk.domain.attendance.choices import Method, ProofPolicy
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.rechecks import Asked, Disturbance, Recheck, RecheckMode
from kiosk.domain.attendance.record import AttendanceRecord, Evidence
from kiosk.domain.people.students import Student
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.attendance.recheck.judging import (
    KIOSK,
    TAKEN_BACK,
    WAS_HERE,
    begin,
    close,
    put_right,
    recheck_queries,
)
from kiosk.services.core import Core
from kiosk.services.courses.own_courses import require_session, require_session_id
from kiosk.services.events import Event, RecheckChanged, RecordCorrected
from kiosk.services.trust.rights import require, require_within
from kiosk.settings import SchoolRules
from kiosk.storage.store import Repositories
from kiosk.translation import _

GONE: Final = "the class went on without it"

Waits = Callable[[ProofPolicy], bool]
"""Whether students of a class under a policy can show up at all now."""


@dataclass(frozen=True, slots=True)
class Missing:
    """Somebody who was asked and did not show up, and what the record says now; `is_set`: by this re-check."""

    student: Student
    record: AttendanceRecord | None
    is_set: bool


@dataclass(frozen=True, slots=True)
class RecheckReport:
    """One window and what came of it; while it is open, so far."""

    recheck: Recheck
    asked: int
    missing: tuple[Missing, ...]

    @property
    def shown(self) -> int:
        """How many showed up, or were found to be here."""
        return self.asked - len(self.missing)


@dataclass(frozen=True, slots=True)
class StudentRecheck:
    """What one window says of one student; `was_set`: the record was changed by it, whatever it is by now."""

    recheck: Recheck
    asked: Asked

    @property
    def was_set(self) -> bool:
        return self.asked.set_version is not None


class Rechecks:
    """Opens and judges windows in which students show up again."""

    def __init__(self, core: Core, *, can_show_up: Waits) -> None:
        self._core = core
        self._can_show_up = can_show_up

    def is_offered(self) -> bool:
        """Whether the school wants that teachers start one."""
        return self._core.store.read(lambda repositories: _rules(repositories).recheck.is_on)

    def of_session(self, session_id: int, *, actor: Actor) -> list[RecheckReport]:
        """All that began in a class, the oldest first; one that waits for its moment is told to nobody.

        Raises:
            ForbiddenError: It is of a course of somebody else's; so do all others here say.
        """
        require(self._core.store, actor, Right.SEE_RECORDS)

        def query(repositories: Repositories) -> list[RecheckReport]:
            require_session_id(repositories, actor, session_id)
            return _reports(repositories, session_id)

        return self._core.store.read(query)

    def of_student(self, session_id: int, student_id: int, *, actor: Actor) -> list[StudentRecheck]:
        """Those of a class that asked one student, the oldest first."""
        require(self._core.store, actor, Right.SEE_RECORDS)

        def query(repositories: Repositories) -> list[StudentRecheck]:
            require_session_id(repositories, actor, session_id)
            found = recheck_queries(repositories).of_student(session_id, student_id)
            return [StudentRecheck(recheck, asked) for recheck, asked in found]

        return self._core.store.read(query)

    def start(self, session_id: int, *, actor: Actor) -> Recheck:
        """Open a window now, for everybody who is marked present or late.

        Raises:
            ConflictError: The school wants none, the class has ended, one is open, nobody is marked, or nobody can show up.
            NotFoundError: No such session.
        """
        now = self._core.clock.now()

        def work(repositories: Repositories) -> RecheckChanged:
            require_within(repositories, actor, Right.TAKE)
            session, rules = _held(repositories, session_id, actor), _rules(repositories)
            self._refuse(repositories, session, rules)
            begun = begin(
                repositories,
                session,
                None,
                at=now,
                window=timedelta(minutes=rules.recheck_window_min),
                meaning=rules.recheck_meaning,
                by=actor.name,
            )
            if begun is None:
                raise ConflictError(
                    _("Nobody is marked present or late yet."),
                    _("A re-check asks those to show up again who are here."),
                )
            return told(repositories, begun)

        return self._core.store.write(work, then=self._core.events.emit).recheck

    def _refuse(self, repositories: Repositories, session: ClassSession, rules: SchoolRules) -> None:
        if not rules.recheck.is_on:
            raise ConflictError(
                _("This school uses no re-checks."), _("An admin can turn them on in the settings.")
            )
        if not session.is_open:
            raise ConflictError(_("This class has ended."), _("A re-check needs a class that is open."))
        if recheck_queries(repositories).open_of(session.session_id) is not None:
            raise ConflictError(_("A re-check is under way already."), _("Wait until it is over."))
        if not self._can_show_up(session.policy):
            raise ConflictError(
                _("Nobody could show up now: neither camera nor phones work as this class needs them."),
                _("Look at the lines in red, then start it again."),
            )

    def stop(self, session_id: int, *, actor: Actor) -> RecheckReport:
        """End the open window at once; nobody is judged by it.

        Raises:
            NotFoundError: None is open, or there is no such session.
        """
        now = self._core.clock.now()

        def work(repositories: Repositories) -> list[Event]:
            require_within(repositories, actor, Right.TAKE)
            _held(repositories, session_id, actor)
            recheck = recheck_queries(repositories).open_of(session_id)
            if recheck is None:
                raise NotFoundError(_("No re-check is under way."), _("Look at the roster again."))
            cut = replace(recheck, disturbance=recheck.disturbance or Disturbance.CUT_SHORT)
            repositories.audit.add(now, actor.name, "recheck.stopped", f"#{session_id}", "")
            return _ended(repositories, cut, now)

        self._core.store.write(work, then=self._tell)
        return self.of_session(session_id, actor=actor)[-1]

    def was_here(self, recheck_id: int, student_id: int, *, actor: Actor) -> None:
        """Note that somebody who did not show up was in the room; what the re-check set is taken back.

        Where a teacher changed the record since, it stays as that teacher wanted it.

        Raises:
            NotFoundError: No such re-check, or it did not ask this student.
        """
        proof = Evidence(Method.MANUAL, self._core.clock.now(), actor=actor.name, reason=WAS_HERE)

        def work(repositories: Repositories) -> list[Event]:
            require_within(repositories, actor, Right.CORRECT)
            queries = recheck_queries(repositories)
            recheck = queries.get(recheck_id)
            _held(repositories, recheck.session_id, actor)
            student = repositories.students.get(student_id)
            asked = queries.find(recheck_id, student_id)
            if asked is None or student is None:
                raise NotFoundError(_("This re-check did not ask that student."))
            if not asked.is_missing:
                return []
            corrected = put_right(repositories, student, asked, recheck.session_id, proof)
            queries.note(
                replace(asked, shown_at=proof.at, method=Method.MANUAL, evidence=(proof,), set_version=None)
            )
            subject = f"{student.student_no} #{recheck.session_id}"
            repositories.audit.add(proof.at, actor.name, "recheck.put_right", subject)
            return [*_some(corrected), told(repositories, recheck)]

        self._core.store.write(work, then=self._tell)

    def take_back(self, recheck_id: int, *, actor: Actor) -> int:
        """Undo all that a re-check set, and let it judge nobody any more; returns how many records that were.

        Raises:
            NotFoundError: There is none.
            ConflictError: It is still open, or was taken back already.
        """
        now = self._core.clock.now()
        proof = Evidence(Method.MANUAL, now, actor=actor.name, reason=TAKEN_BACK)

        def work(repositories: Repositories) -> list[Event]:
            require_within(repositories, actor, Right.CORRECT)
            queries = recheck_queries(repositories)
            recheck = queries.get(recheck_id)
            _held(repositories, recheck.session_id, actor)
            if recheck.ended_at is None:
                raise ConflictError(_("This re-check is still under way."), _("Stop it instead."))
            if recheck.taken_back_at is not None:
                raise ConflictError(_("This re-check was taken back already."))
            done: list[Event] = []
            for student, asked in queries.asked(recheck_id):
                done += _some(put_right(repositories, student, asked, recheck.session_id, proof))
            recheck = queries.save(replace(recheck, taken_back_at=now, taken_back_by=actor.name))
            repositories.audit.add(
                now, actor.name, "recheck.taken_back", f"#{recheck.session_id}", f"{len(done)} records"
            )
            return [*done, told(repositories, recheck)]

        return len(self._core.store.write(work, then=self._tell)) - 1

    # -- what the kiosk does by itself ---------------------------------------------------------------------------

    def judge(self, session_id: int) -> None:
        """Judge the open window of a class, if there is one."""
        now = self._core.clock.now()

        def work(repositories: Repositories) -> list[Event]:
            session = repositories.class_sessions.hold(session_id)
            recheck = recheck_queries(repositories).open_of(session_id) if session is not None else None
            return _ended(repositories, recheck, now) if recheck is not None else []

        self._core.store.write(work, then=self._tell)

    def disturb(self, session_id: int, disturbance: Disturbance) -> None:
        """Note why the open window of a class, if there is one, will judge nobody; the first reason stays."""

        def work(repositories: Repositories) -> list[Event]:
            queries = recheck_queries(repositories)
            recheck = queries.open_of(session_id)
            if recheck is None or recheck.disturbance is not None:
                return []
            return [told(repositories, queries.save(replace(recheck, disturbance=disturbance)))]

        self._core.store.write(work, then=self._tell)

    def plan(self, session: ClassSession, draw: Callable[[SchoolRules], Recheck | None]) -> Recheck | None:
        """Write down the moment that is drawn for a class, in place of one that was; None where there is to be none."""

        def work(repositories: Repositories) -> Recheck | None:
            queries, rules = recheck_queries(repositories), _rules(repositories)
            queries.forget_planned(session.session_id)
            held = repositories.class_sessions.hold(session.session_id)
            wanted = draw(rules) if rules.recheck is RecheckMode.RANDOM else None
            if held is None or not held.is_open or wanted is None:
                return None
            return queries.add(wanted)

        return self._core.store.write(work)

    def begin_planned(self, session: ClassSession, planned: Recheck) -> bool:
        """Open the window that was drawn, now; False where nobody is here to show up, and it is dropped."""
        now = self._core.clock.now()

        def work(repositories: Repositories) -> list[Event]:
            queries, rules = recheck_queries(repositories), _rules(repositories)
            held = repositories.class_sessions.hold(session.session_id)
            is_wanted = rules.recheck is RecheckMode.RANDOM and held is not None and held.is_open
            if is_wanted and queries.open_of(session.session_id) is None:
                begun = begin(
                    repositories,
                    session,
                    planned,
                    at=now,
                    window=timedelta(minutes=rules.recheck_window_min),
                    meaning=planned.meaning,
                    by=KIOSK,
                )
                if begun is not None:
                    return [told(repositories, begun)]
            queries.forget_planned(session.session_id)
            repositories.audit.add(now, KIOSK, "recheck.dropped", f"#{session.session_id}", "nobody to ask")
            return []

        return bool(self._core.store.write(work, then=self._tell))

    def drop_planned(self, session: ClassSession) -> None:
        """Let the drawn moment pass: nobody could have shown up."""
        now = self._core.clock.now()

        def work(repositories: Repositories) -> None:
            recheck_queries(repositories).forget_planned(session.session_id)
            repositories.audit.add(now, KIOSK, "recheck.dropped", f"#{session.session_id}", GONE)

        self._core.store.write(work)

    def _tell(self, events: list[Event]) -> None:
        for one in events:
            self._core.events.emit(one)


def told(repositories: Repositories, recheck: Recheck) -> RecheckChanged:
    """How a window stands, for whoever shows it."""
    asked = [one for _student, one in recheck_queries(repositories).asked(recheck.recheck_id)]
    return RecheckChanged(
        recheck,
        frozenset(one.student_id for one in asked),
        frozenset(one.student_id for one in asked if not one.is_missing),
    )


def _ended(repositories: Repositories, recheck: Recheck, at: datetime) -> list[Event]:
    judged, changed = close(repositories, recheck, at)
    return [*changed, told(repositories, judged)]


def _some(corrected: RecordCorrected | None) -> list[Event]:
    return [] if corrected is None else [corrected]


def _rules(repositories: Repositories) -> SchoolRules:
    return SchoolRules.from_texts(repositories.school_settings.all())


def _held(repositories: Repositories, session_id: int, actor: Actor) -> ClassSession:
    session = repositories.class_sessions.hold(session_id)
    if session is None:
        raise NotFoundError(_("That class session does not exist any more."))
    require_session(repositories, actor, session)
    return session


def _reports(repositories: Repositories, session_id: int) -> list[RecheckReport]:
    queries, found = recheck_queries(repositories), []
    for recheck in queries.of_session(session_id):
        if recheck.began_at is None:
            continue
        asked = queries.asked(recheck.recheck_id)
        missing = []
        for student, one in asked:
            record = repositories.records.find(session_id, student.student_id)
            is_set = (
                record is not None
                and record.is_by_recheck
                and record.evidence[-1].recheck == recheck.recheck_id
            )
            if one.is_missing and (is_set or one.set_version is not None or _is_here(record)):
                missing.append(Missing(student, record, is_set))
        found.append(RecheckReport(recheck, len(asked), tuple(missing)))
    return found


def _is_here(record: AttendanceRecord | None) -> bool:
    """Whether somebody counts as here, so that not showing up says something."""
    return record is not None and record.status.attended

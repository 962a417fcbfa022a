"""Making one of two students who are the same person: looked at before, and taken back at any time. Any thread but the window's.

Records, courses, pictures, answers, phones and messages move to who stays; the other one keeps name and number, stands in no
list, and the number leads to who stays, on phones and in class lists. What moved is written down beside it in the database.
"""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, cast

from kiosk.domain.attendance.record import AttendanceRecord
from kiosk.domain.people.consents import ConsentKind
from kiosk.domain.people.merging import BothMarked, DoneMerge, Merge, contradict
from kiosk.domain.people.students import Student
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.core import Core
from kiosk.services.events import GalleryChanged, PinReplaced
from kiosk.services.trust.rights import require
from kiosk.storage.store import Repositories
from kiosk.translation import _

if TYPE_CHECKING:
    from kiosk.services.people.merge_queries import MergeQueries, Moved
    from kiosk.services.people.merged_contacts import MergedContacts, MovedContact
    from kiosk.services.people.merged_days import MergedDays

MERGED: Final = "students.merged"
PARTED: Final = "students.merge_undone"
"""Actions of the log; its subject is who stays, its detail the other one."""


class Merging:
    """Merges students."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def preview(self, kept_id: int, gone_id: int, *, actor: Actor) -> Merge:
        """What `merge` would move. Raises as `merge` does."""
        self._require(actor)
        return self._core.store.read(lambda repositories: _seen(repositories, kept_id, gone_id))

    def merge(self, kept_id: int, gone_id: int, *, actor: Actor) -> DoneMerge:
        """Make `gone` one with `kept`, in one transaction.

        Where both were marked in one class, the one record has what was seen (present before late, excused and absent), and its
        history says so.

        Raises:
            NotFoundError: One of them is not there (any more).
            ConflictError: They are one already, a class of theirs is open, or one says yes to face recognition and the other no.
            StorageError: A picture cannot be decrypted.
        """
        self._require(actor)
        now = self._core.clock.now()

        def work(repositories: Repositories) -> DoneMerge:
            found = _seen(repositories, kept_id, gone_id)
            moved = _move(repositories, found, now=now, actor=actor)
            queries = _queries(repositories)
            merge_id = queries.note(kept_id, gone_id, moved, at=now, by=actor.name)
            repositories.audit.add(now, actor.name, MERGED, found.kept.student_no, found.gone.student_no)
            return DoneMerge(merge_id, found.kept, found.gone, now, actor.name)

        done = self._core.store.write(work)
        self._tell(done)
        return done

    def undo(self, merge_id: int, *, actor: Actor) -> DoneMerge:
        """Make two of them again; what somebody changed since the merge stays with who stayed.

        Raises:
            NotFoundError: There is no such merge, or it was taken back.
            ConflictError: A class of theirs is open, or another merge of who stayed came later: that one is taken back first.
        """
        self._require(actor)
        now = self._core.clock.now()

        def work(repositories: Repositories) -> DoneMerge:
            queries = _queries(repositories)
            row = queries.merge(merge_id)
            if row is None:
                raise NotFoundError(_("This merge was taken back already."))
            _refuse_out_of_order(repositories, row)
            _refuse_open_class(repositories, row.kept_id, row.gone_id)
            done = _done(repositories, row)
            _move_back(repositories, done, cast("Moved", row.moved), now=now, actor=actor)
            queries.take_back(row, at=now, by=actor.name)
            repositories.audit.add(now, actor.name, PARTED, done.kept.student_no, done.gone.student_no)
            return done

        done = self._core.store.write(work)
        self._tell(done)
        return done

    def of_student(self, student_id: int, *, actor: Actor) -> list[DoneMerge]:
        """Who was merged into a student, newest first; each can be taken back."""
        self._require(actor)
        return self._core.store.read(
            lambda repositories: [
                _done(repositories, row) for row in _queries(repositories).merges_into(student_id)
            ]
        )

    def _require(self, actor: Actor) -> None:
        require(self._core.store, actor, Right.MANAGE_PEOPLE)
        require(self._core.store, actor, Right.ENROL)

    def _tell(self, done: DoneMerge) -> None:
        self._core.events.emit(GalleryChanged())
        for one in (done.kept, done.gone):
            self._core.events.emit(PinReplaced(one.student_id))


def _queries(repositories: Repositories) -> "MergeQueries":
    from kiosk.services.people.merge_queries import MergeQueries

    return MergeQueries(db_session=repositories.db_session)


def _days(repositories: Repositories) -> "MergedDays":
    from kiosk.services.people.merged_days import MergedDays

    return MergedDays(db_session=repositories.db_session)


def _contacts(repositories: Repositories) -> "MergedContacts":
    from kiosk.services.people.merged_contacts import MergedContacts

    return MergedContacts(db_session=repositories.db_session)


def _moved_contact(moved: "Moved") -> "MovedContact":
    from kiosk.services.people.merged_contacts import read_moved

    return read_moved(moved.get("contact"))


def _done(repositories: Repositories, row: Any) -> DoneMerge:
    kept, gone = repositories.students.get(row.kept_id), repositories.students.get(row.gone_id)
    if kept is None or gone is None:
        raise NotFoundError(_("That student does not exist any more."))
    return DoneMerge(row.id, kept, gone, row.merged_at, row.merged_by)


def _seen(repositories: Repositories, kept_id: int, gone_id: int) -> Merge:
    """Everything that would move. Raises ConflictError and NotFoundError as `Merging.merge`."""
    from kiosk.storage.database.tables import ConsentRow, EnrolledPhoneRow, FaceSampleRow

    if kept_id == gone_id:
        raise ConflictError(
            _("This is one and the same student."), _("Choose the other entry of this person.")
        )
    known = {one.student_id: one for one in repositories.students.all()}
    if kept_id not in known or gone_id not in known:
        raise NotFoundError(_("One of the two students is not in the list any more."))
    kept, gone = known[kept_id], known[gone_id]
    _refuse_open_class(repositories, kept_id, gone_id)
    _refuse_contradiction(repositories, kept, gone)
    queries = _queries(repositories)
    both = tuple(one for one, _kept, _gone in queries.both_marked(kept_id, gone_id))
    hashes = repositories.students.pin_hashes([kept_id, gone_id])
    return Merge(
        kept,
        gone,
        records=len(queries.sessions_of(gone_id)) - len(both),
        both_marked=both,
        courses=_days(repositories).new_courses(kept_id, gone_id),
        pictures=queries.number_of(FaceSampleRow, gone_id),
        answers=queries.number_of(ConsentRow, gone_id),
        phones=queries.number_of(EnrolledPhoneRow, gone_id),
        messages=queries.messages_of(gone_id),
        takes_pin=gone_id in hashes and kept_id not in hashes,
        takes_email=_contacts(repositories).takes_email(kept_id, gone_id),
        kept_inactive_from=repositories.students.inactive_from(kept_id),
    )


def _refuse_open_class(repositories: Repositories, *student_ids: int) -> None:
    from kiosk.storage.repositories.student_removal import StudentRemoval

    removal = StudentRemoval(db_session=repositories.db_session)
    if any(removal.has_open_class(one) for one in student_ids):
        raise ConflictError(_("A class of these students is open."), _("End it first."))


def _refuse_contradiction(repositories: Repositories, kept: Student, gone: Student) -> None:
    """Nobody's face is kept on the word of one while the other says no."""
    kind = ConsentKind.FACE_RECOGNITION
    states = [repositories.consents.standing(one.student_id, kind).state for one in (kept, gone)]
    if contradict(*states):
        raise ConflictError(
            _("One of the two says yes to face recognition, the other one no."),
            _("Record the answer that is right for both first."),
        )


def _refuse_out_of_order(repositories: Repositories, row: Any) -> None:
    """What moved is known as it was before the merges that came later, so these go first."""
    later = _queries(repositories).to_take_back_first(row)
    if later is not None:
        first = _done(repositories, later)
        raise ConflictError(
            _(
                "{gone}, {gone_number}, was merged with {kept}, {kept_number}, after this.",
                gone=first.gone.full_name,
                gone_number=first.gone.student_no,
                kept=first.kept.full_name,
                kept_number=first.kept.student_no,
            ),
            _("Take that merge back first, on the page of {name}.", name=first.kept.full_name),
        )


def _move(repositories: Repositories, found: Merge, *, now: datetime, actor: Actor) -> "Moved":
    kept, gone = found.kept.student_id, found.gone.student_id
    queries = _queries(repositories)
    from kiosk.services.people.merge_queries import Moved
    from kiosk.storage.database.tables import AttendanceRecordRow

    for session_id in queries.sessions_of(gone):
        repositories.record_seals.before_change(session_id)
    reason = _("merged with {number}", number=found.gone.student_no)
    both = []
    for marked, _kept_record, gone_record in queries.both_marked(kept, gone):
        both.append(_one_of_two(repositories, found, marked, gone_record, now=now, by=(actor.name, reason)))
    hashes = repositories.students.pin_hashes([kept, gone])
    if found.takes_pin:
        repositories.students.set_pin_hash(kept, hashes[gone])
    return Moved(
        records=queries.hand_over(AttendanceRecordRow, None, of=gone, to=kept),
        both=both,
        days=_days(repositories).unite(kept, gone),
        owned=queries.hand_over_owned(None, of=gone, to=kept),
        uses=queries.hand_over_uses(of=gone, to=kept),
        named=queries.hand_over_names(of=gone, to=kept),
        pictures=repositories.faces.move(None, of=gone, to=kept),
        takes_pin=found.takes_pin,
        contact=_contacts(repositories).hand_over(kept=kept, gone=gone),
    )


def _one_of_two(
    repositories: Repositories,
    found: Merge,
    marked: BothMarked,
    gone_record: int,
    *,
    now: datetime,
    by: tuple[str, str],
) -> dict[str, Any]:
    """Let one record stay of two in a class; what it was, and the other one whole, is given back."""
    queries = _queries(repositories)
    session_id = queries.session_of(gone_record)
    mine = repositories.records.find(session_id, found.kept.student_id)
    theirs = repositories.records.find(session_id, found.gone.student_id)
    if mine is None or theirs is None:
        raise NotFoundError(_("A record of these students does not exist any more."))
    changed: AttendanceRecord | None = None
    if marked.stays is not marked.kept:
        evidence = tuple(sorted((*mine.evidence, *theirs.evidence), key=lambda one: one.at))
        wanted = replace(
            mine.marked(theirs.shown), method=theirs.method, marked_at=theirs.marked_at, evidence=evidence
        )
        changed = repositories.records.correct(wanted, corrected_at=now, actor=by[0], reason=by[1])
    return {
        "kept": mine.record_id,
        "session": session_id,
        "version": changed.version if changed is not None else None,
        **queries.take_out(gone_record),
    }


def _move_back(
    repositories: Repositories, done: DoneMerge, moved: "Moved", *, now: datetime, actor: Actor
) -> None:
    from kiosk.storage.database.tables import AttendanceRecordRow

    kept, gone = done.kept.student_id, done.gone.student_id
    queries = _queries(repositories)
    for session_id in [*queries.sessions_among(moved["records"]), *(one["session"] for one in moved["both"])]:
        repositories.record_seals.before_change(session_id)
    queries.hand_over(AttendanceRecordRow, moved["records"], of=kept, to=gone)
    for one in moved["both"]:
        _two_again(repositories, done, one, now=now, actor=actor)
    _days(repositories).part(moved["days"], kept, gone)
    queries.hand_over_owned(moved["owned"], of=kept, to=gone)
    _repeat_answers(repositories, done)
    queries.hand_over(queries.USES, moved["uses"], of=kept, to=gone)
    queries.hand_back_names(moved["named"], of=kept, to=gone)
    _contacts(repositories).hand_back(_moved_contact(moved), kept=kept, gone=gone)
    repositories.faces.move(moved["pictures"], of=kept, to=gone)
    hashes = repositories.students.pin_hashes([kept, gone])
    if moved["takes_pin"] and hashes.get(kept) == hashes.get(gone):
        repositories.students.set_pin_hash(kept, None)


def _repeat_answers(repositories: Repositories, done: DoneMerge) -> None:
    """What was answered while they were one stands for both: a no that was said since must not give way to an older yes."""
    for word in reversed(repositories.consents.words(done.kept.student_id)):
        if word.recorded_at >= done.at:
            repositories.consents.add(replace(word, student_id=done.gone.student_id))


def _two_again(
    repositories: Repositories, done: DoneMerge, one: dict[str, Any], *, now: datetime, actor: Actor
) -> None:
    """The record that stayed is what it was, unless somebody changed it since; the other one is there again."""
    mine = repositories.records.find(one["session"], done.kept.student_id)
    versions = _versions(repositories, mine) if mine is not None else {}
    at_merge = versions.get(one["version"])
    if mine is not None and at_merge is not None and _content(mine) == _content(at_merge):
        before = versions[one["version"] - 1]
        wanted = replace(
            mine.marked(before.shown),
            method=before.method,
            marked_at=before.marked_at,
            evidence=before.evidence,
        )
        reason = _("no longer merged with {number}", number=done.gone.student_no)
        repositories.records.correct(wanted, corrected_at=now, actor=actor.name, reason=reason)
    _queries(repositories).put_back(one, done.gone.student_id)


def _versions(repositories: Repositories, record: AttendanceRecord) -> dict[int, AttendanceRecord]:
    """A record as it was in each of its versions, and as it is now."""
    earlier = [one.before for one in repositories.records.history(record.record_id)]
    return {one.version: one for one in (*earlier, record)}


def _content(record: AttendanceRecord) -> object:
    return (record.status, record.method, record.marked_at, record.evidence)

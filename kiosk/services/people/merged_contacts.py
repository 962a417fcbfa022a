"""How the people of two students who are merged are reached: addresses and stops, handed over and parted again.

Runs inside the caller's transaction. A stop stands for both from the moment on which it is said of either, and is never lost by
a merge or by its undo; what somebody typed while the two were one belongs to both, unless the second has something of its own.
"""

import hashlib
from datetime import UTC, datetime
from typing import TypedDict

from sqlmodel import col, select

from kiosk.storage.database.message_tables import StudentContactRow
from kiosk.storage.database.tables import StudentRow
from kiosk.storage.repositories.repository import Repository


class MovedContact(TypedDict):
    """What changed hands, and how who stays was reached after it: the address as a digest, the stop as an ISO moment."""

    took_address: bool
    took_stop: bool
    took_email: bool
    address: str | None
    stop: str | None


_Reached = tuple[str, datetime | None]
"""A guardian's address (or none), and since when no messages are wanted."""

_NOT_AT_ALL: _Reached = ("", None)


class MergedContacts(Repository):
    """Contacts of two students by their ids: `kept` stays, `gone` gives."""

    def takes_email(self, kept: int, gone: int) -> bool:
        """Whether `kept` has no e-mail address of his or her own and `gone` has one."""
        wanted = select(col(StudentRow.id)).where(col(StudentRow.email).is_not(None))
        having = set(self._db_session.exec(wanted.where(col(StudentRow.id).in_([kept, gone]))))
        return having == {gone}

    def hand_over(self, *, kept: int, gone: int) -> MovedContact:
        """Let `kept` have a stop of either, and the addresses of `gone` that `kept` lacks."""
        (mine, my_stop), (theirs, their_stop) = self._reached(kept), self._reached(gone)
        takes_address, takes_stop = bool(theirs and not mine), their_stop is not None and my_stop is None
        if takes_address:
            mine, theirs = theirs, ""
        if takes_stop:
            my_stop = their_stop
        self._keep(kept, mine, my_stop)
        self._keep(gone, theirs, their_stop)
        takes_email = self.takes_email(kept, gone)
        if takes_email:
            self._get(StudentRow, kept).email = self._get(StudentRow, gone).email
            self._db_session.flush()
        return MovedContact(
            took_address=takes_address,
            took_stop=takes_stop,
            took_email=takes_email,
            address=_digest(mine, kept, gone),
            stop=_moment(my_stop),
        )

    def hand_back(self, moved: MovedContact, *, kept: int, gone: int) -> None:
        """The way back. What somebody changed while the two were one stays with `kept`, and `gone` has it, too, where it protects."""
        (mine, my_stop), (theirs, their_stop) = self._reached(kept), self._reached(gone)
        if moved["address"] is not None and _digest(mine, kept, gone) != moved["address"]:
            # Typed since: it replaced what came from `gone`, or is all that is known of either.
            theirs = theirs or mine
        elif moved["took_address"]:
            mine, theirs = "", theirs or mine
        if my_stop is not None and _moment(my_stop) != moved["stop"]:
            their_stop = their_stop or my_stop
        elif moved["took_stop"]:
            my_stop = None
        self._keep(kept, mine, my_stop)
        self._keep(gone, theirs, their_stop)
        row = self._get(StudentRow, kept)
        if moved["took_email"] and row.email == self._get(StudentRow, gone).email:
            row.email = None
            self._db_session.flush()

    def _reached(self, student_id: int) -> _Reached:
        row = self._db_session.get(StudentContactRow, student_id)
        return (row.guardian_email, row.stopped_at) if row is not None else _NOT_AT_ALL

    def _keep(self, student_id: int, address: str, stop: datetime | None) -> None:
        row = self._db_session.get(StudentContactRow, student_id)
        if (address, stop) == _NOT_AT_ALL:
            if row is not None:
                self._db_session.delete(row)
        else:
            row = row or StudentContactRow(student_id=student_id)
            row.guardian_email, row.stopped_at = address, stop
            self._db_session.add(row)
        self._db_session.flush()


def read_moved(written: MovedContact | str | None) -> MovedContact:
    """What a merge wrote down; the version before wrote one word, and not how who stays was reached then."""
    if isinstance(written, dict):
        return written
    # A stop that is there now may be older than the merge: then both have it, because no stop may be lost.
    return MovedContact(
        took_address=written == "address",
        took_stop=False,
        took_email=False,
        address=None,
        stop=None,
    )


def _digest(address: str, kept: int, gone: int) -> str:
    """Says whether an address is another one by now, without being one more place in which it is kept."""
    return hashlib.sha256(f"{kept}/{gone}/{address}".encode()).hexdigest()[:24]


def _moment(stop: datetime | None) -> str | None:
    return stop.astimezone(UTC).isoformat() if stop is not None else None

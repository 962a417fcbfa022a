"""Adding a row that may be there already. Runs inside the caller's transaction."""

from collections.abc import Callable

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from kiosk.errors import KioskError
from kiosk.storage.database.tables import Row


def insert(db_session: Session, row: Row, *, refused: Callable[[], KioskError | None]) -> None:
    """Write a row at once.

    A constraint that fails undoes only this row (savepoint), also when another process was faster by a
    moment; then `refused` looks again and says in words what is in the way.

    Raises:
        KioskError: What `refused` returned.
        IntegrityError: `refused` found nothing: the fault is in our own code.
    """
    try:
        with db_session.begin_nested():
            db_session.add(row)
            db_session.flush()
    except IntegrityError as error:
        reason = refused()
        if reason is None:
            raise
        raise reason from error

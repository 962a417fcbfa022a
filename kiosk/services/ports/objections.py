"""Students' objections as the store keeps them."""

from datetime import datetime
from typing import Protocol

from kiosk.domain.objections import Objection


class ObjectionStore(Protocol):
    """Objections to attendance records; at most one that is open for each record."""

    def get(self, objection_id: int) -> Objection | None: ...
    def of_record(self, record_id: int) -> list[Objection]:
        """Oldest first."""
        ...

    def of_student(self, student_id: int) -> list[Objection]:
        """To any record of the student, oldest first."""
        ...

    def open_of_session(self, session_id: int) -> list[tuple[int, Objection]]:
        """Student ids with the objections that wait, oldest first."""
        ...

    def open_by_session(self, course_id: int) -> dict[int, int]:
        """How many wait, by session id; only sessions that have some."""
        ...

    def add(self, *, record_id: int, reason: str, made_at: datetime) -> Objection:
        """Raises ConflictError when one to this record waits already, NotFoundError for an unknown record."""
        ...

    def close(self, objection: Objection) -> None:
        """Write down outcome and answer.

        Raises ConflictError when it does not wait any more (somebody else was faster).
        """
        ...

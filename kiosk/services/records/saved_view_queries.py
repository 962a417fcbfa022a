"""Saved views in the database. Runs inside the caller's transaction."""

from datetime import datetime

from sqlalchemy import delete, or_
from sqlmodel import col, select

from kiosk.domain.records.record_list import RecordQuestion
from kiosk.domain.records.saved_views import SavedView, from_text, to_text
from kiosk.storage.database.tables import CourseRow, StudentRow
from kiosk.storage.database.view_tables import DefaultViewRow, SavedViewRow
from kiosk.storage.repositories.repository import Repository


class SavedViewQueries(Repository):
    """Views, and with which of them the list opens."""

    def all_for(self, user_id: int | None) -> list[SavedView]:
        """Those of an account and shared ones, in no order."""
        own = col(SavedViewRow.owner_id) == user_id
        wanted = select(SavedViewRow).where(or_(own, col(SavedViewRow.is_shared)))
        return [_view_of(row) for row in self._db_session.exec(wanted)]

    def get(self, view_id: int) -> SavedView | None:
        row = self._db_session.get(SavedViewRow, view_id)
        return _view_of(row) if row is not None else None

    def put(self, view: SavedView, at: datetime) -> SavedView:
        """Keep a view; one without a number (0) is new."""
        row = self._db_session.get(SavedViewRow, view.view_id) if view.view_id else None
        if row is None:
            row = SavedViewRow(
                name="", owner_id=view.owner_id, is_shared=view.is_shared, question="", saved_at=at
            )
        row.name, row.is_shared, row.saved_at = view.name, view.is_shared, at
        row.question = to_text(view.question)
        self._db_session.add(row)
        self._db_session.flush()
        return _view_of(row)

    def remove(self, view_id: int) -> None:
        """Forget a view, also as somebody's first one."""
        self._db_session.exec(delete(DefaultViewRow).where(col(DefaultViewRow.view_id) == view_id))
        self._db_session.exec(delete(SavedViewRow).where(col(SavedViewRow.id) == view_id))

    def default_of(self, user_id: int) -> int | None:
        """With which view the list opens for an account."""
        row = self._db_session.get(DefaultViewRow, user_id)
        return row.view_id if row is not None else None

    def set_default(self, user_id: int, view_id: int | None) -> None:
        row = self._db_session.get(DefaultViewRow, user_id)
        if view_id is None:
            if row is not None:
                self._db_session.delete(row)
        else:
            row = row or DefaultViewRow(user_id=user_id, view_id=view_id)
            row.view_id = view_id
            self._db_session.add(row)
        self._db_session.flush()

    def is_known(self, asked: RecordQuestion) -> tuple[bool, bool]:
        """Whether the course and the student of a question exist; what is not asked for counts as known."""
        course = asked.course_id is None or self._db_session.get(CourseRow, asked.course_id) is not None
        student = asked.student_id is None or self._db_session.get(StudentRow, asked.student_id) is not None
        return course, student


def _view_of(row: SavedViewRow) -> SavedView:
    return SavedView(row.id, row.name, row.owner_id, row.is_shared, from_text(row.question))

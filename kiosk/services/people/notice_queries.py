"""Notices about face recognition in the database."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import col, select

from kiosk.domain.people.notices import Notice
from kiosk.storage.database.tables import ConsentNoticeRow
from kiosk.storage.repositories.repository import Repository


class NoticeQueries(Repository):
    """Reads, adds and enforces notices."""

    def newest(self) -> Notice | None:
        """The one in force; None where the school has published none."""
        wanted = select(ConsentNoticeRow).order_by(col(ConsentNoticeRow.version).desc()).limit(1)
        row = self._db_session.exec(wanted).one_or_none()
        if row is None:
            return None
        return Notice(row.version, row.text, row.published_at, row.published_by, row.renew_by)

    def add(self, notice: Notice, *, published_at: datetime, renew_by: date) -> None:
        """Keep a new one."""
        self._db_session.add(
            ConsentNoticeRow(
                version=notice.version,
                text=notice.text,
                hash=notice.hash,
                published_at=published_at,
                published_by=notice.published_by,
                renew_by=renew_by,
            )
        )
        self._db_session.flush()

    def due(self, today: date) -> Sequence[ConsentNoticeRow]:
        """Those whose time for renewal is over and which do not end older answers yet, in order."""
        wanted = select(ConsentNoticeRow).where(
            col(ConsentNoticeRow.renew_by) <= today, ~col(ConsentNoticeRow.is_enforced)
        )
        return self._db_session.exec(wanted.order_by(col(ConsentNoticeRow.version))).all()

    def enforce(self, today: date) -> list[int]:
        """Let those that are due end the answers to older ones; returns their versions."""
        due = self.due(today)
        for row in due:
            row.is_enforced = True
        self._db_session.flush()
        return [row.version for row in due]

"""Settings of the school in the database. Runs inside the caller's transaction."""

from sqlmodel import col, select

from kiosk.storage.database.tables import SchoolSettingRow
from kiosk.storage.repositories.repository import Repository


class SchoolSettings(Repository):
    """Settings of the school, as text under dotted names."""

    def get(self, name: str) -> str | None:
        row = self._db_session.get(SchoolSettingRow, name)
        return row.value if row else None

    def put(self, name: str, value: str) -> None:
        self._take_turns("school settings")
        row = self._db_session.get(SchoolSettingRow, name)
        if row is None:
            self._db_session.add(SchoolSettingRow(name=name, value=value))
        else:
            row.value = value
        self._db_session.flush()

    def remove(self, name: str) -> None:
        """Does nothing when there is none of that name."""
        row = self._db_session.get(SchoolSettingRow, name)
        if row is not None:
            self._db_session.delete(row)
            self._db_session.flush()

    def all(self) -> dict[str, str]:
        """In the order of names."""
        ordered = select(SchoolSettingRow).order_by(col(SchoolSettingRow.name))
        return {row.name: row.value for row in self._db_session.exec(ordered)}

"""Tokens of the REST API in the database, with their hashes only. Runs inside the caller's transaction."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import col, select

from kiosk.domain.trust.api_tokens import ApiToken, Scope
from kiosk.errors import NotFoundError
from kiosk.storage.database.tables import ApiTokenRow
from kiosk.storage.repositories.repository import Repository
from kiosk.translation import _


class ApiTokenQueries(Repository):
    """Tokens of the REST API; of a secret only the SHA-256 hash is kept, in hexadecimal digits."""

    def get(self, token_id: int) -> ApiToken | None:
        row = self._db_session.get(ApiTokenRow, token_id)
        return _token_of(row) if row else None

    def secret_hash(self, token_id: int) -> str | None:
        row = self._db_session.get(ApiTokenRow, token_id)
        return row.secret_hash if row else None

    def all(self) -> list[ApiToken]:
        """Newest first."""
        wanted = select(ApiTokenRow).order_by(col(ApiTokenRow.id).desc())
        return [_token_of(row) for row in self._db_session.exec(wanted)]

    def add(
        self,
        *,
        name: str,
        scopes: Iterable[Scope],
        secret_hash: str,
        created_at: datetime,
        created_by: str,
        expires_at: datetime | None,
    ) -> ApiToken:
        row = ApiTokenRow(
            name=name,
            scopes=" ".join(sorted(scopes)),
            secret_hash=secret_hash,
            created_at=created_at,
            created_by=created_by,
            expires_at=expires_at,
        )
        self._db_session.add(row)
        self._db_session.flush()
        return _token_of(row)

    def used(self, token_id: int, at: datetime) -> None:
        """Raises NotFoundError for an unknown id."""
        self._row(token_id).last_used_at = at
        self._db_session.flush()

    def revoke(self, token_id: int, at: datetime) -> None:
        """Raises NotFoundError for an unknown id."""
        self._row(token_id).revoked_at = at
        self._db_session.flush()

    def _row(self, token_id: int) -> ApiTokenRow:
        row = self._db_session.get(ApiTokenRow, token_id)
        if row is None:
            raise NotFoundError(_("There is no such token."), _("The list may be older than the database."))
        return row


def _token_of(row: ApiTokenRow) -> ApiToken:
    # A scope of a newer version, met after a downgrade, opens nothing here.
    known = {scope.value for scope in Scope}
    return ApiToken(
        token_id=row.id,
        name=row.name,
        scopes=frozenset(Scope(word) for word in row.scopes.split() if word in known),
        created_at=row.created_at,
        created_by=row.created_by,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
    )

"""Users and their wrong tries in the database. Runs inside the caller's transaction."""

from collections.abc import Collection

from sqlmodel import col, select

from kiosk.domain.people.staff import Role, User
from kiosk.domain.people.students import fold
from kiosk.domain.trust.throttle import FailureCount
from kiosk.errors import ConflictError, NotFoundError
from kiosk.storage.database.tables import LoginFailureRow, UserRow
from kiosk.storage.repositories.repository import Repository
from kiosk.translation import _


def user_of(row: UserRow) -> User:
    """The domain value of a row."""
    return User(row.id, row.name, Role(row.role), row.active)


class Users(Repository):
    """Teachers and admins. Names are compared without regard to case."""

    def get(self, user_id: int) -> User:
        """Raises NotFoundError for an unknown id."""
        return user_of(self._row(user_id))

    def by_name(self, name: str) -> User | None:
        row = self._db_session.exec(select(UserRow).where(UserRow.name_folded == fold(name))).one_or_none()
        return user_of(row) if row else None

    def all(self) -> list[User]:
        """By name."""
        ordered = select(UserRow).order_by(col(UserRow.name_folded))
        return [user_of(row) for row in self._db_session.exec(ordered)]

    def add(self, *, name: str, role: Role, password_hash: str) -> User:
        """Raises ConflictError when the name exists."""
        row = UserRow(name=name, name_folded=fold(name), role=role.value, password_hash=password_hash)
        exists = _("The user name {name} exists already.", name=name)
        self._insert(row, taken=ConflictError(exists, _("Choose another name.")))
        return user_of(row)

    def password_hash(self, user_id: int) -> str:
        """Raises NotFoundError for an unknown id."""
        return self._row(user_id).password_hash

    def set_password_hash(self, user_id: int, password_hash: str) -> None:
        """Raises NotFoundError for an unknown id."""
        self._row(user_id).password_hash = password_hash
        self._db_session.flush()

    def set_active(self, user_id: int, active: bool) -> None:
        """Raises NotFoundError for an unknown id."""
        self._row(user_id).active = active
        self._db_session.flush()

    def _row(self, user_id: int) -> UserRow:
        row = self._db_session.get(UserRow, user_id)
        if row is None:
            raise NotFoundError(_("This user does not exist."), _("The list may be older than the database."))
        return row


class SignInFailures(Repository):
    """Wrong tries per account; `account` is ``user:<folded name>`` or ``student:<folded number>``."""

    def get(self, account: str) -> FailureCount:
        row = self._db_session.get(LoginFailureRow, account)
        return FailureCount(row.failures, row.last_failure_at) if row else FailureCount()

    def hold(self, account: str) -> FailureCount:
        """The count, which nobody else changes until this transaction ends."""
        self._take_turns(f"failures {account}")
        return self.get(account)

    def among(self, accounts: Collection[str]) -> dict[str, FailureCount]:
        """Those of these accounts that have any, by account."""
        wanted = select(LoginFailureRow).where(col(LoginFailureRow.account).in_(accounts))
        return {
            row.account: FailureCount(row.failures, row.last_failure_at)
            for row in self._db_session.exec(wanted)
        }

    def put(self, account: str, count: FailureCount) -> None:
        self._take_turns(f"failures {account}")
        row = self._db_session.get(LoginFailureRow, account)
        if count == FailureCount():
            if row is not None:
                self._db_session.delete(row)
        elif row is None:
            self._db_session.add(
                LoginFailureRow(
                    account=account, failures=count.failures, last_failure_at=count.last_failure_at
                )
            )
        else:
            row.failures = count.failures
            row.last_failure_at = count.last_failure_at
        self._db_session.flush()

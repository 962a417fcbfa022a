"""Users and their wrong tries in the database. Runs inside the caller's transaction."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import delete, or_
from sqlmodel import Session, col, select

from kiosk.domain.people.staff import Role, User
from kiosk.domain.people.students import fold
from kiosk.domain.trust.throttle import LOCKED, UNDER, FailureCount
from kiosk.errors import ConflictError, NotFoundError
from kiosk.storage.database.tables import LoginFailureRow, UserRow
from kiosk.storage.keys.key_ring import KeyRing
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

    def set_role(self, user_id: int, role: Role) -> None:
        """Raises NotFoundError for an unknown id."""
        self._row(user_id).role = role.value
        self._db_session.flush()

    def _row(self, user_id: int) -> UserRow:
        row = self._db_session.get(UserRow, user_id)
        if row is None:
            raise NotFoundError(_("This user does not exist."), _("The list may be older than the database."))
        return row


class SignInFailures(Repository):
    """Wrong tries per account, and per phone and address under it (`UNDER`).

    What was typed may be a password in the wrong field, and addresses are of people: the database holds keyed digests alone.
    """

    def __init__(self, *, db_session: Session, key_ring: KeyRing) -> None:
        super().__init__(db_session=db_session)
        self._key_ring = key_ring

    def get(self, account: str) -> FailureCount:
        row = self._db_session.get(LoginFailureRow, self._kept_as(account))
        return _count_of(row) if row else FailureCount()

    def hold(self, account: str) -> FailureCount:
        """The count, which nobody else changes until this transaction ends."""
        self._take_turns(f"failures {self._kept_as(account)}")
        return self.get(account)

    def among(self, accounts: Collection[str]) -> dict[str, FailureCount]:
        """Those of these accounts that have any, by account."""
        names = {self._kept_as(account): account for account in accounts}
        wanted = select(LoginFailureRow).where(col(LoginFailureRow.account).in_(names))
        return {names[row.account]: _count_of(row) for row in self._db_session.exec(wanted)}

    def below(self, accounts: Collection[str]) -> dict[str, list[FailureCount]]:
        """What is counted under each of these accounts, where there is anything."""
        names = {self._kept_as(account): account for account in accounts}
        found: dict[str, list[FailureCount]] = {}
        for row in self._db_session.exec(
            select(LoginFailureRow).where(col(LoginFailureRow.account).contains(_UNDER))
        ):
            account = names.get(row.account.partition(_UNDER)[0])
            if account is not None:
                found.setdefault(account, []).append(_count_of(row))
        return found

    def put(self, account: str, count: FailureCount) -> None:
        name = self._kept_as(account)
        self._take_turns(f"failures {name}")
        row = self._db_session.get(LoginFailureRow, name)
        if count == FailureCount():
            if row is not None:
                self._db_session.delete(row)
        elif row is None:
            self._db_session.add(
                LoginFailureRow(account=name, failures=count.failures, last_failure_at=count.last_failure_at)
            )
        else:
            row.failures = count.failures
            row.last_failure_at = count.last_failure_at
        self._db_session.flush()

    def forgive(self, account: str) -> None:
        """Forget what was counted for an account and under it."""
        name = self._kept_as(account)
        self._db_session.execute(
            delete(LoginFailureRow).where(
                or_(
                    col(LoginFailureRow.account) == name,
                    col(LoginFailureRow.account).startswith(f"{name}{_UNDER}"),
                )
            )
        )
        self._db_session.flush()

    def forget_before(self, moment: datetime) -> None:
        """Delete counts of whom nobody tried since, except those that lock a number until somebody unlocks it."""
        self._db_session.execute(
            delete(LoginFailureRow).where(
                col(LoginFailureRow.last_failure_at) < moment, col(LoginFailureRow.failures) < LOCKED
            )
        )

    def _kept_as(self, account: str) -> str:
        return _UNDER.join(self._key_ring.digest_of_account(part) for part in account.split(UNDER))


_UNDER: Final = "."


def _count_of(row: LoginFailureRow) -> FailureCount:
    return FailureCount(row.failures, row.last_failure_at)

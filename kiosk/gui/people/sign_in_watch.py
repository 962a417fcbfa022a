"""Ends a sign-in at the window when its account is closed, or gets another password or role, here or by another program.

Main thread; reading runs in tasks.
"""

from PySide6.QtCore import QObject, Signal

from kiosk.domain.people.staff import User
from kiosk.gui.tasks import Tasks
from kiosk.services.people.accounts import Accounts


class SignInWatch(QObject):
    """Compares what the sign-in was good for, each time that it is asked to look.

    Attributes:
        is_looking: Whether the account is being read.

    Signals:
        ended: The account is not what it was.
    """

    ended = Signal()

    def __init__(self, accounts: Accounts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._accounts = accounts
        self._tasks = Tasks(self, threads=1)
        self._user: User | None = None
        self._mark: str | None = None
        self.is_looking = False

    def begin(self, user: User | None) -> None:
        """Watch somebody who signed in now, or nobody."""
        self._user, self._mark = user, None
        self.look()

    def look(self) -> None:
        """Read the account; nothing happens while it cannot be read."""
        user = self._user
        if user is not None and not self.is_looking:
            self.is_looking = True
            self._tasks.run(
                lambda: self._accounts.mark(user.user_id),
                then=lambda mark: self._compare(user, mark),
                failed=lambda _error: self._looked(),
            )

    def _looked(self) -> None:
        self.is_looking = False

    def _compare(self, user: User, mark: str) -> None:
        self._looked()
        if user is not self._user:  # somebody else came meanwhile
            self.look()
            return
        if self._mark is None and mark:
            self._mark = mark
        elif mark != self._mark:
            self._user = None
            self.ended.emit()

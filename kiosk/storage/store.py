"""The store as the use cases see it: transactions over repositories."""

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol, TypeVar

from kiosk.errors import DatabaseError

if TYPE_CHECKING:
    from kiosk.storage.repositories.repositories import Repositories
else:
    Repositories = object  # only named in annotations: the window shows itself before SQLAlchemy is loaded

__all__ = ["Database", "Repositories", "Store"]

T = TypeVar("T")


class Database(Protocol):
    """The storage adapter. Both context managers may be used from any thread, several at a time for reads."""

    def transaction(self) -> AbstractContextManager[Repositories]:
        """One write transaction: commits when the block ends, rolls back when it raises.

        Raises:
            StorageError: The disk is full, the file is not writable, the server is gone.
        """

    def batch(self) -> "AbstractContextManager[Callable[[], AbstractContextManager[Repositories]]]":
        """One write transaction of several parts, committed together when the block ends.

        Each call of what it gives is one part, one after the other; a part that raises rolls back alone.

        Raises:
            StorageError: As `transaction`; then no part was written.
        """

    def snapshot(self) -> AbstractContextManager[Repositories]:
        """One consistent reading view; nothing is written."""

    def close(self) -> None: ...


class Store(Protocol):
    """What services call: every write runs in the store thread, one at a time, and is never dropped."""

    @property
    def trouble(self) -> DatabaseError | None:
        """Why nothing can be written at the moment; None while it works."""

    def write(self, work: Callable[[Repositories], T], *, then: Callable[[T], None] | None = None) -> T:
        """Run `work` in the store thread and wait for the commit; its exceptions and the commit's are raised.

        All of it is written or none, whether it is committed alone or together with others that waited. `then` is told
        of the result in the store thread, in the order of the commits, before whoever waits goes on. Neither may wait
        for another write.

        Raises:
            StorageError: Nothing was written. Whoever waits is answered within 15 s, unless the work itself takes longer.
            UnknownOutcomeError: Nobody knows whether it was written.
        """

    def write_later(
        self, work: Callable[[Repositories], T], *, then: Callable[[T], None] | None = None
    ) -> "Future[T]":
        """The same without waiting, for threads that must not: vision, codes, the event loop.

        The future is done after the commit returned and `then` was told, whatever fails. Nobody can cancel a write.
        """

    def read(self, query: Callable[[Repositories], T]) -> T:
        """Run `query` in the calling thread on a consistent view."""

"""Small thread pools beside the event loop: ``sign-in`` checks PINs and waits for commits, ``web-read`` reads the store
for phones, ``api`` for other programs, so that these never keep phones waiting. Sign-ins and forms are taken by turns of those
who sent them (`kiosk.web.http.fair_queue`).
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Final, TypeVar

from kiosk.errors import DatabaseError
from kiosk.web.http.fair_queue import FairQueue

SIGN_INS: Final = 8
"""More than hash at a time (`kiosk.storage.keys.hashing.AT_ONCE`): some wait for the disk while others hash, and what waits for
the disk together shares a commit. Raising it does not hash faster."""

READERS: Final = 2
API_READERS: Final = 2

QUEUED_S: Final = 2.0
"""A locked database or a silent server holds each thread for seconds: the hundredth phone is not to wait a hundred times that."""

T = TypeVar("T")


class Workers:
    """The pools; they live as long as the app serves. What queued for long while nothing can be saved is answered at once."""

    def __init__(
        self,
        trouble: Callable[[], DatabaseError | None],
        sign_in_trouble: Callable[[], DatabaseError | None] | None = None,
    ) -> None:
        """`trouble` says why nothing can be saved now, `sign_in_trouble` why who signs in would wait in vain."""
        self._trouble = trouble
        self._sign_in_trouble = sign_in_trouble or trouble
        self._sign_ins: FairQueue | None = None
        self._readers: ThreadPoolExecutor | None = None
        self._api: ThreadPoolExecutor | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Have the pools inside the block; what is under way at its end is finished."""
        with (
            ThreadPoolExecutor(SIGN_INS, "sign-in") as sign_ins,
            ThreadPoolExecutor(READERS, "web-read") as self._readers,
            ThreadPoolExecutor(API_READERS, "api") as self._api,
        ):
            self._sign_ins = FairQueue(sign_ins, SIGN_INS)
            yield
        self._sign_ins = self._readers = self._api = None

    async def hash(self, work: Callable[[], T], *, source: str) -> T:
        """Run something that hashes, off the event loop, when it is the turn of its source.

        Raises:
            BusyError: Too many wait.
        """
        return await self._queued(source, work, self._sign_in_trouble)

    async def write(self, use_case: Callable[[], T], *, source: str) -> T:
        """Run something that waits for a commit, off the event loop; what it began is finished even when cancelled.

        Raises:
            BusyError: Too many wait.
        """
        return await self._queued(source, use_case, self._trouble)

    async def read(self, query: Callable[[], T]) -> T:
        """Run something that reads the store, off the event loop."""
        return await self._run(self._readers, query)

    async def ask(self, query: Callable[[], T]) -> T:
        """Run something that another program asked for, off the event loop."""
        return await self._run(self._api, query)

    async def _queued(
        self, source: str, work: Callable[[], T], in_vain: Callable[[], DatabaseError | None]
    ) -> T:
        if self._sign_ins is None:
            raise RuntimeError("the pools live as long as the app serves")
        return await self._sign_ins.run(source, _unless_in_vain(work, in_vain))

    async def _run(self, pool: ThreadPoolExecutor | None, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(pool, _unless_in_vain(work, self._trouble))


def _unless_in_vain(work: Callable[[], T], why: Callable[[], DatabaseError | None]) -> Callable[[], T]:
    """The same, refused where it has waited for long and would wait in vain."""
    asked_s = time.monotonic()

    def try_it() -> T:
        trouble = why()
        if trouble is not None and time.monotonic() - asked_s > QUEUED_S:
            raise DatabaseError(trouble.user_text, trouble.hint)
        return work()

    return try_it

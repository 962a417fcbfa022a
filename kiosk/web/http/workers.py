"""Small thread pools beside the event loop: ``sign-in`` checks PINs and waits for commits, ``web-read`` reads the store
for phones, ``api`` for other programs, so that these never keep phones waiting.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Final, TypeVar

from kiosk.errors import DatabaseError

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
        self._sign_ins: ThreadPoolExecutor | None = None
        self._readers: ThreadPoolExecutor | None = None
        self._api: ThreadPoolExecutor | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Have the pools inside the block; what is under way at its end is finished."""
        with (
            ThreadPoolExecutor(SIGN_INS, "sign-in") as self._sign_ins,
            ThreadPoolExecutor(READERS, "web-read") as self._readers,
            ThreadPoolExecutor(API_READERS, "api") as self._api,
        ):
            yield
        self._sign_ins = self._readers = self._api = None

    async def hash(self, work: Callable[[], T]) -> T:
        """Run something that hashes, off the event loop."""
        return await self._run(self._sign_ins, work, self._sign_in_trouble)

    async def write(self, use_case: Callable[[], T]) -> T:
        """Run something that waits for a commit, off the event loop; what it began is finished even when cancelled."""
        return await self._run(self._sign_ins, use_case)

    async def read(self, query: Callable[[], T]) -> T:
        """Run something that reads the store, off the event loop."""
        return await self._run(self._readers, query)

    async def ask(self, query: Callable[[], T]) -> T:
        """Run something that another program asked for, off the event loop."""
        return await self._run(self._api, query)

    async def _run(
        self,
        pool: ThreadPoolExecutor | None,
        work: Callable[[], T],
        in_vain: Callable[[], DatabaseError | None] | None = None,
    ) -> T:
        asked_s, why = time.monotonic(), in_vain or self._trouble

        def try_it() -> T:
            trouble = why()
            if trouble is not None and time.monotonic() - asked_s > QUEUED_S:
                raise DatabaseError(trouble.user_text, trouble.hint)
            return work()

        return await asyncio.get_running_loop().run_in_executor(pool, try_it)

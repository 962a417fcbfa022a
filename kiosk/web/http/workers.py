"""Small thread pools beside the event loop: ``sign-in`` checks PINs and waits for commits, ``web-read`` reads the store
for phones, ``api`` for other programs, so that these never keep phones waiting.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Final, TypeVar

SIGN_INS: Final = 8
"""More than hash at a time (`kiosk.storage.keys.hashing.AT_ONCE`): some wait for the disk while others hash, and what waits for
the disk together shares a commit. Raising it does not hash faster."""

READERS: Final = 2
API_READERS: Final = 2

T = TypeVar("T")


class Workers:
    """The pools; they live as long as the app serves."""

    def __init__(self) -> None:
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
        return await asyncio.get_running_loop().run_in_executor(self._sign_ins, work)

    async def write(self, use_case: Callable[[], T]) -> T:
        """Run something that waits for a commit, off the event loop; what it began is finished even when cancelled."""
        return await asyncio.get_running_loop().run_in_executor(self._sign_ins, use_case)

    async def read(self, query: Callable[[], T]) -> T:
        """Run something that reads the store, off the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, query)

    async def ask(self, query: Callable[[], T]) -> T:
        """Run something that another program asked for, off the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self._api, query)

"""What is left of a face after a no, for a receipt. Web thread's event loop; the folder for backups is read beside it."""

import asyncio
from functools import partial
from typing import Final

from kiosk.services.people.consents import ConsentReceipt
from kiosk.services.people.remains import Remains
from kiosk.web.http.workers import Workers

WAIT_S: Final = 3.0
"""A share that hangs keeps nobody waiting for a receipt longer."""


async def remaining(workers: Workers, remains: Remains, receipt: ConsentReceipt) -> tuple[str, ...]:
    """The sentences; empty after a yes. Read where other programs are answered, so that phones never wait for a share."""
    if receipt.given:
        return ()
    try:
        return await asyncio.wait_for(workers.ask(partial(remains.sentences, receipt.at)), WAIT_S)
    except TimeoutError:
        return (remains.unknown(),)

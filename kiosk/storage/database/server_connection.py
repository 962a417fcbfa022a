"""A connection to PostgreSQL on which nobody waits for ever. Each is used by one thread at a time.

A server that was suspended, or a network that swallows everything, keeps a connection open and says nothing; limits that the
server keeps do not help then.
"""

import time
from typing import Any, Final, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.rows import TupleRow
from psycopg.waiting import Ready

RV = TypeVar("RV")

SILENCE_S: Final = 8.0
"""How long a server may say nothing while it is asked; a statement that takes longer than this fails."""


class PatientConnection(psycopg.Connection[TupleRow]):
    """Fails where the server says nothing for `SILENCE_S`, and is closed then: an answer to come would belong to no question."""

    def wait(self, gen: PQGen[RV], *limits: Any, **named: Any) -> RV:
        """As psycopg's, which knows no limit of silence.

        Raises:
            OperationalError: The server says nothing.
        """
        return super().wait(self._within_silence(gen), *limits, **named)

    def _within_silence(self, gen: PQGen[RV]) -> PQGen[RV]:
        heard_s = time.monotonic()
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                now_s = time.monotonic()
                if ready != Ready.NONE:
                    heard_s = now_s
                elif now_s - heard_s > SILENCE_S:
                    self.close()
                    raise psycopg.OperationalError("the server says nothing")
                wanted = gen.send(ready)
        except StopIteration as done:
            result: RV = done.value
            return result

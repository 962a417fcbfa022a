"""How often a token may ask: a bucket of requests each, refilled steadily. Web thread's event loop only."""

import math
from dataclasses import dataclass
from typing import Final

from kiosk.services.ports.clock import Clock

BURST: Final = 100
"""Requests that may come at once."""

A_SECOND: Final = 10.0
"""Requests a second in the long run: paging through 100,000 records, 200 a page, takes 50 s."""


@dataclass(slots=True)
class _Bucket:
    left: float
    at_s: float


class RateLimit:
    """One bucket a token; as many as there are tokens, so nothing is ever thrown away."""

    def __init__(self, *, clock: Clock, burst: float = BURST, a_second: float = A_SECOND) -> None:
        self._clock = clock
        self._burst = burst
        self._a_second = a_second
        self._buckets: dict[int, _Bucket] = {}

    def take(self, token_id: int, cost: float = 1.0) -> int | None:
        """Count a request; None when it may pass, else the whole seconds until it may (it was not counted)."""
        now_s = self._clock.monotonic()
        bucket = self._buckets.setdefault(token_id, _Bucket(self._burst, now_s))
        bucket.left = min(self._burst, bucket.left + (now_s - bucket.at_s) * self._a_second)
        bucket.at_s = now_s
        if bucket.left >= cost:
            bucket.left -= cost
            return None
        return max(1, math.ceil((cost - bucket.left) / self._a_second))

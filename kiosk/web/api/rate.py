"""How often a token may ask: a bucket of requests each, refilled steadily. Safe to call from any thread."""

import math
import threading
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

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: dict[int, _Bucket] = {}

    def take(self, token_id: int, cost: float = 1.0) -> int | None:
        """Count a request; None when it may pass, else the whole seconds until it may (it was not counted)."""
        with self._lock:
            now_s = self._clock.monotonic()
            bucket = self._buckets.setdefault(token_id, _Bucket(BURST, now_s))
            bucket.left = min(BURST, bucket.left + (now_s - bucket.at_s) * A_SECOND)
            bucket.at_s = now_s
            if bucket.left >= cost:
                bucket.left -= cost
                return None
            return max(1, math.ceil((cost - bucket.left) / A_SECOND))

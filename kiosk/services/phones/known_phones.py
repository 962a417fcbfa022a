"""Phones on which the right PIN of a student was given before. Safe to call from any thread.

What others try for a student's number must not keep that student out on the own phone. The kiosk keeps no list of phones:
the browser keeps a mark that only the kiosk can make, over its own identifier and the number.
"""

import hashlib
import hmac
import re
from collections.abc import Sequence
from typing import Final

from kiosk.domain.people.students import fold
from kiosk.domain.trust.throttle import Source

MOST: Final = 4
"""Students whose marks one browser keeps; the one who signed in longest ago is forgotten first."""

_MARK: Final = re.compile(r"[0-9a-f]{32}")
_BETWEEN: Final = "."


class KnownPhones:
    """Makes marks and reads them."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def source(self, student_no: str, *, browser: str, address: str, marks: str) -> Source:
        """Where a sign-in comes from; `marks` is what the browser keeps."""
        own = self._mark(student_no, browser)
        is_known = any(hmac.compare_digest(own, one) for one in _marks(marks))
        return Source(browser, address, is_known)

    def with_mark(self, student_no: str, *, browser: str, marks: str) -> str:
        """What the browser is to keep after the right PIN of a number."""
        own = self._mark(student_no, browser)
        return _BETWEEN.join([own, *(one for one in _marks(marks) if one != own)][:MOST])

    def _mark(self, student_no: str, browser: str) -> str:
        said = f"{browser}\0{fold(student_no)}".encode()
        return hmac.new(self._key, said, hashlib.sha256).hexdigest()[:32]


def _marks(text: str) -> Sequence[str]:
    return [one for one in text.split(_BETWEEN)[:MOST] if _MARK.fullmatch(one)]

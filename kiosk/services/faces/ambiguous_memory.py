"""Faces that the camera was not sure about, kept for a teacher who knows them: in memory only, few, and not for long.

A face may be a stranger's. So only ambiguous ones with a candidate are kept, never one that was taken for an attack, at
most `KEPT` of them for at most `KEPT_S`, of the class that is open; nothing of it is ever written anywhere by this module.
`take` runs on the vision thread, the rest on any.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from kiosk.domain.school.face_rule import FaceRule
from kiosk.services.events import Event, FacesInClass, RuntimeStopped, SessionEnded, SessionStarted
from kiosk.services.faces.recognition.analysis import TrackDecision
from kiosk.services.ports.clock import Clock
from kiosk.services.ports.vision import PictureWriter

KEPT: Final = 20
"""The newest ones; a teacher looks through a handful, and a class of 30 has no more faces at its door."""

KEPT_S: Final = 600.0
"""Ten minutes: long enough to find a free moment at the start of a lesson."""


@dataclass(frozen=True, slots=True, eq=False)
class AmbiguousFace:
    """One face that was asked to scan.

    Attributes:
        face_id: Number of the face, never used again.
        session_id: In which class.
        track_id: Which track it was.
        candidate_id: Whose templates it was closest to: a guess, for the teacher's eyes only.
        seen_at: When the picture was taken, aware UTC.
        picture: JPEG of the face with its surroundings, such as an enrolled sample has.
        kept_s: When it came, on the monotonic clock.
    """

    face_id: int
    session_id: int
    track_id: int
    candidate_id: int
    seen_at: datetime
    picture: bytes = field(repr=False)
    kept_s: float


class AmbiguousMemory:
    """The memory; cleared when the class ends."""

    def __init__(self, *, clock: Clock, write_picture: PictureWriter) -> None:
        self._clock = clock
        self._write_picture = write_picture
        self._lock = threading.Lock()
        self._session_id: int | None = None
        self._faces: OrderedDict[int, AmbiguousFace] = OrderedDict()
        self._number = 0

    def on_event(self, event: Event) -> None:
        """Begin with a class, and forget everything when it ends."""
        match event:
            case SessionStarted(session=session):
                self._begin(session.session_id)
            case SessionEnded(session_id=ended) if ended == self._session_id:
                self._begin(None)
            case FacesInClass(rule=rule) if rule is not FaceRule.WALK_PAST:  # nobody is searched any more
                self._begin(None)
            case RuntimeStopped():
                self._begin(None)

    def take(self, session_id: int, decision: TrackDecision, seen_at: datetime) -> None:
        """Note what was decided about a track: an ambiguous one is kept, any other verdict drops what was kept of it."""
        closest = decision.closest_look
        picture = self._write_picture(closest.image) if closest is not None and closest.image.size else None
        with self._lock:
            if session_id != self._session_id:
                return
            for face in [one for one in self._faces.values() if one.track_id == decision.track_id]:
                del self._faces[face.face_id]
            if closest is not None and picture is not None:
                self._number += 1
                self._faces[self._number] = AmbiguousFace(
                    face_id=self._number,
                    session_id=session_id,
                    track_id=decision.track_id,
                    candidate_id=closest.match.student_id,
                    seen_at=seen_at,
                    picture=picture,
                    kept_s=self._clock.monotonic(),
                )
            while len(self._faces) > KEPT:
                self._faces.popitem(last=False)

    def of_session(self, session_id: int) -> list[AmbiguousFace]:
        """What is kept of a class, oldest first."""
        self.tick()
        with self._lock:
            return [face for face in self._faces.values() if face.session_id == session_id]

    def get(self, face_id: int) -> AmbiguousFace | None:
        """One face, while it is kept."""
        self.tick()
        with self._lock:
            return self._faces.get(face_id)

    def drop(self, face_id: int) -> None:
        with self._lock:
            self._faces.pop(face_id, None)

    def tick(self) -> None:
        """Forget what was kept for `KEPT_S`; called every few seconds, whether anybody looks or not."""
        now_s = self._clock.monotonic()
        with self._lock:
            for face in [one for one in self._faces.values() if now_s - one.kept_s >= KEPT_S]:
                del self._faces[face.face_id]

    def _begin(self, session_id: int | None) -> None:
        with self._lock:
            if session_id is None or session_id != self._session_id:
                self._faces.clear()
            self._session_id = session_id

"""The best picture of each student whom the camera surely named in the class that is open: in memory only.

A picture is kept for students from whom the school may learn. `take` runs on the vision thread, the rest on any.
"""

import threading
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from kiosk.domain.school.face_rule import FaceRule
from kiosk.services.events import ConsentWithdrawn, Event, FacesInClass, RuntimeStopped, SessionStarted
from kiosk.services.faces.recognition.track_memory import ClearLook
from kiosk.services.ports.vision import PictureWriter

BETTER: Final = 1.05
"""How many times fitter a look must be to take the place of the one before: making a picture file takes a millisecond."""


@dataclass(frozen=True, slots=True, eq=False)
class ClearFace:
    """A picture from a class that may be learned from.

    Attributes:
        student_id: Whom the camera named.
        seen_at: When it was taken, aware UTC.
        picture: JPEG of the face with its surroundings, such as an enrolled sample has.
        fitness: How good it is, as `kiosk.domain.faces.best_frame.live_fitness`.
    """

    student_id: int
    seen_at: datetime
    picture: bytes = field(repr=False)
    fitness: float


class ClearFaces:
    """The memory; whoever learns takes everything out of it when the class ends."""

    def __init__(self, *, write_picture: PictureWriter) -> None:
        self._write_picture = write_picture
        self._lock = threading.Lock()
        self._session_id: int | None = None
        self._faces: dict[int, ClearFace] = {}

    def on_event(self, event: Event) -> None:
        """Begin with a class; forget whoever may not be recognised any more, and everybody when the kiosk closes."""
        match event:
            case SessionStarted(session=session):
                self._begin(session.session_id)
            case ConsentWithdrawn(student_id=student_id):
                with self._lock:
                    self._faces.pop(student_id, None)
            case FacesInClass(rule=rule) if rule is not FaceRule.WALK_PAST:  # nobody is searched any more
                self._begin(None)
            case RuntimeStopped():
                self._begin(None)

    def take(self, session_id: int, look: ClearLook, seen_at: datetime) -> None:
        """Keep a look where it is clearly better than what is kept of the student."""
        with self._lock:
            kept = self._faces.get(look.student_id)
            if session_id != self._session_id or (kept and look.fitness < kept.fitness * BETTER):
                return
        face = ClearFace(look.student_id, seen_at, self._write_picture(look.image), look.fitness)
        with self._lock:
            if session_id == self._session_id:
                self._faces[look.student_id] = face

    def end(self, session_id: int) -> tuple[ClearFace, ...]:
        """Hand over what is kept of a class, and forget it."""
        with self._lock:
            if session_id != self._session_id:
                return ()
            faces, self._faces, self._session_id = self._faces, {}, None
        return tuple(faces.values())

    def _begin(self, session_id: int | None) -> None:
        with self._lock:
            if session_id is None or session_id != self._session_id:
                self._faces = {}
            self._session_id = session_id

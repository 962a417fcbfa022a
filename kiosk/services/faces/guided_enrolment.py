"""One sitting before the camera: pictures are taken when they are good, looked at, and stored together.

`GuidedSitting.see` runs on the enrolment thread; the window reads `view`, drops pictures and saves from its own threads.
Nothing is stored before `save`: what is not saved leaves memory with the sitting.
"""

import threading
from dataclasses import dataclass, field
from typing import Protocol

from kiosk.domain.faces.face_quality import Quality
from kiosk.domain.faces.frames import BgrImage, Detection, Frame
from kiosk.domain.faces.guided_enrolment import PLAN, Advice, Guide, Sighting, Step
from kiosk.domain.faces.recognition import distances
from kiosk.domain.people.students import Student
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError, KioskError, NotFoundError
from kiosk.services.events import CameraState
from kiosk.services.faces.enrolment import Enrolment
from kiosk.services.faces.face_shots import FaceShot, around
from kiosk.services.faces.lookalikes import PairWarning
from kiosk.services.people.consents import require_consent
from kiosk.services.trust.rights import require
from kiosk.storage.store import Repositories, Store
from kiosk.translation import _


@dataclass(frozen=True, slots=True, eq=False)
class TakenPicture:
    """One picture of the sitting: `number` names it, `image` (BGR, with surroundings) is for looking at."""

    number: int
    step: Step
    image: BgrImage


@dataclass(frozen=True, slots=True, eq=False)
class SittingView:
    """What a screen shows of a sitting.

    Attributes:
        ready: Whether the models are loaded and frames are looked at.
        step: Where to look now; None when every picture is taken.
        advice: What to say.
        taken: The pictures so far, oldest first.
        camera: How the camera is doing; `trouble` and `hint` say why it is lost.
        over: Why the sitting cannot go on, such as a withdrawn consent; no picture is left then.
    """

    ready: bool = False
    step: Step | None = Step.STRAIGHT
    advice: Advice = Advice.NO_FACE
    taken: tuple[TakenPicture, ...] = ()
    camera: CameraState = CameraState.OPENING
    trouble: str = ""
    hint: str = ""
    over: KioskError | None = None

    @property
    def complete(self) -> bool:
        """Whether every step has its pictures."""
        return self.step is None

    def progress(self, step: Step) -> tuple[int, int]:
        """(taken, wanted) of one step."""
        wanted = dict(PLAN)[step]
        return min(wanted, sum(one.step is step for one in self.taken)), wanted


@dataclass(frozen=True, slots=True)
class SavedSitting:
    """What came of a sitting.

    Attributes:
        kept: How many pictures were kept.
        taken: Of how many.
        warnings: Who looks too much like this student.
        alike: What to say where all of the student's pictures show nearly the same; empty where they do not.
    """

    kept: int
    taken: int
    warnings: tuple[PairWarning, ...] = ()
    alike: str = ""


class GuidedRun(Protocol):
    """A sitting with its camera, as the window sees it; `pipeline` implements it. No call but `save` and `stop` waits."""

    @property
    def student(self) -> Student:
        """Who sits there."""

    def start(self) -> None:
        """Start camera and models, each on a thread of its own."""

    def frame(self) -> Frame | None:
        """The newest frame."""

    def view(self) -> SittingView:
        """What is known now."""

    def drop(self, number: int) -> None:
        """Throw a picture away; its step is taken again."""

    def save(self, *, actor: Actor) -> SavedSitting:
        """Store the pictures and recognise with them from now on. Slow.

        Raises:
            ConflictError: As `GuidedSitting.save`.
        """

    def stop(self) -> tuple[str, ...]:
        """Let go of the camera and forget the pictures; returns the names of threads that did not end."""


class GuidedSittings(Protocol):
    """Where sittings come from, as the window sees it; `pipeline` implements it."""

    def open(self, student_id: int) -> GuidedRun:
        """A sitting for a student, not started yet.

        Raises:
            ConflictError: A class is open and uses the camera, or the student does not consent.
            NotFoundError: No such student.
            SourceError: The settings name no camera.
        """


@dataclass(frozen=True, slots=True, eq=False)
class _Candidate:
    frame: Frame
    face: Detection
    quality: Quality


@dataclass(slots=True)
class _Kept:
    picture: TakenPicture
    shot: FaceShot = field(repr=False)


class GuidedSitting:
    """Takes good pictures of one consenting student."""

    def __init__(self, *, student_id: int, store: Store, enrolment: Enrolment) -> None:
        """Begin a sitting.

        Raises:
            ConflictError: No consent is recorded; nobody is looked at.
            NotFoundError: No such student.
        """
        self._store = store
        self._enrolment = enrolment
        self.student = consenting_student(store, student_id)
        self._guide = Guide()
        self._candidate: _Candidate | None = None
        self._lock = threading.Lock()
        self._kept: list[_Kept] = []
        self._number = 0
        self._over: KioskError | None = None
        self._advice = Advice.NO_FACE

    def view(self) -> SittingView:
        """What is known now, without the camera's state."""
        with self._lock:
            taken = tuple(one.picture for one in self._kept)
            return SittingView(True, self._guide.step, self._advice, taken, over=self._over)

    def see(self, frame: Frame) -> None:
        """Look at one frame, and take a picture when it is time; frames come in the order of their times."""
        with self._lock:
            if self._over is not None:
                return
            if self._guide.step is None:
                self._advice = Advice.DONE
                return
        found = self._enrolment.shots.find(frame.image)
        face, quality = found[0] if found else (None, None)
        sighting = Sighting(frame.time_s, len(found), face.box if face else None, quality)
        with self._lock:
            moment = self._guide.see(sighting)
            self._advice = moment.advice
        if moment.is_best and face is not None and quality is not None:
            self._candidate = _Candidate(frame, face, quality)
        if moment.take and self._candidate is not None:
            self._take(self._candidate)

    def drop(self, number: int) -> None:
        """Throw a picture away; its step is taken again."""
        with self._lock:
            for one in self._kept:
                if one.picture.number == number:
                    self._kept.remove(one)
                    self._guide.give_back(one.picture.step)
                    return

    def save(self, *, actor: Actor) -> SavedSitting:
        """Store all pictures, and compare the face with everybody else's where the school lets faces be searched.

        Raises:
            ConflictError: A step lacks pictures, the consent was withdrawn, or the face does not look like the pictures
                enrolled before.
        """
        require(self._store, actor, Right.ENROL)
        with self._lock:
            shots = [one.shot for one in self._kept]
            if self._over is not None:
                raise self._over
            if self._guide.step is not None or not shots:
                raise ConflictError(
                    _("Some pictures are still missing."), _("Follow the words on the screen.")
                )
        student_id = self.student.student_id
        kept = self._enrolment.keep_sitting(student_id, shots, actor=actor)
        warnings = self._enrolment.compare([student_id], actor=actor.name) if kept else ()
        return SavedSitting(kept, len(shots), warnings, self._enrolment.alike_words(student_id))

    def forget(self) -> None:
        """Let go of every picture."""
        with self._lock:
            self._kept.clear()
        self._candidate = None

    def _take(self, candidate: _Candidate) -> None:
        """Embed the best frame of a good while; the word on consent is asked for each time before."""
        try:
            self._store.read(lambda repositories: require_consent(repositories, self.student.student_id))
        except KioskError as error:
            with self._lock:
                self._over = error
                self._kept.clear()
            self._candidate = None
            return
        shot = self._enrolment.shots.cut(candidate.frame.image, candidate.face, candidate.quality)
        image = around(candidate.frame.image, candidate.face.box).copy()
        self._candidate = None
        with self._lock:
            if not self._is_same_person(shot):
                self._guide.refuse()
                self._advice = Advice.ANOTHER_PERSON
                return
            step = self._guide.step
            if step is None:
                return
            self._guide.accept()
            self._number += 1
            self._kept.append(_Kept(TakenPicture(self._number, step, image), shot))
            if self._guide.step is None:
                self._advice = Advice.DONE

    def _is_same_person(self, shot: FaceShot) -> bool:
        """Whether a picture is within the model's reject threshold of the first one."""
        if not self._kept:
            return True
        model = self._enrolment.shots.model
        apart = distances(self._kept[0].shot.vector[None, :], shot.vector, model.metric)
        return float(apart[0]) <= model.thresholds.reject


def consenting_student(store: Store, student_id: int) -> Student:
    """The student, if there is one who consents.

    Raises:
        ConflictError: No consent is recorded.
        NotFoundError: No such student.
    """

    def query(repositories: Repositories) -> Student:
        student = repositories.students.get(student_id)
        if student is None:
            raise NotFoundError(_("That student does not exist any more."))
        require_consent(repositories, student_id)
        return student

    return store.read(query)

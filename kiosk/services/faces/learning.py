"""Learning from a class that is over: pictures of students whom the camera surely named, and nobody corrected.

Slow: call from a thread of its own. All pictures of a class are kept in one transaction, or none. What counts for each is
asked inside that transaction: the consent, the record, and the distance to what is enrolled.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from kiosk.domain.attendance.choices import Method
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.record import AttendanceRecord
from kiosk.domain.faces.recognition import Template
from kiosk.domain.faces.samples import MAX_LEARNED, Learnable, SampleOrigin, learnable
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError, FileFormatError
from kiosk.services.events import Events, GalleryChanged
from kiosk.services.faces.clear_faces import ClearFace
from kiosk.services.faces.drifted_faces import note_drift
from kiosk.services.faces.enrolment import Enrolment
from kiosk.services.faces.face_shots import FaceShot
from kiosk.services.faces.galleries import Galleries
from kiosk.services.faces.recognition.recogniser import Recognition
from kiosk.services.people.consents import consenting_to_learn
from kiosk.services.ports.clock import Clock
from kiosk.services.ports.progress import UNWATCHED, Progress
from kiosk.services.ports.vision import PictureReader
from kiosk.services.trust.rights import require
from kiosk.storage.store import Repositories, Store


@dataclass(frozen=True, slots=True)
class Learned:
    """What came of a class, as student ids.

    Attributes:
        kept: Who has a new picture.
        outliers: Whose picture was not near enough to what is enrolled, or too near to somebody else.
        drifted: Whose face has moved away from what is enrolled.
    """

    kept: tuple[int, ...] = ()
    outliers: tuple[int, ...] = ()
    drifted: tuple[int, ...] = ()


class Learning:
    """Turns clear faces of a class into stored pictures."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        zone: ZoneInfo,
        events: Events,
        galleries: Galleries,
        read_picture: PictureReader,
    ) -> None:
        self._store = store
        self._clock = clock
        self._zone = zone
        self._events = events
        self._galleries = galleries
        self._read_picture = read_picture

    def learn(
        self,
        session_id: int,
        faces: Sequence[ClearFace],
        *,
        enrolment: Enrolment,
        actor: Actor,
        progress: Progress = UNWATCHED,
    ) -> Learned:
        """Keep what may be kept of a class that is over.

        Args:
            session_id: Which class; nothing is learned while it is open.
            faces: The best picture of each student.
            enrolment: Finds, judges and embeds the face of each picture.
            actor: Who it is written down as.
            progress: Asked before each picture; where it cancels, nothing is learned.

        Raises:
            StorageError: The pictures could not be written; none is kept.
        """
        require(self._store, actor, Right.ENROL)
        session = self._store.read(lambda repositories: repositories.class_sessions.get(session_id))
        if session is None or session.is_open:
            return Learned()
        model = enrolment.shots.model
        recognition = self._galleries.load(session.course_id, on=self._day(session.started_at), model=model)
        shots = []
        for face in faces:
            if progress.is_cancelled():
                return Learned()
            shot = self._shot(face, enrolment) if face.student_id in recognition.learnable else None
            if shot is not None:
                shots.append((face, shot))
        if not shots:
            return Learned()
        found = self._store.write(
            lambda repositories: self._keep_all(repositories, session, recognition, shots, actor.name)
        )
        if found.kept:
            enrolment.compare(set(found.kept), actor=actor.name)
            self._events.emit(GalleryChanged())
        return found

    def _shot(self, face: ClearFace, enrolment: Enrolment) -> FaceShot | None:
        """The picture as an enrolment sees it; None where it would refuse it."""
        try:
            return enrolment.shots.take(self._read_picture(face.picture), face.picture)
        except (ConflictError, FileFormatError):
            return None

    def _keep_all(
        self,
        repositories: Repositories,
        session: ClassSession,
        recognition: Recognition,
        shots: Sequence[tuple[ClearFace, FaceShot]],
        actor: str,
    ) -> Learned:
        judged: dict[Learnable, list[int]] = {one: [] for one in Learnable}
        for face, shot in shots:
            verdict = self._keep(repositories, session, recognition, face, shot)
            if verdict is not None:
                judged[verdict].append(face.student_id)
        found = Learned(
            *(tuple(judged[one]) for one in (Learnable.YES, Learnable.OUTLIER, Learnable.DRIFTED))
        )
        for student_id in found.drifted:
            note_drift(repositories, student_id)
        numbers = " ".join(recognition.students[one].student_no for one in found.drifted)
        repositories.audit.add(
            self._clock.now(),
            actor,
            "faces.learned",
            f"#{session.session_id}",
            f"{len(found.kept)} learned, {len(found.outliers)} unlike"
            + (numbers and f", drifted: {numbers}"),
        )
        return found

    def _keep(
        self,
        repositories: Repositories,
        session: ClassSession,
        recognition: Recognition,
        face: ClearFace,
        shot: FaceShot,
    ) -> Learnable | None:
        """Keep one picture where nothing speaks against it; None where it was not judged."""
        student_id, gallery = face.student_id, recognition.gallery
        origin = origin_in(repositories.records.find(session.session_id, student_id))
        if origin is None or student_id not in consenting_to_learn(repositories, [student_id], self._zone):
            return None
        stored = repositories.faces.templates([student_id], shot.model)
        verdict = learnable(
            shot.vector,
            enrolled=[one.vector for one in stored if not one.is_learned],
            learned=[one.vector for one in stored if one.is_learned],
            others=gallery.matrix[gallery.student_ids != student_id],
            metric=gallery.model.metric,
            thresholds=recognition.thresholds,
        )
        if verdict is not Learnable.YES:
            return verdict
        return verdict if self._store_one(repositories, face, shot, origin) else None

    def _store_one(
        self, repositories: Repositories, face: ClearFace, shot: FaceShot, origin: SampleOrigin
    ) -> bool:
        """One a student and day, the confirmed one rather; the oldest of too many goes."""
        faces, student_id = repositories.faces, face.student_id
        learned = faces.learned(student_id)
        same_day = [one for one in learned if self._day(one.captured_at) == self._day(face.seen_at)]
        if any(origin is SampleOrigin.LEARNED or one.origin is SampleOrigin.CONFIRMED for one in same_day):
            return False
        others = [one for one in learned if one not in same_day]
        faces.remove_samples([*same_day, *others[: max(0, len(others) - MAX_LEARNED + 1)]])
        sample = faces.add_sample(
            student_id=student_id,
            picture=shot.picture,
            source=shot.source,
            captured_at=face.seen_at,
            origin=origin,
        )
        if sample is None:
            return False
        template = Template(0, student_id, shot.model, shot.vector, min(1.0, shot.quality.face_px / 150.0))
        faces.add_template(sample_id=sample.sample_id, template=template)
        return True

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self._zone).date()


def origin_in(record: AttendanceRecord | None) -> SampleOrigin | None:
    """How far a record confirms a face that was seen in its class; None where nothing may be learned from it.

    Nothing is learned where nobody was marked, or a hand changed the record.
    """
    if record is None or not record.status.attended:
        return None
    methods = {one.method for one in record.evidence}
    if not methods or Method.MANUAL in methods:
        return None
    return SampleOrigin.LEARNED if methods == {Method.FACE} else SampleOrigin.CONFIRMED

"""Enrolling faces from pictures: consent first, then quality, then whether it is one person, then sample and template.

Slow: call from a worker thread. No consent recorded means that no embedding is computed, ever.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from typing import Final, Protocol, assert_never

from kiosk.domain.faces.one_person import MAX_TEMPLATES, agreement, most_telling, too_alike
from kiosk.domain.faces.recognition import Template
from kiosk.domain.people.students import Student
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError, KioskError, NotFoundError
from kiosk.services.courses.own_courses import require_student
from kiosk.services.events import Events
from kiosk.services.faces.drifted_faces import forget_drift
from kiosk.services.faces.face_shots import FaceShot, FaceShots
from kiosk.services.faces.lookalikes import Lookalikes, PairWarning
from kiosk.services.faces.picture_files import PictureFile, PictureFiles, find_pictures
from kiosk.services.people.consents import FaceConsents, require_consent
from kiosk.services.ports.clock import Clock
from kiosk.services.ports.progress import UNWATCHED, Counter, Progress
from kiosk.services.ports.vision import Detector, Embedder, PictureReader, PictureWriter, QualityMeter
from kiosk.services.trust.rights import require
from kiosk.storage.store import Repositories, Store
from kiosk.translation import _, ngettext

NAMED_FILES: Final = 5
"""So many files are named where a folder has nothing to enrol."""


class _Refusal(Enum):
    """Why a picture with a good face is not kept."""

    ODD = auto()
    SPLIT = auto()
    SPARE = auto()

    @property
    def words(self) -> tuple[str, str]:
        """Sentence and hint."""
        match self:
            case _Refusal.ODD:
                return _("It does not look like the other pictures."), _("Check whose face it shows.")
            case _Refusal.SPLIT:
                return (
                    _("The pictures do not look like one person, and it cannot be told which are right."),
                    _("Take out the wrong ones, or add more of the right person."),
                )
            case _Refusal.SPARE:
                return ngettext(
                    "{n} picture is kept for one student, and others tell more.",
                    "{n} pictures are kept for one student, and others tell more.",
                    MAX_TEMPLATES,
                    n=MAX_TEMPLATES,
                ), _("Nothing needs to be done.")
            case _:
                assert_never(self)


@dataclass(frozen=True, slots=True)
class AcceptedPicture:
    """A picture that became a template."""

    student_no: str
    picture: str


@dataclass(frozen=True, slots=True)
class RefusedPicture:
    """A picture, or a whole folder, that was not taken, and why."""

    student_no: str
    picture: str
    reason: str


@dataclass(frozen=True, slots=True)
class OddPictures:
    """A student with pictures enrolled earlier that do not look like the rest; nothing was deleted."""

    student_no: str
    pictures: int
    reason: str


@dataclass(frozen=True, slots=True)
class AlikePictures:
    """A student all of whose enrolled pictures show nearly the same; they are kept."""

    student_no: str
    reason: str


@dataclass(frozen=True, slots=True)
class EnrolmentReport:
    """What an import of faces did."""

    accepted: tuple[AcceptedPicture, ...]
    refused: tuple[RefusedPicture, ...]
    known: tuple[AcceptedPicture, ...]
    """Imported before; nothing was done."""
    odd: tuple[OddPictures, ...] = ()
    warnings: tuple[PairWarning, ...] = ()
    """People who turned out to be too close to somebody else for the face alone."""
    alike: tuple[AlikePictures, ...] = ()


@dataclass(slots=True)
class _Notes:
    """What is found out while a folder is gone through."""

    accepted: list[AcceptedPicture] = field(default_factory=list)
    refused: list[RefusedPicture] = field(default_factory=list)
    known: list[AcceptedPicture] = field(default_factory=list)
    odd: list[OddPictures] = field(default_factory=list)
    alike: list[AlikePictures] = field(default_factory=list)
    enrolled: set[int] = field(default_factory=set)
    """Ids of students who have new templates."""

    def report(self, warnings: tuple[PairWarning, ...]) -> EnrolmentReport:
        return EnrolmentReport(
            tuple(self.accepted),
            tuple(self.refused),
            tuple(self.known),
            tuple(self.odd),
            warnings,
            tuple(self.alike),
        )


@dataclass(frozen=True, slots=True)
class _Choice:
    """Which new shots of a person to keep (places, best first), why not the others, and how many old ones are odd."""

    keep: tuple[int, ...]
    refused: dict[int, _Refusal]
    odd_before: int


class Enrolment:
    """Makes samples and templates from pictures."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        detector: Detector,
        embedder: Embedder,
        quality: QualityMeter,
        read_picture: PictureReader,
        write_picture: PictureWriter,
        lookalikes: Lookalikes,
    ) -> None:
        self._store = store
        self._clock = clock
        self._consents = FaceConsents(store=store, clock=clock, events=Events())
        self._read_picture = read_picture
        self._lookalikes = lookalikes
        self.shots = FaceShots(
            detector=detector, embedder=embedder, quality=quality, write_picture=write_picture
        )

    def enrol_folder(
        self, folder: Path, *, consent_recorded: bool, actor: Actor, progress: Progress = UNWATCHED
    ) -> EnrolmentReport:
        """Enrol ``folder/<student_no>/*.jpg`` and ``folder/<student_no>.jpg``; every other file is named with the reason.

        Args:
            folder: One folder for each student, or one picture, named by the student number.
            consent_recorded: The caller confirms that the school holds each student's written consent; it is then
                recorded for those who have none yet. A withdrawn consent is never overridden.
            actor: Who does it.
            progress: Told after each picture.

        Raises:
            NotFoundError: The folder does not exist or has no pictures of students.
        """
        require(self._store, actor, Right.ENROL)
        if not folder.is_dir():
            raise NotFoundError(_("There is no folder {folder}.", folder=folder), _("Please check the name."))
        files = find_pictures(folder, is_known=self._is_known)
        people = files.people
        if not people:
            raise NotFoundError(_("{folder} has no pictures to enrol.", folder=folder), _nothing_found(files))
        counter = Counter(sum(len(pictures) for pictures in people.values()), progress)
        students = {name: self._consenting(name, consent_recorded, actor) for name in people}
        notes = _Notes()
        notes.refused += [
            RefusedPicture(one.student_no, one.picture, one.reason) for one in files.passed_over
        ]
        for name, pictures in people.items():
            student = students[name]
            if isinstance(student, KioskError):
                notes.refused += [RefusedPicture(name, one.name, student.user_text) for one in pictures]
                counter.add(len(pictures))
            else:
                self._enrol_person(student, pictures, actor.name, notes, counter)
        return notes.report(self.compare(notes.enrolled, actor=actor.name))

    def compare(self, student_ids: Collection[int], *, actor: str) -> tuple[PairWarning, ...]:
        """Compare students who have new templates with everybody else, where the school's rule lets that be; call it once at the end."""
        return self._lookalikes.refresh(self.shots.model, actor=actor, among=student_ids)

    def enrol_picture(self, student_id: int, data: bytes, *, actor: Actor) -> bool:
        """Enrol one picture file's bytes; False when the very same file was enrolled before.

        Raises:
            ConflictError: No consent is recorded, the picture shows no face, several, or a poor one, or it does not look
                like the pictures of this student enrolled before.
            FileFormatError: The file is no picture.
            NotFoundError: No such student.
        """
        require(self._store, actor, Right.ENROL)
        return self._enrol_picture(student_id, data, actor.name)

    def learn_picture(self, student_id: int, data: bytes, *, actor: Actor) -> bool:
        """As `enrol_picture`, with a face that was seen in the class and that a teacher knows."""
        require(self._store, actor, Right.LEARN_FACE)
        self._store.read(lambda repositories: require_student(repositories, actor, student_id))
        return self._enrol_picture(student_id, data, actor.name)

    def _enrol_picture(self, student_id: int, data: bytes, actor: str) -> bool:
        shot = self._shot_of(student_id, data)
        if shot is None:
            return False
        choice = self._choose(student_id, [shot])
        if choice.refused:
            raise ConflictError(*choice.refused[0].words)
        return self._keep(student_id, shot, actor=actor)

    def _keep(self, student_id: int, shot: FaceShot, *, actor: str) -> bool:
        """Store one shot as sample and template, in one transaction; False when it is stored already.

        Raises:
            ConflictError: No consent is recorded (any more), or the picture is enrolled for another student.
            NotFoundError: No such student.
        """
        now = self._clock.now()

        def work(repositories: Repositories) -> bool:
            student = repositories.students.get(student_id)
            if student is None:
                raise NotFoundError(_("That student does not exist any more."))
            require_consent(
                repositories, student_id
            )  # it may have been withdrawn while the face was embedded
            stored = repositories.faces.add_sample(
                student_id=student_id, picture=shot.picture, source=shot.source, captured_at=now
            )
            if stored is None:
                return False
            quality = self.shots.model.template_quality(shot.vector, face_px=shot.quality.face_px)
            template = Template(0, student_id, shot.model, shot.vector, quality)
            repositories.faces.add_template(sample_id=stored.sample_id, template=template)
            forget_drift(repositories, student_id)
            repositories.audit.add(now, actor, "face.enrolled", student.student_no)
            return True

        return self._store.write(work)

    def keep_sitting(self, student_id: int, shots: Sequence[FaceShot], *, actor: Actor) -> int:
        """Store the shots of one sitting before the camera; returns how many were kept.

        Fewer than all are kept where the student has pictures already and others tell more.

        Raises:
            ConflictError: No consent is recorded (any more), or whoever sat there does not look like the pictures of this
                student enrolled before.
            NotFoundError: No such student.
        """
        require(self._store, actor, Right.ENROL)
        self._store.read(lambda repositories: require_consent(repositories, student_id))
        choice = self._choose(student_id, shots)
        if any(why is not _Refusal.SPARE for why in choice.refused.values()):
            raise ConflictError(
                _("This face does not look like the pictures of this student enrolled before."),
                _(
                    "Check whom you chose. If the older pictures are wrong, withdraw the consent, which deletes them, "
                    "and begin anew."
                ),
            )
        return sum(self._keep(student_id, shots[place], actor=actor.name) for place in choice.keep)

    def _enrol_person(
        self, student: Student, pictures: Sequence[PictureFile], actor: str, notes: _Notes, counter: Counter
    ) -> None:
        """Look at all pictures of one student before any is stored: only together they show which one is wrong."""
        found: list[tuple[str, FaceShot]] = []
        seen: set[bytes] = set()
        number = student.student_no
        for picture in pictures:
            try:
                data = picture.path.read_bytes()
                digest = hashlib.sha256(data).digest()
                shot = None if digest in seen else self._shot_of(student.student_id, data)
                seen.add(digest)
                if shot is None:
                    notes.known.append(AcceptedPicture(number, picture.name))
                else:
                    found.append((picture.name, shot))
            except OSError as error:
                notes.refused.append(
                    RefusedPicture(
                        number, picture.name, _("It cannot be read: {strerror}.", strerror=error.strerror)
                    )
                )
            except KioskError as error:
                notes.refused.append(RefusedPicture(number, picture.name, error.user_text))
            counter.add()
        choice = self._choose(student.student_id, [shot for _unused, shot in found])
        for place, (name, shot) in enumerate(found):
            if place in choice.refused:
                notes.refused.append(RefusedPicture(number, name, choice.refused[place].words[0]))
                continue
            try:
                fresh = self._keep(student.student_id, shot, actor=actor)
                (notes.accepted if fresh else notes.known).append(AcceptedPicture(number, name))
                notes.enrolled.add(student.student_id)
            except KioskError as error:
                notes.refused.append(RefusedPicture(number, name, error.user_text))
        if choice.odd_before:
            words = _("Pictures enrolled earlier do not look like the others.")
            notes.odd.append(OddPictures(number, choice.odd_before, words))
        if found and (words := self.alike_words(student.student_id)):
            notes.alike.append(AlikePictures(number, words))

    def alike_words(self, student_id: int) -> str:
        """What to say where all enrolled pictures of a student show nearly the same; empty where they do not."""
        model = self.shots.model
        stored = self._store.read(lambda repositories: repositories.faces.templates([student_id], model.name))
        vectors = [template.vector for template in stored]
        if not too_alike(vectors, metric=model.metric, accept=model.thresholds.accept):
            return ""
        return _("All pictures look nearly the same. One of another day or in other light would help.")

    def _shot_of(self, student_id: int, data: bytes) -> FaceShot | None:
        """Embed one file's face; None when the file was enrolled before."""

        def before(repositories: Repositories) -> int | None:
            require_consent(repositories, student_id)
            return repositories.faces.owner_of(data)

        owner = self._store.read(before)
        if owner == student_id:
            return None
        if owner is not None:
            raise ConflictError(
                _("The same picture is enrolled for another student."), _("Check whose picture it is.")
            )
        return self.shots.take(self._read_picture(data), data)

    def _choose(self, student_id: int, shots: Sequence[FaceShot]) -> _Choice:
        """Weigh new shots against each other and against what is stored."""
        model = self.shots.model
        stored = self._store.read(lambda repositories: repositories.faces.templates([student_id], model.name))
        before = [template.vector for template in stored if not template.is_learned]
        found = agreement(
            [*before, *(shot.vector for shot in shots)], metric=model.metric, reject=model.thresholds.reject
        )
        why = _Refusal.SPLIT if found.is_split else _Refusal.ODD
        refused = {place - len(before): why for place in found.odd if place >= len(before)}
        odd_before = sum(place < len(before) for place in found.odd)
        good = [place for place in range(len(shots)) if place not in refused]
        kept = most_telling(
            [shots[place].vector for place in good],
            [shots[place].fitness for place in good],
            metric=model.metric,
            kept=before,
            room=max(0, MAX_TEMPLATES - len(before)),
        )
        keep = tuple(good[place] for place in kept)
        refused |= {place: _Refusal.SPARE for place in good if place not in keep}
        return _Choice(keep, refused, odd_before)

    def _is_known(self, student_no: str) -> bool:
        return self._store.read(lambda repositories: repositories.students.by_no(student_no)) is not None

    def _consenting(self, student_no: str, consent_recorded: bool, actor: Actor) -> Student | KioskError:
        student = self._store.read(lambda repositories: repositories.students.by_no(student_no))
        if student is None:
            return NotFoundError(
                _("There is no student with the number {student_no}.", student_no=student_no),
                _("Import the class list first."),
            )
        word = self._consents.newest(student.student_id)
        if word is None and consent_recorded:
            self._consents.record(student.student_id, given=True, actor=actor)
        return student


class Enrolments(Protocol):
    """Makes enrolment, over models that take a second or two to build."""

    def build(self) -> Enrolment:
        """One for the calling thread."""


def _nothing_found(files: PictureFiles) -> str:
    """What to do about a folder without pictures, and what lies there instead."""
    hint = [_("Put them into one folder for each student, named by number.")]
    for one in files.passed_over[:NAMED_FILES]:
        name = "/".join(part for part in (one.student_no, one.picture) if part)
        hint.append(f"{name}: {one.reason}")
    return " ".join(hint)

"""Making templates of another model from the stored pictures, so that nobody has to be enrolled again.

Slow: call `run` from a thread of its own, with a detector and an embedder of its own. Each picture is one transaction: it
can be stopped at any point and goes on where it was. The templates of other models stay, and recognise meanwhile.
"""

from collections import Counter
from dataclasses import dataclass

from kiosk.domain.faces.frames import BgrImage
from kiosk.domain.faces.recognition import ModelInfo, Template
from kiosk.domain.faces.samples import FaceSample, SampleKey
from kiosk.domain.people.consents import ConsentKind
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import FileFormatError
from kiosk.services.faces.face_shots import foremost
from kiosk.services.faces.lookalikes import Lookalikes
from kiosk.services.faces.unreadable_faces import outstanding, remember_unreadable, unreadable
from kiosk.services.people.consents import consents
from kiosk.services.ports.clock import Clock
from kiosk.services.ports.progress import UNWATCHED, Progress
from kiosk.services.ports.vision import Detector, Embedder, PictureReader
from kiosk.services.trust.rights import require
from kiosk.storage.store import Repositories, Store


@dataclass(frozen=True, slots=True)
class LostFace:
    """A student of whose pictures some cannot be used with a model; `all_of_them` means: enrol again or scan."""

    student_no: str
    pictures: int
    all_of_them: bool


@dataclass(frozen=True, slots=True)
class ReEmbeddingReport:
    """What a run did.

    Attributes:
        model: For which model.
        embedded: Pictures that have a template of it now.
        lost: Students with pictures that no face was found in, also from runs before.
        remaining: Pictures that are still to be done; 0 unless it was stopped.
    """

    model: str
    embedded: int
    lost: tuple[LostFace, ...]
    remaining: int

    @property
    def complete(self) -> bool:
        """Whether everything that may be re-embedded is."""
        return self.remaining == 0


class ReEmbedding:
    """Brings the templates of a model up to date."""

    def __init__(
        self, *, store: Store, clock: Clock, read_picture: PictureReader, lookalikes: Lookalikes
    ) -> None:
        self._store = store
        self._clock = clock
        self._read_picture = read_picture
        self._lookalikes = lookalikes

    def outstanding(self, model: str) -> list[SampleKey]:
        """Pictures of students who consent that lack a template of a model; quick."""

        def query(repositories: Repositories) -> list[SampleKey]:
            owners = repositories.faces.sample_counts()
            willing = repositories.consents.given_by(owners, ConsentKind.FACE_RECOGNITION)
            return outstanding(repositories, model, willing)

        return self._store.read(query)

    def run(
        self, detector: Detector, embedder: Embedder, *, actor: Actor, progress: Progress = UNWATCHED
    ) -> ReEmbeddingReport:
        """Embed what is outstanding for the embedder's model.

        Args:
            detector: Finds the face in each stored picture anew: a model aligns it its own way.
            embedder: Of the model that templates are wanted of.
            actor: Who it is written down as.
            progress: Told before the first picture and after each, and asked before each; where it cancels the run, the
                next one goes on from there.

        Raises:
            StorageError: A picture cannot be decrypted, or nothing can be written any more.
        """
        require(self._store, actor, Right.ADMINISTER)
        info = embedder.info
        keys = self.outstanding(info.name)
        embedded, failed, seen = 0, set[int](), 0
        progress.report(0, len(keys))
        for key in keys:
            if progress.is_cancelled():
                break
            outcome = self._embed(key, detector, embedder)
            embedded += outcome is True
            if outcome is False:
                failed.add(key.sample_id)
            seen += 1
            progress.report(seen, len(keys))
        lost = self._write_down(info, embedded, failed, actor.name)
        if embedded and seen == len(keys):
            self._lookalikes.refresh(info, actor=actor.name)
        return ReEmbeddingReport(info.name, embedded, lost, len(keys) - seen)

    def _embed(self, key: SampleKey, detector: Detector, embedder: Embedder) -> bool | None:
        """True: it has a template now. False: there is no face to be found in it. None: it is gone, or may not be used."""
        try:
            sample = self._store.read(lambda repositories: _permitted(repositories, key))
            if sample is None:
                return None
            template = template_of(sample, self._read_picture(sample.picture), detector, embedder)
        except FileFormatError:
            return False
        if template is None:
            return False

        def work(repositories: Repositories) -> bool | None:
            # The consent may have been withdrawn, and the picture dropped, while the face was embedded.
            if not consents(repositories, key.student_id):
                return None
            if not repositories.faces.lacks_template(key.sample_id, template.model):
                return None
            repositories.faces.add_template(sample_id=key.sample_id, template=template)
            return True

        return self._store.write(work)

    def _write_down(
        self, info: ModelInfo, embedded: int, failed: set[int], actor: str
    ) -> tuple[LostFace, ...]:
        """Remember what cannot be used, log the run, and say whose pictures are lost."""
        now = self._clock.now()

        def work(repositories: Repositories) -> tuple[LostFace, ...]:
            without = repositories.faces.samples_without(info.name)
            known = (unreadable(repositories, info.name) | failed) & {key.sample_id for key in without}
            if failed:
                remember_unreadable(repositories, info.name, known)
            if embedded or failed:
                repositories.audit.add(
                    now,
                    actor,
                    "faces.re-embedded",
                    info.name,
                    f"{embedded} pictures, {len(failed)} without a face",
                )
            lost = Counter(key.student_id for key in without if key.sample_id in known)
            have = repositories.faces.enrolled(info.name)
            students = [(repositories.students.get(student_id), student_id) for student_id in lost]
            return tuple(
                LostFace(student.student_no, lost[student_id], student_id not in have)
                for student, student_id in students
                if student is not None
            )

        return self._store.write(work)


def template_of(
    sample: FaceSample, image: BgrImage, detector: Detector, embedder: Embedder
) -> Template | None:
    """A template of a stored picture, not stored; None where no face is found in it."""
    faces = foremost(detector.detect(image))
    if not faces:
        return None
    face = faces[0]
    vector = embedder.embed(image, [face])[0]
    quality = embedder.info.template_quality(vector, face_px=face.box.height)
    return Template(0, sample.student_id, embedder.info.name, vector, quality, sample.captured_at)


def _permitted(repositories: Repositories, key: SampleKey) -> FaceSample | None:
    if not consents(repositories, key.student_id):
        return None
    return repositories.faces.sample(key.sample_id)

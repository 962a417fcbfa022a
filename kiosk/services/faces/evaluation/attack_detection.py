"""Measures passive liveness on a labelled folder: APCER for each kind of attack and BPCER (ISO/IEC 30107-3). Any thread.

Each picture is one presentation, judged alone at `LivenessRule.live_from`; the kiosk itself lets several frames speak, so
its rates are not these. Non-responses, pictures in which no face is found, are counted apart: they are neither right nor
wrong, and nobody is marked by them.
"""

import re
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import Final

from kiosk.domain.faces.error_rates import Rate
from kiosk.domain.faces.frames import BgrImage, Detection
from kiosk.errors import FileFormatError, NotFoundError
from kiosk.services.faces.picture_files import PICTURE_SUFFIXES
from kiosk.services.ports.progress import UNWATCHED, Progress
from kiosk.services.ports.vision import AttackDetector, Detector, PictureReader
from kiosk.translation import _

BONA_FIDE: Final = "real"
"""Name of the folder, or beginning of the file name, of pictures of live people."""

ATTACK: Final = "attack"
"""Beginning of the file names of attacks, and the kind of those that name none."""

_NAME: Final = re.compile(
    r"(?P<label>real|attack)(?:[_-](?P<kind>[^\W\d_][^_-]*(?:[_-][^\W\d_][^_-]*)*))?(?:[_-]?\d+)?"
)


@dataclass(frozen=True, slots=True)
class Presentation:
    """One labelled picture and what came of it.

    Attributes:
        path: The picture.
        kind: Kind of attack; empty for a live person.
        liveness: Score of its largest face, 0 (a picture) to 1 (live); None where no face was found.
    """

    path: Path
    kind: str
    liveness: float | None


@dataclass(frozen=True, slots=True)
class AttackDetectionReport:
    """What a folder shows.

    Attributes:
        detector: Name of the attack detector.
        live_from: Score from which a picture counted as live.
        presentations: Every picture, in the order of their paths.
    """

    detector: str
    live_from: float
    presentations: tuple[Presentation, ...]

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of attacks in the folder, by name."""
        return tuple(sorted({one.kind for one in self.presentations if one.kind}))

    def apcer(self, kind: str) -> Rate:
        """Attack presentation classification error rate of one kind: attacks that counted as live."""
        scores = self._scores(kind)
        return Rate(sum(score >= self.live_from for score in scores), len(scores))

    @property
    def bpcer(self) -> Rate:
        """Bona fide presentation classification error rate: live people who did not count as live."""
        scores = self._scores("")
        return Rate(sum(score < self.live_from for score in scores), len(scores))

    def non_responses(self, kind: str) -> int:
        """Pictures of one kind (empty for live people) without a face that could be judged."""
        return sum(one.kind == kind and one.liveness is None for one in self.presentations)

    def _scores(self, kind: str) -> list[float]:
        return [one.liveness for one in self.presentations if one.kind == kind and one.liveness is not None]


def measure_attack_detection(
    folder: Path,
    *,
    detector: Detector,
    attacks: AttackDetector,
    read_picture: PictureReader,
    live_from: float,
    progress: Progress = UNWATCHED,
) -> AttackDetectionReport:
    """Judge every labelled picture of a folder.

    Pictures are ``real_*.jpg`` and ``attack_*.jpg`` (``attack_<kind>_*.jpg`` names the kind), or lie in folders called
    ``real`` and ``<kind>``.

    Raises:
        NotFoundError: There is no such folder, or nothing in it is labelled.
        FileFormatError: A labelled file is no picture.
    """
    labelled = labelled_pictures(folder)
    presentations = []
    for number, (path, kind) in enumerate(labelled, start=1):
        presentations.append(
            Presentation(path, kind, _liveness(_read(path, read_picture), detector=detector, attacks=attacks))
        )
        progress.report(number, len(labelled))
    return AttackDetectionReport(attacks.name, live_from, tuple(presentations))


def labelled_pictures(folder: Path) -> list[tuple[Path, str]]:
    """The pictures of a folder with their kind of attack, empty for a live person; by path.

    Raises:
        NotFoundError: There is no such folder, or nothing in it is labelled.
    """
    if not folder.is_dir():
        raise NotFoundError(_("There is no folder {folder}.", folder=folder), _("Check its name."))
    found = []
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in PICTURE_SUFFIXES or not path.is_file():
            continue
        inner = path.relative_to(folder).parts[:-1]
        kind = _kind_of_name(path.stem) if not inner else _kind_of_folder(inner[0])
        if kind is not None:
            found.append((path, kind))
    if not found:
        raise NotFoundError(
            _("{folder} has no labelled pictures.", folder=folder),
            _(
                "Name them real_01.jpg and attack_01.jpg, or put them into folders called real and, for example, print."
            ),
        )
    return found


def _kind_of_folder(name: str) -> str:
    return "" if name.casefold() == BONA_FIDE else name


def _kind_of_name(stem: str) -> str | None:
    found = _NAME.fullmatch(stem.casefold())
    if found is None:
        return None
    return "" if found["label"] == BONA_FIDE else found["kind"] or ATTACK


def _read(path: Path, read_picture: PictureReader) -> BgrImage:
    try:
        return read_picture(path.read_bytes())
    except OSError as error:
        raise FileFormatError(
            _("{path} cannot be read ({strerror}).", path=path, strerror=error.strerror),
            _("Check its rights."),
        ) from error
    except FileFormatError as error:
        raise FileFormatError(f"{path}: {error.user_text}", error.hint) from error


def _liveness(image: BgrImage, *, detector: Detector, attacks: AttackDetector) -> float | None:
    faces: list[Detection] = detector.detect(image)
    if not faces:
        return None
    largest = max(faces, key=attrgetter("box.area"))
    return attacks.scores(image, [largest])[0]

"""Wires what `kiosk evaluate` needs, which works over no data directory, and the picture of distances."""

import logging
from pathlib import Path

from kiosk.domain.faces.liveness import LivenessRule
from kiosk.domain.faces.recognition import BUILTIN_MODEL
from kiosk.errors import ExportError
from kiosk.files import write_whole
from kiosk.services.faces.evaluation.attack_detection import AttackDetectionReport, measure_attack_detection
from kiosk.services.faces.evaluation.evaluation import Evaluation, EvaluationReport
from kiosk.services.faces.evaluation.protocols import Protocols
from kiosk.services.ports.outputs import DistanceChart
from kiosk.services.ports.progress import UNWATCHED, Progress
from kiosk.services.ports.vision import Detector
from kiosk.settings import Reach
from kiosk.translation import _

log = logging.getLogger(__name__)


def build_evaluation(
    models_dir: Path, *, model: str | None = None, detector: str | None = None
) -> Evaluation:
    """What `kiosk evaluate` runs, over no data directory.

    Args:
        models_dir: The model store.
        model: An installed recognition model instead of the built-in one.
        detector: An installed face detector instead of the best one.

    Raises:
        NotFoundError: There is no such model.
        ModelError: The model is not installed, or cannot be used.
    """
    from kiosk.vision.factory import build_quality_meter, load_embedder
    from kiosk.vision.pictures import read_picture, write_picture

    return Evaluation(
        detector=_detector(models_dir, detector),
        embedder=load_embedder(models_dir, model or BUILTIN_MODEL),
        quality=build_quality_meter(),
        read_picture=read_picture,
        write_picture=write_picture,
    )


def build_protocols(models_dir: Path, *, model: str | None = None, detector: str | None = None) -> Protocols:
    """What ``kiosk evaluate --pairs`` and ``--roster`` run; arguments and failures are those of `build_evaluation`."""
    from kiosk.vision.factory import load_embedder
    from kiosk.vision.pictures import read_picture

    return Protocols(
        detector=_detector(models_dir, detector),
        embedder=load_embedder(models_dir, model or BUILTIN_MODEL),
        read_picture=read_picture,
    )


def measure_attacks(
    models_dir: Path, folder: Path, *, detector: str | None = None, progress: Progress = UNWATCHED
) -> AttackDetectionReport:
    """Judge a folder of labelled live faces and attacks, at the rule that the kiosk starts with.

    Raises:
        ModelError: The liveness model is not installed, or damaged.
        NotFoundError: There is no such folder, or nothing in it is labelled.
        FileFormatError: A labelled file is no picture.
    """
    from kiosk.vision.factory import build_attack_detector
    from kiosk.vision.pictures import read_picture

    return measure_attack_detection(
        folder,
        detector=_detector(models_dir, detector),
        attacks=build_attack_detector(models_dir),
        read_picture=read_picture,
        live_from=LivenessRule().live_from,
        progress=progress,
    )


def _detector(models_dir: Path, name: str | None) -> Detector:
    from kiosk.vision.factory import build_detector, load_detector

    if name is not None:
        return load_detector(models_dir, name, reach=Reach.FAR.value)
    choice = build_detector(models_dir, reach=Reach.FAR.value)
    if choice.warning:
        log.warning("%s", choice.warning)
    return choice.detector


def draw_evaluation(report: EvaluationReport, path: Path) -> None:
    """Write the picture of an evaluation's distances and thresholds.

    Raises:
        ExportError: It cannot be written there.
    """
    chart = DistanceChart.of(report.searches, report.measurement.thresholds, own=report.measurement.own)
    picture = draw_distances(chart, dark=False, scale=2)
    try:
        write_whole(path, picture)
    except OSError as error:
        raise ExportError(
            _("The picture {path} cannot be written: {strerror}.", path=path, strerror=error.strerror),
            _("Choose another place."),
        ) from error


def draw_distances(chart: DistanceChart, *, dark: bool, scale: float = 1.0) -> bytes:
    """Implements `kiosk.services.ports.outputs.DistanceChartDrawer`; imports Pillow when first called."""
    from kiosk.reports.distance_chart import draw_distance_chart

    return draw_distance_chart(chart, dark=dark, scale=scale)

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from kiosk.domain.faces.error_rates import Rate
from kiosk.domain.faces.frames import BgrImage, Box, Detection
from kiosk.errors import FileFormatError, NotFoundError
from kiosk.services.faces.evaluation.attack_detection import labelled_pictures, measure_attack_detection
from tests.fakes.progress import WatchedProgress


class Eye:
    """A picture file is a number: its score in percent; 0 has no face. The largest face counts."""

    name = "eye"

    def __call__(self, data: bytes) -> BgrImage:
        if not data.isdigit():
            raise FileFormatError("This is no picture.", "Use a JPEG.")
        return np.full((10, 10, 3), int(data), np.uint8)

    def detect(self, image: BgrImage) -> list[Detection]:
        small, large = Detection(Box(0, 0, 2, 2), 1.0), Detection(Box(0, 0, 9, 9), 0.9)
        return [small, large] if image[0, 0, 0] else []

    def scores(self, image: BgrImage, faces: Sequence[Detection]) -> list[float]:
        return [float(image[0, 0, 0]) / 100 if face.box.width == 9 else 0.0 for face in faces]


def write(folder: Path, **scores: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, score in scores.items():
        (folder / f"{name}.jpg").write_text(str(score))


def test_errors_are_counted_for_each_kind_and_faces_that_were_not_found_apart(tmp_path: Path) -> None:
    write(tmp_path, real_01=99, real_02=50, real_03=49, real_04=0, portrait=10, attack_01=10)
    write(tmp_path, attack_print_01=20, attack_print_02=80, attack_phone_screen_1=0, ATTACK_PRINT_03=50)
    eye = Eye()
    progress = WatchedProgress()

    report = measure_attack_detection(
        tmp_path, detector=eye, attacks=eye, read_picture=eye, live_from=0.5, progress=progress
    )

    assert report.bpcer == Rate(1, 3)
    assert report.non_responses("") == 1
    assert report.kinds == ("attack", "phone_screen", "print")
    assert [report.apcer(kind) for kind in report.kinds] == [Rate(0, 1), Rate(0, 0), Rate(2, 3)]
    assert report.non_responses("phone_screen") == 1
    assert (report.detector, report.live_from) == ("eye", 0.5)
    assert progress.seen[-1] == (9, 9)


def test_folders_name_the_kind(tmp_path: Path) -> None:
    write(tmp_path / "Real", a=1)
    write(tmp_path / "mask", b=1)
    write(tmp_path / "print" / "glossy", c=1)
    assert [(path.name, kind) for path, kind in labelled_pictures(tmp_path)] == [
        ("a.jpg", ""),
        ("b.jpg", "mask"),
        ("c.jpg", "print"),
    ]


def test_what_cannot_be_measured_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no folder"):
        labelled_pictures(tmp_path / "nowhere")
    write(tmp_path, holiday=10)
    with pytest.raises(NotFoundError, match="no labelled pictures"):
        labelled_pictures(tmp_path)
    (tmp_path / "real_9.jpg").write_text("hello")
    eye = Eye()
    with pytest.raises(FileFormatError, match=r"real_9\.jpg: This is no picture"):
        measure_attack_detection(tmp_path, detector=eye, attacks=eye, read_picture=eye, live_from=0.5)


@pytest.mark.shared_data
def test_the_shared_pictures_pass_and_are_refused_and_prove_nothing_more(shared_dir: Path) -> None:
    from kiosk.vision.factory import build_attack_detector, build_detector
    from kiosk.vision.pictures import read_picture

    models = shared_dir / "models"
    report = measure_attack_detection(
        shared_dir / "pad",
        detector=build_detector(models, reach="far").detector,
        attacks=build_attack_detector(models),
        read_picture=read_picture,
        live_from=0.5,
    )
    assert (report.bpcer, report.apcer("attack")) == (Rate(0, 1), Rate(0, 2))
    assert report.bpcer.interval.high > 0.97
    assert report.apcer("attack").interval.high > 0.84

"""How long finding and embedding faces takes, against dlib's own call in the same run, and who keeps the interpreter.

Times depend on the machine and on what else it does, so comparisons are ratios within one run, of the least times of
many: what the machine does while nothing else disturbs it.
"""

import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

import dlib
import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.vision.detection.hog_detector import HogDetector
from kiosk.vision.detection.reach import Reach
from kiosk.vision.embedding.builtin_model import check_chips
from kiosk.vision.embedding.dlib_resnet import DlibResNetEmbedder
from kiosk.vision.embedding.onnx_session import open_session
from kiosk.vision.embedding.package_data import package_model
from kiosk.vision.factory import build_builtin_embedder, build_detector
from tests.fakes.faces.drawn_face import scene

RATIO = 10.0
"""How many times faster than dlib's own call the built-in network has to be."""
FRAME = scene((80, 100, 340), (480, 60, 320), (860, 160, 360))


@pytest.fixture(scope="module")
def embedder(models_dir: Path) -> DlibResNetEmbedder:
    return build_builtin_embedder(models_dir)


@pytest.fixture(scope="module")
def dlibs_own() -> Callable[[], object]:
    network = dlib.face_recognition_model_v1(str(package_model("dlib_face_recognition_resnet_model_v1.dat")))
    chip = check_chips()[1]

    def run() -> object:
        return network.compute_face_descriptor(chip)

    return run


@pytest.fixture(scope="module")
def ours(embedder: DlibResNetEmbedder, models_dir: Path) -> Callable[[int], object]:
    session = open_session((models_dir / f"{embedder.info.name}.onnx").read_bytes(), name=embedder.info.name)
    chip = check_chips()[1]

    def run(faces: int) -> object:
        return session.run(None, {"chips": np.stack([chip] * faces)})

    return run


def milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)


def gaps_beside(work: Callable[[], object], seconds: float = 2.0) -> NDArray[np.float64]:
    """How long this thread had to wait for its turn, in ms, while another one worked."""
    stop = threading.Event()

    def loop() -> None:
        while not stop.is_set():
            work()

    worker = threading.Thread(target=loop, name="worker")
    worker.start()
    gaps: list[float] = []
    end = time.perf_counter() + seconds
    last = time.perf_counter()
    while last < end:
        time.sleep(0.001)
        now = time.perf_counter()
        gaps.append(1000 * (now - last))
        last = now
    stop.set()
    worker.join()
    return np.array(gaps)


def test_network_is_ten_times_faster_than_dlibs_own_call(
    ours: Callable[[int], object], dlibs_own: Callable[[], object]
) -> None:
    ours(1), ours(8), dlibs_own()
    one, eight, reference = [], [], []
    for _ in range(15):
        reference.append(milliseconds(dlibs_own))
        one += [milliseconds(lambda: ours(1)) for _ in range(5)]
        eight.append(milliseconds(lambda: ours(8)))
    ratio = float(min(reference) / min(one))
    print(
        f"\none face: dlib {min(reference):.1f} ms, ours {min(one):.1f} ms, {ratio:.0f} times faster; "
        f"eight at once {min(eight):.1f} ms"
    )
    assert ratio >= RATIO


def test_other_threads_go_on_while_faces_are_embedded(
    ours: Callable[[int], object], dlibs_own: Callable[[], object]
) -> None:
    beside_ours, beside_dlib = gaps_beside(lambda: ours(1)), gaps_beside(dlibs_own)
    own, reference = (float(np.percentile(gaps, 95)) for gaps in (beside_ours, beside_dlib))
    print(
        f"\nmain thread's gaps: beside ours p95 {own:.1f}, most {beside_ours.max():.1f} ms; "
        f"beside dlib p95 {reference:.1f}, most {beside_dlib.max():.1f} ms"
    )
    assert own <= reference / 5


def test_other_threads_go_on_while_faces_are_found(near_hog: HogDetector) -> None:
    own = gaps_beside(lambda: near_hog.detect(FRAME))
    print(f"\nmain thread's gaps beside HOG: p95 {np.percentile(own, 95):.1f}, most {own.max():.1f} ms")
    one = np.median([milliseconds(lambda: near_hog.detect(FRAME)) for _ in range(10)])
    assert float(np.percentile(own, 95)) <= max(5.0, float(one) / 2)


@pytest.fixture(scope="module")
def near_hog() -> HogDetector:
    return HogDetector(reach=Reach.NEAR)


def test_stages_of_a_frame_with_three_faces(embedder: DlibResNetEmbedder, near_hog: HogDetector) -> None:
    far_hog = HogDetector(reach=Reach.FAR)
    faces = near_hog.detect(FRAME)
    assert len(faces) == 3
    stages: dict[str, Callable[[], object]] = {
        "HOG near": lambda: near_hog.detect(FRAME),
        "HOG far": lambda: far_hog.detect(FRAME),
        "align": lambda: embedder.align(FRAME, faces),
        "align and embed": lambda: embedder.embed(FRAME, faces),
    }
    found = {name: min(milliseconds(stage) for _ in range(15)) for name, stage in stages.items()}
    print("\n720p, three faces, ms: " + ", ".join(f"{name} {value:.1f}" for name, value in found.items()))
    # The target from capture to boxes is 120 ms.
    assert found["HOG near"] <= 100


@pytest.mark.shared_data
def test_yunet_is_faster_than_hog(shared_dir: Path, near_hog: HogDetector, tmp_path: Path) -> None:
    name = "face_detection_yunet_2026may.onnx"
    shutil.copyfile(shared_dir / "models" / name, tmp_path / name)
    yunet = build_detector(tmp_path, reach="near").detector
    assert yunet.name == "yunet-2026may"
    assert len(yunet.detect(FRAME)) == 3
    times = [
        (milliseconds(lambda: yunet.detect(FRAME)), milliseconds(lambda: near_hog.detect(FRAME)))
        for _ in range(15)
    ]
    own, hog = (float(value) for value in np.min(times, axis=0))
    print(f"\n720p: YuNet {own:.1f} ms, HOG {hog:.1f} ms")
    assert own < hog

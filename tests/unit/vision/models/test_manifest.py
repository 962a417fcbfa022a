"""The list of models, and files that differ from it."""

import importlib.util
import re
from pathlib import Path

import pytest

from kiosk.domain.faces.recognition import Metric, ModelInfo, Thresholds
from kiosk.errors import ModelError
from kiosk.vision.embedding.package_data import package_model
from kiosk.vision.models.manifest import ModelEntry, read_manifest

SHA256_OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


UNKNOWN_METRIC = """
[[model]]
name = "m"
task = "recognition"
builtin = true
file = "f"
source = "s"
licence = "l"
size = 1
sha256 = "0"
input = "i"
dimensions = 8
metric = "taxicab"
accept = 0.1
reject = 0.2
margin = 0.0
"""


def entry_of_abc() -> ModelEntry:
    return ModelEntry(
        "abc", "detection", False, "abc.onnx", "a test", "MIT", 3, SHA256_OF_ABC, "nothing", None
    )


def test_manifest_describes_the_builtin_model_as_templates_refer_to_it() -> None:
    entry = read_manifest()["dlib-resnet-v1"]
    assert entry.recognition == ModelInfo(
        "dlib-resnet-v1", 128, Metric.EUCLIDEAN, Thresholds(0.50, 0.60, 0.05)
    )
    assert entry.builtin
    assert entry.licence == "CC0-1.0"


@pytest.mark.parametrize("name", ["dlib-resnet-v1", "dlib-five-points"])
def test_builtin_files_are_those_of_the_manifest(name: str) -> None:
    entry = read_manifest()[name]
    assert len(entry.read(package_model(entry.file))) == entry.size


@pytest.mark.parametrize(
    ("name", "dimensions", "reject"),
    [("facenet512", 512, 0.30), ("facenet128", 128, 0.40), ("vggface", 4096, 0.68)],
)
def test_models_of_deepface_start_with_its_thresholds_made_stricter(
    name: str, dimensions: int, reject: float
) -> None:
    entry = read_manifest()[name]
    assert entry.recognition is not None
    assert (entry.recognition.dimensions, entry.recognition.metric) == (dimensions, Metric.COSINE)
    assert entry.recognition.thresholds.reject == reject
    assert entry.recognition.thresholds.accept == pytest.approx(0.85 * reject)
    assert 0.03 <= entry.recognition.thresholds.margin <= 0.05
    assert entry.converted == f"{name}.{'ncnn' if name == 'vggface' else 'tflite'}"


def test_every_model_that_can_be_downloaded_says_its_terms_and_uses_safe_addresses() -> None:
    to_install = [entry for entry in read_manifest().values() if not entry.builtin]
    assert len(to_install) == 7
    for entry in to_install:
        assert entry.terms, entry.name
        assert entry.good_for, entry.name
        assert entry.urls, entry.name
        for url in entry.urls:
            assert url.startswith("https://"), entry.name
            assert url.endswith("/" + entry.file), entry.name
        assert entry.sha256 == "" or len(entry.sha256) == 64
        assert bool(entry.sha256) != bool(entry.converted), entry.name


@pytest.mark.parametrize("name", ["facenet512", "facenet128", "vggface"])
def test_addresses_of_weights_are_those_of_deepface_in_its_order(name: str) -> None:
    spec = importlib.util.find_spec("deepface")
    if spec is None or spec.origin is None:
        pytest.skip("deepface is not installed")
    folder = Path(spec.origin).parent / "models" / "facial_recognition" / "tf"
    source = "".join((folder / file).read_text("utf-8") for file in ("Facenet.py", "VGGFace.py"))
    first, second = read_manifest()[name].urls
    assert re.search(rf'"{re.escape(first)}",\s+"{re.escape(second)}"', source)


@pytest.mark.shared_data
@pytest.mark.parametrize("name", ["minifasnet-v2", "minifasnet-v1se"])
def test_liveness_files_are_those_of_the_manifest(shared_dir: Path, name: str) -> None:
    entry = read_manifest()[name]
    assert len(entry.read(shared_dir / "models" / entry.file)) == entry.size


@pytest.mark.shared_data
def test_yunet_file_is_that_of_the_manifest(shared_dir: Path) -> None:
    entry = read_manifest()["yunet-2026may"]
    assert len(entry.read(shared_dir / "models" / entry.file)) == 229_738
    assert entry.sha256.startswith("ebafce4e")
    assert entry.sha256.endswith("22f0f0")


def test_whole_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "abc.onnx"
    path.write_bytes(b"abc")
    assert entry_of_abc().read(path) == b"abc"


@pytest.mark.parametrize("data", [b"abd", b"ab", b"abcd", b""])
def test_changed_file_is_refused_with_what_to_do(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "abc.onnx"
    path.write_bytes(data)
    with pytest.raises(ModelError, match="damaged or another version") as caught:
        entry_of_abc().read(path)
    assert caught.value.hint.startswith("Delete ")


def test_missing_file_is_not_installed(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="The model abc is not installed"):
        entry_of_abc().read(tmp_path / "abc.onnx")


def test_folder_in_place_of_a_file_is_a_model_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        entry_of_abc().read(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "[[model",
        "x = 1",
        "[[model]]\nname = 'only'",
        "model = [1]",
        UNKNOWN_METRIC,
        UNKNOWN_METRIC.replace("taxicab", "cosine") + 'urls = "one"',
    ],
)
def test_damaged_manifest_is_a_model_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "manifest.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(ModelError, match="damaged"):
        read_manifest(path)


def test_missing_manifest_is_a_model_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        read_manifest(tmp_path / "manifest.toml")

"""The list of models, and files that differ from it."""

import importlib.util
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kiosk.domain.faces.expected_errors import Estimate, RosterForecast
from kiosk.domain.faces.face_quality import Clarity
from kiosk.domain.faces.recognition import BUILTIN_TEMPLATES, Metric, ModelInfo, Thresholds
from kiosk.errors import ModelError
from kiosk.vision.embedding.package_data import package_model
from kiosk.vision.models.manifest import ModelEntry, entry_for, read_manifest

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


FED_TABLE = """
[model.fed]
side = 8
crop = "five-points"
colours = "rgb"
values = "raw"
measured = true
source = "s"
"""

FED_LINES = {"crop": "five-points", "colours": "rgb", "values": "raw"}

NO_MEAN = "(0.0, 0.0, 0.0)"
FED = {
    BUILTIN_TEMPLATES: f"dlib-chip 150 rgb raw {NO_MEAN} 0.0 0.0 0.0",
    "facenet512-centred": f"upright-square 160 rgb centred {NO_MEAN} 0.1 0.25 0.0",
    "facenet128-stretched": f"upright-square 160 rgb whitened {NO_MEAN} 0.0 0.17 0.5",
    "vggface-less-mean": "upright-square 224 rgb less-mean (129.1863, 104.7624, 93.594) 0.1 0.25 0.0",
    "sface": f"five-points 112 rgb raw {NO_MEAN} 0.0 0.0 0.0",
}


def entry_of_abc() -> ModelEntry:
    return ModelEntry(
        "abc", "detection", False, "abc.onnx", "a test", "MIT", 3, SHA256_OF_ABC, "nothing", None
    )


def test_manifest_describes_the_builtin_model_as_templates_refer_to_it() -> None:
    entry = read_manifest()["dlib-resnet-v1"]
    assert entry.recognition is not None
    assert replace(entry.recognition, by_size=()) == ModelInfo(
        BUILTIN_TEMPLATES, 128, Metric.EUCLIDEAN, Thresholds(0.50, 0.60, 0.05), "dlib-resnet-v1"
    )
    assert entry.recognition.thresholds_for(1) == entry.recognition.thresholds
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
    assert len(to_install) == 10
    for entry in (one for one in to_install if not one.parts):
        assert entry.terms, entry.name
        assert entry.good_for, entry.name
        assert entry.urls, entry.name
        for url in entry.urls:
            assert url.startswith("https://"), entry.name
            assert url.endswith("/" + entry.file), entry.name
        assert entry.sha256 == "" or len(entry.sha256) == 64
        assert entry.sha256 or entry.converted, entry.name


@pytest.mark.parametrize("name", ["facenet512", "facenet128", "vggface"])
def test_addresses_of_weights_are_those_of_deepface_in_its_order(name: str) -> None:
    spec = importlib.util.find_spec("deepface")
    if spec is None or spec.origin is None:
        pytest.skip("deepface is not installed")
    folder = Path(spec.origin).parent / "models" / "facial_recognition" / "tf"
    source = "".join((folder / file).read_text("utf-8") for file in ("Facenet.py", "VGGFace.py"))
    first, second = read_manifest()[name].urls
    assert re.search(rf'"{re.escape(first)}",\s+"{re.escape(second)}"', source)


@pytest.mark.parametrize("name", ["facenet512", "facenet128", "vggface"])
def test_addresses_of_graphs_are_those_of_deepface_in_its_order(name: str) -> None:
    spec = importlib.util.find_spec("deepface")
    if spec is None or spec.origin is None:
        pytest.skip("deepface is not installed")
    folder = Path(spec.origin).parent / "models" / "facial_recognition" / "onnx"
    source = "".join((folder / file).read_text("utf-8") for file in ("Facenet.py", "VGGFace.py"))
    entry = read_manifest()[name]
    graph = entry.by_graph()
    assert graph is not None
    first, second = graph.urls
    assert re.search(rf'"{re.escape(first)}",\s+"{re.escape(second)}"', source)
    assert all(url.endswith("/" + graph.file) for url in graph.urls)
    assert (graph.converted, graph.recognition, graph.fed) == (
        f"{name}.onnx",
        entry.recognition,
        entry.fed,
    )


GRAPH = """
[model.graph]
file = "m.onnx"
urls = ["https://example.org/m.onnx"]
size = 1
sha256 = ""
"""


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('"m.onnx"\nurls', '"m.h5"\nurls'),
        ("size = 1", "size = 0"),
        ("size = 1", 'size = "much"'),
        ("size = 1\n", ""),
        ('["https://example.org/m.onnx"]', "[]"),
        ('["https://example.org/m.onnx"]', '"https://example.org/m.onnx"'),
        ("size = 1", "size = 1\nlayout = 3"),
    ],
)
def test_a_graph_that_says_something_impossible_is_refused(tmp_path: Path, right: str, wrong: str) -> None:
    path = tmp_path / "manifest.toml"
    known = UNKNOWN_METRIC.replace("taxicab", "cosine") + FED_TABLE
    path.write_text(known + GRAPH, "utf-8")
    graph = read_manifest(path)["m"].graph
    assert graph is not None
    assert graph.file == "m.onnx"
    assert right in GRAPH
    path.write_text(known + GRAPH.replace(right, wrong), "utf-8")
    with pytest.raises(ModelError, match="damaged"):
        read_manifest(path)


def test_names_of_templates_change_with_how_a_network_is_fed() -> None:
    """Who changes one of these lines gives the templates another name: those of the old way must never be compared."""
    told = {
        entry.recognition.name: (
            f"{fed.crop} {fed.side} {fed.colours} {fed.values} {fed.mean} {fed.margin} {fed.tight_margin} {fed.stretch}"
        )
        for entry in read_manifest().values()
        if entry.recognition is not None and (fed := entry.fed) is not None
    }
    assert told == FED


def test_a_model_is_found_by_its_name_and_by_that_of_its_templates() -> None:
    manifest = read_manifest()
    assert entry_for("facenet128", manifest) is manifest["facenet128"]
    assert entry_for("facenet128-stretched", manifest) is manifest["facenet128"]
    assert entry_for("facenet129", manifest) is None


def test_the_default_is_two_networks_that_share_one_vector() -> None:
    manifest = read_manifest()
    entry = manifest["facenet-sface"]
    assert entry.parts == ("facenet128", "sface")
    assert entry.licence == "MIT AND Apache-2.0"
    assert all(manifest[part].terms in entry.terms for part in entry.parts)
    info = entry.recognition
    assert info is not None
    assert (info.dimensions, info.metric, info.known_as) == (256, Metric.COSINE, "facenet-sface")
    told = [(part.name, part.model, part.dimensions, part.weight) for part in info.parts]
    assert told == [("facenet128-stretched", "facenet128", 128, 0.3), ("sface", "sface", 128, 0.7)]
    assert info.name == "facenet-sface-stretched-30-70", "other weights give templates another name"


def test_the_default_weighs_faces_by_the_length_of_sfaces_embeddings() -> None:
    infos = {entry.name: entry.recognition for entry in read_manifest().values() if entry.recognition}
    assert infos["facenet-sface"].clarity == infos["sface"].clarity == Clarity(10.7, 12.5)
    assert [part.gives_length for part in infos["facenet-sface"].parts] == [False, True]
    assert {info.clarity for name, info in infos.items() if "sface" not in name} == {None}


JOINT = """
[[model]]
name = "both"
task = "recognition"
accept = 0.1
reject = 0.2
margin = 0.0
"""


@pytest.mark.parametrize(
    "parts",
    [
        "parts = []",
        '[[model.parts]]\nname = "a"\nweight = 1.0',
        '[[model.parts]]\nname = "a"\nweight = 0.5\n[[model.parts]]\nname = "absent"\nweight = 0.5',
        '[[model.parts]]\nname = "a"\nweight = 0.5\n[[model.parts]]\nname = "b"\nweight = 0.6',
        '[[model.parts]]\nname = "a"\nweight = 1.0\n[[model.parts]]\nname = "b"\nweight = 0.0',
        '[[model.parts]]\nname = "a"\nweight = 0.5\n[[model.parts]]\nname = "by-length"\nweight = 0.5',
    ],
)
def test_parts_that_cannot_be_weighed_are_refused(tmp_path: Path, parts: str) -> None:
    def one(name: str, metric: str) -> str:
        row = UNKNOWN_METRIC.replace('"m"', f'"{name}"').replace("taxicab", metric)
        return row + FED_TABLE

    singles = one("a", "cosine") + one("b", "cosine") + one("by-length", "euclidean")
    path = tmp_path / "manifest.toml"
    path.write_text(
        singles
        + JOINT
        + '[[model.parts]]\nname = "a"\nweight = 0.5\n[[model.parts]]\nname = "b"\nweight = 0.5\n',
        "utf-8",
    )
    assert read_manifest(path)["both"].parts == ("a", "b")
    path.write_text(singles + JOINT + parts, "utf-8")
    with pytest.raises(ModelError, match="damaged"):
        read_manifest(path)


@pytest.mark.parametrize("lengths", ["poor = 12\nclear = 10", "poor = 0\nclear = 10", "clear = 10"])
def test_lengths_that_tell_no_clear_faces_are_refused(tmp_path: Path, lengths: str) -> None:
    path = tmp_path / "manifest.toml"
    row = UNKNOWN_METRIC.replace("taxicab", "cosine") + FED_TABLE + "[model.clarity]\n"
    path.write_text(row + "poor = 10\nclear = 12\n", "utf-8")
    (entry,) = read_manifest(path).values()
    assert entry.recognition is not None
    assert entry.recognition.clarity == Clarity(10.0, 12.0)
    path.write_text(row + lengths, "utf-8")
    with pytest.raises(ModelError, match="damaged"):
        read_manifest(path)


def test_two_networks_of_one_model_cannot_both_give_its_length(tmp_path: Path) -> None:
    row = UNKNOWN_METRIC.replace("taxicab", "cosine") + FED_TABLE + "[model.clarity]\npoor = 10\nclear = 12\n"
    parts = '[[model.parts]]\nname = "a"\nweight = 0.5\n[[model.parts]]\nname = "b"\nweight = 0.5\n'
    path = tmp_path / "manifest.toml"
    path.write_text("".join(row.replace('"m"', f'"{name}"') for name in "ab") + JOINT + parts, "utf-8")
    with pytest.raises(ModelError, match="damaged"):
        read_manifest(path)


def test_every_network_says_whose_code_feeds_it_so_and_whether_it_was_measured() -> None:
    fed = {entry.name: entry.fed for entry in read_manifest().values() if entry.fed is not None}
    assert all(len(one.source) > 20 for one in fed.values())
    assert {name for name, one in fed.items() if not one.measured} == {"facenet512", "vggface"}


def test_packages_are_named_with_version_and_both_checksums() -> None:
    packages = {entry.name: entry.package for entry in read_manifest().values() if entry.package is not None}
    assert set(packages) == {"facenet128", "sface", "yunet-2023mar-int8bq"}
    for package in packages.values():
        assert re.fullmatch(r"[a-z-]+==[0-9.]+", package.requirement)
        assert len(package.archive_sha256) == len(package.sha256) == 64
        assert package.member.endswith("/" + package.file)


@pytest.mark.parametrize(
    ("field", "value"),
    [("crop", "oblong"), ("colours", "cmyk"), ("values", "deepface")],
)
def test_an_unknown_way_to_feed_a_network_is_named(tmp_path: Path, field: str, value: str) -> None:
    path = tmp_path / "manifest.toml"
    known = FED_LINES[field]
    path.write_text((UNKNOWN_METRIC.replace("taxicab", "cosine") + FED_TABLE).replace(known, value), "utf-8")
    with pytest.raises(ModelError, match=f"feeds m in a way .*{field} = {value}") as caught:
        read_manifest(path)
    assert f"Known are {known}" in caught.value.hint or f", {known}" in caught.value.hint


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


ROSTERS = """
[[model.rosters]]
people = 30
accept = 0.2
reject = 0.3
margin = 0.0

[[model.rosters]]
people = {second}
accept = 0.1
reject = 0.3
margin = 0.0
"""


def of_sizes(tmp_path: Path, second: str) -> Path:
    path = tmp_path / "manifest.toml"
    known = UNKNOWN_METRIC.replace("taxicab", "cosine")
    path.write_text(known + FED_TABLE + ROSTERS.format(second=second), encoding="utf-8")
    return path


def test_thresholds_are_read_by_the_size_of_the_roster(tmp_path: Path) -> None:
    model = read_manifest(of_sizes(tmp_path, "300"))["m"].recognition
    assert model is not None
    assert model.thresholds.accept == 0.1
    assert [(one.people, one.thresholds.accept) for one in model.by_size] == [(30, 0.2), (300, 0.1)]


@pytest.mark.parametrize("second", ["30", "3", "0", '"many"', "-1"])
def test_sizes_that_do_not_rise_are_refused(tmp_path: Path, second: str) -> None:
    with pytest.raises(ModelError, match="damaged"):
        read_manifest(of_sizes(tmp_path, second))


@pytest.mark.parametrize("name", ["dlib-resnet-v1", "facenet-sface", "sface", "facenet128"])
def test_measured_models_bring_thresholds_by_size_and_the_spread_that_they_come_from(name: str) -> None:
    model = read_manifest()[name].recognition
    assert model is not None
    assert model.spread is not None
    assert {30, 100, 300} <= {one.people for one in model.by_size}
    for one in model.by_size:
        forecast = RosterForecast(
            model.spread, (1,) * one.people, Estimate(0.0, 0.0), np.empty(0), np.empty(0)
        )
        # Pairs that share a face are not independent, so the forecast is on the wide side.
        assert forecast.errors(one.thresholds).strangers <= 0.0035


@pytest.mark.parametrize(
    "spread",
    [
        "nonsense",
        "[m]\nsource = 's'\npeople = 3",
        "[m]\nsource = 's'\npeople = 3\nimpostor.2 = {shares = [0.1, 0.2], distances = [1.0, 2.0]}",
        "m = 3",
        "[m]\nsource = 's'\npeople = 3\nimpostor.1 = {shares = [0.1, 0.2], distances = [2.0, 1.0]}",
    ],
)
def test_a_damaged_spread_is_refused_in_a_sentence(tmp_path: Path, spread: str) -> None:
    path = of_sizes(tmp_path, "300")
    (tmp_path / "spreads.toml").write_text(spread, encoding="utf-8")

    with pytest.raises(ModelError, match="damaged"):
        read_manifest(path)


def test_a_model_without_a_spread_has_none(tmp_path: Path) -> None:
    model = read_manifest(of_sizes(tmp_path, "300"))["m"].recognition
    assert model is not None
    assert model.spread is None

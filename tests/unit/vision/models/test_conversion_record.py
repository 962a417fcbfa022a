"""The record beside a converted model, and what it is good for: noticing a file that is not the one installed."""

import json
from pathlib import Path

import pytest

from kiosk.errors import ModelError
from kiosk.vision.models.conversion_record import (
    ConversionRecord,
    converted_model,
    file_sha256,
    read_record,
    record_path,
)
from kiosk.vision.models.manifest import read_manifest

ENTRY = read_manifest()["facenet512"]
FILE = "facenet512-0123abcd.tflite"


def installed(models_dir: Path, data: bytes = b"a network") -> ConversionRecord:
    path = models_dir / FILE
    path.write_bytes(data)
    record = ConversionRecord(
        model="facenet512",
        file=FILE,
        size=len(data),
        sha256=file_sha256(path),
        weights_file="facenet512_weights.h5",
        weights_size=3,
        weights_sha256="ab" * 32,
        weights_from="the test",
        cosine=0.99999,
        made_at="2026-11-01T08:00:00+00:00",
        made_with="deepface 0.0.103",
    )
    record.save(models_dir)
    return record


def test_record_is_read_back_and_its_file_found(tmp_path: Path) -> None:
    record = installed(tmp_path)
    assert read_record(tmp_path, ENTRY) == record
    assert converted_model(tmp_path, ENTRY) == tmp_path / FILE


def test_model_without_record_is_not_installed(tmp_path: Path) -> None:
    assert read_record(tmp_path, ENTRY) is None
    with pytest.raises(ModelError, match="not installed") as caught:
        converted_model(tmp_path, ENTRY)
    assert "kiosk models install facenet512" in caught.value.hint


@pytest.mark.parametrize("data", [b"a networ", b"A network", b""])
def test_cut_or_swapped_file_is_refused(tmp_path: Path, data: bytes) -> None:
    installed(tmp_path)
    (tmp_path / FILE).write_bytes(data)
    with pytest.raises(ModelError, match="damaged or was swapped"):
        converted_model(tmp_path, ENTRY)


def test_missing_file_is_a_model_error(tmp_path: Path) -> None:
    installed(tmp_path)
    (tmp_path / FILE).unlink()
    with pytest.raises(ModelError, match="cannot be read"):
        converted_model(tmp_path, ENTRY)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"model": "facenet512", "size": "many"}', "\x00"])
def test_damaged_record_is_a_model_error(tmp_path: Path, text: str) -> None:
    record_path(tmp_path, "facenet512").write_text(text, "utf-8")
    with pytest.raises(ModelError, match="damaged"):
        read_record(tmp_path, ENTRY)


def test_record_of_another_model_is_refused(tmp_path: Path) -> None:
    installed(tmp_path)
    path = record_path(tmp_path, "facenet512")
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {"model": "vggface"}), "utf-8")
    with pytest.raises(ModelError, match="belongs to the model vggface"):
        read_record(tmp_path, ENTRY)


def test_record_cannot_name_a_file_elsewhere(tmp_path: Path) -> None:
    installed(tmp_path)
    path = record_path(tmp_path, "facenet512")
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {"file": f"/elsewhere/{FILE}"}), "utf-8")
    record = read_record(tmp_path, ENTRY)
    assert record is not None
    assert record.file == FILE

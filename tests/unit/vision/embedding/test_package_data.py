"""The built-in model files are found without importing their package."""

import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.errors import ModelError
from kiosk.vision.embedding.package_data import package_model

WEIGHTS = "dlib_face_recognition_resnet_model_v1.dat"


def test_weights_are_found_beside_the_package_without_importing_it() -> None:
    code = (
        "import sys; from kiosk.vision.embedding.package_data import package_model; "
        f"print(package_model({WEIGHTS!r})); print('face_recognition_models' in sys.modules)"
    )
    root = Path(__file__).resolve().parents[4]
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=root,
        env={"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=True,
    )
    path, imported = done.stdout.split("\n")[:2]
    assert Path(path).stat().st_size == 22_466_066
    assert imported == "False"


def test_frozen_program_finds_weights_in_its_bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "face_recognition_models" / "models"
    folder.mkdir(parents=True)
    (folder / WEIGHTS).write_bytes(b"bundled")
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert package_model(WEIGHTS) == folder / WEIGHTS


def test_missing_file_is_said_in_one_sentence_with_a_hint() -> None:
    with pytest.raises(ModelError) as caught:
        package_model("no_such_model.dat")
    assert caught.value.user_text == "The built-in face model file no_such_model.dat is missing."
    assert "face_recognition_models" in caught.value.hint

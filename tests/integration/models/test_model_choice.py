"""A class with a model that turns out to be damaged: the built-in one recognises, and everybody is told why."""

import json
from pathlib import Path

import cv2
import pytest

from kiosk import bootstrap
from kiosk.domain.faces.recognition import BUILTIN_TEMPLATES
from kiosk.pipeline.replay import EventLog, replay
from kiosk.services.events import Event, ModelReplaced, RecognitionReady
from kiosk.settings import KioskSettings, ModelChoice, RecognitionSettings
from kiosk.vision.models.manifest import read_manifest
from tests.fakes.actors import admin
from tests.fakes.faces.drawn_face import scene
from tests.world.kiosk import build_kiosk


@pytest.fixture
def store_with_damage(tmp_path: Path) -> Path:
    """facenet128 was installed, and somebody swapped its file for another of the same length."""
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "facenet128-0000.tflite").write_bytes(b"swapped")
    record = {
        "model": "facenet128",
        "file": "facenet128-0000.tflite",
        "size": 7,
        "sha256": "0" * 64,
        "weights_file": "facenet128_weights.h5",
        "weights_size": 1,
        "weights_sha256": "0" * 64,
        "weights_from": read_manifest()["facenet128"].urls[0],
        "cosine": 1.0,
        "made_at": "2026-01-01T00:00:00+00:00",
        "made_with": "nothing",
    }
    (folder / "facenet128.json").write_text(json.dumps(record), "utf-8")
    return folder


@pytest.mark.logs_warnings
def test_a_damaged_model_is_replaced_and_said(tmp_path: Path, store_with_damage: Path) -> None:
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    cv2.imwrite(str(pictures / "1.png"), scene())
    events = EventLog()
    data = bootstrap.prepare_data_dir(tmp_path / "data")
    kiosk = build_kiosk(data, models_dir=store_with_damage)
    kiosk.events.subscribe(Event, events.on_event)
    kiosk.start()
    try:
        course = kiosk.app.courses.lists.add_course(
            code="CS 1", title="Algorithms", room="", actor=admin("test")
        )
        kiosk.vision.get()
        assert kiosk.app.models.in_use.model_name() == BUILTIN_TEMPLATES
        report = replay(
            course,
            replayed=kiosk.app.attendance.replayed,
            classes=kiosk.classes.over(bootstrap.open_recording(str(pictures)), every_frame=True),
            model=kiosk.vision.model_name(),
            log=events,
            actor=admin("test"),
        )
        told = [event for event in events.events if isinstance(event, ModelReplaced | RecognitionReady)]
        replaced, ready = told
        assert isinstance(replaced, ModelReplaced)
        assert isinstance(ready, RecognitionReady)
        assert (replaced.model, ready.model) == (BUILTIN_TEMPLATES, BUILTIN_TEMPLATES)
        assert "damaged or was swapped" in replaced.detail
        assert kiosk.app.models.in_use.warning == replaced.detail
        assert report.frames > 0

        chosen = KioskSettings(recognition=RecognitionSettings(model=ModelChoice.BUILT_IN))
        kiosk.app.school.settings.change(chosen, actor=admin())
        assert kiosk.app.models.in_use.model_name() == BUILTIN_TEMPLATES
        kiosk.vision.get()
        assert kiosk.app.models.in_use.warning == ""
        assert bootstrap.load_settings(data).recognition.model is ModelChoice.BUILT_IN
    finally:
        kiosk.stop()

"""The running kiosk never imports TensorFlow: a class is replayed with a network that was born in it."""

from pathlib import Path

import cv2

from tests.fakes.child import run_child
from tests.fakes.faces.drawn_face import scene
from tests.unit.vision.conftest import SeededModels

REPLAY = """
import json, os, sys
from pathlib import Path

data, os.environ["KIOSK_MODELS_DIR"], pictures, faces = sys.argv[1:]
from typer.testing import CliRunner
from kiosk.cli import app

from kiosk.vision.embedding.converted_embedder import ConvertedEmbedder
embedded, embed = [], ConvertedEmbedder.embed

def counted(self, image, faces):
    embedded.append(len(faces))
    return embed(self, image, faces)

ConvertedEmbedder.embed = counted

def kiosk(*words):
    done = CliRunner().invoke(app, ["--data-dir", data, *words])
    assert done.exit_code == 0, (words, done.output, done.exception)
    return done.stdout

roster = Path(data) / "roster.csv"
roster.parent.mkdir(exist_ok=True)
roster.write_text("student_no,full_name\\nS1,Ada Example\\n", "utf-8")
kiosk("people", "import", str(roster), "--course", "CS 1")
enrolled = json.loads(kiosk("faces", "import", faces, "--consent-recorded", "--json"))
kiosk("faces", "re-embed", "--model", "facenet512")
report = json.loads(kiosk("replay", pictures, "--course", "CS 1", "--model", "facenet512", "--json"))
heavy = sorted({name.split(".")[0] for name in sys.modules} & {"tensorflow", "keras", "tf_keras", "deepface"})
from kiosk import bootstrap
kept = bootstrap.build(Path(data), models_dir=Path(os.environ["KIOSK_MODELS_DIR"]), )
sessions = kept.app.core.store.read(lambda rows: rows.class_sessions.of_course(1))
kept.database.close()
print(json.dumps({"report": report, "enrolled": enrolled, "heavy": heavy, "models": [one.model for one in sessions],
                  "embedded": sum(embedded)}))
"""


def test_a_replay_with_a_converted_network_loads_no_tensorflow(
    tmp_path: Path, seeded_model: SeededModels
) -> None:
    pictures, faces = tmp_path / "pictures", tmp_path / "faces"
    pictures.mkdir()
    (faces / "S1").mkdir(parents=True)
    cv2.imwrite(str(pictures / "1.png"), scene((400, 150, 400)))
    cv2.imwrite(str(faces / "S1" / "1.png"), scene((400, 150, 400)))
    found = run_child(REPLAY, tmp_path / "data", seeded_model("facenet512").models_dir, pictures, faces)
    assert found["heavy"] == []
    assert [model.rpartition("-")[0] for model in found["models"]] == ["facenet512-centred"]
    assert len(found["enrolled"]["accepted"]) == 1
    assert found["report"]["frames"] == 45
    assert found["embedded"] > 1, "no face of the recording went through the network"

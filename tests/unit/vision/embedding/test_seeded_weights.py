"""Seeded weights: in the layout that deepface reads, and faces differ with them."""

from pathlib import Path

import pytest

from kiosk.errors import NotFoundError
from kiosk.vision.embedding.deepface_networks import NETWORKS, network_named
from tests.fakes.child import run_child

LOADED_BY_DEEPFACE = """
import json, os, sys
from pathlib import Path
import numpy as np
from kiosk.vision.embedding.deepface_networks import NETWORKS
from kiosk.vision.embedding.seeded_weights import write_seeded_weights
from kiosk.vision.embedding.sketched_faces import sketch_face

network = NETWORKS[sys.argv[1]]
home = Path(sys.argv[2])
os.environ["DEEPFACE_HOME"] = str(home)
write_seeded_weights(network.name, home / ".deepface" / "weights" / network.weights_file)
from deepface import DeepFace

faces = [sketch_face(number)[0] for number in range(6)]
rows = DeepFace.represent(faces, network.deepface_name, detector_backend="skip")
vectors = np.array([row[0]["embedding"] for row in rows])
vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
cosines = (vectors @ vectors.T)[np.triu_indices(len(faces), 1)]
print(json.dumps([vectors.shape[1], float(cosines.max())]))
"""


def test_deepface_loads_them_and_faces_differ(tmp_path: Path) -> None:
    dimensions, nearest = run_child(LOADED_BY_DEEPFACE, "facenet128", tmp_path)
    assert dimensions == 128
    assert nearest < 0.9


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_is_found_by_its_name(name: str) -> None:
    assert network_named(name).name == name


def test_an_unknown_network_is_refused() -> None:
    with pytest.raises(NotFoundError, match="arcface"):
        network_named("arcface")

"""A detector for deepface that finds what it was told to, so that deepface and the kiosk start from the same face.

deepface's detectors see the picture inside a black border of half its size, and give whole numbers.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.frames import BgrImage, Detection


class ToldDetector:
    """Stands in for deepface's YuNet client."""

    def __init__(self) -> None:
        self.faces: Sequence[Detection] = ()

    def detect_faces(self, img: BgrImage) -> list[Any]:
        from deepface.models.Detector import FacialAreaRegion

        # The border was added: half of the picture on each side.
        aside, above = (side // 2 // 2 for side in (img.shape[1], img.shape[0]))
        found = []
        for face in self.faces:
            assert face.landmarks is not None
            # As deepface's YuNet client rounds: cut to whole numbers, the corner kept inside the bordered picture.
            x, y = (max(0, int(value)) for value in (face.box.x + aside, face.box.y + above))
            points = [(int(px + aside), int(py + above)) for px, py in np.asarray(face.landmarks, np.float64)]
            found.append(
                FacialAreaRegion(
                    x=x,
                    y=y,
                    w=int(face.box.width),
                    h=int(face.box.height),
                    right_eye=points[0],
                    left_eye=points[1],
                    confidence=1.0,
                )
            )
        return found


def tell_deepface(faces: Sequence[Detection]) -> None:
    """Let the next `DeepFace.represent(detector_backend="yunet")` find these faces."""
    from deepface.modules import modeling

    if not hasattr(modeling, "cached_models"):
        modeling.cached_models = {task: {} for task in modeling.AVAILABLE_MODELS}
    told = ToldDetector()
    told.faces = faces
    modeling.cached_models["face_detector"]["yunet"] = told


class RecordingModel:
    """Stands in for one of deepface's networks: keeps what deepface would have given it."""

    def __init__(self, side: int) -> None:
        self.input_shape = (side, side)
        self.inputs = np.empty((0, side, side, 3), np.float32)

    def forward(self, img: NDArray[np.float32]) -> list[float] | list[list[float]]:
        self.inputs = img
        return [0.0] if len(img) == 1 else [[0.0]] * len(img)


def deepface_inputs(image: BgrImage, face: Detection, side: int) -> NDArray[np.float32]:
    """What `DeepFace.represent` hands to a network of this size for a face; no network is run."""
    from deepface.modules import modeling, representation

    tell_deepface([face])
    model = RecordingModel(side)
    modeling.cached_models["facial_recognition"]["Facenet512"] = model
    representation.represent(image, "Facenet512", detector_backend="yunet")
    return model.inputs

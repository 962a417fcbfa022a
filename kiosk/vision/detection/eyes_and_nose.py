"""Eyes and nose of a face, whichever detector found it. Pure computation on the caller's thread.

YuNet gives them with the face. For a face of the HOG detector dlib's 5-point predictor reads them from the picture
(0.2 ms, interpreter lock released); its points are four eye corners and the nose's base.
"""

from pathlib import Path
from typing import Final

import cv2
import dlib
import numpy as np

from kiosk.domain.faces.frames import BgrImage, Detection, Points
from kiosk.errors import ModelError
from kiosk.translation import _

_AROUND: Final = 0.5
"""Surroundings that the predictor sees, in face sizes on each side."""


def load_predictor(landmarks: Path) -> dlib.shape_predictor:
    """Load dlib's `shape_predictor_5_face_landmarks.dat`. Raises ModelError: it cannot be loaded."""
    try:
        return dlib.shape_predictor(str(landmarks))
    except RuntimeError as error:
        raise ModelError(
            _("The landmark model {landmarks} cannot be loaded.", landmarks=landmarks),
            _(
                "Install the Python package face_recognition_models again, in a folder with a plain English name."
            ),
        ) from error


class EyesAndNose:
    """Finds right eye, left eye and nose; sides are the person's own."""

    def __init__(self, landmarks: Path) -> None:
        """Load dlib's `shape_predictor_5_face_landmarks.dat`. Raises ModelError: it cannot be loaded."""
        self._predictor = load_predictor(landmarks)

    def find(self, image: BgrImage, face: Detection) -> Points | None:
        """(3, 2) float32: right eye, left eye, nose in the pixels of `image`; None for a face outside the picture."""
        if face.landmarks is not None:
            return face.landmarks[:3]
        box = face.box
        aside, above = box.width * _AROUND, box.height * _AROUND
        left, top = max(0, int(box.x - aside)), max(0, int(box.y - above))
        right, bottom = int(box.x + box.width + aside), int(box.y + box.height + above)
        part = image[top : max(0, bottom), left : max(0, right)]
        if part.size == 0:
            return None
        rectangle = dlib.rectangle(
            round(box.x - left),
            round(box.y - top),
            round(box.x - left + box.width) - 1,
            round(box.y - top + box.height) - 1,
        )
        shape = self._predictor(np.ascontiguousarray(cv2.cvtColor(part, cv2.COLOR_BGR2GRAY)), rectangle)
        corners = np.array([(point.x + left, point.y + top) for point in shape.parts()], dtype=np.float32)
        return np.stack([corners[2:4].mean(axis=0), corners[0:2].mean(axis=0), corners[4]])

"""From a picture and its faces to what a network takes in. Pure computation on the caller's thread, 1 ms a face."""

from typing import Protocol, assert_never

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.frames import BgrImage, Detection
from kiosk.errors import ModelError
from kiosk.translation import _
from kiosk.vision.detection.eyes_and_nose import EyesAndNose
from kiosk.vision.embedding.face_crop import five_point_square, upright_square
from kiosk.vision.embedding.network_input import Crop, NetworkInput


class FaceInputs(Protocol):
    """Cuts a face out for a network: as it was trained, or as deepface does it."""

    def align(self, image: BgrImage, face: Detection) -> NDArray[np.float32]:
        """The network's input for one face: (side, side, 3) float32."""


class TrainedInputs:
    """Feeds a network as its authors trained it."""

    def __init__(self, fed: NetworkInput, *, eyes: EyesAndNose) -> None:
        """Prepare inputs.

        Args:
            fed: What the manifest says.
            eyes: Finds the eyes of faces that come without.

        Raises:
            ModelError: The crop is dlib's own, which only the built-in model's embedder makes.
        """
        if fed.crop is Crop.DLIB_CHIP:
            raise ModelError(_("Only the built-in model is fed with dlib's chips."))
        self._fed = fed
        self._eyes = eyes

    def align(self, image: BgrImage, face: Detection) -> NDArray[np.float32]:
        return self._fed.fed(self._crop(image, face))

    def _crop(self, image: BgrImage, face: Detection) -> BgrImage:
        """A face outside the picture gives a black crop."""
        fed, found = self._fed, self._eyes.find(image, face)
        match fed.crop:
            case Crop.UPRIGHT_SQUARE:
                margin = fed.tight_margin if face.landmarks is None else fed.margin
                return upright_square(
                    image, face.box, found, side=fed.side, margin=margin, stretch=fed.stretch
                )
            case Crop.FIVE_POINTS if face.landmarks is not None:
                return five_point_square(image, face.landmarks, side=fed.side)
            case Crop.FIVE_POINTS if found is not None:
                # dlib's nose point lies elsewhere than YuNet's, so the eyes alone decide.
                return five_point_square(image, found[:2], side=fed.side)
            case Crop.FIVE_POINTS | Crop.DLIB_CHIP:
                return np.zeros((fed.side, fed.side, 3), np.uint8)
            case _:
                assert_never(fed.crop)

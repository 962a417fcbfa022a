"""What a network is fed: colours, values and the part of the picture, as its authors trained it.

The manifest says it for each recognition model, with its source; this module makes the numbers. Pure computation on the
caller's thread; any thread.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeVar, assert_never

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.frames import BgrImage
from kiosk.errors import ModelError
from kiosk.translation import _

Kind = TypeVar("Kind", bound=StrEnum)


class Colours(StrEnum):
    """Order of the channels."""

    RGB = "rgb"
    BGR = "bgr"


class Values(StrEnum):
    """What becomes of a channel's numbers, 0 to 255."""

    RAW = "raw"
    """They stay; the network scales them itself."""
    WHITENED = "whitened"
    """Less the mean of the whole crop, divided by its standard deviation (`prewhiten` of Sandberg's `facenet.py`)."""
    CENTRED = "centred"
    """(x - 127.5) / 128 (`fixed_image_standardization` of Sandberg's `facenet.py`)."""
    LESS_MEAN = "less-mean"
    """Less one number for each channel, the mean of the training pictures."""


class Crop(StrEnum):
    """Which part of the picture, and how it is turned."""

    UPRIGHT_SQUARE = "upright-square"
    """A square around the face's box, turned so that the eyes are level."""
    FIVE_POINTS = "five-points"
    """Eyes, nose and corners of the mouth moved to where they lay in training."""
    DLIB_CHIP = "dlib-chip"
    """dlib's own chip, by its landmarks."""


@dataclass(frozen=True, slots=True)
class NetworkInput:
    """How faces are fed to one network.

    Attributes:
        side: Rows and columns.
        crop: Which part of the picture.
        colours: Order of the channels.
        values: What becomes of their numbers.
        source: Whose code says so.
        measured: Whether it was measured here with the official weights.
        mean: For `Values.LESS_MEAN`, by channel in the order of `colours`.
        margin: For `Crop.UPRIGHT_SQUARE`: what is added to the box of a detector that sees from the forehead to the chin,
            on each side, in sizes of the box.
        tight_margin: The same for dlib's tighter box, which comes without landmarks.
        stretch: For `Crop.UPRIGHT_SQUARE`: how far a box is stretched to a square, 0 to 1.
    """

    side: int
    crop: Crop
    colours: Colours
    values: Values
    source: str
    measured: bool
    mean: tuple[float, float, float] = (0.0, 0.0, 0.0)
    margin: float = 0.0
    tight_margin: float = 0.0
    stretch: float = 0.0

    def fed(self, crop: BgrImage) -> NDArray[np.float32]:
        """What a crop of (side, side, 3), BGR, 0 to 255, becomes: the same shape, float32."""
        pixels = crop if self.colours is Colours.BGR else crop[..., ::-1]
        values = np.asarray(pixels, np.float32)
        match self.values:
            case Values.RAW:
                return np.ascontiguousarray(values)
            case Values.WHITENED:
                return whitened(values)
            case Values.CENTRED:
                return np.asarray((values - np.float32(127.5)) / np.float32(128), np.float32)
            case Values.LESS_MEAN:
                return np.asarray(values - np.array(self.mean, np.float32), np.float32)
            case _:
                assert_never(self.values)


def whitened(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Less the mean, divided by the standard deviation, which counts as at least 1 / √n: a black crop stays finite."""
    least = 1.0 / np.sqrt(values.size)
    spread = max(float(values.std(dtype=np.float64)), float(least))
    return np.asarray((values - values.mean(dtype=np.float64)) / spread, np.float32)


def read_input(model: str, row: Mapping[str, Any]) -> NetworkInput:
    """What the manifest says of a model's input.

    Raises:
        ModelError: It names an input that this program cannot make.
        ValueError, KeyError, TypeError: Something is missing, or is no number.
    """
    mean = tuple(float(value) for value in row.get("mean", (0.0, 0.0, 0.0)))
    if len(mean) != len(COLOURS):
        raise ValueError(f"mean has {len(mean)} numbers")
    if not 0 <= (stretch := float(row.get("stretch", 0.0))) <= 1:
        raise ValueError(f"a box is stretched by {stretch}")
    return NetworkInput(
        side=int(row["side"]),
        crop=_known(Crop, model, "crop", row["crop"]),
        colours=_known(Colours, model, "colours", row["colours"]),
        values=_known(Values, model, "values", row["values"]),
        source=str(row["source"]),
        measured=bool(row["measured"]),
        mean=(mean[0], mean[1], mean[2]),
        margin=float(row.get("margin", 0.0)),
        tight_margin=float(row.get("tight_margin", 0.0)),
        stretch=stretch,
    )


COLOURS: Final = ("red", "green", "blue")


def _known(kind: type[Kind], model: str, field: str, value: object) -> Kind:
    try:
        return kind(str(value))
    except ValueError:
        raise ModelError(
            _(
                "The list of models feeds {model} in a way that this program does not know: {field} = {value}.",
                model=model,
                field=field,
                value=value,
            ),
            _(
                "Known are {known}. Install the version of the program that the list belongs to.",
                known=", ".join(kind),
            ),
        ) from None

"""Models of several networks: one vector holds what each of them sees, and each one's distance can be told from it.

Each network's embedding is a unit vector, scaled by the square root of its weight, and they stand one after the other. So the
cosine distance of two vectors is the weighed sum of the networks' own. The length of the whole is 1, or that of the network whose
length says how clear a face is (`kiosk.domain.faces.face_quality.Clarity`). Pure.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.frames import Vector
from kiosk.domain.faces.template_index import direct


@dataclass(frozen=True, slots=True)
class ModelPart:
    """One network of a model of several.

    Attributes:
        name: How templates of it alone are called.
        model: What people call it, as in `ModelInfo.known_as`.
        dimensions: Length of its part of a vector.
        weight: Share of its distance in the model's; all of a model's are 1 together.
        gives_length: Whether the length of its embeddings becomes that of the model's.
    """

    name: str
    model: str
    dimensions: int
    weight: float
    gives_length: bool = False


@dataclass(frozen=True, slots=True)
class PartDistance:
    """The cosine distance that one network of several measured.

    Attributes:
        model: What commands and settings call that network.
        distance: 0 to 2.
    """

    model: str
    distance: float


def joined(parts: Sequence[ModelPart], embeddings: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    """What several networks made of the same faces as vectors of the model of them all, (faces, all dimensions).

    Args:
        parts: In the model's order.
        embeddings: (faces, dimensions) of each part, of any length; zeros stay zeros.
    """
    scaled = []
    lengths = np.ones((len(embeddings[0]), 1), np.float32)
    for part, found in zip(parts, embeddings, strict=True):
        norms = np.linalg.norm(found, axis=1, keepdims=True)
        unit = np.divide(found, norms, out=np.zeros_like(found), where=norms != 0)
        scaled.append(unit * np.float32(np.sqrt(part.weight)))
        if part.gives_length:
            lengths = np.where(norms != 0, norms, lengths)
    return np.asarray(np.concatenate(scaled, axis=1) * lengths, np.float32)


def part_distances(parts: Sequence[ModelPart], template: Vector, probe: Vector) -> tuple[PartDistance, ...]:
    """What each network by itself says of two vectors of the model of them all."""
    return tuple(
        PartDistance(part.model, float(direct(template[place][None], probe[place], by_angle=True)[0]))
        for part, place in zip(parts, _places(parts), strict=True)
    )


def _places(parts: Sequence[ModelPart]) -> Iterator[slice]:
    start = 0
    for part in parts:
        yield slice(start, start + part.dimensions)
        start += part.dimensions

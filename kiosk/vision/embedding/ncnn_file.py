"""VGG-Face as ncnn reads it: a plan of its layers that is part of this program, and a file that holds weights only.

ncnn's own pair of files, a text of layers and their numbers, becomes one: the text is made here from the plan, so nothing
that lies on a disk decides which memory ncnn reads, and the size of the right file is known beforehand. Written by the
process that converts, read by whoever loads the network.

Each convolution stands in the file as ncnn's `ModelBin` wants it: a tag of four zero bytes (“32-bit numbers follow”), the
kernel in the order outputs, inputs, rows, columns, and the biases, all little-endian.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from kiosk.errors import ModelError
from kiosk.translation import _

TAG: Final = b"\0\0\0\0"
"""Before a kernel of 32-bit numbers; any other one would make ncnn read halves, bytes or a table."""

INPUT: Final = "face"
OUTPUT: Final = "embedding"


@dataclass(frozen=True, slots=True)
class Convolution:
    """A convolution with stride 1, its rectifier behind it.

    Attributes:
        inputs: Channels in.
        outputs: Channels out.
        kernel: Rows and columns.
        padding: Zeros on each side.
        parts: Layers of ncnn's that share the outputs among them. ncnn prepares a layer's weights with the interpreter
            lock held: 0.3 s for 411 MB in one piece, and a window would stand still for it.
    """

    inputs: int
    outputs: int
    kernel: int
    padding: int
    parts: int = 1

    def part_bytes(self) -> int:
        """Length of one part in the file."""
        share = self.outputs // self.parts
        return len(TAG) + 4 * share * (self.inputs * self.kernel**2 + 1)


@dataclass(frozen=True, slots=True)
class Halving:
    """The greatest of each two by two pixels."""


Step = Convolution | Halving


@dataclass(frozen=True, slots=True)
class Plan:
    """A network that is one chain of steps, from (side, side) pixels to one of them with all the numbers."""

    side: int
    steps: tuple[Step, ...]

    @property
    def dimensions(self) -> int:
        """Numbers that come out."""
        return [step.outputs for step in self.steps if isinstance(step, Convolution)][-1]

    def file_bytes(self) -> int:
        return sum(step.parts * step.part_bytes() for step in self._convolutions())

    def tag_offsets(self) -> Iterator[int]:
        """Where in the file each tag stands."""
        offset = 0
        for step in self._convolutions():
            for _unused in range(step.parts):
                yield offset
                offset += step.part_bytes()

    def text(self) -> str:
        """The layers as ncnn reads them (its ``.param`` format, version 7767517)."""
        lines, blobs, last = [f"Input {INPUT} 0 1 {INPUT}"], 1, INPUT
        for number, step in enumerate(self.steps, 1):
            name = OUTPUT if number == len(self.steps) else f"step{number}"
            more = _lines(step, last, name)
            lines += more
            blobs += sum(int(line.split()[3]) for line in more)
            last = name
        return "\n".join(("7767517", f"{len(lines)} {blobs}", *lines, ""))

    def _convolutions(self) -> list[Convolution]:
        return [step for step in self.steps if isinstance(step, Convolution)]


def _block(inputs: int, outputs: int, times: int) -> tuple[Step, ...]:
    first = Convolution(inputs, outputs, kernel=3, padding=1)
    return (first, *[replace(first, inputs=outputs)] * (times - 1), Halving())


VGG_FACE: Final = Plan(
    224,
    (
        *_block(3, 64, 2),
        *_block(64, 128, 2),
        *_block(128, 256, 3),
        *_block(256, 512, 3),
        *_block(512, 512, 3),
        Convolution(512, 4096, kernel=7, padding=0, parts=8),
        Convolution(4096, 4096, kernel=1, padding=0),
    ),
)
"""Parkhi, Vedaldi and Zisserman 2015, network D, as far as deepface's descriptor: the second layer of 4,096."""


def write_weights(model: Any, plan: Plan, path: Path) -> None:
    """Write the weights of a Keras network that has this plan.

    Raises:
        ModelError: It has another one.
        OSError: The file cannot be written.
    """
    found = list(_keras_steps(model.layers))
    if [step for step, _unused in found] != [_whole(step) for step in plan.steps]:
        raise _another_network()
    with path.open("wb") as file:
        for step, (_unused2, layer) in zip(plan.steps, found, strict=True):
            if isinstance(step, Convolution):
                kernel, bias = (weights.astype("<f4", copy=False) for weights in layer.get_weights())
                for part in np.split(np.arange(step.outputs), step.parts):
                    rows = slice(part[0], part[-1] + 1)
                    file.write(TAG)
                    file.write(np.ascontiguousarray(kernel[..., rows].transpose(3, 2, 0, 1)).data)
                    file.write(np.ascontiguousarray(bias[rows]).data)


def is_file_of(path: Path, plan: Plan) -> bool:
    """Whether the file has the length and the tags of the plan; its numbers are not looked at.

    Raises:
        OSError: It cannot be read.
    """
    if path.stat().st_size != plan.file_bytes():
        return False
    with path.open("rb") as file:
        for offset in plan.tag_offsets():
            file.seek(offset)
            if file.read(len(TAG)) != TAG:
                return False
    return True


def _lines(step: Step, source: str, name: str) -> list[str]:
    """One step: type, name, numbers of inputs and outputs, their names, and parameters by ncnn's numbers for them."""
    if isinstance(step, Halving):
        return [f"Pooling {name} 1 1 {source} {name} 0=0 1=2 2=2 5=1"]
    if step.parts == 1:
        return [_convolution(step, source, name)]
    numbers = range(step.parts)
    share = replace(step, outputs=step.outputs // step.parts)
    sources, parts = ([f"{name}{kind}{number}" for number in numbers] for kind in ("in", "part"))
    return [
        f"Split {name}in 1 {step.parts} {source} {' '.join(sources)}",
        *(_convolution(share, one, part) for one, part in zip(sources, parts, strict=True)),
        f"Concat {name} {step.parts} 1 {' '.join(parts)} {name} 0=0",
    ]


def _convolution(step: Convolution, source: str, name: str) -> str:
    weights = step.outputs * step.inputs * step.kernel**2
    return (
        f"Convolution {name} 1 1 {source} {name} "
        f"0={step.outputs} 1={step.kernel} 4={step.padding} 5=1 6={weights} 9=1"
    )


def _keras_steps(layers: Sequence[Any]) -> Iterator[tuple[Step, Any]]:
    """The steps of a chain of Keras layers, with the layer that each came from; what only trains is left out."""
    padding: object = ((0, 0), (0, 0))
    for layer in layers:
        facts: tuple[object, ...]
        match type(layer).__name__:
            case "InputLayer" | "Dropout" | "Flatten":
                continue
            case "ZeroPadding2D":
                padding = layer.padding
                continue
            case "Conv2D":
                rows, columns, inputs, outputs = layer.kernel.shape
                around = layer.padding, layer.strides, layer.dilation_rate, layer.activation.__name__
                side = next((one for one in (0, 1) if padding == ((one, one), (one, one))), None)
                if rows != columns or around != ("valid", (1, 1), (1, 1), "relu") or side is None:
                    raise _another_network()
                yield Convolution(int(inputs), int(outputs), int(rows), side), layer
            case "MaxPooling2D":
                facts = layer.padding, layer.pool_size, layer.strides, padding
                if facts != ("valid", (2, 2), (2, 2), ((0, 0), (0, 0))):
                    raise _another_network()
                yield Halving(), layer
            case _:
                raise _another_network()
        padding = ((0, 0), (0, 0))


def _whole(step: Step) -> Step:
    return replace(step, parts=1) if isinstance(step, Convolution) else step


def _another_network() -> ModelError:
    return ModelError(
        _("This deepface's VGG-Face has other layers than the one that this kiosk was made for."),
        _("Install deepface at the version in requirements.lock."),
    )

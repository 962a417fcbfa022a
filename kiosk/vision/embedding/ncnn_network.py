"""VGG-Face run by ncnn, whose convolution after Winograd needs less than half of the multiplications.

Runs on the vision thread (a second instance may serve enrolment). ncnn releases the interpreter lock while it computes,
not while it loads, see `_weight_reader`.

Threads wait asleep: by default GNU's OpenMP spins, which saves 4 ms of 50 on an idle machine, and beside busy processes
a face then took 1,000 ms and more instead of 125 (LiteRT, measured in turn with it, 250). The variable must be set before
the library is loaded, which therefore happens here only. ncnn is asked for no graphics processor, keeps no cache and
opens no connection.
"""

import ctypes
import os
from io import BufferedReader
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

os.environ["OMP_WAIT_POLICY"] = "PASSIVE"

import ncnn

from kiosk.errors import ModelError
from kiosk.translation import _
from kiosk.vision.embedding.deepface_networks import DeepfaceNetwork, cannot_load, scaled
from kiosk.vision.embedding.ncnn_file import INPUT, OUTPUT, VGG_FACE, Plan, is_file_of

THREADS: Final = 2
"""Threads within the network. More make a face faster and leave less of a small machine to camera and window."""

_EXACT: Final = (
    "use_bf16_packed",
    "use_bf16_storage",
    "use_fp16_arithmetic",
    "use_fp16_packed",
    "use_fp16_storage",
    "use_int8_arithmetic",
    "use_int8_inference",
    "use_int8_packed",
    "use_int8_storage",
    "use_vulkan_compute",
)
"""Turned off: embeddings are to be those of deepface's 32-bit numbers on every processor."""

_address_of: Final = ctypes.pythonapi.PyCapsule_GetPointer
_address_of.restype = ctypes.c_void_p
_address_of.argtypes = [ctypes.py_object, ctypes.c_char_p]


class NcnnNetwork:
    """A converted network: inputs to embeddings, both as deepface's `forward` takes and gives them."""

    def __init__(self, weights: Path, network: DeepfaceNetwork, *, plan: Plan = VGG_FACE) -> None:
        """Load it; 0.8 s for VGG-Face.

        Args:
            weights: The file as conversion made it.
            network: What it should be.
            plan: Its layers; for tests.

        Raises:
            ModelError: The file is another network's, or cannot be read.
        """
        self._network = network
        # Memory of intermediate results is kept from face to face: asking the system for it anew took some 4 ms.
        self._blobs, self._workspaces = ncnn.PoolAllocator(), ncnn.PoolAllocator()
        try:
            fits = (plan.side, plan.dimensions) == (network.side, network.dimensions)
            if not fits or not is_file_of(weights, plan):
                raise cannot_load(network)
            with weights.open("rb") as file:
                self._net = _load(plan, file)
        except OSError as error:
            raise cannot_load(network) from error
        if self._net is None:
            raise cannot_load(network)

    def run(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Embeddings of (n, side, side, 3) BGR 0-1, as (n, dimensions) float32.

        Raises:
            ModelError: Memory ran out.
        """
        vectors = np.empty((len(inputs), self._network.dimensions), np.float32)
        for face, vector in zip(inputs, vectors, strict=True):
            vector[:] = self._run(face)
        return scaled(vectors, self._network)

    def _run(self, face: NDArray[np.float32]) -> NDArray[np.float32]:
        planes = np.ascontiguousarray(face.transpose(2, 0, 1), np.float32)
        extractor, found = self._net.create_extractor(), None
        extractor.set_blob_allocator(self._blobs)
        extractor.set_workspace_allocator(self._workspaces)
        try:
            extractor.input(INPUT, ncnn.Mat(planes))  # which holds the memory of `planes`, not a copy
            status, found = extractor.extract(OUTPUT)
            if status != 0:
                raise ModelError(
                    _("The model {name} could not be computed: memory ran out.", name=self._network.name),
                    _("Close other programs, or choose a smaller model."),
                )
            return np.array(found, np.float32).reshape(-1)
        finally:
            # Both hold memory of the allocators, which must not go first, as they might where a traceback keeps names.
            del found, extractor


def _load(plan: Plan, file: BufferedReader) -> Any:
    """A `ncnn.Net` that is ready; None when ncnn could not read it, and running it would end the process."""
    net = ncnn.Net()
    for option in _EXACT:
        setattr(net.opt, option, False)
    net.opt.num_threads = THREADS
    net.opt.openmp_blocktime = 0  # where OpenMP is LLVM's: milliseconds that a thread without work spins
    if net.load_param_mem(plan.text()) != 0 or net.load_model(_weight_reader(file)) != 0:
        return None
    return net


def _weight_reader(file: BufferedReader) -> Any:
    """An `ncnn.DataReader` over a file that Python opened.

    ncnn opens paths by C's `fopen`, which on Windows cannot name a file under somebody's Jürgen; and it holds the interpreter
    lock while it loads, which here is let go of at each of 66 reads: 0.1 s was the longest that others waited, on a
    machine with five times the work it has cores for; in one piece 0.9 s.
    """

    def read(_reader: object, buffer: object, size: int) -> int:
        target = (ctypes.c_char * size).from_address(_address_of(buffer, None))
        try:
            return file.readinto(target)
        except OSError:  # must not pass through ncnn; a short read makes it give up
            return 0

    return type("WeightReader", (ncnn.DataReader,), {"read": read})()

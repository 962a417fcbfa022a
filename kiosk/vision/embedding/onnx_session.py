"""How this kiosk runs ONNX networks: few threads, no spinning, so that the window keeps its share of two cores.

ONNX Runtime releases the interpreter lock while it computes. A session is used by one thread at a time.

Since 1.29 its official builds send usage data to their maker and keep a device identifier in the home directory. A kiosk
in a school does neither: the variable must be set before the library is loaded, which therefore happens here only.
"""

import os
from pathlib import Path
from typing import Final

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state as ort_errors

from kiosk.errors import ModelError
from kiosk.translation import _

THREADS: Final = 2
"""Threads within an operator. More make a face faster and leave less of a small machine to camera and window."""

VERSION: Final = str(onnxruntime.__version__)

LARGE: Final = 200_000_000
"""Bytes of a model whose weights are not laid out anew for this processor: VGG-Face then takes 1.0 GB to load instead of 2.3,
and a fifth longer for a face. FaceNet would take 1.6 times as long."""

_CANNOT_LOAD: Final = (
    ort_errors.Fail,
    ort_errors.InvalidArgument,
    ort_errors.InvalidGraph,
    ort_errors.InvalidProtobuf,
    ort_errors.NoSuchFile,
    ort_errors.NotImplemented,
    ort_errors.RuntimeException,
)
"""What ONNX Runtime raises for a model that it cannot run; they have no base class of their own."""


def open_session(model: bytes | Path, *, name: str) -> onnxruntime.InferenceSession:
    """Load a serialized ONNX model, or the file that has it.

    Raises:
        ModelError: It cannot be read, or ONNX Runtime cannot run it; `name` says which model in the sentence.
    """
    onnxruntime.disable_telemetry_events()  # Windows ignores the variable
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    options.inter_op_num_threads = 1
    # Spinning threads would burn a core for milliseconds after each run.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    try:
        if (len(model) if isinstance(model, bytes) else model.stat().st_size) > LARGE:
            options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
        return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except (OSError, *_CANNOT_LOAD) as error:
        raise ModelError(
            _("The model {name} cannot be loaded.", name=name),
            _("Delete its file from the models directory and install it again."),
        ) from error

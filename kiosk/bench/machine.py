"""Which machine it was, and what else it did. Any thread."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

import psutil

from kiosk.bench.sides.child import CORES

_LIBRARIES: Final = (
    "deepface",
    "tensorflow-cpu",
    "tensorflow",
    "ai-edge-litert",
    "ncnn",
    "onnxruntime",
    "dlib-bin",
    "numpy",
)


def describe_machine() -> dict[str, Any]:
    """Processor, cores, memory, load and versions; names no person and no address."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    cores = psutil.cpu_count() or 1
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processor": _processor(),
        "cores": cores,
        "cores_used": min(CORES, cores),
        "memory_mb": round(psutil.virtual_memory().total / 1024**2),
        "load_at_start": None if load is None else round(load, 2),
        "python": platform.python_version(),
        "libraries": {name: found for name in _LIBRARIES if (found := _version(name))},
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None

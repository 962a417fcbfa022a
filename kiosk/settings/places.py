"""Where data and models are kept when nobody says otherwise. Any thread."""

import os
import sys
from pathlib import Path

import platformdirs


def default_data_dir() -> Path:
    """``data/`` in a checkout, the per-user platform directory in the frozen app."""
    if getattr(sys, "frozen", False):
        return platformdirs.user_data_path("Attendance Kiosk", appauthor=False)
    return Path(__file__).resolve().parents[2] / "data"


def default_models_dir() -> Path:
    """``KIOSK_MODELS_DIR``, or ``models/`` inside the default data directory."""
    chosen = os.environ.get("KIOSK_MODELS_DIR")
    return Path(chosen).expanduser() if chosen else default_data_dir() / "models"

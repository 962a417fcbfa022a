"""Frames spread evenly over a video, each with the time that decoding it took. Child processes only."""

import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from kiosk.domain.faces.frames import BgrImage


def chosen_frames(video: Path, count: int) -> Iterator[tuple[BgrImage, float]]:
    """`count` frames of a video with the seconds that decoding each took; slow sides cannot look at all of them."""
    capture = cv2.VideoCapture(str(video))
    try:
        total = int(capture.get(cv2.CAP_PROP_FRAME_COUNT))
        wanted = set(np.linspace(0, total - 1, min(count, total)).round().astype(int).tolist())
        for index in range(total):
            began = time.perf_counter()
            found, frame = capture.read()
            if not found:
                return
            if index in wanted:
                yield np.asarray(frame, np.uint8), time.perf_counter() - began
    finally:
        capture.release()

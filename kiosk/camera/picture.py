"""Decoding picture files for the folder source: bounded in size, upright, always BGR."""

import struct
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from kiosk.domain.faces.frames import BgrImage
from kiosk.errors import FileFormatError
from kiosk.translation import _

SUFFIXES: Final = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp"})
"""Endings of the files that count as pictures."""

MAX_PIXELS: Final = 100_000_000
MAX_BYTES: Final = 200_000_000

_REDUCED: Final = (
    (8, cv2.IMREAD_REDUCED_COLOR_8),
    (4, cv2.IMREAD_REDUCED_COLOR_4),
    (2, cv2.IMREAD_REDUCED_COLOR_2),
)


def read_picture(path: Path, *, enough: int) -> BgrImage:
    """Decode a picture upright (EXIF), reduced while decoding as long as its longer side keeps `enough` pixels.

    Raises:
        FileFormatError: The file is no JPEG, PNG, WebP or BMP picture, is damaged, or has over 100 megapixels.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise FileFormatError(
                _("{name} is larger than {max_bytes} MB.", name=path.name, max_bytes=MAX_BYTES // 1_000_000)
            )
        data = path.read_bytes()
    except OSError as error:
        raise FileFormatError(_("{name} cannot be read.", name=path.name)) from error
    size = picture_size(data)
    if size is None:
        raise FileFormatError(_("{name} is not a picture.", name=path.name))
    width, height = size
    if width * height > MAX_PIXELS:
        raise FileFormatError(
            _(
                "{name} has {width} x {height} pixels, more than 100 megapixels.",
                name=path.name,
                width=width,
                height=height,
            )
        )
    flag = cv2.IMREAD_COLOR
    for factor, reduced in _REDUCED:
        if max(width, height) >= factor * enough:
            flag = reduced
            break
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), flag)
    except cv2.error:
        image = None
    if image is None or image.size == 0:
        raise FileFormatError(_("{name} is damaged.", name=path.name))
    return np.asarray(image, dtype=np.uint8)


def picture_size(data: bytes) -> tuple[int, int] | None:
    """Width and height from the header alone, before anything is decoded; None where it is no known picture."""
    try:
        if data.startswith(b"\xff\xd8"):
            return _jpeg_size(data)
        if data.startswith(b"\x89PNG\r\n\x1a\n"):
            width, height = struct.unpack_from(">II", data, 16)
            return width, height
        if data.startswith(b"BM"):
            width, height = struct.unpack_from("<ii", data, 18)
            return abs(width), abs(height)
        if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
            return _webp_size(data)
    except struct.error:
        return None
    return None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Walk the segments to the frame header (SOF0-SOF15 without DHT, JPG and DAC)."""
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        (length,) = struct.unpack_from(">H", data, at + 2)
        at += 2 + length
    return None


def _webp_size(data: bytes) -> tuple[int, int] | None:
    """The three kinds of WebP, as in RFC 9649: lossy, lossless and extended."""
    kind = data[12:16]
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    if kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8X" and len(data) >= 30:
        width = int.from_bytes(data[24:27], "little") + 1
        return width, int.from_bytes(data[27:30], "little") + 1
    return None

"""Reading pictures that people hand in, and encoding samples for the store.

Called from the thread that enrols. Pillow decodes: it tells a damaged file where OpenCV returns half a picture, and
knows the size from the header before anything is decoded.
"""

import struct
import warnings
import zlib
from functools import cache
from io import BytesIO
from typing import Final

import cv2
import numpy as np
from PIL import ExifTags, Image, ImageOps

from kiosk.domain.faces.frames import BgrImage
from kiosk.errors import FileFormatError
from kiosk.translation import N_, _

MAX_PIXELS: Final = 100_000_000
"""Read from the header, before anything is decoded."""

MAX_PIXELS_AT_ONCE: Final = 25_000_000
"""Of a picture that is given on, and of the formats whose decoders hold several copies of the whole."""

_AT_ONCE: Final = frozenset({"WEBP", "AVIF", "JPEG2000", "HEIF"})
JPEG_QUALITY: Final = 95

_SCALE_DOWN: Final = N_("Scale it down to about 2000 pixels first.")
_FORMATS: Final = ("JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF", "PPM", "JPEG2000", "AVIF", "HEIF")
"""Picture formats only: Pillow would also hand PostScript to an interpreter."""

_DAMAGED: Final = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
    RuntimeError,
    AssertionError,
    EOFError,
    MemoryError,
    struct.error,
    zlib.error,
)
"""What Pillow's decoders raise on damaged data."""


_HEIF_BRANDS: Final = frozenset(
    {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"miaf"}
)
"""Kinds in the box that begins a picture of a phone (ISO/IEC 23008-12)."""


def read_picture(data: bytes) -> BgrImage:
    """Decode a picture: upright (EXIF), 8 bit, in BGR; transparent parts become white; the first one of several.

    One of more than 25 megapixels is made smaller by a whole factor while it is read.

    Raises:
        FileFormatError: The data is no picture, is damaged, or has more pixels than can be read.
    """
    with warnings.catch_warnings():
        # Odd metadata warns; Pillow's own size warning comes at 89 megapixels, ours is an error.
        warnings.simplefilter("ignore")
        if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
            _learn_heif()
        try:
            with Image.open(BytesIO(data), formats=_FORMATS) as picture:
                _check_size(picture)
                upright = ImageOps.exif_transpose(_made_smaller(picture))
                rgb = np.asarray(_to_rgb(upright), dtype=np.uint8)
        except Image.DecompressionBombError:
            raise FileFormatError(
                _(
                    "The picture is too large: far too many pixels, at most {most} megapixels can be read.",
                    most=MAX_PIXELS // 1_000_000,
                ),
                _(_SCALE_DOWN),
            ) from None
        except _DAMAGED as error:
            raise FileFormatError(
                _("The file is no picture, or it is damaged."), _("Use a whole JPEG or PNG file.")
            ) from error
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), dtype=np.uint8)


@cache
def _learn_heif() -> None:
    """Teach Pillow the pictures of phones when the first one comes; libheif's own limits stay on."""
    from pillow_heif import register_heif_opener

    register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)


def write_picture(image: BgrImage) -> bytes:
    """Encode as JPEG at quality 95 with full colour resolution, which keeps embeddings stable."""
    settings = [
        cv2.IMWRITE_JPEG_QUALITY,
        JPEG_QUALITY,
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR,
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444,
    ]
    _unused, encoded = cv2.imencode(".jpg", image, settings)
    return encoded.tobytes()


def _check_size(picture: Image.Image) -> None:
    """Refuse by the header what would take too much memory."""
    width, height = picture.size
    most = MAX_PIXELS_AT_ONCE if picture.format in _AT_ONCE else MAX_PIXELS
    if width * height > most:
        raise FileFormatError(
            _(
                "The picture is too large: {width} × {height} pixels, at most {most} megapixels can be read.",
                width=width,
                height=height,
                most=most // 1_000_000,
            ),
            _(_SCALE_DOWN),
        )


def _made_smaller(picture: Image.Image) -> Image.Image:
    """The picture with at most `MAX_PIXELS_AT_ONCE`; a JPEG is smaller already when it is decoded."""
    width, height = picture.size
    if width * height <= MAX_PIXELS_AT_ONCE:
        return picture
    if picture.format == "JPEG":
        picture.draft(None, (width // 2, height // 2))
        return picture
    if picture.mode in {"L", "LA", "RGB", "RGBA", "CMYK", "YCbCr"}:
        smaller = picture.reduce(2)
    else:  # palettes and deep grey cannot be averaged
        smaller = picture.resize((width // 2, height // 2), Image.Resampling.NEAREST)
    orientation = picture.getexif().get(ExifTags.Base.Orientation)
    if orientation is not None:
        smaller.getexif()[ExifTags.Base.Orientation] = orientation
    smaller.info.update(picture.info)
    return smaller


def _to_rgb(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I") or picture.mode == "F":
        return _from_deep_grey(picture)
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        ground = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(ground, picture)
    return picture.convert("RGB")


def _from_deep_grey(picture: Image.Image) -> Image.Image:
    """16 bit, 32 bit and floating-point grey to 8 bit: Pillow's own conversion cuts off instead of scaling."""
    grey = np.nan_to_num(np.asarray(picture, dtype=np.float32))
    white = 65535.0
    if picture.mode == "F":
        most = float(grey.max())
        white = 1.0 if most <= 1 else 255.0 if most <= 255 else 65535.0
    return Image.fromarray(np.clip(grey * (255.0 / white), 0, 255).astype(np.uint8))

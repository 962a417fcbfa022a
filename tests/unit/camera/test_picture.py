import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest

from kiosk.camera.picture import picture_size, read_picture
from kiosk.errors import FileFormatError


def encoded(suffix: str, width: int = 60, height: int = 40, **flags: int) -> bytes:
    return cv2.imencode(suffix, np.full((height, width, 3), 90, np.uint8))[1].tobytes()


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".bmp"])
def test_size_is_known_from_the_header(suffix: str) -> None:
    assert picture_size(encoded(suffix)) == (60, 40)


def test_size_of_a_lossless_webp_is_known_from_the_header() -> None:
    image = np.full((40, 60, 3), 90, np.uint8)
    data = cv2.imencode(".webp", image, [cv2.IMWRITE_WEBP_QUALITY, 101])[1].tobytes()
    assert data[12:16] == b"VP8L"
    assert picture_size(data) == (60, 40)


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xd8", b"\xff\xd8\xff\xe0\x00\x00" * 3, b"\x89PNG\r\n\x1a\n", b"GIF89a"]
)
def test_damaged_or_foreign_header_has_no_size(data: bytes) -> None:
    assert picture_size(data) is None


def with_exif_orientation(jpeg: bytes, orientation: int) -> bytes:
    tiff = b"II*\x00\x08\x00\x00\x00\x01\x00" + struct.pack("<HHII", 0x0112, 3, 1, orientation) + bytes(4)
    body = b"Exif\x00\x00" + tiff
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + jpeg[2:]


@pytest.mark.parametrize("enough", [1280, 10])
def test_picture_is_turned_upright(tmp_path: Path, enough: int) -> None:
    path = tmp_path / "turned.jpg"
    path.write_bytes(with_exif_orientation(encoded(".jpg"), 6))
    height, width = read_picture(path, enough=enough).shape[:2]
    assert height > width


@pytest.mark.parametrize(
    "image",
    [
        np.full((20, 30), 200, np.uint8),
        np.full((20, 30, 4), 200, np.uint8),
        np.full((20, 30, 3), 51200, np.uint16),
    ],
    ids=["grey", "alpha", "16-bit"],
)
def test_every_kind_of_pixel_becomes_bgr(
    tmp_path: Path, image: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]
) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(cv2.imencode(".png", image)[1].tobytes())
    found = read_picture(path, enough=1280)
    assert found.shape == (20, 30, 3)
    assert found.dtype == np.uint8
    assert int(found[5, 5, 0]) == 200


def test_huge_picture_is_reduced_while_it_is_decoded(tmp_path: Path) -> None:
    path = tmp_path / "huge.jpg"
    path.write_bytes(encoded(".jpg", 8000, 4000))
    assert read_picture(path, enough=1280).shape == (1000, 2000, 3)


def test_picture_of_more_than_100_megapixels_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    head = struct.pack(">IIBBBBB", 20000, 20000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    path = tmp_path / "bomb.png"
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + struct.pack(">I", len(head)) + chunk + struct.pack(">I", zlib.crc32(chunk))
    )
    with pytest.raises(FileFormatError, match="more than 100 megapixels"):
        read_picture(path, enough=1280)


def test_picture_with_a_good_header_only_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cut.png"
    path.write_bytes(encoded(".png")[:40])
    with pytest.raises(FileFormatError, match=r"cut\.png is damaged"):
        read_picture(path, enough=1280)


def test_text_is_no_picture(tmp_path: Path) -> None:
    path = tmp_path / "letter.jpg"
    path.write_text("Dear head of department")
    with pytest.raises(FileFormatError, match="is not a picture"):
        read_picture(path, enough=1280)

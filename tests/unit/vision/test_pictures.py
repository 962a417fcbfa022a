"""Pictures that people hand in: upright, in BGR, and refused with one sentence when unfit."""

import struct
import subprocess
import sys
import zlib
from io import BytesIO

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from kiosk.errors import FileFormatError
from kiosk.vision.pictures import read_picture, write_picture
from tests.fakes.faces.drawn_face import drawn_face

RED_BGR = (0, 0, 255)


def encoded(picture: Image.Image, form: str = "PNG", **options: object) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, form, **options)
    return buffer.getvalue()


def red(width: int = 8, height: int = 6, mode: str = "RGB") -> Image.Image:
    return Image.new("RGB", (width, height), (255, 0, 0)).convert(mode)


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds no pixels worth the name."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("form", ["PNG", "JPEG", "BMP", "TIFF", "WEBP", "GIF", "MPO"])
def test_usual_formats_are_read_as_bgr(form: str) -> None:
    image = read_picture(encoded(red(32, 16), form))
    assert image.shape == (16, 32, 3)
    assert image.dtype == np.uint8
    np.testing.assert_allclose(image[8, 16], RED_BGR, atol=3)


def heif_of(picture: Image.Image) -> bytes:
    buffer = BytesIO()
    pillow_heif.from_pillow(picture).save(buffer, quality=90)
    return buffer.getvalue()


def test_pictures_of_phones_are_read() -> None:
    for data in (heif_of(red(64, 32)), encoded(red(64, 32), "AVIF")):
        image = read_picture(data)
        assert image.shape == (32, 64, 3)
        np.testing.assert_allclose(image[16, 32], RED_BGR, atol=8)


def test_damaged_picture_of_a_phone_is_refused() -> None:
    data = heif_of(red(64, 32))
    for broken in (data[: len(data) // 2], data[:40], data[:60] + bytes(len(data) - 60)):
        with pytest.raises(FileFormatError):
            read_picture(broken)


def test_picture_of_a_phone_that_claims_to_be_huge_is_refused_before_it_is_decoded() -> None:
    data = heif_of(red(64, 32))
    place = data.index(b"ispe") + 8
    claimed = data[:place] + struct.pack(">II", 30_000, 30_000) + data[place + 8 :]
    with pytest.raises(FileFormatError):
        read_picture(claimed)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_picture_is_turned_upright(orientation: int) -> None:
    upright = Image.new("RGB", (40, 20), "black")
    upright.paste((255, 0, 0), (0, 0, 20, 10))
    # How a camera held that way would have stored it: the inverse of what the tag asks for.
    turns = {
        1: upright,
        2: upright.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        3: upright.transpose(Image.Transpose.ROTATE_180),
        4: upright.transpose(Image.Transpose.FLIP_TOP_BOTTOM),
        5: upright.transpose(Image.Transpose.TRANSPOSE),
        6: upright.transpose(Image.Transpose.ROTATE_90),
        7: upright.transpose(Image.Transpose.TRANSVERSE),
        8: upright.transpose(Image.Transpose.ROTATE_270),
    }
    tags = Image.Exif()
    tags[0x0112] = orientation
    image = read_picture(encoded(turns[orientation], "JPEG", exif=tags.tobytes(), quality=95))
    assert image.shape == (20, 40, 3)
    corners = [int(image[5, 5, 2]), int(image[5, 35, 2]), int(image[15, 5, 2]), int(image[15, 35, 2])]
    assert corners[0] > 200
    assert max(corners[1:]) < 50


def test_grey_picture_gets_three_channels() -> None:
    image = read_picture(encoded(Image.new("L", (4, 4), 77)))
    assert image.shape == (4, 4, 3)
    assert set(image.ravel().tolist()) == {77}


def test_sixteen_bit_grey_is_scaled_and_not_cut_off() -> None:
    deep = Image.fromarray(np.full((4, 4), 128 * 257, np.uint16))
    assert set(read_picture(encoded(deep)).ravel().tolist()) == {128}


def test_black_and_white_picture_is_read() -> None:
    assert set(read_picture(encoded(Image.new("1", (4, 4), 1))).ravel().tolist()) == {255}


def test_palette_picture_is_read() -> None:
    assert tuple(read_picture(encoded(red(mode="P")))[0, 0].tolist()) == RED_BGR


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparent_parts_become_white(mode: str) -> None:
    picture = Image.new(mode, (4, 4), (0,) * len(mode))
    assert set(read_picture(encoded(picture)).ravel().tolist()) == {255}


def test_printers_colours_are_read() -> None:
    image = read_picture(encoded(red(32, 32, "CMYK"), "JPEG", quality=95))
    np.testing.assert_allclose(image[16, 16], RED_BGR, atol=6)


def test_picture_of_one_pixel_is_read() -> None:
    np.testing.assert_array_equal(read_picture(encoded(red(1, 1))), [[RED_BGR]])


def test_first_picture_of_an_animation_is_read() -> None:
    data = encoded(red(), "GIF", save_all=True, append_images=[Image.new("RGB", (8, 6), "blue")])
    assert tuple(read_picture(data)[0, 0].tolist()) == RED_BGR


@pytest.mark.parametrize("size", [(10_001, 10_000), (50_000, 50_000), (2**31 - 1, 2**31 - 1)])
def test_picture_over_100_megapixels_is_refused_by_its_header(size: tuple[int, int]) -> None:
    with pytest.raises(FileFormatError, match="too large") as caught:
        read_picture(png_header(*size))
    assert caught.value.hint


def test_picture_of_95_megapixels_is_not_too_large() -> None:
    # It holds no pixels, so it is damaged: the size was let through.
    with pytest.raises(FileFormatError, match="damaged"):
        read_picture(png_header(9_500, 10_000))


@pytest.mark.parametrize("data", [b"", b"\x00", b"not a picture", b"%PDF-1.7", b"%!PS-Adobe-3.0 EPSF-3.0\n"])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(FileFormatError, match="no picture, or it is damaged"):
        read_picture(data)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "BMP", "TIFF", "WEBP", "GIF"])
def test_cut_off_picture_is_refused(form: str) -> None:
    data = encoded(Image.fromarray(drawn_face(120)), form)
    with pytest.raises(FileFormatError):
        read_picture(data[: len(data) // 2])


@pytest.mark.parametrize("form", ["PNG", "JPEG", "TIFF", "WEBP", "GIF", "JPEG2000", "PPM", "AVIF"])
def test_damaged_bytes_give_a_picture_or_one_sentence(form: str) -> None:
    whole = encoded(Image.fromarray(drawn_face(40)), form)
    random = np.random.default_rng(7)
    for _ in range(60):
        data = bytearray(whole)
        for place in random.integers(0, min(len(data), 400), 6):
            data[int(place)] = int(random.integers(0, 256))
        try:
            image = read_picture(bytes(data))
        except FileFormatError:
            continue
        assert image.ndim == 3


def test_written_picture_comes_back_nearly_the_same() -> None:
    image = drawn_face(200)
    image[:, :100, 2] //= 3
    again = read_picture(write_picture(image))
    assert float(np.abs(again.astype(float) - image.astype(float)).mean()) < 1.5


def test_written_picture_is_a_jpeg_with_full_colour() -> None:
    data = write_picture(drawn_face(64))
    assert data.startswith(b"\xff\xd8\xff")
    begin = data.index(b"\xff\xc0") + 10
    components = [data[begin + 3 * number : begin + 3 * number + 3] for number in range(3)]
    # Start of frame: the sampling factors of each component, 1×1 each.
    assert [component[1] for component in components] == [0x11] * 3


@pytest.mark.skipif(sys.platform != "linux", reason="peaks are read as Linux tells them")
def test_a_picture_of_99_megapixels_is_given_on_at_a_quarter() -> None:
    """A file of 100 KB; the child tells what reading it took at its peak: before, 1.2 GB."""
    picture = Image.new("L", (9_900, 10_000), 255)
    picture.paste(0, (0, 0, 4_950, 5_000))
    code = (
        "import re, sys; from pathlib import Path; from kiosk.vision.pictures import read_picture; "
        "image = read_picture(sys.stdin.buffer.read()); "
        "print(*image.shape, int(image[10, 10, 0]), int(image[-1, -1, 0]), "
        "int(re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1]) // 1024)"
    )
    data = encoded(picture, "PNG")
    assert len(data) < 300_000
    told = subprocess.run([sys.executable, "-c", code], input=data, capture_output=True, check=True)
    height, width, _channels, first, last, peak_mb = map(int, told.stdout.split())
    assert (height, width, first, last) == (5_000, 4_950, 0, 255)
    assert peak_mb < 700


@pytest.mark.parametrize("mode", ["1", "P", "I;16", "RGBA"])
def test_large_pictures_of_all_kinds_are_made_smaller(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.vision.pictures.MAX_PIXELS_AT_ONCE", 1_000)
    data = encoded(Image.new(mode, (60, 40)), "PNG")
    assert read_picture(data).shape == (20, 30, 3)


def test_large_photograph_stays_upright(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.vision.pictures.MAX_PIXELS_AT_ONCE", 100_000)
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter
    for form in ("JPEG", "PNG"):
        data = encoded(Image.new("RGB", (640, 320), "red"), form, exif=exif)
        assert read_picture(data).shape == (320, 160, 3), form


def test_formats_whose_decoders_take_several_times_the_picture_are_bounded_sooner(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("kiosk.vision.pictures.MAX_PIXELS_AT_ONCE", 1_000)
    with pytest.raises(FileFormatError, match="60 × 40 pixels"):
        read_picture(encoded(Image.new("RGB", (60, 40)), "WEBP"))

"""What becomes of an image file that is sent in."""

import zlib
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.ExifTags import IFD

from readmodel.photos import Picture
from tests.web.images import SECRETS, from_a_telephone, jpeg, screenshot, written
from web.pictures import Fault, picture_of
from web.problems import Problem

TELEPHONE, SCREENSHOT = from_a_telephone(), screenshot()
SECOND = {"save_all": True, "append_images": [Image.new("RGB", (60, 40), "blue")]}


def developed(file: bytes) -> Picture:
    return picture_of(BytesIO(file))


def fault_of(file: bytes) -> str:
    with pytest.raises(Problem) as raised:
        developed(file)
    [error] = raised.value.errors
    assert (raised.value.status, error.field) == (422, "photos")
    return error.detail


def opened(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content), formats=["JPEG"])
    image.load()
    return image


def chunk(name: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + name + body + zlib.crc32(name + body).to_bytes(4, "big")


def png_that_claims(width: int, height: int) -> bytes:
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 2, 0, 0, 0])
    pixels = zlib.compress(bytes(100))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def test_nothing_that_a_telephone_tells_about_a_photo_survives() -> None:
    told = Image.open(BytesIO(TELEPHONE))
    assert told.getexif().get_ifd(IFD.GPSInfo)
    assert all(secret in TELEPHONE for secret in SECRETS)
    picture = developed(TELEPHONE)
    for content in (picture.content, picture.thumbnail):
        image = opened(content)
        assert not image.getexif()
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}
        assert not [secret for secret in SECRETS if secret in content]


def test_nothing_that_a_screenshot_says_beside_its_pixels_survives() -> None:
    assert b"An Peeters" in SCREENSHOT
    picture = developed(SCREENSHOT)
    assert b"An Peeters" not in picture.content + picture.thumbnail


def test_what_hides_behind_an_image_does_not_survive() -> None:
    assert b"<script>" not in developed(jpeg() + b"<script>alert(1)</script>").content


def test_a_photo_that_was_kept_on_its_side_is_turned_upright() -> None:
    picture = developed(TELEPHONE)
    assert (picture.width, picture.height) == (600, 800)
    top, bottom = (opened(picture.content).getpixel((300, y)) for y in (50, 750))
    assert isinstance(top, tuple) and isinstance(bottom, tuple)
    assert top[0] > 200 > 50 > top[2]
    assert bottom[2] > 200 > 50 > bottom[0]


def test_a_large_photo_is_shrunk_and_a_small_one_stays_as_it_is() -> None:
    large, small = developed(jpeg(4000, 3000)), developed(jpeg(200, 100))
    assert (large.width, large.height) == opened(large.content).size == (1600, 1200)
    assert opened(large.thumbnail).size == (320, 240)
    assert (small.width, small.height) == opened(small.content).size == opened(small.thumbnail).size == (200, 100)
    assert opened(developed(jpeg(9000, 1)).content).size == (1600, 1)


@pytest.mark.parametrize(
    "file",
    [
        written(Image.new("RGB", (60, 40), "red"), "PNG"),
        written(Image.new("RGB", (60, 40), "red"), "WEBP", lossless=True),
        written(Image.new("RGB", (60, 40), "red"), "GIF", **SECOND),
        written(Image.new("RGB", (60, 40), "red"), "MPO", **SECOND),
        written(Image.new("RGB", (60, 40), "red").convert("CMYK"), "JPEG"),
        written(Image.new("RGB", (60, 40), "red").convert("P"), "PNG"),
        written(Image.new("RGBA", (60, 40), "red"), "WEBP", lossless=True),
    ],
    ids=["png", "webp", "animated gif", "mpo", "cmyk", "palette", "webp with alpha"],
)
def test_what_devices_send_becomes_jpeg_by_its_first_image(file: bytes) -> None:
    picture = developed(file)
    assert (picture.media_type, picture.width, picture.height) == ("image/jpeg", 60, 40)
    red, green, blue = opened(picture.content).getpixel((30, 20))  # type: ignore[misc]  # RGB has three
    assert red > 200 and green < 60 and blue < 60


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (Image.new("RGBA", (60, 40), (255, 0, 0, 0)), 255),
        (Image.new("LA", (60, 40), (0, 0)), 255),
        (Image.new("1", (60, 40), 1), 255),
        (Image.new("L", (60, 40), 100), 100),
        (Image.new("I;16", (60, 40), 100 * 256), 100),
    ],
    ids=lambda value: value.mode if isinstance(value, Image.Image) else None,
)
def test_what_is_transparent_becomes_white_and_grey_stays_grey(image: Image.Image, expected: int) -> None:
    colour = opened(developed(written(image, "PNG")).content).getpixel((30, 20))
    assert isinstance(colour, tuple)
    assert all(abs(part - expected) <= 3 for part in colour)


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"not a picture",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 1 1\n",
        b"%PDF-1.7",
        b"MZ" + bytes(100),
        written(Image.new("RGB", (60, 40)), "TIFF"),
        written(Image.new("RGB", (60, 40)), "BMP"),
        written(Image.new("RGB", (60, 40)), "ICO"),
        jpeg()[:-200],
        written(Image.effect_noise((60, 40), 50), "PNG")[:-300],
        png_that_claims(100, 100),
    ],
    ids=[
        "empty",
        "text",
        "svg",
        "eps",
        "pdf",
        "exe",
        "tiff",
        "bmp",
        "ico",
        "half a jpeg",
        "half a png",
        "too few pixels",
    ],
)
def test_what_is_no_complete_picture_is_refused(file: bytes) -> None:
    assert fault_of(file) == Fault.NOT_A_PICTURE


@pytest.mark.parametrize(("width", "height"), [(6000, 5000), (60_000, 60_000)])
def test_a_picture_that_would_take_the_memory_of_the_house_is_refused_unseen(width: int, height: int) -> None:
    assert fault_of(png_that_claims(width, height)) == Fault.TOO_LARGE


@given(
    file=st.sampled_from([TELEPHONE, SCREENSHOT, written(Image.new("RGB", (60, 40)), "WEBP")]),
    place=st.floats(0, 1),
    put=st.binary(min_size=1, max_size=20),
    cut=st.booleans(),
)
def test_a_damaged_file_is_a_picture_or_a_mistake_of_the_sender(
    file: bytes, place: float, put: bytes, cut: bool
) -> None:
    at = int(place * len(file))
    damaged = file[:at] + put + (b"" if cut else file[at + len(put) :])
    picture = None
    with suppress(Problem):
        picture = developed(damaged)
    assert picture is None or not [secret for secret in SECRETS if secret in picture.content]

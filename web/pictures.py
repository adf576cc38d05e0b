"""Turning what people upload into pictures that can be kept: small, upright, and telling nothing but what they show."""

import asyncio
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from io import BytesIO
from typing import IO

from PIL import Image, ImageOps
from starlette.datastructures import FormData, UploadFile

from readmodel.photos import MOST, Picture
from web.problems import FieldProblem, Problem

log = logging.getLogger("aanjager.web")

FIELD = "photos"
MOST_FILES = 20
"""As many as a form may carry before it is no form of ours; more than `MOST` are refused in plain words."""
LARGEST_FILE = 15_000_000
"""Bytes."""
MOST_PIXELS = 8192 * 6144
"""Of the largest photo that a telephone of 50 megapixels takes. What declares more is refused before it is decoded."""
MOST_PIXELS_UNSCALED = MOST_PIXELS // 2
"""Only JPEG can be decoded at a fraction of its size; the others take 8 bytes of memory for each pixel."""
LARGEST_FORM = MOST * LARGEST_FILE + 1_000_000
"""Bytes of a form with photos: as many as it may have, and its texts."""

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
"""Telephones that take several images at once send MPO, which opens as JPEG with the first of them."""
LONGEST_SIDE, LONGEST_SIDE_SMALL = 1600, 320
QUALITY = 82

developing = ThreadPoolExecutor(2, thread_name_prefix="pictures")
"""Decoding takes up to some hundreds of megabytes at once: a crowd with cameras must wait for its turn."""


class Fault(StrEnum):
    """What is wrong with photos that were sent; pages say it in the reader's language."""

    TOO_MANY = "too_many"
    TOO_LARGE = "too_large"
    NOT_A_PICTURE = "not_a_picture"


_REASONS = {
    Fault.TOO_MANY: f"Send at most {MOST} photos at once.",
    Fault.TOO_LARGE: f"A photo has at most {LARGEST_FILE // 1_000_000} MB and {MOST_PIXELS // 1_000_000} megapixels.",
    Fault.NOT_A_PICTURE: "A photo is a complete JPEG, PNG, WebP or GIF file.",
}


def at_fault(fault: Fault) -> Problem:
    """The problem, with the fault itself as the detail of the field `photos`."""
    return Problem(422, "invalid", _REASONS[fault], [FieldProblem(FIELD, fault.value)])


async def read_pictures(form: FormData, field: str = FIELD) -> list[Picture]:
    """The pictures of a form, in its order; an empty list where none was chosen. Raises Problem.

    Closes every upload of the form, whatever comes of it.
    """
    try:
        return await _develop(_chosen(form, field))
    finally:
        await form.close()


def picture_of(upload: IO[bytes]) -> Picture:
    """The picture in this file; takes its time, so give it a thread. Raises Problem."""
    try:
        with Image.open(upload, formats=FORMATS) as image:
            scaled = image.format in ("JPEG", "MPO")
            if image.width * image.height > (MOST_PIXELS if scaled else MOST_PIXELS_UNSCALED):
                raise at_fault(Fault.TOO_LARGE)
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            picture = _bare(image)
    except Problem:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise at_fault(Fault.TOO_LARGE) from None
    except Exception as error:  # a decoder may stumble over a hostile file in any way
        log.info("a photo cannot be read: %s", type(error).__name__)
        raise at_fault(Fault.NOT_A_PICTURE) from None
    small = picture.copy()
    small.thumbnail((LONGEST_SIDE_SMALL, LONGEST_SIDE_SMALL))
    return Picture(_jpeg(picture), _jpeg(small), picture.width, picture.height)


def _chosen(form: FormData, field: str) -> list[UploadFile]:
    """Browsers send an empty, nameless file where nothing was chosen."""
    sent = form.getlist(field)
    if any(isinstance(one, str) and one for one in sent):
        raise at_fault(Fault.NOT_A_PICTURE)
    files = [one for one in sent if isinstance(one, UploadFile) and (one.filename or one.size)]
    if len(files) > MOST:
        raise at_fault(Fault.TOO_MANY)
    if any((file.size or 0) > LARGEST_FILE for file in files):
        raise at_fault(Fault.TOO_LARGE)
    return files


async def _develop(files: Sequence[UploadFile]) -> list[Picture]:
    loop = asyncio.get_running_loop()
    return [await loop.run_in_executor(developing, picture_of, file.file) for file in files]


def _bare(image: Image.Image) -> Image.Image:
    """Shrunk, upright, on white, as a new image: what the file said beside its pixels stays behind."""
    if image.mode in ("P", "PA", "1", "LA", "La", "RGBa") or "transparency" in image.info:
        image = image.convert("RGBA")
    elif image.mode.startswith("I;16"):
        image = image.point(lambda value: value / 256).convert("L")
    elif image.mode not in ("RGB", "RGBA"):
        image = image.convert("RGB")
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    image = ImageOps.exif_transpose(image)
    bare = Image.new("RGB", image.size, "white")
    bare.paste(image, mask=image if image.mode == "RGBA" else None)
    return bare


def _jpeg(image: Image.Image) -> bytes:
    written = BytesIO()
    image.save(written, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return written.getvalue()

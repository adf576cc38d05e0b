"""Documents as they are sent in and given out: PDF files as they are, pictures with nothing but what they show."""

import asyncio
import re
from collections.abc import Sequence
from urllib.parse import quote

from fastapi.responses import Response
from starlette.datastructures import FormData, UploadFile

from readmodel.documents import MOST, NewDocument
from web.fields import one_line
from web.pictures import developing, picture_of
from web.problems import FieldProblem, Problem

FIELD = "documents"
MOST_FILES = 20
"""As many as a form may carry before it is no form of ours; more than `MOST` are refused in plain words."""
LARGEST = 10_000_000
"""Bytes of one document."""
PDF, JPEG = "application/pdf", "image/jpeg"
LONGEST_NAME = 200
_BEGINS, _ENDS = b"%PDF-", b"%%EOF"
_WITHIN = 1024
"""Bytes from the beginning and the end in which a PDF file says so (ISO 32000-1, annex H)."""
_UNSAFE = re.compile(r'[\\/:*?"<>|]+')
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
}


def at_fault(fault: str, detail: str) -> Problem:
    """The problem, with the fault itself as the detail of the field `documents`."""
    return Problem(422, "invalid", detail, [FieldProblem(FIELD, fault)])


async def read_documents(form: FormData) -> list[NewDocument]:
    """The documents of a form, in its order; an empty list where none was chosen. Raises Problem.

    Closes every upload of the form, whatever comes of it.
    """
    try:
        return [await _ready(upload) for upload in _chosen(form)]
    finally:
        await form.close()


def given_out(document: NewDocument) -> Response:
    """To be kept by whoever asks for it; a browser never runs what is in it."""
    plain = document.name.encode("ascii", "replace").decode().replace("?", "_")
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(document.name, safe='')}"
    return Response(
        document.content, media_type=document.media_type, headers={**_HEADERS, "Content-Disposition": disposition}
    )


def _chosen(form: FormData) -> Sequence[UploadFile]:
    """Browsers send an empty, nameless file where nothing was chosen."""
    sent = form.getlist(FIELD)
    if any(isinstance(one, str) and one for one in sent):
        raise at_fault("not_a_document", "A document is a PDF file or a picture.")
    files = [one for one in sent if isinstance(one, UploadFile) and (one.filename or one.size)]
    if len(files) > MOST:
        raise at_fault("too_many", f"Send at most {MOST} documents at once.")
    if any((file.size or 0) > LARGEST for file in files):
        raise at_fault("too_large", f"A document has at most {LARGEST // 1_000_000} MB.")
    return files


async def _ready(upload: UploadFile) -> NewDocument:
    beginning = await upload.read(_WITHIN)
    await upload.seek(0)
    if _BEGINS in beginning:
        content = await upload.read()
        if _ENDS not in content[-_WITHIN:]:
            raise at_fault("not_a_document", "A document is a complete PDF file or a picture.")
        return NewDocument(_named(upload.filename, "pdf"), PDF, content)
    try:
        picture = await asyncio.get_running_loop().run_in_executor(developing, picture_of, upload.file)
    except Problem:
        raise at_fault("not_a_document", "A document is a PDF file or a picture.") from None
    return NewDocument(_named(upload.filename, "jpg"), JPEG, picture.content)


def _named(sent: str | None, ending: str) -> str:
    """A plain file name: what it was called, without folders and without what file systems refuse."""
    last = one_line(re.split(r"[\\/]", sent or "")[-1], LONGEST_NAME)
    stem = last.rpartition(".")[0] or last
    return f"{' '.join(_UNSAFE.sub(' ', stem).split()).strip(' .') or 'document'}.{ending}"

"""Reading a form that was filled in on one of our own pages."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from fastapi import Request
from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData

from web.context import WebContext
from web.pages.frame import Told, speaking
from web.problems import Problem
from web.signin.viewer import Viewer, carries_csrf

MOST_FIELDS = 300
CHARSETS = (b"utf-8", b"utf8", b"us-ascii", b"iso-8859-1", b"windows-1252")


async def read_fields(request: Request, context: WebContext, viewer: Viewer | None = None) -> Mapping[str, str]:
    """The fields by name, the last of each; see `read_form`."""
    form = await read_form(request, context, viewer)
    return {name: value for name, value in form.items() if isinstance(value, str)}


async def read_form(
    request: Request, context: WebContext, viewer: Viewer | None = None, *, max_files: int = 0
) -> FormData:
    """The form as sent.

    Raises Problem 403 where it comes from another site, or lacks what the forms of this session carry.
    """
    reader = speaking(request, context, viewer)
    if not _from_here(request, context):
        raise Told(403, "forbidden", reader.say("elsewhere"))
    form = await form_of(request, max_files)
    if viewer is not None:
        carried = form.get("csrf")
        if not isinstance(carried, str) or not carries_csrf(context, viewer.session, carried):
            raise Told(403, "forbidden", reader.say("elsewhere"))
    return form


async def form_of(request: Request, max_files: int = 0) -> FormData:
    """The form from wherever it comes. Raises Problem 400 for a charset that browsers do not send forms in.

    Python knows charsets that make halves of characters, and one that takes minutes for a megabyte.
    """
    _, options = parse_options_header(request.headers.get("content-type"))
    if options.get(b"charset", b"utf-8").lower() not in CHARSETS:
        raise Problem(400, "malformed", "Send forms in UTF-8.")
    return await request.form(max_files=max_files, max_fields=MOST_FIELDS)


def _from_here(request: Request, context: WebContext) -> bool:
    """Browsers tell where a form comes from; what tells nothing is no browser, and carries nobody's rights."""
    origin = request.headers.get("origin") or request.headers.get("referer")
    if origin is None:
        return True
    try:
        host = urlsplit(origin).netloc
    except ValueError:
        return False
    return bool(host) and host in (request.headers.get("host"), urlsplit(context.settings.public_url).netloc)

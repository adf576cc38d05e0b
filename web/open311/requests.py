"""`requests` and `tokens`: what was reported, and how it stands."""

import re

from fastapi import APIRouter
from fastapi.responses import Response

from domain.words import Kind
from readmodel.database import reading
from readmodel.open311 import Wanted, public_requests
from web.context import Context, WebContext
from web.following import Followed, followed
from web.open311.answers import PREFIX, InForm, told
from web.open311.asking import Asked, Reader, wanted
from web.open311.telling import own, public
from web.problems import Problem, not_found
from web.sight import private

router = APIRouter(include_in_schema=False, prefix=PREFIX)

ROOT = "service_requests"
_ID = re.compile(r"\d{4}-\d{6,}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@router.get("/requests.{form}")
def requests(context: Context, form: InForm, asked: Asked, reader: Reader) -> Response:
    chosen = wanted(context, asked)
    with reading(context.database) as session:
        found = public_requests(session, chosen, private(context.city))
    return told(form, ROOT, [public(context, reader, request) for request in found])


@router.get("/requests/{request}.{form}")
def service_request(context: Context, form: InForm, request: str, asked: Asked, reader: Reader) -> Response:
    """By its number as everyone may know it; by the secret token of the report, as it was reported."""
    if not _ID.fullmatch(request):
        seen = _reported(context, request)
        if seen is None:
            raise _unknown(request)
        return told(form, ROOT, [own(context, reader, seen)])
    with reading(context.database) as session:
        found = public_requests(session, Wanted(ids=(request,)), private(context.city))
    if not found:
        raise _unknown(request)
    return told(form, ROOT, [public(context, reader, one) for one in found])


@router.get("/tokens/{token}.{form}")
def token(context: Context, form: InForm, token: str, asked: Asked) -> Response:
    seen = _reported(context, token)
    if seen is None:
        raise not_found(f'token "{token[:100]}" was not found.')
    return told(form, ROOT, [{"service_request_id": seen.detail.case.number, "token": token}])


def _reported(context: WebContext, token: str) -> Followed | None:
    """What was reported, to whoever holds its secret token."""
    try:
        seen = followed(context, token)
    except Problem as problem:
        if problem.status != 404:
            raise
        return None
    return seen if seen.detail.case.kind is Kind.ISSUE else None


def _unknown(id: str) -> Problem:
    return not_found(f'service_request_id "{id[:100]}" was not found.')

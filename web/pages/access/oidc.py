"""Signing in through the city's own sign-in: away to it, and back with what it says."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.exc import IntegrityError

from domain.city import City
from readmodel.accounts import User
from readmodel.database import writing
from readmodel.provided import Provided, StaysOut, user_provided
from web.context import Context, WebContext
from web.pages.frame import page, speaking
from web.rate import spend_turn
from web.signin.attempt import Away, forget, keep, kept, new_attempt
from web.signin.claims import mandate_in
from web.signin.identity import NotBelieved
from web.signin.journal import note
from web.signin.letting_in import here_only, let_in
from web.signin.provider import CodeRefused, Provider, ProviderSilent

router = APIRouter(include_in_schema=False, prefix="/sign-in/oidc")

Told = Annotated[str, Query(max_length=4000)]
STATUS = {"silent": 503, "broken": 400, "stopped": 400}
"""Of pages that tell why nobody came in; those that the city itself keeps out get 403."""


@router.get("")
async def leave(request: Request, context: Context, next: Annotated[str, Query(max_length=2000)] = "") -> Response:
    spend_turn(request, context, "sign-in")
    provider: Provider = request.app.state.provider
    attempt = new_attempt()
    try:
        there = await provider.leads_to(attempt, speaking(request, context).code, context.now())
    except ProviderSilent as silence:
        note("the city's sign-in is silent", request, because=str(silence))
        return await _stays_out(request, context, "silent")
    response = RedirectResponse(there, 303)
    keep(response, context, Away(attempt, here_only(next)[:1000]))
    return response


@router.get("/back")
async def come_back(
    request: Request, context: Context, state: Told = "", code: Told = "", error: Told = ""
) -> Response:
    """Whatever comes of it, the attempt is over."""
    spend_turn(request, context, "sign-in")
    away = kept(request, context)
    if away is None or not state or state != away.attempt.state:
        note("sign-in failed", request, because="no such attempt")
        response = await _stays_out(request, context, "broken")
    elif error or not code:
        note("sign-in failed", request, because=f"the city's sign-in: {error[:60]}")
        response = await _stays_out(request, context, "stopped")
    else:
        response = await _with_code(request, context, away, code)
    forget(response, context)
    return response


@router.get("/out")
async def out(request: Request, context: Context) -> Response:
    """Signed out here; the city's own session is another, which serves more than us."""
    provider: Provider = request.app.state.provider
    there = await provider.sign_out_at(context.now())
    return await run_in_threadpool(page, request, context, "signin/signed_out.html", area="signin", there=there)


async def _with_code(request: Request, context: WebContext, away: Away, code: str) -> Response:
    provider: Provider = request.app.state.provider
    claim = context.settings.oidc_roles_claim
    try:
        claims = await provider.claims(code, away.attempt, claim, context.now())
    except ProviderSilent as silence:
        note("the city's sign-in is silent", request, because=str(silence))
        return await _stays_out(request, context, "silent")
    except (CodeRefused, NotBelieved) as doubt:
        note("sign-in failed", request, because=str(doubt))
        return await _stays_out(request, context, "broken")
    email = _text(claims.get("email")) or _text(claims.get("preferred_username"))
    told = Provided(
        issuer=provider.issuer,
        subject=str(claims["sub"]),
        name=(_text(claims.get("name")) or _text(claims.get("preferred_username")) or email or "?")[:200],
        email=email,
        email_verified=claims.get("email_verified") is not False,
        language=_language(claims.get("locale"), context.city),
        mandate=mandate_in(claims, claim, context.city),
    )
    found = await run_in_threadpool(_user, context, told)
    if isinstance(found, StaysOut):
        note("sign-in failed", request, because=found.reason, account=found.user_id)
        return await _stays_out(request, context, found.reason, email or "")
    note("signed in", request, account=found.id, way="oidc", role=found.mandate.role.value)
    return await run_in_threadpool(let_in, request, context, found, away.next, by_provider=True)


def _user(context: WebContext, told: Provided) -> User | StaysOut:
    """Where two browsers of a new user come in at once, the second finds what the first made."""
    try:
        with writing(context.database) as session:
            return user_provided(session, told, context.now())
    except IntegrityError:
        with writing(context.database) as session:
            return user_provided(session, told, context.now())


async def _stays_out(request: Request, context: WebContext, reason: str, email: str = "") -> Response:
    headers = {"Retry-After": "30"} if reason == "silent" else None
    return await run_in_threadpool(
        page,
        request,
        context,
        "signin/stays_out.html",
        area="signin",
        status=STATUS.get(reason, 403),
        headers=headers,
        reason=reason,
        email=email,
    )


def _text(value: object) -> str | None:
    return value.strip()[:254] or None if isinstance(value, str) else None


def _language(locale: object, city: City) -> str | None:
    code = locale.replace("_", "-").partition("-")[0].lower() if isinstance(locale, str) else ""
    return code if code in city.languages else None

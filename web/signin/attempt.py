"""What a browser keeps while its user is away at the city's own sign-in: signed, short-lived, and read once."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from authlib.common.security import generate_token
from fastapi import Request
from fastapi.responses import Response
from itsdangerous import BadSignature, URLSafeTimedSerializer

from web.context import WebContext
from web.signin.provider import Attempt
from web.signin.viewer import secure

AWAY_AT_MOST = timedelta(minutes=15)
LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Away:
    """An attempt under way, and where its user wanted to go."""

    attempt: Attempt
    next: str


def new_attempt() -> Attempt:
    return Attempt(secrets.token_urlsafe(24), secrets.token_urlsafe(24), generate_token(64))


def keep(response: Response, context: WebContext, away: Away) -> None:
    attempt = away.attempt
    value = _signing(context).dumps([attempt.state, attempt.nonce, attempt.verifier, away.next])
    response.set_cookie(
        _name(context),
        value,
        max_age=int(AWAY_AT_MOST.total_seconds()),
        secure=secure(context),
        httponly=True,
        samesite="lax",
    )


def kept(request: Request, context: WebContext) -> Away | None:
    """None where there is none, or it was left too long, or is not ours."""
    value = request.cookies.get(_name(context), "")
    if not 0 < len(value) <= LONGEST:
        return None
    try:
        state, nonce, verifier, next = _signing(context).loads(value, max_age=int(AWAY_AT_MOST.total_seconds()))
    except (BadSignature, ValueError):
        return None
    return Away(Attempt(state, nonce, verifier), next)


def forget(response: Response, context: WebContext) -> None:
    response.delete_cookie(_name(context), secure=secure(context), httponly=True, samesite="lax")


def _name(context: WebContext) -> str:
    return "__Host-away" if secure(context) else "away"


def _signing(context: WebContext) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(context.secret, salt="away at sign-in")

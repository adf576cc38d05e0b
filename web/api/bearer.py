"""Who asks: the actor behind a bearer token."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from domain.actor import Actor
from domain.words import Role
from readmodel.accounts import note_token_use, token_in_force
from readmodel.database import reading, writing
from web.context import Context
from web.problems import Problem, forbidden
from web.sight import in_teams

_bearer = HTTPBearer(auto_error=False, description="A token from `aanjager token create`.")
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


def _actor_if_any(request: Request, context: Context, credentials: Credentials) -> Actor | None:
    """Absent without an `Authorization` header; a header that is not a valid token is refused, never ignored."""
    if credentials is None and "authorization" not in request.headers:
        return None
    found = None
    if credentials is not None and len(credentials.credentials) <= 200:
        with reading(context.database) as session:
            found = token_in_force(session, credentials.credentials)
    if found is None:
        raise _unauthenticated('Bearer error="invalid_token"')
    now = context.now()
    if found.used_long_ago(now):
        with writing(context.database) as session:
            note_token_use(session, found.actor.id, now)
    return in_teams(context.city, found.actor)


ActorIfAny = Annotated[Actor | None, Depends(_actor_if_any)]


def _actor(actor: ActorIfAny) -> Actor:
    if actor is None:
        raise _unauthenticated("Bearer")
    return actor


SignedIn = Annotated[Actor, Depends(_actor)]


def only(*roles: Role) -> Callable[[Actor], Actor]:
    """A dependency: the actor, if in one of these roles."""

    def allowed(actor: SignedIn) -> Actor:
        if actor.role not in roles:
            raise forbidden(f"This is not for {actor.role.replace('_', ' ')} to see.")
        return actor

    return allowed


def _unauthenticated(challenge: str) -> Problem:
    return Problem(
        401,
        "unauthenticated",
        "Send a valid token: Authorization: Bearer TOKEN.",
        headers={"WWW-Authenticate": challenge},
    )

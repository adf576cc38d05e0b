"""Who reads a page: the person behind the session cookie, and what their forms must carry."""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from domain.actor import Actor
from domain.words import Role
from readmodel.accounts import User
from readmodel.database import reading, writing
from readmodel.eventlog import last_position
from readmodel.sessions import note_use, session_of
from web.context import Context, WebContext
from web.problems import Problem
from web.sight import in_teams

LONGEST_SECRET = 100


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person of the staff, signed in with this browser."""

    user: User
    session: str
    """The digest by which the session is kept."""
    csrf: str
    """Every form of this session carries it, and no other site can know it."""
    demonstration: bool
    by_provider: bool
    """Came in through the city's own sign-in."""
    position: int = 0
    """Of the last event there was when the page was asked for: an open page hears of what came after it."""
    reach: Actor | None = None
    """The person as cases know them, where the city's files add to what their account says."""

    @property
    def actor(self) -> Actor:
        """The person as cases know them."""
        return self.reach if self.reach is not None else self.user.actor

    @property
    def role(self) -> Role:
        return self.user.mandate.role


class NotForThisRole(Problem):
    """The page is for staff, but not for these."""

    def __init__(self, role: Role) -> None:
        super().__init__(403, "forbidden", f"This page is not for {role.replace('_', ' ')}.")
        self.role = role


class NotSignedIn(Exception):
    """The page is for staff, and nobody is signed in."""


class MustChoose(Exception):
    """Signed in with a password for one time, and has not chosen one of their own yet."""


def cookie_name(context: WebContext) -> str:
    """Over HTTPS a name by which browsers keep other hosts from setting it."""
    return "__Host-session" if secure(context) else "session"


def secure(context: WebContext) -> bool:
    return context.settings.public_url.startswith("https://")


def _viewer_if_any(request: Request, context: Context) -> Viewer | None:
    secret = request.cookies.get(cookie_name(context), "")
    if not 0 < len(secret) <= LONGEST_SECRET:
        return None
    now = context.now()
    with reading(context.database) as session:
        found = session_of(session, secret, now)
        position = last_position(session) if found is not None else 0
    if found is None:
        return None
    if found.used_long_ago(now):
        with writing(context.database) as session:
            note_use(session, found.hash, now)
    csrf = csrf_of(context, found.hash)
    reach = in_teams(context.city, found.user.actor)
    return Viewer(found.user, found.hash, csrf, found.demonstration, found.by_provider, position, reach)


def csrf_of(context: WebContext, session: str) -> str:
    """Derived from the session and the city's secret key: nothing to keep, nothing to guess.

    Salted anew each time: the length of a compressed page tells nothing of it (BREACH, CVE-2013-3587).
    """
    salt = secrets.token_hex(8)
    return f"{salt}.{_signature(context, session, salt)}"


def carries_csrf(context: WebContext, session: str, carried: str) -> bool:
    """Whether the form was made for this session."""
    salt, _, signature = carried.partition(".")
    return hmac.compare_digest(signature.encode(), _signature(context, session, salt).encode())


def _signature(context: WebContext, session: str, salt: str) -> str:
    return hmac.new(context.secret, f"csrf {session} {salt}".encode(), hashlib.sha256).hexdigest()


ViewerIfAny = Annotated[Viewer | None, Depends(_viewer_if_any)]


def _known(viewer: ViewerIfAny) -> Viewer:
    if viewer is None:
        raise NotSignedIn
    return viewer


Known = Annotated[Viewer, Depends(_known)]
"""Whoever is signed in, though they have yet to choose a password: for their own account only."""


def _viewer(viewer: Known) -> Viewer:
    if viewer.user.must_choose:
        raise MustChoose
    return viewer


AnyStaff = Annotated[Viewer, Depends(_viewer)]


def viewing(*roles: Role) -> Callable[[Viewer], Viewer]:
    """A dependency: the viewer, if in one of these roles."""

    def allowed(viewer: AnyStaff) -> Viewer:
        if viewer.role not in roles:
            raise NotForThisRole(viewer.role)
        return viewer

    return allowed

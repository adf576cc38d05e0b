"""From knowing who someone is to a session in their browser, and out of it again."""

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from readmodel.accounts import User
from readmodel.database import writing
from readmodel.sessions import begin_session, digest, end_session
from web.context import WebContext
from web.signin.browser import kind_of_browser
from web.signin.viewer import LONGEST_SECRET, cookie_name, secure
from web.ways import start_of

ACCOUNT = "/account"
LONGEST_ADDRESS = 4000
"""Characters; whoever was to go further begins at their own start."""


def let_in(
    request: Request,
    context: WebContext,
    user: User,
    next: str = "",
    *,
    demonstration: bool = False,
    by_provider: bool = False,
) -> Response:
    """Begins a session, and leads to where the user wanted to go; a session that this browser had before ends."""
    before = request.cookies.get(cookie_name(context), "")
    with writing(context.database) as session:
        if 0 < len(before) <= LONGEST_SECRET:
            end_session(session, digest(before))
        secret = begin_session(
            session,
            user,
            context.now(),
            demonstration=demonstration,
            by_provider=by_provider,
            browser=kind_of_browser(request.headers.get("user-agent", "")),
        )
    there = ACCOUNT if user.must_choose else here_only(next) or start_of(user.mandate.role)
    response = RedirectResponse(there, 303)
    response.set_cookie(cookie_name(context), secret, secure=secure(context), httponly=True, samesite="lax")
    return response


def let_out(context: WebContext, session_hash: str, there: str = "/sign-in") -> Response:
    """Ends the session, in the database and in the browser."""
    with writing(context.database) as session:
        end_session(session, session_hash)
    response = RedirectResponse(there, 303)
    response.delete_cookie(cookie_name(context), secure=secure(context), httponly=True, samesite="lax")
    return response


def here_only(address: str) -> str:
    """The address if it leads to a page of ours, else nothing: nobody is sent elsewhere after signing in."""
    if len(address) > LONGEST_ADDRESS:
        return ""
    safe = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if safe and not address.startswith("/sign-") else ""

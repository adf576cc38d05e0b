"""What every page has around its content: the reader's language, the way around, and what its forms carry."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Match

from web.context import WebContext, context_of
from web.pages.languages import Language, choose, language
from web.pages.templating import templates
from web.problems import Problem
from web.signin.viewer import NotForThisRole, Viewer, secure
from web.ways import WAYS

LANGUAGE = "language"
"""The cookie by which a browser keeps the language that its reader chose."""
YEAR = 365 * 86400


@dataclass(frozen=True, slots=True)
class Way:
    """An entry of the navigation."""

    href: str
    text: str
    here: bool


def speaking(request: Request, context: WebContext, viewer: Viewer | None = None) -> Language:
    """The reader's language: as just asked for, as chosen before, as their account says, as their browser says."""
    asked = (
        request.query_params.get("lang"),
        request.cookies.get(LANGUAGE),
        viewer.user.language if viewer is not None else None,
    )
    return choose(asked, request.headers.get("accept-language", ""), context.city.languages)


def page(
    request: Request,
    context: WebContext,
    template: str,
    *,
    area: str = "words",
    viewer: Viewer | None = None,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **values: Any,
) -> HTMLResponse:
    """The page. Templates find `say(key, section)`, `t(key)` in the section `area`, `language`, `city`, `viewer`."""
    reader = speaking(request, context, viewer)
    shown = templates.get_template(template).render(
        city=context.city,
        context=context,
        language=reader,
        languages=offered_languages(request, context),
        say=reader.say,
        t=partial(reader.say, section=area),
        viewer=viewer,
        ways=_ways(request, reader, viewer),
        **values,
    )
    response = HTMLResponse(shown, status, dict(headers or {}))
    keep_language(request, context, response)
    return response


class Told(Problem):
    """A problem whose detail is in the reader's language."""


def problem_page(request: Request, problem: Problem) -> Response:
    """A problem, told to someone who reads pages."""
    context = context_of(request)
    reader = speaking(request, context)
    if problem.status == 405 and request.method == "GET":
        return RedirectResponse(f"{_page_above(request)}?lang={reader.code}", 303)
    text = problem.detail if isinstance(problem, Told) else _told(reader, problem)
    return page(request, context, "problem.html", status=problem.status, headers=problem.headers, problem=text)


def _page_above(request: Request) -> str:
    """Where a form is sent to there is nothing to read: whoever reloads it, or changes its language, comes out here."""
    path = request.url.path
    while path := path.rpartition("/")[0]:
        scope = {**request.scope, "path": path, "method": "GET"}
        if any(route.matches(scope)[0] is Match.FULL for route in request.app.routes):
            return path
    return "/"


def _told(reader: Language, problem: Problem) -> str:
    """In the reader's words: what programs are told is in English, and in terms of addresses and fields."""
    if isinstance(problem, NotForThisRole):
        return reader.say("not_for_role", "ways", role=reader.say(problem.role, "roles"))
    if problem.status == 422:
        known = reader.texts["page_mistakes"]
        return next((known[e.field] for e in problem.errors if e.field in known), known["other"])
    key = {400: "unreadable", 403: "not_yours", 404: "not_found", 405: "not_found", 413: "too_large", 429: "too_many"}
    return reader.say(key.get(problem.status, "unavailable"))


async def ask_to_choose(_: Request, __: Exception) -> Response:
    """Whoever came in with a password for one time chooses one of their own first."""
    return RedirectResponse("/account", 303)


async def ask_to_sign_in(request: Request, _: Exception) -> Response:
    """Whoever is not signed in is asked to, and comes back to where they wanted to go."""
    if request.method != "GET":
        return RedirectResponse("/sign-in", 303)
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"/sign-in?{urlencode({'next': wanted})}", 303)


def offered_languages(request: Request, context: WebContext) -> list[tuple[Language, str]]:
    """The languages to choose from, each with the address of this page in it; none where there is no choice."""
    codes = context.city.languages
    if len(codes) < 2:
        return []
    address = request.url.remove_query_params("said")
    return [(language(code), f"?{address.include_query_params(lang=code).query}") for code in codes]


def keep_language(request: Request, context: WebContext, response: Response) -> None:
    """A language that was chosen holds for the pages that follow."""
    chosen = request.query_params.get("lang")
    if chosen in context.city.languages and chosen != request.cookies.get(LANGUAGE):
        response.set_cookie(LANGUAGE, chosen, max_age=YEAR, secure=secure(context), httponly=True, samesite="lax")


def _ways(request: Request, reader: Language, viewer: Viewer | None) -> list[Way]:
    if viewer is None:
        return []
    path = request.url.path
    return [
        Way(href, reader.say(href.strip("/"), "ways"), path == href or path.startswith(f"{href}/"))
        for href in WAYS.get(viewer.role, ())
    ]
